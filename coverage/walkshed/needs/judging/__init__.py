"""Who is served, and why the others are not: from walks to shares, reasons, cures and worth."""
