"""What the page carries: names, printed numbers, words and packed geometry."""
