"""Every question asked of the database, by the name of its answer."""
