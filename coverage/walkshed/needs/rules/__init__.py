"""What is asked and what is offered: standards, offers, hours, walkers, a scenario's changes."""
