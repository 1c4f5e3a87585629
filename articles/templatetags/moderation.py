"""Tags of moderation: risk, topics and names of characters in words, and parts of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import template
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import Review
from articles.moderation.risk import PER, STEP, Part
from articles.text.checks import Finding
from articles.text.content import ContentComparison, Field
from articles.text.content.highlights import Topic
from articles.text.diff import Span
from articles.text.unicode import tables

from .labels import listed, phrases
from .marks import marked_stretch

register = template.Library()

MOST_PARTS = 4  # of the risk, in one line
FEW_POINTS = 5  # parts with less are left out of that line
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
    Part.FLOOD: lambda n: _("%(n)d articles by the newcomer within an hour") % {"n": n},
    Part.DISGUISE: lambda n: _("nothing that a reader could see changed"),
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
    Part.NEWCOMER: lambda n: _("nothing by this author approved yet"),
    Part.SIZE: lambda n: _("about %(n)d characters changed") % {"n": n * STEP},
}
TOPICS = {
    Topic.NUMBER: gettext_lazy("number"),
    Topic.NAME: gettext_lazy("name"),
    Topic.NEGATION: gettext_lazy("negation"),
    Topic.WORDING: gettext_lazy("wording"),
}


@register.filter
def risk_in_words(review: Review) -> str:
    """Return the largest parts of the risk, in one line."""
    told = [part for part in review.risk_parts if part[2] >= FEW_POINTS] or review.risk_parts
    words = [part_in_words(part) for part in told[:MOST_PARTS]]
    return capfirst(phrases(words)) if words else _("Nothing odd found")


@register.filter
def part_in_words(part: tuple[str, int, int]) -> str:
    """Return a part of the risk with its count, as a phrase."""
    name, count, _points = part
    return PARTS[name](count)


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
