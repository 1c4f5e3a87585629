"""Taking articles along, in four formats."""
