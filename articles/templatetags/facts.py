"""Facts in words: one plain sentence with before and after, as HTML for pages and as text for mail and lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import takewhile

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.text.checks import Finding
from articles.text.content.comparison import ValueChange
from articles.text.content.facts import SWAPS, Fact, FactKind
from articles.text.content.marking import shortened

from .labels import new_value, old_value
from .marks import labelled, with_labels

register = template.Library()

MAX_LABEL = 40  # code points of a finding in the head of a group

GRAVITY: Mapping[FactKind, Promise] = {
    FactKind.CODE: gettext_lazy("Deceives"),
    FactKind.HIDDEN: gettext_lazy("Hidden text"),
    FactKind.BLANKED: gettext_lazy("Removed"),
    FactKind.RELINKED: gettext_lazy("Deceives"),
    FactKind.TWIN: gettext_lazy("Deceives"),
    FactKind.HOST: gettext_lazy("Deceives"),
    FactKind.LETTERS: gettext_lazy("Deceives"),
    FactKind.DISGUISED: gettext_lazy("Disguised"),
    FactKind.RETURNS: gettext_lazy("Comes back"),
    FactKind.CARD: gettext_lazy("Personal data"),
    FactKind.PHONE: gettext_lazy("Personal data"),
    FactKind.REPLACED: gettext_lazy("Replaced"),
    FactKind.REMOVED: gettext_lazy("Removed"),
    FactKind.ALERT: gettext_lazy("Serious"),
    FactKind.OFFLINE: gettext_lazy("Comes back"),
    FactKind.PRICE: gettext_lazy("Price"),
    FactKind.LETTER: gettext_lazy("Letters"),
    FactKind.COPIED: gettext_lazy("Copied"),
    FactKind.MAIL: gettext_lazy("Personal data"),
    FactKind.WARNING: gettext_lazy("Odd"),
    FactKind.UNSEEN: gettext_lazy("Unseen"),
    FactKind.LOST: gettext_lazy("Left out"),
    FactKind.NOISE: gettext_lazy("Loud"),
    FactKind.NEGATION: gettext_lazy("Negation"),
    FactKind.NUMBER: gettext_lazy("Number"),
    FactKind.NEW_HOST: gettext_lazy("New domain"),
    FactKind.TITLE: gettext_lazy("Title"),
    FactKind.ADDRESS: gettext_lazy("Address"),
    FactKind.FIELD: gettext_lazy("Details"),
    FactKind.NEW_TEXT: gettext_lazy("New"),
    FactKind.EDITED: gettext_lazy("Edited"),
    FactKind.MOVED: gettext_lazy("Moved"),
    FactKind.SAME: gettext_lazy("The same"),
}

# What the findings of a check are, for people who know no Unicode.
CHECKS: Mapping[str, Promise] = {
    "foreign-letter": gettext_lazy("letters of another script"),
    "rare-letter": gettext_lazy("letters that hardly any text has"),
    "whole-word": gettext_lazy("words in letters of another script"),
    "styled-letters": gettext_lazy("letters in a style that programs do not read"),
    "host": gettext_lazy("addresses that mislead"),
    "look-alike-sign": gettext_lazy("signs that look like others"),
    "invisible": gettext_lazy("invisible characters"),
    "bidi-control": gettext_lazy("marks that turn the direction of text"),
    "provenance-mark": gettext_lazy("marks that programs leave in text"),
    "tag-characters": gettext_lazy("invisible tags"),
    "variation-selector": gettext_lazy("invisible variants"),
    "control": gettext_lazy("control characters"),
    "without-meaning": gettext_lazy("characters without a meaning"),
    "odd-space": gettext_lazy("odd spaces"),
    "stacked-marks": gettext_lazy("piled-up accents"),
    "mixed-digits": gettext_lazy("digits of two scripts in one number"),
    "misread": gettext_lazy("garbled letters"),
    "not-nfc": gettext_lazy("letters in an unusual encoding"),
    "blank": gettext_lazy("characters that look empty"),
    "empty-link": gettext_lazy("links without text"),
    "forge-notice": gettext_lazy("a notice of another site, pasted with the text"),
}


FIELDS: Mapping[str, Promise] = {
    "language": gettext_lazy("Language"),
    "tags": gettext_lazy("Tags"),
    "excerpt": gettext_lazy("Excerpt"),
    "description": gettext_lazy("Description"),
    "cover": gettext_lazy("Cover image"),
    "software_share": gettext_lazy("Share of software"),
}


def _field(fact: Fact) -> str:
    if fact.before and fact.after:
        return _("%(what)s: “%(before)s” became “%(after)s”")
    return _("%(what)s: “%(after)s” came in") if fact.after else _("%(what)s: “%(before)s” is gone")


def _negation(fact: Fact) -> str:
    if fact.before and fact.after:
        return ngettext(
            "“%(before)s” became “%(after)s” in “%(text)s”",
            "%(number)s negations changed: “%(before)s” became “%(after)s” in “%(text)s” …",
            fact.number,
        )
    if fact.after:
        return ngettext(
            "“%(after)s” came into “%(text)s”",
            "%(number)s negations changed: “%(after)s” came into “%(text)s” …",
            fact.number,
        )
    return ngettext(
        "“%(before)s” is gone from “%(text)s”",
        "%(number)s negations changed: “%(before)s” is gone from “%(text)s” …",
        fact.number,
    )


def _letters(fact: Fact) -> str:
    if fact.text:
        return _("%(number)s letters pass for others, such as %(after)s for %(before)s in “%(text)s”")
    return ngettext(
        "%(after)s for %(before)s, once", "%(after)s for %(before)s, %(number)s times", fact.number
    )


def _odd(fact: Fact) -> str:
    return ngettext("%(what)s, once", "%(what)s, %(number)s times", fact.number)


def _copied(fact: Fact) -> str:
    if fact.after:
        return _("%(number)s %% of the wording is that of “%(after)s” by another author")
    return _("%(number)s %% of the wording is that of another author's article")


def _removed(fact: Fact) -> str:
    if fact.after:
        return _("%(number)s %% of the text removed; what is left: “%(after)s”")
    return _("%(number)s %% of the text removed")


def _offline(fact: Fact) -> str:
    if fact.after:
        return _("Approving makes public again what %(text)s took offline: “%(after)s”")
    return _("Approving makes public again what %(text)s took offline")


SENTENCES: Mapping[FactKind, Callable[[Fact], str]] = {
    FactKind.CODE: lambda fact: ngettext(
        "Code reads otherwise than it runs: %(after)s",
        "Code reads otherwise than it runs, in %(number)s places: %(after)s",
        fact.number,
    ),
    FactKind.HIDDEN: lambda fact: ngettext(
        "Hidden text: “%(after)s”", "%(number)s hidden texts, the first: “%(after)s”", fact.number
    ),
    FactKind.BLANKED: _removed,
    FactKind.RELINKED: lambda fact: ngettext(
        "The link “%(text)s” now leads to %(after)s. It led to %(before)s",
        "%(number)s links lead elsewhere now: “%(text)s” leads to %(after)s. It led to %(before)s",
        fact.number,
    ),
    FactKind.TWIN: lambda fact: ngettext(
        "%(after)s reads like %(before)s, and is another site",
        "%(number)s sites read like others: %(after)s like %(before)s",
        fact.number,
    ),
    FactKind.HOST: lambda fact: _("The address %(after)s has characters that pass for others"),
    FactKind.LETTERS: _letters,
    FactKind.DISGUISED: lambda fact: _("Changed so that readers cannot notice"),
    FactKind.RETURNS: lambda fact: _("Approving brings back what %(text)s hid: “%(after)s”"),
    FactKind.CARD: lambda fact: ngettext(
        "A card number came in: %(after)s", "%(number)s card numbers came in: %(after)s …", fact.number
    ),
    FactKind.PHONE: lambda fact: ngettext(
        "A phone number came in: %(after)s", "%(number)s phone numbers came in: %(after)s …", fact.number
    ),
    FactKind.REPLACED: lambda fact: _("%(number)s %% of the text replaced by other words"),
    FactKind.REMOVED: _removed,
    FactKind.ALERT: _odd,
    FactKind.OFFLINE: _offline,
    FactKind.PRICE: lambda fact: ngettext(
        "The price %(before)s became %(after)s",
        "%(number)s prices changed: %(before)s became %(after)s …",
        fact.number,
    ),
    FactKind.LETTER: _letters,
    FactKind.COPIED: _copied,
    FactKind.MAIL: lambda fact: ngettext(
        "A mail address came in: %(after)s", "%(number)s mail addresses came in: %(after)s …", fact.number
    ),
    FactKind.WARNING: _odd,
    FactKind.UNSEEN: lambda fact: ngettext(
        "In the text, but readers do not see it: “%(after)s”",
        "%(number)s texts that readers do not see, the first: “%(after)s”",
        fact.number,
    ),
    FactKind.LOST: lambda fact: ngettext(
        "Does not reach the page: %(after)s",
        "%(number)s parts do not reach the page, the first: %(after)s",
        fact.number,
    ),
    FactKind.NOISE: lambda fact: ngettext(
        "%(number)s stretch shouts or repeats a character",
        "%(number)s stretches shout or repeat a character",
        fact.number,
    ),
    FactKind.NEGATION: _negation,
    FactKind.NUMBER: lambda fact: ngettext(
        "The number %(before)s became %(after)s",
        "%(number)s numbers changed: %(before)s became %(after)s …",
        fact.number,
    ),
    FactKind.NEW_HOST: lambda fact: ngettext(
        "No live page links to %(after)s",
        "No live page links to these %(number)s domains: %(after)s …",
        fact.number,
    ),
    FactKind.TITLE: lambda fact: _("The title was “%(before)s” and is “%(after)s”"),
    FactKind.ADDRESS: lambda fact: _("The address was %(before)s and is %(after)s"),
    FactKind.FIELD: _field,
    FactKind.NEW_TEXT: lambda fact: ngettext(
        "A new text of %(number)s word; nothing odd",
        "A new text of %(number)s words; nothing odd",
        fact.number,
    ),
    FactKind.EDITED: lambda fact: ngettext(
        "%(number)s sentence changed; nothing odd", "%(number)s sentences changed; nothing odd", fact.number
    ),
    FactKind.MOVED: lambda fact: ngettext(
        "%(number)s part moved, unchanged; nothing odd",
        "%(number)s parts moved, unchanged; nothing odd",
        fact.number,
    ),
    FactKind.SAME: lambda fact: _("The text is the same; nothing odd"),
}
_HOSTS = frozenset({FactKind.RELINKED, FactKind.TWIN, FactKind.HOST, FactKind.NEW_HOST, FactKind.ADDRESS})
_EDITS = frozenset(
    {
        FactKind.RELINKED,
        FactKind.PRICE,
        FactKind.NEGATION,
        FactKind.NUMBER,
        FactKind.TITLE,
        FactKind.ADDRESS,
        FactKind.FIELD,
    }
)
_LETTERS = frozenset({FactKind.LETTERS, FactKind.LETTER})
_CODE = frozenset({FactKind.CODE, FactKind.LOST})


@register.filter
def gravity(fact: Fact) -> str:
    """Return how grave a fact is, in a word or two, such as "Deceives"."""
    return str(GRAVITY[fact.kind])


@register.filter
def fact_in_words(fact: Fact) -> str:
    """Return a fact as a sentence without a full stop, as plain text; invisible characters have labels."""
    fact = _with_labels(fact)
    before, after, text = map(with_labels, (fact.before, fact.after, fact.text))
    values = {"before": before, "after": after, "text": text, "number": _number(fact), "what": _what(fact)}
    return SENTENCES[fact.kind](fact) % values


@register.filter
def fact_in_html(fact: Fact) -> SafeString:
    """Return a fact as a sentence without a full stop, with what differs between before and after in bold."""
    fact = _with_labels(fact)
    values = {
        "before": _value(fact, fact.before, fact.after, "del"),
        "after": _value(fact, fact.after, fact.before, "ins"),
        "text": format_html("<bdi>{}</bdi>", labelled(fact.text)),
        "number": format_html("<b>{}</b>", _number(fact)),
        "what": format_html("{}", _what(fact)),
    }
    sentence = format_html("{}", SENTENCES[fact.kind](fact))
    return mark_safe(sentence % values)  # noqa: S308 - the values are escaped, and so is the sentence


@register.filter
def kind_in_words(finding: Finding) -> SafeString:
    """Return what a finding is, such as "e for e" in two scripts, for the head of a group."""
    if finding.payload is not None:
        return format_html(_("hidden text “{}”"), labelled(shortened(finding.payload, MAX_LABEL)))
    if finding.check in SWAPS and finding.meant:
        odd = format_html('<bdi class="char odd">{}</bdi>', labelled(shortened(finding.text, MAX_LABEL)))
        return format_html(_("{} for {}"), odd, shortened(finding.meant, MAX_LABEL))
    return format_html("{}", CHECKS[finding.check])


def _value(fact: Fact, value: str, other: str, edit: str) -> SafeString:
    """Return the value before or after as HTML."""
    if fact.kind in _LETTERS:
        return format_html('<bdi class="char{}">{}</bdi>', " odd" if edit == "ins" else "", value)
    element = edit if fact.kind in _EDITS else "code" if fact.kind in _CODE else "bdi"
    classes = "host" if fact.kind in _HOSTS else "value"
    shown = _apart(value, other) if other else labelled(value)
    return format_html('<{0} class="{1}">{2}</{0}>', element, classes, shown)


def _apart(value: str, other: str) -> SafeString:
    """Return a value with what differs from the other in bold."""
    start = _shared(value, other)
    end = _shared(value[start:][::-1], other[start:][::-1])
    middle = value[start : len(value) - end]
    if not middle or not (start or end):
        return labelled(value)
    return format_html("{}<b>{}</b>{}", value[:start], labelled(middle), value[len(value) - end :])


def _shared(value: str, other: str) -> int:
    """Return how many characters two texts share at their beginning."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(value, other, strict=False)))


def _with_labels(fact: Fact) -> Fact:
    """Return a fact of a field with its values in words: a language has a name."""
    if fact.kind is not FactKind.FIELD:
        return fact
    change = ValueChange(fact.text, fact.before, fact.after)
    return replace(fact, before=old_value(change), after=new_value(change))


def _number(fact: Fact) -> str:
    return number_format(fact.number, force_grouping=True)


def _what(fact: Fact) -> str:
    """Return the name of a field, or what the findings of a check are; a general word for a check that is gone."""
    if fact.kind is FactKind.FIELD:
        return str(FIELDS.get(fact.text, fact.text))
    return capfirst(str(CHECKS.get(fact.before) or _("odd characters")))
