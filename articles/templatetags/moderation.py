"""Tags of moderation: risk, topics and names of characters in words, and parts of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Review
from articles.moderation.risk import PER, STEP, TRUSTED, Part
from articles.text.checks import Finding
from articles.text.content import ContentComparison, Field
from articles.text.content.highlights import Topic
from articles.text.diff import Span
from articles.text.unicode import tables

from .facts import fact_in_words
from .labels import listed, phrases
from .marks import marked_stretch

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

register = template.Library()

# Parts of the risk that are no facts of the text
BEYOND_THE_TEXT = frozenset(
    {Part.SANITIZERS, Part.HELD, Part.IN_A_ROW, Part.FLOOD, Part.SHARED, Part.TURNED_DOWN, Part.NEWCOMER}
)
FEW_POINTS = 5  # such parts with less are left out of a row
MOST_CODE_POINTS = 3  # of a finding, by name

PARTS: Mapping[str, Callable[[int], str]] = {
    Part.SANITIZERS: lambda n: _("the sanitizers disagree"),
    Part.ALERTS: lambda n: ngettext("%(n)d alert", "%(n)d alerts", n) % {"n": n},
    Part.HIDDEN: lambda n: _("hidden text"),
    Part.BLANKED: lambda n: _("hardly anything is left of the text"),
    Part.TWINS: lambda n: (
        ngettext(
            "links to %(n)d domain that reads like another one",
            "links to %(n)d domains that read like others",
            n,
        )
        % {"n": n}
    ),
    Part.RELINKED: lambda n: (
        ngettext("%(n)d link leads to another site now", "%(n)d links lead to other sites now", n) % {"n": n}
    ),
    Part.REMOVED: lambda n: _("%(n)d %% of the text removed") % {"n": n},
    Part.REPLACED: lambda n: _("%(n)d %% of the text replaced by other words") % {"n": n},
    Part.CARDS: lambda n: ngettext("%(n)d card number", "%(n)d card numbers", n) % {"n": n},
    Part.PHONES: lambda n: ngettext("%(n)d phone number", "%(n)d phone numbers", n) % {"n": n},
    Part.MAILS: lambda n: ngettext("%(n)d mail address", "%(n)d mail addresses", n) % {"n": n},
    Part.COPIED: lambda n: _("%(n)d %% of the wording is that of another author's article") % {"n": n},
    Part.NOISE: lambda n: (
        ngettext("%(n)d shout or repeated character", "%(n)d shouts or repeated characters", n) % {"n": n}
    ),
    Part.HELD: lambda n: _("everything by its author is held"),
    Part.IN_A_ROW: lambda n: (
        ngettext(
            "the last %(n)d submission of the author rejected",
            "the last %(n)d submissions of the author rejected",
            n,
        )
        % {"n": n}
    ),
    Part.FLOOD: lambda n: (
        ngettext(
            "%(n)d article by the author within an hour", "%(n)d articles by the author within an hour", n
        )
        % {"n": n}
    ),
    Part.SHARED: lambda n: (
        ngettext(
            "%(n)d other waiting version links to the same new domain",
            "%(n)d other waiting versions link to the same new domain",
            n,
        )
        % {"n": n}
    ),
    Part.DISGUISE: lambda n: _("changed so that readers cannot notice"),
    Part.WARNINGS: lambda n: ngettext("%(n)d warning", "%(n)d warnings", n) % {"n": n},
    Part.DOMAINS: lambda n: (
        ngettext("links to %(n)d domain new to the site", "links to %(n)d domains new to the site", n)
        % {"n": n}
    ),
    Part.DENSITY: lambda n: (
        ngettext("%(n)d flagged character in %(per)d", "%(n)d flagged characters in %(per)d", n)
        % {"n": n, "per": PER}
    ),
    Part.TURNED_DOWN: lambda n: (
        ngettext(
            "%(n)d recent submission of the author turned down",
            "%(n)d recent submissions of the author turned down",
            n,
        )
        % {"n": n}
    ),
    Part.NEWCOMER: lambda n: (
        ngettext(
            "%(n)d text by this author approved so far",
            "%(n)d texts by this author approved so far",
            TRUSTED - n,
        )
        % {"n": TRUSTED - n}
        if n < TRUSTED
        else _("nothing by this author approved yet")
    ),
    Part.SIZE: lambda n: _("about %(n)d characters changed") % {"n": n * STEP},
}
TOPICS = {
    Topic.NUMBER: gettext_lazy("number"),
    Topic.NAME: gettext_lazy("name"),
    Topic.NEGATION: gettext_lazy("negation"),
    Topic.WORDING: gettext_lazy("wording"),
}


@register.filter
def worst_in_words(review: Review) -> str:
    """Return the worst that a version does and what is known beyond its text, in one line of plain text."""
    around = around_in_words(review)
    return phrases([*map(fact_in_words, review.worst), *([around] if around else [])])


@register.filter
def around_in_words(review: Review) -> str:
    """Return what adds to the risk beyond the text, as phrases."""
    told = [part for part in review.risk_parts if part[0] in BEYOND_THE_TEXT and part[2] >= FEW_POINTS]
    return phrases(map(part_in_words, told))


@register.filter
def part_in_words(part: tuple[str, int, int]) -> str:
    """Return a part of the risk with its count, as a phrase."""
    name, count, _points = part
    return PARTS[name](count)


@register.filter
def waited(since: datetime) -> str:
    """Return how long something has waited: in minutes, from an hour on with hours, from two days on in days."""
    minutes = max(0, int((timezone.now() - since).total_seconds() // 60))
    hours = minutes // 60
    if not hours:
        return _("%(n)d min") % {"n": minutes}
    if hours < 48:
        return _("%(hours)d h %(minutes)02d") % {"hours": hours, "minutes": minutes % 60}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


@register.simple_tag
def claim_in_words(review: Review, user: User | AnonymousUser) -> str:
    """Return whose claim lasts and for how many minutes, such as "yours" or "jonas, 3 min"; empty without one."""
    if review.claimant is None:
        return ""
    if review.claimant == user:
        return _("yours")
    held = timezone.now() - (review.claimed_since or review.submitted_at)
    return _("%(name)s, %(n)d min") % {"name": review.claimant, "n": held.total_seconds() // 60}


@register.filter
def topics_in_words(topics: tuple[Topic, ...]) -> str:
    return listed(TOPICS[topic] for topic in topics)


@register.filter
def names(finding: Finding) -> str:
    """Return the names of a finding's characters, at most `MOST_CODE_POINTS` of them."""
    named = [tables.name(char) for char in finding.text[:MOST_CODE_POINTS]]
    return ", ".join([*named, "…"] if len(finding.text) > MOST_CODE_POINTS else named)


@register.simple_tag
def stretch(comparison: ContentComparison, side: str, span: Span) -> SafeString:
    """Return a part of the source of a side, "old" or "new", with its flagged characters marked."""
    content, found = {
        "old": (comparison.old, comparison.old_findings),
        "new": (comparison.new, comparison.new_findings),
    }[side]
    return marked_stretch(content.source if content else "", found[Field.SOURCE], span)
