"""What is planned: where stations may stand, and what is proposed."""
