"""What headers, cells and drawings of offices' tables mean, whatever they are written like."""
