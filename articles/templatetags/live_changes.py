"""Tags of what went live: what a change brought in, in words, and where it is compared."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import LiveChange

from .labels import listed
from .moderation import names

register = template.Library()


@register.filter
def counts_in_words(change: LiveChange) -> str:
    """Return how many serious and odd characters a change brought in; empty if none."""
    words = []
    if change.alerts:
        words.append(ngettext("%(n)d alert", "%(n)d alerts", change.alerts) % {"n": change.alerts})
    if change.warnings:
        words.append(ngettext("%(n)d warning", "%(n)d warnings", change.warnings) % {"n": change.warnings})
    return listed(words)


@register.filter
def brought_in(change: LiveChange) -> str:
    """Return the counts, and the characters of the gravest finding by name; empty if nothing odd was brought in.

    Of a hidden text, the counts alone.
    """
    counts = counts_in_words(change)
    if change.worst is None or change.is_text_hidden:
        return counts
    finding = change.worst.finding
    if finding.payload:
        told = _("hidden text: %(text)s") % {"text": finding.payload}
    elif finding.meant:
        told = _("%(names)s, probably meant: %(meant)s") % {"names": names(finding), "meant": finding.meant}
    else:
        told = names(finding)
    return _("%(counts)s: %(finding)s") % {"counts": counts, "finding": told}


@register.filter
def size_in_words(change: LiveChange) -> str:
    """Return how many characters were added and removed; empty if that is not stored."""
    if change.added is None or change.removed is None:
        return ""
    added, removed = (number_format(n, force_grouping=True) for n in (change.added, change.removed))
    return _("characters added: %(added)s, removed: %(removed)s") % {"added": added, "removed": removed}


@register.filter
def compare_path(change: LiveChange) -> str:
    """Return the path of the comparison with what was public before; of the version, if nothing was."""
    slug, number = change.article.slug, change.revision.number
    if change.before:
        return reverse("compare", args=[slug, change.before.number, number])
    return reverse("revision", args=[slug, number])
