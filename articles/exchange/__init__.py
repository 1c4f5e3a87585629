"""Taking articles along with their histories, and bringing them in."""
