"""The comparison and the merge of contents: all that a page needs to draw changes and findings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import Any

from articles.text.checks.findings import Finding
from articles.text.content.content import Content, Field, FieldFinding, findings_in, introduced_findings
from articles.text.content.parts import Part, choose_part
from articles.text.diff import Comparison, Span, compare
from articles.text.diff.align import find_gaps, join_runs
from articles.text.diff.comparing import equal_lines
from articles.text.diff.hunks import Hunk, Piece, Row, make_hunks, make_rows
from articles.text.diff.layout import Costs, Layout, costs_of, lay_out
from articles.text.diff.merging import merge
from articles.text.diff.passages import Passage, split_passages
from articles.text.diff.summary import Summary, summarize
from articles.text.markdown import code_blocks, host_of, link_targets

SHORT_FIELDS = (Field.TITLE, Field.SLUG, Field.TAG, Field.EXCERPT, Field.DESCRIPTION)
VALUES = ("language", "cover", "software_share")  # fields of a content that are compared as a whole
WHOLE = 1 << 62  # lines of context with which nothing is folded
MAX_LINKS = 2_000  # links of a source that are compared
MAX_SIGNS = 20_000  # line ends and signs of Markdown up to which a source is parsed
MARK_COST = 300  # bytes of HTML around a flagged character
_SIGNS = re.compile(r"[\n|\[*_`<&~]")


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """A short field whose text changed. It is drawn like a text of one line."""

    field: Field
    hunks: tuple[Hunk, ...]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A field whose value changed as a whole, with its name in `Content`."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that are drawn together: a change with its context, or unchanged lines that were opened.

    `skipped` is the number of lines folded before them. `change` is the number of the change, from 1; None for other
    lines. `is_last` marks the last change.
    """

    rows: tuple[Row, ...]
    skipped: int
    change: int | None
    is_last: bool


@dataclass(frozen=True, slots=True)
class LinkChange:
    """A link or image whose target changed; None if that side has no link."""

    old: str | None
    new: str | None

    @property
    def hosts(self) -> tuple[str, str]:
        """The hosts that the old and the new target lead to; empty if a target names none."""
        return host_of(self.old or ""), host_of(self.new or "")


@dataclass(frozen=True, slots=True)
class ContentComparison:
    """The changes between two contents. `old` is None for a first revision.

    `sections` are those of one part of the source; the rest has all. `introduced` are the findings that the new content
    introduced. `inherited` are those that both contents have.
    """

    old: Content | None
    new: Content
    comparison: Comparison
    sections: tuple[Section, ...]
    part: Part
    summary: Summary
    fields: tuple[FieldComparison, ...]
    links: tuple[LinkChange, ...]
    old_findings: Mapping[Field, tuple[Finding, ...]]
    new_findings: Mapping[Field, tuple[Finding, ...]]
    introduced: tuple[FieldFinding, ...]
    introduced_by_field: Mapping[Field, frozenset[Finding]]
    code: Mapping[str, Sequence[Span]]

    def is_code(self, side: str, pieces: Sequence[Piece]) -> bool:
        """Return whether a line of a source, "old" or "new", belongs to a block of code."""
        spans = self.code[side]
        index = bisect_left(spans, (pieces[-1].end, 0)) - 1
        return index >= 0 and pieces[0].start < spans[index][1]

    @property
    def inherited(self) -> list[tuple[Finding, int]]:
        """The first finding of each kind that both contents have, with their number, most frequent first."""
        counts: Counter[tuple[str, str]] = Counter()
        first: dict[tuple[str, str], Finding] = {}
        for field, found in self.new_findings.items():
            new = self.introduced_by_field[field]
            for finding in found:
                if finding not in new:
                    kind = finding.check, finding.text
                    counts[kind] += 1
                    first.setdefault(kind, finding)
        return [(first[kind], count) for kind, count in counts.most_common()]

    @property
    def values(self) -> list[ValueChange]:
        """The changes of language, cover and share of software; a first revision changes no language."""
        old = self.old or Content(title="", slug="", source="", language=self.new.language)
        changes = (ValueChange(name, getattr(old, name), getattr(self.new, name)) for name in VALUES)
        return [change for change in changes if change.old != change.new]


def compare_contents(
    old: Content | None,
    new: Content,
    *,
    opened: bool = False,
    part: int | None = 1,
    at: int | None = None,
    is_drawn: bool = True,
) -> ContentComparison:
    """Compare two contents; without an old one, all of the new one is an insertion.

    The sections are those of a part of the source: the one that holds the change `at`, else that with the number
    `part`, else all of it; none unless the source `is_drawn`. Unchanged lines away from the changes are folded unless
    `opened`. Links and code are those of the first `MAX_SIGNS` signs. Costs two comparisons and two scans.
    """
    before = old or Content(title="", slug="", source="", language=new.language)
    comparison = compare(before.source, new.source)
    old_findings, new_findings = (
        {field: findings_in(each, field) for field in Field} for each in (before, new)
    )
    introduced = tuple(introduced_findings(old, new, source_changes=comparison.changes))
    costs = (
        costs_of(before.source, _starts(old_findings[Field.SOURCE]), mark_cost=MARK_COST),
        costs_of(new.source, _starts(new_findings[Field.SOURCE]), mark_cost=MARK_COST),
    )
    drawn = comparison.changes if is_drawn else ()
    layout = lay_out(before.source, new.source, drawn, costs, opened=opened)
    chosen = choose_part(layout.blocks, number=part, at=at)
    parsed = _parsed_part(before.source), _parsed_part(new.source)
    return ContentComparison(
        old=old,
        new=new,
        comparison=comparison,
        sections=tuple(_sections(layout, chosen, costs if part or at else None, opened=opened)),
        part=chosen,
        summary=summarize(before.source, new.source, comparison),
        fields=tuple(
            FieldComparison(field, make_hunks(a, b, compare(a, b)))
            for field in SHORT_FIELDS
            if (a := before.text(field)) != (b := new.text(field))
        ),
        links=tuple(_link_changes(*parsed)),
        old_findings=old_findings,
        new_findings=new_findings,
        introduced=introduced,
        introduced_by_field={
            field: frozenset(item.finding for item in introduced if item.field is field) for field in Field
        },
        code=dict(zip(("old", "new"), map(code_blocks, parsed), strict=True)),
    )


@dataclass(frozen=True, slots=True)
class ContentMerge:
    """The merge of two edits of one content. Summary and kind of change are mine.

    `fields` has the merged short fields by name, and `clashes` mine and theirs of the fields in conflict.
    """

    mine: Content
    fields: Mapping[str, Any]
    clashes: Mapping[str, tuple[Any, Any]]
    passages: tuple[Passage, ...]

    @property
    def content(self) -> Content | None:
        """The merged content; None if there are conflicts."""
        if self.clashes or not all(passage.is_merged for passage in self.passages):
            return None
        return replace(self.mine, source="".join(passage.mine for passage in self.passages), **self.fields)


def merge_contents(base: Content, mine: Content, theirs: Content) -> ContentMerge:
    """Merge two edits of one content: the source by words, other fields as a whole."""
    fields: dict[str, Any] = {}
    clashes: dict[str, tuple[Any, Any]] = {}
    for name in ("title", "slug", "tags", "excerpt", "description", *VALUES):
        was, ours, other = (getattr(content, name) for content in (base, mine, theirs))
        if ours != was and other not in (was, ours):
            clashes[name] = ours, other
        else:
            fields[name] = other if ours == was else ours
    merged = merge(base.source, mine.source, theirs.source)
    return ContentMerge(mine, fields, clashes, tuple(split_passages(merged, mine.source, theirs.source)))


def as_json(comparison: Comparison) -> dict[str, list[dict[str, object]]]:
    """Return the changes as commands and pages give them; spans are half-open, in code points."""
    return {
        "changes": [
            {"op": c.op, "old": c.old, "new": c.new, "kind": c.kind, "move": c.move}
            for c in comparison.changes
        ]
    }


def _starts(found: Sequence[Finding]) -> Iterator[int]:
    """Yield where findings start."""
    return (finding.start for finding in found)


def _sections(layout: Layout, part: Part, costs: Costs | None, *, opened: bool) -> Iterator[Section]:
    """Yield the sections of a part. Folded lines are counted in the section behind them."""
    change, skipped = part.first - 1, 0
    for block in layout.blocks[part.start : part.end]:
        if block.lines and not opened:
            skipped = block.lines
        elif block.lines:
            yield Section(tuple(make_rows(layout, block)), 0, None, is_last=False)
        else:
            change += 1
            rows = tuple(make_rows(layout, block, costs))
            yield Section(rows, skipped, change, is_last=change == part.changes)
            skipped = 0
    if skipped:
        yield Section((), skipped, None, is_last=False)


def _parsed_part(source: str) -> str:
    """Return what is parsed of a source. A parse takes memory and time for each sign, not for each code point."""
    last = next(islice(_SIGNS.finditer(source), MAX_SIGNS, None), None)
    return source[: last.start()] if last else source


def _link_changes(old: str, new: str) -> Iterator[LinkChange]:
    """Yield the links that are new or gone, in order; the two of one place as a pair. A link that moved is neither."""
    before, after = link_targets(old)[:MAX_LINKS], link_targets(new)[:MAX_LINKS]
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    if not gone and not come:
        return
    kept = join_runs((i, j, 1) for i, j in equal_lines(before, after))
    for i1, i2, j1, j2 in find_gaps(kept, len(before), len(after)):
        for pair in zip_longest(_taken(before[i1:i2], gone), _taken(after[j1:j2], come)):
            yield LinkChange(*pair)


def _taken(targets: Sequence[str], counts: Counter[str]) -> list[str]:
    """Return the targets that are counted, each as often as that, and count them down."""
    taken = []
    for target in targets:
        if counts[target] > 0:
            counts[target] -= 1
            taken.append(target)
    return taken
