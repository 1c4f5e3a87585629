"""Kinds of findings: those that tell a reader the same about the same characters, counted instead of repeated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from articles.text.checks.findings import Finding, Severity
from articles.text.content.content import Field, FieldFinding

MOST_PLACES = 3  # of a kind, that are kept

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(slots=True)
class FindingKind:
    """Findings of one field with the same check, severity and characters: the first few, and the number of all."""

    field: Field
    places: list[FieldFinding]
    total: int = 0

    @property
    def finding(self) -> Finding:
        """The first finding."""
        return self.places[0].finding

    @property
    def more(self) -> int:
        """The number of findings that are not kept."""
        return self.total - len(self.places)


def kinds_of(found: Iterable[FieldFinding]) -> list[FindingKind]:
    """Group findings by kind, the gravest first, in the order of their first places. Linear in the findings."""
    kinds: dict[tuple[Field, str, Severity, str], FindingKind] = {}
    for item in found:
        key = item.field, item.finding.check, item.finding.severity, item.finding.text
        kind = kinds.setdefault(key, FindingKind(item.field, []))
        kind.total += 1
        if len(kind.places) < MOST_PLACES:
            kind.places.append(item)
    return sorted(kinds.values(), key=lambda kind: -_RANK[kind.finding.severity])
