"""The interactive page: it shows what the other rooms found and computes nothing."""
