"""What the parts of a Markdown source are, and where exactly each of them stands."""
