"""The report of an import: what came in, and each thing that did not fit, with its place in the source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import regex

_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]")
MOST_LINES = 10_000  # that are kept; all are counted


@dataclass(slots=True)
class Report:
    """Counts and lines. A line is the item of the source and what is said of it."""

    pages: int = 0
    versions: int = 0
    known_versions: int = 0
    pictures: int = 0
    left_out: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, str]] = field(default_factory=list)
    total_lines: int = 0

    def say(self, item: str, *texts: str) -> None:
        """Add lines about an item."""
        for text in texts:
            self.total_lines += 1
            if len(self.lines) < MOST_LINES:
                self.lines.append((printable(item), printable(text)))

    def leave_out(self, item: str, texts: Iterable[str]) -> None:
        """Add lines about an item that does not come in."""
        self.left_out += 1
        self.say(item, *texts)

    def as_json(self, source: str) -> dict[str, Any]:
        """Return the report as values of JSON."""
        return {
            "source": source,
            "pages": self.pages,
            "versions": self.versions,
            "known_versions": self.known_versions,
            "pictures": self.pictures,
            "left_out": self.left_out,
            "states": dict(self.states),
            "lines": [{"item": item, "text": text} for item, text in self.lines],
            "total_lines": self.total_lines,
        }


def printable(text: str) -> str:
    """Return a text of a source as a terminal may show it: signs that steer it, or that no text may have, are escaped.

    >>> printable("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    return str(_UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode(), text))
