"""The first screen of a review: what the version does, the worst first, and the marked page from its place on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest
from django.utils.html import strip_tags

from articles.http.parameters import parse_number
from articles.http.parts import query_with
from articles.models import Rendering, Revision
from articles.moderation.assessment import signals_of
from articles.moderation.evidence import Evidence
from articles.moderation.returns import Return
from articles.templatetags.labels import sentence
from articles.templatetags.prose import fitted
from articles.text.content import Content, ContentComparison, Field, FieldFinding, Unseen
from articles.text.content.beside import annotate
from articles.text.content.facts import LEAST_COPIED, MAX_VALUE, Fact, FactKind, facts_of, worst_first
from articles.text.content.marking import shortened
from articles.text.marked import Block, Fold, MarkedPage, mark_page
from articles.text.page import Removal

MAX_ABOVE = 300  # code points of text that may stand above the lead
MAX_SHOWN = 4_500  # code points of text from the lead on, before the rest is folded
MAX_UNCUT = 1_500  # code points of HTML of a list or table; a longer one is folded where nothing is odd


def facts_about(
    revision: Revision,
    comparison: ContentComparison,
    *,
    found: Sequence[FieldFinding],
    evidence: Evidence,
    unseen: Collection[Unseen],
    removals: Iterable[Removal],
    returns: Iterable[Return],
) -> tuple[Fact, ...]:
    """Return what a version does, the worst first. `found` are the findings that no allowance covers.

    `returns` is what readers would have again if it went live: of hidden texts and of the article itself the first.

    Takes one query if it links to hosts that are new to the site.
    """
    before, after = comparison.old, comparison.new
    changes = comparison.comparison.changes
    new_hosts = [use.host for use in evidence.hosts if not use.articles]
    facts = facts_of(
        before,
        after,
        changes=changes,
        found=found,
        signals=signals_of(before, after, changes, new_hosts, unseen),
        new_hosts=new_hosts,
        unseen=unseen,
        removals=removals,
    )
    return worst_first([*facts, *_copied(revision, evidence), *_returning(after.source, returns)])


def _copied(revision: Revision, evidence: Evidence) -> Iterator[Fact]:
    copied = next(
        (each for each in evidence.resembling if each.revision.author_id != revision.author_id), None
    )
    if copied and copied.percent >= LEAST_COPIED:
        yield Fact(FactKind.COPIED, after=copied.revision.title, number=copied.percent)


def _returning(source: str, returns: Iterable[Return]) -> Iterator[Fact]:
    """Yield a fact of each kind of returns, with the place of the passage in the source."""
    for each in {bool(each.passages): each for each in reversed([*returns])}.values():
        if each.passages:
            passage = each.passages[0]
            place = re.search(r"\s+".join(map(re.escape, passage.split())), source)
            yield Fact(
                FactKind.RETURNS,
                after=shortened(passage, MAX_VALUE - 1),
                number=1,
                start=place.start() if place else None,
                text=each.by,
            )
        else:
            yield Fact(FactKind.OFFLINE, after=shortened(each.reason, MAX_VALUE - 1), number=1, text=each.by)


@dataclass(frozen=True, slots=True)
class Part:
    """The marked page in three: what stands above the lead, the lead with what fits beside it, and the rest.

    `places` counts what is shown of the other two. The queries lead to the other parts of a long page; "" if none.
    """

    page: MarkedPage
    above: Sequence[Block | Fold]
    shown: Sequence[Block | Fold]
    below: Sequence[Block | Fold]
    previous: str
    next: str

    @property
    def places_above(self) -> int:
        return sum(isinstance(piece, Block) for piece in self.above)

    @property
    def places_below(self) -> int:
        return sum(isinstance(piece, Block) for piece in self.below)


def marked_part(
    request: HttpRequest,
    before: Rendering | None,
    rendering: Rendering,
    content: Content,
    *,
    found: Iterable[FieldFinding],
    facts: Sequence[Fact],
) -> Part:
    """Return the marked page as readers would have it, with its findings, and what is told beside each block.

    `?part=` asks for a part of a long page; without it, it is the one with the lead. Without a version `before`, the
    whole text is new: then its blocks with findings are shown, or its beginning if there is none.
    """
    asked = parse_number(request.GET.get("part"))
    findings = [item.finding for item in found if item.field is Field.SOURCE]
    page = mark_page(
        before.html if before else rendering.html,
        rendering.html,
        part=asked,
        opened=before is None and not findings and all(fact.start is None for fact in facts),
        max_uncut=MAX_UNCUT,
        annotate=lambda blocks: annotate(blocks, content.source, findings, facts, say=sentence),
    )
    pieces = [replace(piece, html=html) for piece, html in fitted(page)]
    lead = next((k for k, piece in enumerate(pieces) if isinstance(piece, Block) and piece.is_lead), 0)
    first = lead
    while first and _length(pieces[first - 1 : lead]) <= MAX_ABOVE:
        first -= 1
    last = lead + 1
    while last < len(pieces) and _length(pieces[first : last + 1]) <= MAX_SHOWN:
        last += 1

    def query(part: int) -> str:
        return query_with(request, "part", str(part)) if 1 <= part <= page.parts else ""

    return Part(
        page, pieces[:first], pieces[first:last], pieces[last:], query(page.part - 1), query(page.part + 1)
    )


def _length(pieces: Sequence[Block | Fold]) -> int:
    """Return about how many code points of text some pieces show; a fold is as high as a line."""
    return sum(len(strip_tags(piece.html)) if isinstance(piece, Block) else 70 for piece in pieces)
