"""The core: pure functions on strings, without Django. Each package answers one question about a text."""
