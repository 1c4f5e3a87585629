"""What a scan reports: findings, each with its severity."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from articles.text.markdown import Where


class Severity(StrEnum):
    """How much a finding matters: worth knowing, looks wrong, looks meant to deceive."""

    NOTICE = "notice"
    WARNING = "warning"
    ALERT = "alert"


class Finding(NamedTuple):
    """Characters that look wrong: `start` to `end` (half-open, in code points of the text that was scanned).

    `text` holds the characters themselves, also where the source names them by an entity. `meant` is what a
    reader takes them for, `payload` what hidden characters spell; either is None where there is none. A text may
    hold thousands, and a tuple is made in a quarter of the time that a frozen dataclass takes.
    """

    check: str
    severity: Severity
    start: int
    end: int
    text: str
    meant: str | None
    payload: str | None
    where: Where
    message: str  # a Message where a scan made it, its English where it was stored

    @property
    def code_points(self) -> tuple[str, ...]:
        return tuple(f"U+{ord(char):04X}" for char in self.text)


@dataclass(frozen=True, slots=True)
class Scan:
    """The first findings of a text in order, the number of all, and how many of each severity."""

    findings: tuple[Finding, ...]
    total: int
    counts: Mapping[Severity, int]


# Where text is compared, copied or typed by machines and hasty people: no excuse for odd characters.
STRICT = frozenset({Where.CODE, Where.HOST, Where.SLUG, Where.TAG})


def severity_in(where: Where) -> Severity:
    """Worse where text is copied or compared than where it is read."""
    return Severity.ALERT if where in STRICT else Severity.WARNING
