"""Conditions: what rules ask of a save. `FIELDS` is the one table: what each field reads, and which comparisons fit it.

There are no expressions: a condition is a field, a comparison and a value. To add a field, add a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import regex
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.text.checks import CHECKS
from articles.text.checks.labels import decoded_punycode
from articles.text.markdown.links import MAX_HOST

from .facts import SaveFacts
from .phrases import Brought, Phrases, Searched

MAX_CONDITIONS = 20  # of a rule
MAX_VALUES = 500  # of a condition
MAX_VALUE = 100  # code points of one of them
MAX_NUMBER = 10_000_000
MOST_SHOWN = 5  # values of a condition in a list of rules
MAX_TYPED = 60_000  # code points of all values of a condition as they are typed

_UNFIT = regex.compile(r"[\p{Cc}\p{Cs}]")
_HOST = regex.compile(r"[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*")


class Comparison(StrEnum):
    """How a field is compared with a value."""

    CONTAINS = "contains"
    LACKS = "lacks"
    IS = "is"
    IS_NOT = "is not"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    UNDER = "under"
    ELSEWHERE = "elsewhere"

    @property
    def label(self) -> str:
        return str(_LABELS[self])


_LABELS: Mapping[Comparison, Promise] = {
    Comparison.CONTAINS: gettext_lazy("contains one of"),
    Comparison.LACKS: gettext_lazy("contains none of"),
    Comparison.IS: gettext_lazy("is one of"),
    Comparison.IS_NOT: gettext_lazy("is none of"),
    Comparison.AT_LEAST: gettext_lazy("is at least"),
    Comparison.AT_MOST: gettext_lazy("is at most"),
    Comparison.UNDER: gettext_lazy("is, or is below, one of"),
    Comparison.ELSEWHERE: gettext_lazy("is not, nor is below, any of"),
}

# What a comparison returns: what met it, for moderators, empty if that has no name; or None.
Met = str | None
Evaluate = Callable[[Any, Any], Met]


def _contains(text: Searched | Brought, phrases: Phrases) -> Met:
    return next(iter(text.counts(phrases)), None)


def _lacks(text: Searched | Brought, phrases: Phrases) -> Met:
    return None if text.counts(phrases) else ""


def _is(text: Searched, phrases: Phrases) -> Met:
    return text.is_one_of(phrases) or None


def _is_not(text: Searched, phrases: Phrases) -> Met:
    return None if text.is_one_of(phrases) else ""


def _one_of(values: frozenset[str], wanted: frozenset[str]) -> Met:
    return next(iter(sorted(values & wanted)), None)


def _none_of(values: frozenset[str], wanted: frozenset[str]) -> Met:
    return None if values & wanted else ", ".join(sorted(values))


def _at_least(number: int, wanted: int) -> Met:
    return str(number) if number >= wanted else None


def _at_most(number: int, wanted: int) -> Met:
    return str(number) if number <= wanted else None


def _under(hosts: frozenset[str], wanted: frozenset[str]) -> Met:
    return next((host for host in sorted(hosts) if _is_under(host, wanted)), None)


def _elsewhere(hosts: frozenset[str], wanted: frozenset[str]) -> Met:
    return next((host for host in sorted(hosts) if not _is_under(host, wanted)), None)


def _is_under(host: str, wanted: frozenset[str]) -> bool:
    """Return whether a host is one of these, or a subdomain of one."""
    labels = _readable(host).split(".")
    return any(".".join(labels[n:]) in wanted for n in range(len(labels)))


def _readable(host: str) -> str:
    """Return a host in small letters, with what its encoded labels mean, without a dot at its end."""
    labels = host.lower().rstrip(".").split(".")
    return ".".join(
        (label.startswith("xn--") and decoded_punycode(label)) or label for label in labels
    ).lower()


class ValueFault(ValueError):
    """What is wrong with a value, for the person."""


def split_values(typed: str) -> list[str]:
    """Return the values of a text, which lines and commas part; equal ones once."""
    return list(dict.fromkeys(value for part in regex.split(r"[\n,]", typed) if (value := part.strip())))


def _values(typed: str) -> list[str]:
    """Return the values of a text. Raises `ValueFault` if there are none, too many, or one is too long or unfit."""
    if len(typed) > MAX_TYPED:
        raise ValueFault(
            _("%(length)d characters; at most %(limit)d fit.") % {"length": len(typed), "limit": MAX_TYPED}
        )
    values = split_values(typed)
    if not values:
        raise ValueFault(_("Write at least one value."))
    if len(values) > MAX_VALUES:
        raise ValueFault(
            _("%(count)d values; at most %(limit)d fit. Make two rows or two rules of them.")
            % {"count": len(values), "limit": MAX_VALUES}
        )
    for value in values:
        if len(value) > MAX_VALUE:
            raise ValueFault(
                _("“%(value)s…” is longer than %(limit)d characters.")
                % {"value": value[:30], "limit": MAX_VALUE}
            )
        if unfit := _UNFIT.search(value):
            raise ValueFault(
                _("A value has a character that no text has: %(code)s. Remove it.")
                % {"code": f"U+{ord(unfit[0]):04X}"}
            )
    return values


def _phrases(typed: str) -> Phrases:
    values = _values(typed)
    for value in values:
        if not Phrases.of([value]).by_first:
            raise ValueFault(_("“%(value)s” has no letter and no digit.") % {"value": value})
    return Phrases.of(values)


def _number(typed: str) -> int:
    text = typed.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_NUMBER))):
        raise ValueFault(_("Write a whole number from 0 to %(limit)d, in digits.") % {"limit": MAX_NUMBER})
    return min(int(text), MAX_NUMBER)


def _names(typed: str) -> frozenset[str]:
    return frozenset(value.casefold() for value in _values(typed))


def _among(known: Iterable[str]) -> Callable[[str], frozenset[str]]:
    """Return the reading of values that have to be among the known ones."""
    choices = frozenset(known)

    def read(typed: str) -> frozenset[str]:
        wanted = frozenset(value.casefold() for value in _values(typed))
        for value in sorted(wanted - choices):
            raise ValueFault(
                _("“%(value)s” is none of these: %(choices)s.")
                % {"value": value, "choices": ", ".join(sorted(choices))}
            )
        return wanted

    return read


def _hosts(typed: str) -> frozenset[str]:
    hosts = []
    for value in _values(typed):
        host = _readable(value.removeprefix("*."))
        if not _HOST.fullmatch(host) or len(host) > MAX_HOST:
            raise ValueFault(
                _(
                    "“%(value)s” is no name of a site. Write one such as shop.example, without https:// and path."
                )
                % {"value": value}
            )
        hosts.append(host)
    return frozenset(hosts)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of field: how its value is read, what it looks like, and the comparisons that fit."""

    read: Callable[[str], Any]
    comparisons: Mapping[Comparison, Evaluate]
    example: Promise | str


_BROUGHT = Kind(
    _phrases,
    {Comparison.CONTAINS: _contains, Comparison.LACKS: _lacks},
    gettext_lazy("words or phrases, one a line"),
)
_TEXT = Kind(
    _phrases, {**_BROUGHT.comparisons, Comparison.IS: _is, Comparison.IS_NOT: _is_not}, _BROUGHT.example
)
_NUMBER = Kind(
    _number, {Comparison.AT_LEAST: _at_least, Comparison.AT_MOST: _at_most}, gettext_lazy("a number")
)
_CHOICE: Mapping[Comparison, Evaluate] = {Comparison.IS: _one_of, Comparison.IS_NOT: _none_of}
_HOSTS = Kind(
    _hosts,
    {Comparison.UNDER: _under, Comparison.ELSEWHERE: _elsewhere},
    gettext_lazy("sites such as shop.example, one a line"),
)
_NAMES = Kind(_names, _CHOICE, gettext_lazy("names, one a line"))
_LANGUAGES = Kind(_names, _CHOICE, gettext_lazy("language tags such as en or pt-BR"))
_FOUND = Kind(
    _among(check.__name__.replace("_", "-") for check in CHECKS),
    _CHOICE,
    gettext_lazy("names of checks such as look-alike"),
)
_NEW = Kind(_among(("new", "edit")), _CHOICE, gettext_lazy("new or edit"))


class Cost(StrEnum):
    """What finding a fact out takes, the cheapest first; conditions are tried in this order."""

    ROW = "row"
    QUERY = "query"
    TEXT = "text"
    BOTH_TEXTS = "both texts"


@dataclass(frozen=True, slots=True)
class RuleField:
    """A field of the form: its group and name there, its kind, and how its fact is read.

    `place` is the field of the editor where an author can mend it; empty if there is none.
    """

    group: Promise
    label: Promise
    kind: Kind
    fact: Callable[[SaveFacts], Any]
    cost: Cost
    place: str = ""


_AUTHOR, _TEXTS = gettext_lazy("Author"), gettext_lazy("Words")
_LINKS, _SIZES, _OTHER = gettext_lazy("Links"), gettext_lazy("Sizes"), gettext_lazy("Other")

FIELDS: Mapping[str, RuleField] = {
    "approved": RuleField(
        _AUTHOR,
        gettext_lazy("author's approved versions"),
        _NUMBER,
        lambda save: save.author and save.author.approved,
        Cost.QUERY,
    ),
    "age": RuleField(
        _AUTHOR,
        gettext_lazy("age of the account in days"),
        _NUMBER,
        lambda save: save.author and save.author.age,
        Cost.QUERY,
    ),
    "group": RuleField(
        _AUTHOR,
        gettext_lazy("group of the author"),
        _NAMES,
        lambda save: save.author and save.author.groups,
        Cost.QUERY,
    ),
    "added": RuleField(
        _TEXTS, gettext_lazy("added text"), _BROUGHT, lambda save: save.added_text, Cost.BOTH_TEXTS, "source"
    ),
    "removed": RuleField(
        _TEXTS,
        gettext_lazy("removed text"),
        _BROUGHT,
        lambda save: save.removed_text,
        Cost.BOTH_TEXTS,
        "source",
    ),
    "text": RuleField(
        _TEXTS, gettext_lazy("whole text"), _BROUGHT, lambda save: save.text, Cost.TEXT, "source"
    ),
    "title": RuleField(_TEXTS, gettext_lazy("title"), _TEXT, lambda save: save.title, Cost.ROW, "title"),
    "slug": RuleField(_TEXTS, gettext_lazy("address"), _TEXT, lambda save: save.slug, Cost.ROW, "slug"),
    "summary": RuleField(
        _TEXTS,
        gettext_lazy("what the author says of the change"),
        _TEXT,
        lambda save: save.summary,
        Cost.ROW,
        "summary",
    ),
    "tags": RuleField(_TEXTS, gettext_lazy("tags"), _TEXT, lambda save: save.tags, Cost.ROW, "tags"),
    "hosts": RuleField(
        _LINKS,
        gettext_lazy("a site newly linked to"),
        _HOSTS,
        lambda save: save.hosts_added,
        Cost.BOTH_TEXTS,
        "source",
    ),
    "links": RuleField(
        _LINKS,
        gettext_lazy("number of links added"),
        _NUMBER,
        lambda save: save.links_added,
        Cost.BOTH_TEXTS,
        "source",
    ),
    "grown": RuleField(
        _SIZES,
        gettext_lazy("characters added"),
        _NUMBER,
        lambda save: save.sizes and save.sizes[0],
        Cost.QUERY,
        "source",
    ),
    "shrunk": RuleField(
        _SIZES,
        gettext_lazy("characters removed"),
        _NUMBER,
        lambda save: save.sizes and save.sizes[1],
        Cost.QUERY,
        "source",
    ),
    "share": RuleField(
        _SIZES,
        gettext_lazy("percent of the text removed"),
        _NUMBER,
        lambda save: save.removed_percent,
        Cost.BOTH_TEXTS,
        "source",
    ),
    "checks": RuleField(
        _OTHER,
        gettext_lazy("a check that found something new"),
        _FOUND,
        lambda save: save.found.checks,
        Cost.QUERY,
        "source",
    ),
    "alerts": RuleField(
        _OTHER,
        gettext_lazy("number of deceiving characters brought in"),
        _NUMBER,
        lambda save: save.found.alerts,
        Cost.QUERY,
        "source",
    ),
    "warnings": RuleField(
        _OTHER,
        gettext_lazy("number of suspicious characters brought in"),
        _NUMBER,
        lambda save: save.found.warnings,
        Cost.QUERY,
        "source",
    ),
    "language": RuleField(
        _OTHER, gettext_lazy("language"), _LANGUAGES, lambda save: save.languages, Cost.ROW, "language"
    ),
    "kind": RuleField(
        _OTHER,
        gettext_lazy("new article or edit"),
        _NEW,
        lambda save: frozenset(("new" if save.is_new else "edit",)),
        Cost.ROW,
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A condition as it is typed and stored."""

    field: str
    comparison: str
    value: str

    def __str__(self) -> str:
        values = split_values(self.value)
        shown, more = ", ".join(values[:MOST_SHOWN]), len(values) - MOST_SHOWN
        if more > 0:
            shown = ngettext("%(values)s and %(more)d more", "%(values)s and %(more)d more", more) % {
                "values": shown,
                "more": more,
            }
        return f"{FIELDS[self.field].label} {Comparison(self.comparison).label} {shown}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A row that was read."""

    field: RuleField
    evaluate: Evaluate
    wanted: Any

    @classmethod
    def of(cls, row: Row) -> Condition:
        """Read a row. Raises `ValueFault`."""
        field = FIELDS.get(row.field)
        if field is None:
            raise ValueFault(_("Choose what to look at."))
        evaluate = field.kind.comparisons.get(row.comparison)  # type: ignore[call-overload]
        if evaluate is None:
            fitting = ", ".join(f"“{comparison.label}”" for comparison in field.kind.comparisons)
            raise ValueFault(
                _("This comparison does not fit. For “%(field)s” choose one of these: %(comparisons)s.")
                % {"field": field.label, "comparisons": fitting}
            )
        return cls(field, evaluate, field.kind.read(row.value))

    def met_by(self, save: SaveFacts) -> Met:
        """Return what of a save meets the condition; None if nothing does, or if the fact is not known."""
        fact = self.field.fact(save)
        return None if fact is None else self.evaluate(fact, self.wanted)


_COSTS = list(Cost)


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions of a rule, the cheapest first: all of them have to be met, or any."""

    needs_all: bool
    cheapest_first: tuple[Condition, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], *, needs_all: bool) -> Conditions:
        """Read the rows of a rule. Raises `ValueFault` for the first that is wrong."""
        conditions = sorted(map(Condition.of, rows), key=lambda each: _COSTS.index(each.field.cost))
        return cls(needs_all, tuple(conditions))

    def met_by(self, save: SaveFacts) -> list[tuple[Condition, str]]:
        """Return the conditions that a save meets, with what met them; empty if it does not meet the rule."""
        met = []
        for condition in self.cheapest_first:
            what = condition.met_by(save)
            if what is not None:
                met.append((condition, what))
                if not self.needs_all:
                    break
            elif self.needs_all:
                return []
        return met

    def rules_out(self, save: SaveFacts) -> bool:
        """Return whether a save does not meet the rule, as far as that is known without its texts."""
        if not self.needs_all:
            return False
        cheap = (each for each in self.cheapest_first if each.field.cost in (Cost.ROW, Cost.QUERY))
        return any(each.met_by(save) is None for each in cheap)


def faults_of(rows: Sequence[Row]) -> dict[int, str]:
    """Return what is wrong, by the place of the row."""
    faults = {}
    for place, row in enumerate(rows):
        try:
            Condition.of(row)
        except ValueFault as fault:
            faults[place] = str(fault)
    return faults
