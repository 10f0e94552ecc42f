"""The office's own ledgers in words: beside stations and compounds, and as tables of the page."""
