"""Two versions of an article side by side: everything a page needs to draw what changed and what looks wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .checks import Finding
from .content import Content, Field, FieldFinding, findings_brought_in, findings_in
from .diff import Comparison, compare
from .hunks import Hunk, Summary, hunks, summary

SHORT_FIELDS = (Field.TITLE, Field.SLUG, Field.TAG)


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """A short field whose text changed; it is drawn like a text of one line."""

    field: Field
    old: str
    new: str
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class ContentComparison:
    """The changes between two contents; `old` is None where there was nothing before.

    `brought_in` are the findings that only the new side has, `inherited` those that both have.
    """

    old: Content | None
    new: Content
    comparison: Comparison
    hunks: tuple[Hunk, ...]
    summary: Summary
    fields: tuple[FieldComparison, ...]
    old_findings: Mapping[Field, tuple[Finding, ...]]
    new_findings: Mapping[Field, tuple[Finding, ...]]
    brought_in: tuple[FieldFinding, ...]

    @property
    def inherited(self) -> tuple[FieldFinding, ...]:
        new = set(self.brought_in)
        found = (FieldFinding(field, item) for field, items in self.new_findings.items() for item in items)
        return tuple(item for item in found if item not in new)

    @property
    def language_changed(self) -> bool:
        return self.old is not None and self.old.language != self.new.language


def compare_contents(old: Content | None, new: Content) -> ContentComparison:
    """Compare two versions; without an old one, all of the new one is an insertion."""
    before = old or Content(title="", slug="", source="", language=new.language)
    comparison = compare(before.source, new.source)
    return ContentComparison(
        old=old,
        new=new,
        comparison=comparison,
        hunks=hunks(before.source, new.source, comparison),
        summary=summary(before.source, new.source, comparison),
        fields=tuple(
            FieldComparison(field, a, b, hunks(a, b, compare(a, b)))
            for field in SHORT_FIELDS
            if (a := before.text(field)) != (b := new.text(field))
        ),
        old_findings={field: findings_in(before, field) for field in Field},
        new_findings={field: findings_in(new, field) for field in Field},
        brought_in=tuple(findings_brought_in(old, new)),
    )
