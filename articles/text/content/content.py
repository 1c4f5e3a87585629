"""What a person wrote in one version of an article, its anomalies, and which of them a version brought in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import unicodedata2

from articles.text.checks.findings import Finding, Severity
from articles.text.checks.scanning import scan
from articles.text.diff import Change, Op, compare
from articles.text.markdown import Where


class Field(StrEnum):
    """A part of the content that holds text."""

    SOURCE = "source"
    TITLE = "title"
    SLUG = "slug"
    SUMMARY = "summary"
    TAG = "tag"


WHERE = {
    Field.SOURCE: Where.PROSE,
    Field.TITLE: Where.TITLE,
    Field.SLUG: Where.SLUG,
    Field.SUMMARY: Where.SUMMARY,
    Field.TAG: Where.TAG,
}


@dataclass(frozen=True, slots=True)
class Content:
    """All that its author decides about a version: `source` is Markdown, `language` a BCP 47 tag."""

    title: str
    slug: str
    source: str
    language: str = "en"
    tags: tuple[str, ...] = ()
    summary: str = ""

    def text(self, field: Field) -> str:
        """The text of a field, in which the spans of its findings count; tags stand joined by a comma."""
        return ", ".join(self.tags) if field is Field.TAG else getattr(self, field)

    def says_the_same(self, other: Content) -> bool:
        """Equal in everything that readers get; the summary only tells of the change."""
        return (self.title, self.slug, self.source, self.language, self.tags) == (
            other.title,
            other.slug,
            other.source,
            other.language,
            other.tags,
        )

    def reads_the_same(self, other: Content) -> bool:
        """Equal but for the amount of spacing between words and for encodings with the same NFC."""
        return _squeezed(self) == _squeezed(other)


def _squeezed(content: Content) -> tuple[str, ...]:
    texts = (content.text(field) for field in Field if field is not Field.SUMMARY)
    return content.language, *(" ".join(unicodedata2.normalize("NFC", text).split()) for text in texts)


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A finding and the field in which its span counts."""

    field: Field
    finding: Finding


def findings(content: Content) -> list[FieldFinding]:
    """The anomalies of every field, in the order of the fields and of the text."""
    return [FieldFinding(field, finding) for field in Field for finding in findings_in(content, field)]


def findings_in(content: Content, field: Field) -> tuple[Finding, ...]:
    """The anomalies of one field, in order; cost grows with its length."""
    return _scanned(content.text(field), content.language, WHERE[field])


@lru_cache(maxsize=64)  # one save or comparison asks several times, and people look at neighbouring versions
def _scanned(text: str, language: str, where: Where) -> tuple[Finding, ...]:
    return scan(text, language=language, where=where, limit=None).findings


def findings_brought_in(
    before: Content | None, after: Content, *, source_changes: Iterable[Change] | None = None
) -> Iterator[FieldFinding]:
    """The findings of a version that the earlier one did not have; all of them where there is no earlier one.

    A summary speaks of its own version alone, so it never inherits. `source_changes` are those of the texts, where
    they are known already.
    """
    for field in Field:
        found: Iterable[Finding] = findings_in(after, field)
        if found and before is not None and field is not Field.SUMMARY:
            changes: Iterable[Change]
            if field is Field.SOURCE and source_changes is not None:
                changes = source_changes
            else:
                changes = compare(before.text(field), after.text(field)).changes
            found = introduced(findings_in(before, field), found, changes)
        for finding in found:
            yield FieldFinding(field, finding)


def introduced(
    before: Iterable[Finding], after: Iterable[Finding], changes: Iterable[Change]
) -> Iterator[Finding]:
    """The findings of `after` that were not there `before`, in their order.

    A finding was there when its characters stood unchanged in the old text and the same check found them. So a
    character that a changed surrounding makes suspicious counts as brought in. Linear in findings and changes.
    """
    known = {(finding.check, finding.start, finding.end) for finding in before}
    equal = sorted((c.new[0], c.new[1], c.old[0]) for c in changes if c.op is Op.EQUAL)
    position = 0
    for finding in after:
        while position < len(equal) and equal[position][1] < finding.end:
            position += 1
        if position < len(equal):
            start, _, old_start = equal[position]
            shift = old_start - start
            if (
                start <= finding.start
                and (finding.check, finding.start + shift, finding.end + shift) in known
            ):
                continue
        yield finding


def severities_for_readers(content: Content) -> Counter[Severity]:
    """How many findings of each severity stand in what readers get, which is all but the summary."""
    fields = [field for field in Field if field is not Field.SUMMARY]
    return Counter(finding.severity for field in fields for finding in findings_in(content, field))


def severities(found: Iterable[FieldFinding]) -> Counter[Severity]:
    """How many findings there are of each severity."""
    return Counter(item.finding.severity for item in found)
