"""The ground: the plane, what an extract holds, streets, squares, and what walking along them yields."""
