"""Who could use which offer, and how far it is: floors, walks, and what stands between."""
