"""What is measured beside verdicts: overlap, equity, the week, totals."""
