"""Tables of what is proposed."""
