"""The report as a text document, as an office hands it in."""
