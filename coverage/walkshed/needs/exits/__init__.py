"""How residents come out onto the streets, and how they walk to a station inside their compound."""
