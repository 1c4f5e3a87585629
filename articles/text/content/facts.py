"""Facts: what an edit does, each fit for one sentence, the worst first."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from articles.text.checks.findings import Finding, Severity
from articles.text.content.content import Content, Field, FieldFinding
from articles.text.content.marking import shortened
from articles.text.content.negations import changed_negations
from articles.text.content.numbers import changed_numbers
from articles.text.content.signals import LEAST_PERCENT, Signals
from articles.text.content.unseen import HIDING, Unseen
from articles.text.diff import Change, Kind, Op, kind_of
from articles.text.diff.sentences import sentences_in
from articles.text.diff.tokens import is_word, tokenize
from articles.text.markdown import Where
from articles.text.page.removals import Removal

MAX_VALUE = 80  # code points of a value
MANY_LETTERS = 10  # swapped; so many are no slip
LEAST_COPIED = 50  # percent of the wording
SWAPS = frozenset({"foreign-letter", "rare-letter", "whole-word", "styled-letters", "look-alike-sign"})


class FactKind(StrEnum):
    """What a fact says, the worst first; each comment says what its values are. A number says how many, unless told."""

    CODE = "code"  # direction marks in code; `after` is the first line with one
    HIDDEN = "hidden"  # `after` is the text that invisible characters spell
    BLANKED = "blanked"  # `number` is a percentage, `after` what is left
    RELINKED = "relinked"  # `before` and `after` are hosts, `text` is what the link says
    TWIN = "twin"  # `before` is the known host, `after` the one that reads like it
    HOST = "host"  # characters in a host that pass for others; `after` is the host
    LETTERS = "letters"  # swapped, many; `before` is the letter meant, `after` the one that stands in `text`, a word
    DISGUISED = "disguised"  # all that changed is what readers cannot notice
    RETURNS = "returns"  # readers would have hidden text again; `after` is a passage, `text` who hid it
    CARD = "card"  # `after` is the number
    PHONE = "phone"  # `after` is the number
    REPLACED = "replaced"  # `number` is a percentage
    REMOVED = "removed"  # `number` is a percentage, `after` what is left if that is short
    ALERT = "alert"  # another finding; `before` is its check, `after` its characters
    OFFLINE = "offline"  # readers would have the article again; `text` is who took it offline, `after` why
    PRICE = "price"  # `before` and `after` are prices
    LETTER = "letter"  # swapped, few; as `LETTERS`
    COPIED = "copied"  # from another author's article; `number` is a percentage of the wording, `after` its title or ""
    MAIL = "mail"  # `after` is the address
    WARNING = "warning"  # another finding; as `ALERT`
    UNSEEN = "unseen"  # text that readers do not see, such as a comment; `after` is its text
    LOST = "lost"  # parts that do not reach the page; `after` is the first
    NOISE = "noise"  # stretches that shout or repeat a character
    NEGATION = (
        "negation"  # `before` and `after` are words, one of them may be empty; `text` is what stands around
    )
    NUMBER = "number"  # `before` and `after` are numbers
    NEW_HOST = "new host"  # no live page links there; `after` is the first
    TITLE = "title"  # `before` and `after` are titles
    ADDRESS = "address"  # `before` and `after` are slugs
    FIELD = "field"  # of another one, whose name in `Content` is `text`, `before` and `after` are values; one a field
    NEW_TEXT = "new text"  # `number` counts its words; stands alone
    EDITED = "edited"  # `number` counts sentences; stands alone
    MOVED = "moved"  # `number` counts parts, which stay as they are; stands alone
    SAME = "same"  # nothing that readers get changed; stands alone


_RANK = {kind: rank for rank, kind in enumerate(FactKind)}
_CALM = frozenset({FactKind.NEW_TEXT, FactKind.EDITED, FactKind.MOVED, FactKind.SAME})
_NOTICES = _CALM | {
    FactKind.NEW_HOST,
    FactKind.NEGATION,
    FactKind.NUMBER,
    FactKind.LOST,
    FactKind.TITLE,
    FactKind.ADDRESS,
    FactKind.FIELD,
}
_FIELDS = (
    "language",
    "tags",
    "excerpt",
    "description",
    "cover",
    "software_share",
)  # beside title, slug and text


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that an edit did. `start` is its place in the new source, in code points; None if it has none there."""

    kind: FactKind
    before: str = ""
    after: str = ""
    number: int = 0
    start: int | None = None
    text: str = ""

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        if self.kind in _NOTICES:
            return Severity.NOTICE
        return Severity.ALERT if _RANK[self.kind] <= _RANK[FactKind.ALERT] else Severity.WARNING

    @property
    def is_calm(self) -> bool:
        """Whether it says that nothing is odd."""
        return self.kind in _CALM

    def as_json(self) -> list[Any]:
        """Return the fact as a list for JSON: kind, before, after, number, start, text."""
        return list(astuple(self))

    @classmethod
    def from_json(cls, values: Sequence[Any]) -> Fact:
        """Return the fact of such a list. Raises `ValueError` for a kind that does not exist any more."""
        return cls(FactKind(values[0]), *values[1:])


def read_facts(stored: Iterable[Sequence[Any]]) -> tuple[Fact, ...]:
    """Return the facts of stored lists, without those of a kind that is gone."""
    return tuple(Fact.from_json(values) for values in stored if values and values[0] in _RANK)


def facts_of(
    before: Content | None,
    after: Content,
    *,
    changes: Sequence[Change],
    found: Iterable[FieldFinding],
    signals: Signals,
    new_hosts: Sequence[str] = (),
    unseen: Iterable[Unseen] = (),
    removals: Iterable[Removal] = (),
) -> tuple[Fact, ...]:
    """Return what the edit from `before` to `after` does, the worst first; at least one, and one a kind but `FIELD`.

    `changes` are those of the sources, `found` the findings that it introduced and no allowance covers, `new_hosts`
    those that no live page links to; `unseen` and `removals` those that it brought in. Linear in all of them.
    """
    found = list(found)
    facts = [
        *_of_findings(after, found),
        *_of_signals(after.source, signals, changes),
        *_of_unseen(unseen, removals),
        *_of_fields(before, after),
    ]
    if before and is_disguise(before, after):
        facts.append(Fact(FactKind.DISGUISED, start=_first_change(changes)))
    if before:
        facts += _of_numbers(before.source, after.source, changes)
        facts += _of_negations(before, after, changes)
    if new_hosts:
        facts.append(_at(after.source, FactKind.NEW_HOST, after=new_hosts[0], number=len(new_hosts)))
    return worst_first(facts) or (_calm(before, after, changes),)


def worst_first(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts in order of their weight; a calm one goes if there is another."""
    found = sorted(facts, key=lambda fact: _RANK[fact.kind])
    return tuple(fact for fact in found if not fact.is_calm) or tuple(found)


def is_disguise(before: Content, after: Content) -> bool:
    """Return whether the content changed, but only in ways that readers cannot see."""
    kinds = {
        kind_of(was, now)
        for field in Field
        if field is not Field.SUMMARY and (was := before.text(field)) != (now := after.text(field))
    }
    return bool(kinds) and kinds <= {Kind.LOOK_ALIKE, Kind.INVISIBLE}


def _of_findings(content: Content, found: Sequence[FieldFinding]) -> Iterator[Fact]:
    """Yield the facts of findings: each counts for one of them."""
    kinds: dict[FactKind, list[FieldFinding]] = {}
    for item in found:
        if kind := _kind_of(item.finding):
            kinds.setdefault(kind, []).append(item)
    for kind, items in kinds.items():
        first, count = items[0], len(items)
        text, finding = content.text(first.field), first.finding
        start = finding.start if first.field is Field.SOURCE else None
        if kind is FactKind.LETTER:
            yield _letters(content, items)
        elif kind is FactKind.CODE:
            yield Fact(kind, after=_short(_around(text, finding, "\n").strip()), number=count, start=start)
        elif kind is FactKind.HIDDEN:
            yield Fact(kind, after=_short(finding.payload or ""), number=count, start=start)
        elif kind is FactKind.HOST:
            yield Fact(kind, after=_short(_around(text, finding, " \n/()<>[]\"'")), number=count, start=start)
        else:
            yield Fact(kind, finding.check, finding.text[:MAX_VALUE], count, start)


def _kind_of(finding: Finding) -> FactKind | None:
    """Return the kind of fact that a finding counts for; None for a notice."""
    if finding.payload is not None:
        return FactKind.HIDDEN
    if finding.severity is Severity.NOTICE:
        return None
    if finding.check == "bidi-control" and finding.where is Where.CODE:
        return FactKind.CODE
    if finding.where is Where.HOST or finding.check == "host":
        return FactKind.HOST
    if finding.check in SWAPS and finding.meant:
        return FactKind.LETTER
    return FactKind.ALERT if finding.severity is Severity.ALERT else FactKind.WARNING


def _letters(content: Content, items: Sequence[FieldFinding]) -> Fact:
    """Return the fact of swapped letters, with the most frequent one and the first word that has it.

    Its `number` counts this letter if there is no other, or else all of them; then `text` is that word.
    """
    pairs = Counter((item.finding.meant or "", item.finding.text) for item in items)
    (meant, text), _ = pairs.most_common(1)[0]
    first = next(item for item in items if item.finding.text == text)
    is_grave = len(items) >= MANY_LETTERS or any(item.finding.severity is Severity.ALERT for item in items)
    return Fact(
        FactKind.LETTERS if is_grave else FactKind.LETTER,
        _short(meant),
        _short(text),
        len(items),
        first.finding.start if first.field is Field.SOURCE else None,
        _short(_around(content.text(first.field), first.finding, None)) if len(pairs) > 1 else "",
    )


def _of_signals(source: str, found: Signals, changes: Sequence[Change]) -> Iterator[Fact]:
    """Yield the facts of what an edit does to the text as a whole, to its links, and of the data that it brought in."""
    removed, replaced = found.damage.removed, found.damage.replaced
    gone, rest = _first_change(changes), " ".join(source[: 2 * MAX_VALUE].split())
    left = rest if len(rest) <= MAX_VALUE and len(source) <= 2 * MAX_VALUE else ""
    if found.damage.is_blanking:
        yield Fact(FactKind.BLANKED, after=left, number=removed, start=gone)
    elif removed >= LEAST_PERCENT:
        yield Fact(FactKind.REMOVED, after=left, number=removed, start=gone)
    if replaced >= LEAST_PERCENT:
        yield Fact(FactKind.REPLACED, number=replaced, start=gone)
    for link in found.relinks[:1]:
        fact = _at(source, FactKind.RELINKED, before=link.old, after=link.new, number=len(found.relinks))
        yield Fact(fact.kind, fact.before, fact.after, fact.number, fact.start, _short(link.text))
    for twin in found.twins[:1]:
        yield _at(source, FactKind.TWIN, before=twin.known, after=twin.host, number=len(found.twins))
    counts = Counter(each.kind for each in found.personal)
    for each in {item.kind: item for item in reversed(found.personal)}.values():
        yield _at(source, FactKind(each.kind), after=each.text, number=counts[each.kind])
    if found.noise:
        yield Fact(FactKind.NOISE, number=found.noise)


def _of_unseen(unseen: Iterable[Unseen], removals: Iterable[Removal]) -> Iterator[Fact]:
    hidden = [item for item in unseen if item.kind in HIDING]
    if hidden:
        text = " ".join(hidden[0].text.split())
        yield Fact(FactKind.UNSEEN, after=_short(text), number=len(hidden), start=hidden[0].start)
    if lost := list(removals):
        yield Fact(FactKind.LOST, after=_short(lost[0].what), number=len(lost), start=lost[0].start)


def _of_fields(before: Content | None, after: Content) -> Iterator[Fact]:
    for kind, field in ((FactKind.TITLE, Field.TITLE), (FactKind.ADDRESS, Field.SLUG)):
        if before and (was := before.text(field)) != (now := after.text(field)):
            yield Fact(kind, _short(was), _short(now), 1)
    for name in _FIELDS if before else ():
        was, now = _written(before, name), _written(after, name)
        if was != now:
            yield Fact(FactKind.FIELD, _short(was), _short(now), 1, text=name)


def _written(content: Content | None, name: str) -> str:
    value = getattr(content, name)
    return ", ".join(value) if name == "tags" else value


def _of_numbers(old: str, new: str, changes: Sequence[Change]) -> Iterator[Fact]:
    numbers = list(changed_numbers(old, new, changes))
    for kind, is_price in ((FactKind.PRICE, True), (FactKind.NUMBER, False)):
        of_kind = [number for number in numbers if number.is_price is is_price]
        if of_kind:
            first = of_kind[0]
            yield Fact(kind, _short(first.old), _short(first.new), len(of_kind), first.start)


def _of_negations(before: Content, after: Content, changes: Sequence[Change]) -> Iterator[Fact]:
    found = list(changed_negations(before.source, after.source, changes, after.language))
    for first in found[:1]:
        old, new, around = map(_short, (first.old, first.new, first.around))
        yield Fact(FactKind.NEGATION, old, new, len(found), first.start, around)


def _calm(before: Content | None, after: Content, changes: Sequence[Change]) -> Fact:
    """Return what there is to say of an edit in which nothing is odd."""
    if before is None:
        return Fact(FactKind.NEW_TEXT, number=sum(map(is_word, tokenize(after.source))))
    start = _first_change(changes)
    if start is None:
        moves = {change.move: change.new[0] for change in reversed(changes) if change.move is not None}
        return (
            Fact(FactKind.MOVED, number=len(moves), start=min(moves.values()))
            if moves
            else Fact(FactKind.SAME)
        )
    return Fact(FactKind.EDITED, number=_sentences(before.source, after.source, changes), start=start)


def _sentences(old: str, new: str, changes: Sequence[Change]) -> int:
    """Count the sentences of the new text that changed, and of the old text in which nothing is left."""
    touched: set[int] = set()
    gone = 0
    ends = [end for _, end in sentences_in(new, (0, len(new)))]
    for change in changes:
        if change.op is Op.EQUAL or change.kind is Kind.SPACING:
            continue
        if change.new[0] == change.new[1]:
            gone += sum(1 for _ in sentences_in(old, change.old))
        touched.add(bisect_right(ends, change.new[0]))
        touched.update(bisect_right(ends, start) for start, _ in sentences_in(new, change.new))
    return max(len(touched), gone)


def _first_change(changes: Sequence[Change]) -> int | None:
    """Return where the new text first differs in more than spacing."""
    worded = (
        change.new[0] for change in changes if change.op is not Op.EQUAL and change.kind is not Kind.SPACING
    )
    return next(worded, None)


def _at(source: str, kind: FactKind, *, before: str = "", after: str, number: int) -> Fact:
    """Return a fact with the first place of its value `after` in the source."""
    start = source.find(after)
    return Fact(kind, _short(before), _short(after), number, start if start >= 0 else None)


def _around(text: str, finding: Finding, stops: str | None) -> str:
    """Return the stretch that holds a finding, up to any of some characters; None stands for what ends a word."""
    start, end = finding.start, finding.end

    def goes_on(char: str) -> bool:
        return char.isalnum() if stops is None else char not in stops

    while start and finding.start - start < MAX_VALUE and goes_on(text[start - 1]):
        start -= 1
    while end < len(text) and end - finding.end < MAX_VALUE and goes_on(text[end]):
        end += 1
    return text[start:end]


def _short(value: str) -> str:
    return shortened(value, MAX_VALUE - 1)
