"""Findings: what a scan reports, each with its severity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from articles.text.markdown import Where


class Severity(StrEnum):
    """Weight of a finding: worth knowing (notice), looks wrong (warning), looks meant to deceive (alert)."""

    NOTICE = "notice"
    WARNING = "warning"
    ALERT = "alert"


def gravest(found: Iterable[Severity]) -> Severity:
    """Return the gravest of some severities. Raises `ValueError` if there is none."""
    return max(found, key=list(Severity).index)


class Finding(NamedTuple):
    """A suspicious span of the scanned text, from `start` to `end` (half-open, in code points).

    `text` holds the characters themselves, even if the source has entities in their place. `meant` is what readers
    take the characters for, `payload` what hidden characters hold; each is None if there is no such thing.
    A finding is a tuple because a text may have thousands: a frozen dataclass takes four times as long to make.
    """

    check: str
    severity: Severity
    start: int
    end: int
    text: str
    meant: str | None
    payload: str | None
    where: Where
    message: str  # a Message if a scan made it; the English string if it was stored

    @property
    def code_points(self) -> tuple[str, ...]:
        """The characters as `U+0430`."""
        return tuple(f"U+{ord(char):04X}" for char in self.text)


@dataclass(frozen=True, slots=True)
class Scan:
    """Result of a scan: the first findings in order, the number of all findings, and the number by severity."""

    findings: tuple[Finding, ...]
    total: int
    counts: Mapping[Severity, int]


# Contexts in which text is copied and compared, so that no odd character is excused.
STRICT = frozenset({Where.CODE, Where.HOST, Where.SLUG, Where.TAG})


def severity_in(where: Where) -> Severity:
    """Return the usual severity in a context: an alert if text is copied and compared there, else a warning."""
    return Severity.ALERT if where in STRICT else Severity.WARNING
