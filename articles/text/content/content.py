"""The content of a revision, its findings, and which of these are introduced by a revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import unicodedata2

from articles.text.checks.findings import Finding, Severity
from articles.text.checks.scanning import scan
from articles.text.diff import Change, Op, compare
from articles.text.markdown import Where
from articles.text.remembering import remembered

BYTES_A_FINDING = 460
MAX_REMEMBERED = 64_000_000  # bytes: the findings of the two texts of a comparison


class Field(StrEnum):
    """A part of the content that holds text."""

    SOURCE = "source"
    TITLE = "title"
    SLUG = "slug"
    SUMMARY = "summary"
    TAG = "tag"
    EXCERPT = "excerpt"
    DESCRIPTION = "description"


WHERE = {
    Field.SOURCE: Where.PROSE,
    Field.TITLE: Where.TITLE,
    Field.SLUG: Where.SLUG,
    Field.SUMMARY: Where.SUMMARY,
    Field.TAG: Where.TAG,
    Field.EXCERPT: Where.TITLE,  # shown in lists and by search engines, as titles are
    Field.DESCRIPTION: Where.TITLE,
}


@dataclass(frozen=True, slots=True)
class Content:
    """All that the author decides about a revision: `source` is Markdown, `language` a BCP 47 tag.

    `cover` is the file name of an uploaded image. `change_kind` and `software_share` are values of the revision's
    choices. Empty is unsaid.
    """

    title: str
    slug: str
    source: str
    language: str = "en"
    tags: tuple[str, ...] = ()
    summary: str = ""
    excerpt: str = ""
    description: str = ""
    cover: str = ""
    change_kind: str = ""
    software_share: str = ""

    def text(self, field: Field) -> str:
        """Return the text in which the spans of a field's findings count. Tags are joined by a comma."""
        return ", ".join(self.tags) if field is Field.TAG else getattr(self, field)

    def says_the_same(self, other: Content) -> bool:
        """Return whether all fields are equal, except summary and kind of change, which describe only the change."""
        return replace(self, summary="", change_kind="") == replace(other, summary="", change_kind="")

    def reads_the_same(self, other: Content) -> bool:
        """Return whether what readers get is equal in NFC, with one space for any white space."""
        return _normalized(self) == _normalized(other)


def _normalized(content: Content) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the values, and the words of each text in NFC, except those of the summary."""
    values = content.language, content.cover, content.software_share
    texts = (content.text(field) for field in Field if field is not Field.SUMMARY)
    return values, [unicodedata2.normalize("NFC", text).split() for text in texts]


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """A finding and the field in which its span counts."""

    field: Field
    finding: Finding


def findings(content: Content) -> list[FieldFinding]:
    """Return the findings of all fields, in the order of the fields and of their texts."""
    return [FieldFinding(field, finding) for field in Field for finding in findings_in(content, field)]


def findings_in(content: Content, field: Field) -> tuple[Finding, ...]:
    """Return the findings of one field, in order. Linear in its length."""
    return _found(content.text(field), content.language, WHERE[field])


def _weight(found: tuple[Finding, ...]) -> int:
    return BYTES_A_FINDING * len(found)


# A save or comparison asks several times, and people read neighbouring revisions.
@remembered(weigh=_weight, max_bytes=MAX_REMEMBERED)
def _found(text: str, language: str, where: Where) -> tuple[Finding, ...]:
    return scan(text, language=language, where=where, limit=None).findings


def introduced_findings(
    before: Content | None, after: Content, *, source_changes: Iterable[Change] | None = None
) -> Iterator[FieldFinding]:
    """Yield the findings that `after` introduced since `before`; without `before`, all of them.

    All findings of a summary are introduced, since it describes only its own revision. `source_changes` saves the
    comparison of the sources, if it is known.
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
    """Yield the findings of `after` that are new since `before`, in order.

    A finding is old if its characters are unchanged and the same check flagged them before. A character that became
    suspicious because the text beside it changed is therefore new. Linear in findings and changes.
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
    """Count the findings by severity in all fields except the summary, which readers of the page do not get."""
    fields = [field for field in Field if field is not Field.SUMMARY]
    return Counter(finding.severity for field in fields for finding in findings_in(content, field))


def severities(found: Iterable[FieldFinding]) -> Counter[Severity]:
    """Count findings by severity."""
    return Counter(item.finding.severity for item in found)
