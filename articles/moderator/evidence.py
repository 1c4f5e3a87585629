"""What a version under review does, and what is known of it: the verdict, the text, findings, and other articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from articles import permissions, workflow
from articles.http.parts import MOST_ROWS, part
from articles.models import Revision
from articles.moderation.covering import SplitFindings
from articles.moderation.returns import Return
from articles.text.content import ContentComparison, compare_contents, split_unseen
from articles.text.content.highlights import find_highlights, is_quiet
from articles.text.content.kinds import kinds_of

from .bringers import find_bringers
from .first_screen import facts_about, marked_part
from .sides import Sides
from .unseen import grouped

MOST_HIGHLIGHTS = 40
FEW_KINDS = 6  # of findings that are listed without a fold


def what_it_does(
    request: HttpRequest, revision: Revision, sides: Sides, returns: Sequence[Return]
) -> dict[str, Any]:
    """Return what the page of a review tells of a version, in a constant number of queries."""
    before, content = sides.before.content if sides.before else None, revision.content
    comparison = compare_contents(before, content, is_drawn=sides.view != "page")
    split = workflow.split_findings(comparison.introduced, content, article=revision.article_id)
    rendering = revision.renderings.latest()
    is_readable = sides.before is not None and "text" not in sides.before.withheld
    rendering_before = sides.before.renderings.latest() if sides.before and is_readable else None
    evidence = workflow.gather_evidence(
        revision, html=rendering.html, found=comparison.introduced, seen_by=permissions.signed_in(request)
    )
    unseen, unseen_before = split_unseen(content, before)
    facts = facts_about(
        revision,
        comparison,
        found=split.shown,
        evidence=evidence,
        unseen=unseen,
        removals=rendering.removals_beyond(rendering_before),
        returns=returns,
    )
    marked = None
    if sides.view == "page":
        marked = marked_part(request, rendering_before, rendering, content, found=split.shown, facts=facts)
    removals = part(request, len(rendering.removals), size=MOST_ROWS, name="removals")
    highlights = find_highlights(comparison)
    highlights_part = part(request, len(highlights), size=MOST_HIGHLIGHTS, name="wording")
    hosts = part(request, len(evidence.hosts), size=MOST_ROWS, name="hosts")
    return {
        "rendering": rendering,
        "facts": facts,
        "marked": marked,
        "comparison": replace(
            comparison, sections=tuple(section for section in comparison.sections if not is_quiet(section))
        ),
        "quiet": replace(comparison, sections=tuple(filter(is_quiet, comparison.sections))),
        "highlights": highlights_part.of(highlights),
        "highlights_part": highlights_part,
        **_findings(request, comparison, split, revision),
        "removals": removals.of(rendering.removals),
        "removals_part": removals,
        "unseen": grouped(content.source, unseen, request, "unseen"),
        "unseen_before": grouped(content.source, unseen_before, request, "before"),
        "evidence": evidence,
        "hosts": hosts.of(evidence.hosts),
        "hosts_part": hosts,
    }


def _findings(
    request: HttpRequest, comparison: ContentComparison, split: SplitFindings, revision: Revision
) -> dict[str, Any]:
    """Return the findings that a version introduced: a part of their kinds, and who brought in each place.

    What an allowance covers stands apart. `bringers` are those of the findings that were there before.
    """
    kinds = kinds_of(split.shown)
    drawn = part(request, len(kinds), size=MOST_ROWS, name="kinds")
    allowed = part(request, len(split.allowed), size=MOST_ROWS, name="allowed")
    places = [item for kind in drawn.of(kinds) for item in kind.places]
    bringers = find_bringers(revision, comparison, places, seen_by=permissions.signed_in(request))
    brought_in = iter(bringers.introduced)
    rows = [(kind, [next(brought_in) for _place in kind.places]) for kind in drawn.of(kinds)]
    return {
        "flagged": len(split.shown),
        "kinds": rows,
        "few_kinds": f":{FEW_KINDS}",
        "rare_kinds": rows[FEW_KINDS:],
        "kinds_part": drawn,
        "bringers": bringers.inherited,
        "allowed": split.allowed,
        "allowed_part": allowed,
        "allowed_rows": allowed.of(split.allowed),
    }
