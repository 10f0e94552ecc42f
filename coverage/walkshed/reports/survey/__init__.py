"""The sheets on which a survey is filled in, on the way or at a desk."""
