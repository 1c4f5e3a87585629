"""The inspector: the odd characters of a page, marked in its text and listed beside it, with who brought them in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from articles import workflow
from articles.http.parameters import parse_number
from articles.http.parts import MOST_ROWS, part
from articles.models import Rendering, Revision
from articles.revisions.authorship import versions_by_number
from articles.templatetags.labels import sentence
from articles.templatetags.marks import labelled
from articles.text.checks import Finding
from articles.text.content import Field, FieldFinding, findings
from articles.text.content.mark_places import places_of_marks
from articles.text.content.marked_pages import Listed, marked_page
from articles.text.content.marking import shortened
from articles.text.diff import Span
from articles.text.unicode.boxes import INVISIBLE, box_label

_NEAREST = 8  # findings that begin before a mark; more overlap only in texts made for that
MOST_CHARACTERS = 4  # of a mark that the list shows


@dataclass(frozen=True, slots=True)
class Entry:
    """What the list says of a mark, or of a finding that has none.

    `glyph` is the character, or the label of one that shows nothing. `item` is the finding in a field of the content,
    None if the page alone has it. `version` brought it in, None if that is not known.
    """

    number: int
    finding: Finding
    glyph: str
    is_label: bool
    before: str
    text: SafeString
    after: str
    item: FieldFinding | None = None
    is_allowed: bool = False
    version: Revision | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The current mark of so many, 0 if none is, and the numbers of those beside it, 0 where there is none."""

    at: int
    total: int
    previous: int
    next: int


def inspect(
    request: HttpRequest,
    rendering: Rendering,
    *,
    size: int,
    versions: Sequence[int] | None,
    known: Mapping[int, Revision],
) -> dict[str, Any]:
    """Return what the page shows of its marks, a part of them, and of the findings of all fields that readers get.

    `?part=` numbers the part, `?at=` the current mark. `versions` has the version of each code point of the source,
    `known` some of these versions; the others are read in two queries.
    """
    revision = rendering.revision
    page = marked_page(rendering.html, revision.language)
    places = places_of_marks(rendering.html, revision.source, revision.language)
    found = [item for item in findings(revision.content) if item.field is not Field.SUMMARY]
    split = workflow.split_findings(found, revision.content, article=revision.article_id)
    in_source = [item for item in found if item.field is Field.SOURCE]
    marked = _Items(in_source, places)
    elsewhere = [item for item in split.shown if item not in marked.covered]
    total = page.total
    at = min(parse_number(request.GET.get("at")) or 0, total)
    drawn = part(request, total, size=size, at=at)
    unmarked = part(request, len(elsewhere), size=MOST_ROWS, name="elsewhere")
    allowed = part(request, len(split.allowed), size=MOST_ROWS, name="allowed")
    silenced = {item for item, _allowance in split.allowed}
    listed = page.listed(drawn.first, drawn.last)
    of_part = places[drawn.first - 1 : drawn.last]
    numbers = [max(versions[slice(*span)], default=0) if versions and span else 0 for span in of_part]
    missing = set(numbers) - known.keys() - {0}
    read = versions_by_number(revision, missing, seen_by=request.user) if missing else {}
    by_number = {**known, **read}
    entries = [
        _entry_of(mark, marked.of(span), silenced, by_number.get(number))
        for mark, span, number in zip(listed, of_part, numbers, strict=True)
    ]
    return {
        "html": page.drawn(drawn.first, drawn.last, say=sentence),
        "part": drawn,
        "entries": entries,
        "elsewhere": [
            _entry(0, item.finding, item.finding.text, item=item) for item in unmarked.of(elsewhere)
        ],
        "elsewhere_part": unmarked,
        "way": Way(at, total, at - 1 if at else 0, at + 1 if at < total else 0),
        "allowed": split.allowed,
        "allowed_part": allowed,
        "allowed_rows": allowed.of(split.allowed),
        "content": revision.content,
    }


class _Items:
    """The findings of a source by place, and those of them that a mark covers, wholly or in part."""

    def __init__(self, found: Sequence[FieldFinding], places: Sequence[Span | None]) -> None:
        self._found = sorted(found, key=lambda item: item.finding.start)
        self._starts = [item.finding.start for item in self._found]
        self.covered = {item for span in places for item in self.of(span)}

    def of(self, span: Span | None) -> list[FieldFinding]:
        """Return the findings that share a character with a span; of those that begin before it, the nearest."""
        if span is None:
            return []
        first, last = (bisect_left(self._starts, place) for place in span)
        return [item for item in self._found[max(0, first - _NEAREST) : last] if item.finding.end > span[0]]


def _entry_of(
    mark: Listed, items: Sequence[FieldFinding], silenced: set[FieldFinding], version: Revision | None
) -> Entry:
    item = next((item for item in items if item.finding.check == mark.finding.check), None)
    return _entry(
        mark.number,
        mark.finding,
        mark.text,
        before=mark.before,
        after=mark.after,
        item=item,
        is_allowed=item in silenced,
        version=version,
    )


def _entry(
    number: int, finding: Finding, text: str, *, before: str = "", after: str = "", **facts: Any
) -> Entry:
    label = box_label(text[0]) if text else None
    shown = labelled(shortened(text, MOST_CHARACTERS))
    before, after = (INVISIBLE.sub("\N{MIDDLE DOT}", beside) for beside in (before, after))
    return Entry(number, finding, label or text[:2], bool(label), before, shown, after, **facts)
