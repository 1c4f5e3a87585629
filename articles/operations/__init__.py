"""What operators do to a whole site: back it up, restore it, set it up, upgrade it, examine it."""
