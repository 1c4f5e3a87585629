"""An index of words by key, in SQLite's FTS5 or PostgreSQL's full text. A service: it knows no article."""
