"""Labels: what messages, severities, fields, kinds and places are called in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import IntroducedFinding, Review
from articles.revisions.revisions import ChangeKind, SoftwareShare
from articles.text.content import WHERE, Content, Field, FieldFinding, UnseenKind, line_and_column
from articles.text.content.comparison import ValueChange
from articles.text.content.marking import shortened
from articles.text.markdown import Where
from articles.text.messages import Message

from .languages import language_label

register = template.Library()

UNSEEN = {
    UnseenKind.COMMENT: gettext_lazy("comment"),
    UnseenKind.TITLE: gettext_lazy("title of a link or picture"),
    UnseenKind.ALTERNATIVE: gettext_lazy("alternative text"),
    UnseenKind.DEFINITION: gettext_lazy("definition that nothing uses"),
    UnseenKind.ADDRESS: gettext_lazy("link without text"),
    UnseenKind.LABEL: gettext_lazy("label of a reference or footnote"),
    UnseenKind.ATTRIBUTE: gettext_lazy("attribute that no browser shows"),
    UnseenKind.INFO: gettext_lazy("words beside a fence"),
    UnseenKind.PAYLOAD: gettext_lazy("text in invisible characters"),
}
CHECKS = {  # by the worst that they find
    "host": gettext_lazy("links that imitate another address"),
    "tag-characters": gettext_lazy("text in invisible characters"),
    "bidi-control": gettext_lazy("characters that turn text around"),
    "whole-word": gettext_lazy("words wholly of look-alike letters"),
    "foreign-letter": gettext_lazy("letters of another script"),
    "rare-letter": gettext_lazy("letters that the language does not use"),
    "invisible": gettext_lazy("invisible characters"),
    "variation-selector": gettext_lazy("selectors that choose nothing"),
    "look-alike-sign": gettext_lazy("signs that look like others"),
    "styled-letters": gettext_lazy("letters in mathematical or other styles"),
    "odd-space": gettext_lazy("unusual spaces"),
    "stacked-marks": gettext_lazy("marks piled upon letters"),
    "mixed-digits": gettext_lazy("digits of several scripts in a number"),
    "misread": gettext_lazy("text in a wrong encoding"),
    "control": gettext_lazy("control characters"),
    "without-meaning": gettext_lazy("characters without a meaning"),
    "provenance-mark": gettext_lazy("marks that software leaves"),
    "not-nfc": gettext_lazy("letters put together in an unusual way"),
    "blank": gettext_lazy("blank texts"),
    "empty-link": gettext_lazy("links without visible text"),
    "forge-notice": gettext_lazy("characters that code forges warn of"),
}
PLACES = {
    Where.PROSE: gettext_lazy("prose"),
    Where.CODE: gettext_lazy("code"),
    Where.LINK_TEXT: gettext_lazy("link text"),
    Where.HOST: gettext_lazy("host of a link"),
    Where.ATTRIBUTE: gettext_lazy("attribute"),
    Where.TITLE: gettext_lazy("title"),
    Where.SLUG: gettext_lazy("address"),
    Where.SUMMARY: gettext_lazy("summary"),
    Where.TAG: gettext_lazy("tag"),
}


@register.filter(expects_localtime=True)
def instant(moment: datetime) -> str:
    """Return a time for a `datetime` attribute, in whole seconds: HTML allows at most three decimals."""
    return moment.isoformat(timespec="seconds")


@register.filter
def listed(items: Iterable[object]) -> str:
    """Return items as a list in the reader's language, such as "text, title"."""
    return _(", ").join(map(str, items))


@register.filter
def phrases(items: Iterable[object]) -> str:
    """Return items that may hold commas as a list in the reader's language."""
    return _("; ").join(map(str, items))


MAX_MESSAGE = 300  # code points of a message that a page shows; it may quote a long word


@register.filter
def sentence(message: str) -> str:
    """Return a finding's message in the reader's language; as it is if only its English text was stored.

    A long one is cut.
    """
    return shortened(message.translate_with(_) if isinstance(message, Message) else message, MAX_MESSAGE)


@register.filter
def severity_label(severity: str) -> str:
    return str(IntroducedFinding.Severity(severity).label)


@register.filter
def field_label(field: str) -> str:
    return str(IntroducedFinding.Field(field).label)


@register.filter
def unseen_label(kind: str) -> str:
    return str(UNSEEN[UnseenKind(kind)])


@register.filter
def check_name(check: str) -> str:
    """Return what a check finds, in words; the id of a check that this release does not know."""
    return str(CHECKS.get(check, check))


@register.filter
def state_label(state: str) -> str:
    return str(Review.State(state).label)


@register.filter
def kind_label(kind: str) -> str:
    """Return what the author calls a change, such as "typo"; empty if nothing was said."""
    return str(ChangeKind(kind).label) if kind else ""


@register.filter
def share_label(share: str) -> str:
    """Return what the author says of software in the text; empty if it had no part in it, or nothing was said."""
    return (
        str(SoftwareShare(share).label) if share in (SoftwareShare.ASSISTED, SoftwareShare.GENERATED) else ""
    )


_DISCLOSURES = {
    "none": gettext_lazy("Written without AI"),
    "ai-assisted": gettext_lazy("AI-assisted"),
    "ai-generated": gettext_lazy("AI-generated"),
}


@register.filter
def disclosure_label(disclosure: str) -> str:
    """Return in words what an author says of AI in a text; empty if nothing."""
    return str(_DISCLOSURES.get(disclosure, ""))


@register.filter
def old_value(change: ValueChange) -> str:
    """Return the old value of a language, cover or share of software in words."""
    return _value(change.name, change.old)


@register.filter
def new_value(change: ValueChange) -> str:
    return _value(change.name, change.new)


def _value(name: str, value: str) -> str:
    if name == "language":
        return language_label(value)
    return str(SoftwareShare(value).label) if name == "software_share" and value else value


@register.filter
def whereabouts(item: FieldFinding) -> str:
    """Return in which part of a page a finding stands, for readers, who know no lines of the source."""
    field = Field(item.field)
    return str(PLACES[Where(item.finding.where)]) if field is Field.SOURCE else str(field_label(field))


@register.simple_tag
def place(content: Content, item: FieldFinding | IntroducedFinding) -> str:
    """Return where a finding stands: field, context unless it is the usual one, line and column from 1."""
    field = Field(item.field)
    parts = [field_label(field)]
    if item.finding.where != WHERE[field]:
        parts.append(str(PLACES[Where(item.finding.where)]))
    line_number, column = line_and_column(content.text(field), item.finding.start)
    if field is Field.SOURCE:
        parts.append(_("line %(number)d") % {"number": line_number})
    parts.append(_("character %(number)d") % {"number": column})
    return listed(parts)
