"""Scenario files, as the page's what-if saves them."""
