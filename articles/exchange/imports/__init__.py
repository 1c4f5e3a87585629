"""Bringing articles in, from four kinds of sources."""
