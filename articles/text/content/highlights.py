"""Highlights of a comparison: changed numbers, names and negations first, then other changes of wording."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

import regex

from articles.text.content.comparison import ContentComparison, Section
from articles.text.diff import Change, Kind, Op, Span
from articles.text.diff.tokens import split_lines


class Topic(StrEnum):
    """What a change of wording touches, the most serious first."""

    NUMBER = "number"
    NAME = "name"
    NEGATION = "negation"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Highlight:
    """A change of wording, widened to whole words: spans of both texts, half-open, in code points.

    `change` is the number of the section that shows it, or None.
    """

    topics: tuple[Topic, ...]
    old: Span
    new: Span
    change: int | None


NUMBER = regex.compile(r"\p{N}+(?:[.,:/\u066b\u066c]\p{N}+)*")
_NAME = regex.compile(r"(?:\p{Lu}[\p{Ll}\p{M}]|\p{Lu}{2})[\p{L}\p{M}'\u2019-]*")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{M}\p{N}'\u2019]")
_JOINS_DIGITS = frozenset(".,:/\u066b\u066c")
_SENTENCE_ENDS = frozenset(".!?:;\u2026\u0964\n|-+*")
_OPENING = " \t\"'\u201c\u201e\u00ab([*_#>"  # may stand between two sentences
_ALL_NOUNS_CAPITALISED = frozenset({"de", "lb", "gsw", "nds"})


def _words(words: str) -> regex.Pattern[str]:
    """Return the pattern of any of some words, as a whole word."""
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])(?:{'|'.join(words.split())})(?![\p{{L}}\p{{M}}])", regex.IGNORECASE
    )


NEGATIONS = {  # by language
    "en": _words(
        r"no not never none neither nor without cannot nobody nothing nowhere hardly \w+n['\u2019]t"
    ),
    "de": _words("nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder noch"),
    "fr": _words(r"ne n['\u2019]\w+ pas jamais aucun aucune rien personne sans ni non plus"),
    "es": _words("no nunca jamás ningún ninguno ninguna nada nadie sin ni tampoco"),
    "pt": _words("não nunca jamais nenhum nenhuma nada ninguém sem nem"),
    "it": _words("non no mai nessun nessuno nessuna niente nulla senza né"),
    "nl": _words("niet geen nooit niemand niets zonder noch"),
    "sv": _words("inte ej aldrig ingen inget inga utan varken"),
    "da": _words("ikke ej aldrig ingen intet uden hverken"),
    "nb": _words("ikke aldri ingen intet uten verken"),
    "pl": _words("nie nigdy nikt nic żaden żadna żadne bez ani"),
    "ru": _words("не нет ни никогда никто ничто ничего нельзя без"),
    "uk": _words("не ні немає ніколи ніхто ніщо нічого без"),
    "el": _words("δεν δε μη μην όχι ποτέ κανείς κανένας τίποτα χωρίς ούτε"),
    "ar": _words("لا لم لن ليس ليست ما غير بدون دون بلا"),
    "fa": _words("نه نیست نیستند هیچ هرگز بدون بی نمی"),
    "he": _words("לא אין אל בלי מעולם אף"),
    "hi": _words("नहीं न मत ना बिना कभी"),
    "zh": regex.compile("[不没沒无無未非别別勿]"),
    "ja": regex.compile("ない|なかっ|ません|ずに"),
}


def find_highlights(comparison: ContentComparison) -> list[Highlight]:
    """Return the changes of wording, the most serious first, then in the order of the text; nothing without old text.

    Names are words with a capital inside a sentence. So none are found in scripts without capitals, nor in German,
    which writes all nouns with capitals. Negations are known in twenty languages; the new text's language counts.
    Linear in the texts.
    """
    if comparison.old is None:
        return []
    old, new = comparison.old.source, comparison.new.source
    language = comparison.new.language.partition("-")[0].lower()
    places = _Places(comparison.sections, old, new)
    found = [
        Highlight(_topics(old, new, was, now, language), was, now, places.section_of(was, now))
        for was, now in changed_stretches(old, new, comparison.comparison.changes)
    ]
    rank = list(Topic)
    return sorted(found, key=lambda highlight: rank.index(highlight.topics[0]))


def is_quiet(section: Section) -> bool:
    """Return whether a section has only changes of spacing and lines that moved unchanged."""
    pieces = (piece for row in section.rows for piece in (*row.old, *row.new))
    return section.change is not None and all(p.op is Op.EQUAL or p.kind is Kind.SPACING for p in pieces)


def changed_stretches(old: str, new: str, changes: Iterable[Change]) -> Iterator[tuple[Span, Span]]:
    """Yield the changes of wording, widened to whole words; changes in the same word become one."""
    widened: tuple[Span, Span] | None = None
    for change in changes:
        if change.kind is not Kind.WORDING:
            continue
        was, now = _widened(old, change.old), _widened(new, change.new)
        if widened and was[0] <= widened[0][1] and now[0] <= widened[1][1] and was[1] >= widened[0][1]:
            widened = (widened[0][0], was[1]), (widened[1][0], now[1])
            continue
        if widened:
            yield widened
        widened = was, now
    if widened:
        yield widened


def _widened(text: str, span: Span) -> Span:
    """Return a span widened to whole words and numbers."""
    start, end = span
    while 0 < start < len(text) and _is_inside(text, start):
        start -= 1
    while 0 < end < len(text) and _is_inside(text, end):
        end += 1
    return start, end


def _is_inside(text: str, offset: int) -> bool:
    """Return whether a place is inside a word or number."""
    before, after = text[offset - 1], text[offset]
    if _WORD_CHARACTER.match(before) and _WORD_CHARACTER.match(after):
        return True
    if before in _JOINS_DIGITS:
        return text[offset - 2 : offset - 1].isnumeric() and after.isnumeric()
    return after in _JOINS_DIGITS and before.isnumeric() and text[offset + 1 : offset + 2].isnumeric()


def _topics(old: str, new: str, was: Span, now: Span, language: str) -> tuple[Topic, ...]:
    """Return the topics that a change touches."""
    before, after = old[slice(*was)], new[slice(*now)]
    negation = NEGATIONS.get(language)
    touched = {
        Topic.NUMBER: Counter(NUMBER.findall(before)) != Counter(NUMBER.findall(after)),
        Topic.NAME: language not in _ALL_NOUNS_CAPITALISED and _names(old, was) != _names(new, now),
        Topic.NEGATION: negation is not None
        and len(negation.findall(before)) != len(negation.findall(after)),
    }
    return tuple(topic for topic, holds in touched.items() if holds) or (Topic.WORDING,)


def _names(text: str, span: Span) -> Counter[str]:
    """Count the names in a span."""
    return Counter(
        name[0] for name in _NAME.finditer(text, *span) if not _begins_sentence(text, name.start())
    )


def _begins_sentence(text: str, offset: int) -> bool:
    """Return whether a sentence begins at a place."""
    before = text[max(0, offset - 20) : offset].rstrip(_OPENING)
    return not before or before[-1] in _SENTENCE_ENDS


class _Places:
    """The sections of a comparison by the lines of both texts."""

    def __init__(self, sections: Iterable[Section], old: str, new: str) -> None:
        self.starts = [list(accumulate(map(len, split_lines(text)), initial=0)) for text in (old, new)]
        self.by_line: list[dict[int, int | None]] = [{}, {}]
        for section in sections:
            for row in section.rows:
                for side, number in enumerate((row.old_number, row.new_number)):
                    if number:
                        self.by_line[side][number] = section.change

    def section_of(self, was: Span, now: Span) -> int | None:
        """Return the number of the section that shows a change, or None."""
        for side, (start, end) in ((1, now), (0, was)):
            if start < end and (change := self.by_line[side].get(bisect_right(self.starts[side], start))):
                return change
        return None
