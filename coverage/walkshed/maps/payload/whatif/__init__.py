"""What the page's own engine needs to count anew."""
