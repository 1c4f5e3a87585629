"""Parsing what addresses and forms say, and wording what is wrong with it."""

from __future__ import annotations

from django.core.exceptions import ValidationError


def parse_number(text: str | None) -> int | None:
    """Return the number that 1 to 9 ASCII digits say, so that it fits every column; None for anything else."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else None


def error_text(error: Exception) -> str:
    """Return the messages of an error as one text for the person: all of a `ValidationError`, else its own."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
