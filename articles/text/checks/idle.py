"""Where invisible characters are idle: how serious one is at its place, if it has no effect there."""

from collections.abc import Callable
from typing import NamedTuple

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Severity, severity_in
from articles.text.checks.named import is_named
from articles.text.markdown import Where
from articles.text.unicode import invisibles as inv
from articles.text.unicode import tables
from articles.text.unicode.scripts import script_group, script_of_language
from articles.text.unicode.symbols import LEAST_SYMBOLS

# Contexts in which lines are broken, so that soft hyphens have an effect.
_FLOWING = frozenset({Where.PROSE, Where.LINK_TEXT})
_DENSE_HYPHENS = regex.compile("\u00ad{2}|(?:\u00ad.){2}\u00ad")
_WORD = regex.compile(r"[\p{L}\p{M}]*+")
_WORD_BEFORE = regex.compile(r"(?r)[\p{L}\p{M}]*+")
_PHONETIC = regex.compile("[\u02c8\u02cc\u02d0\u02d1]")
# Functions that mathematics writes without parentheses.
_FUNCTION = regex.compile(
    r"(?:arc|ar)?(?:sin|cos|tan|cot|sec|csc)h?|tg|ln|lg|log|exp|lim|max|min|sup|inf|det|arg|ker|dim"
)


class _Place(NamedTuple):
    """The place of an invisible character, the row of equal ones around it, and the grades to choose from."""

    field: Field
    at: int
    start: int
    end: int
    where: Where

    @property
    def text(self) -> str:
        return self.field.text

    @property
    def left(self) -> str:
        return self.text[max(0, self.start - 1) : self.start]

    @property
    def right(self) -> str:
        return self.text[self.end : self.end + 1]

    @property
    def is_inside_word(self) -> bool:
        return inv.is_letter(self.left) and inv.is_letter(self.right)

    @property
    def bad(self) -> Severity:
        return severity_in(self.where)

    @property
    def notice(self) -> Severity:
        return self.bad if self.where in STRICT else Severity.NOTICE


def idle_severity(field: Field, place: int) -> Severity | None:
    """Return how serious an invisible character is at its place; None if it has an effect there, or is named."""
    char = field.text[place]
    spot = _Place(field, place, *_row(field.text, place), field.where_at(place))
    if inv.belongs_to_script(field.text, spot.start, spot.end):
        return None
    is_long = spot.end - spot.start >= LEAST_SYMBOLS
    rule = None if is_long and char not in _BREAKS else _RULES.get(char)
    severity = rule(spot) if rule else spot.bad
    return None if severity and is_named(field.text, place, place + 1) else severity


def _row(text: str, place: int) -> tuple[int, int]:
    """Return the row of one character around a place, as far as it matters how long it is."""
    start, end = place, place + 1
    while place - start < LEAST_SYMBOLS and text[max(0, start - 1) : start] == text[place]:
        start -= 1
    while end - place < LEAST_SYMBOLS and text[end : end + 1] == text[place]:
        end += 1
    return start, end


def _joiner(spot: _Place) -> Severity | None:
    if spot.where in (Where.HOST, Where.SLUG):
        return None if inv.is_joiner_of_identifiers(spot.text, spot.at) else spot.bad
    if inv.joiner_has_effect(spot.text, spot.at):
        return None
    is_of_habit = inv.is_joiner_of_habit(spot.text, spot.at) or _is_phonetic(spot.text, spot.at)
    return spot.notice if is_of_habit else spot.bad


def _is_phonetic(text: str, place: int) -> bool:
    """Return whether a joiner stands in a word with stress or length marks, where it ties a diphthong."""
    left = text[max(0, place - 20) : place].split(" ")[-1]
    right = text[place + 1 : place + 21].split(" ")[0]
    return left[-1:].isalpha() and right[:1].isalpha() and bool(_PHONETIC.search(left + right))


def _byte_order_mark(spot: _Place) -> Severity | None:
    return None if spot.at == 0 and spot.where in (Where.PROSE, Where.CODE) else spot.bad


def _soft_hyphen(spot: _Place) -> Severity | None:
    """Spare soft hyphens between letters, unless one follows each of several letters; note one that ends a word."""
    if spot.where not in _FLOWING:
        return spot.bad
    around = max(0, spot.at - 4), spot.at + 5
    if spot.is_inside_word and not _DENSE_HYPHENS.search(spot.text, *around):
        return None
    ends_word = spot.left.isalpha() and spot.right != "" and spot.right in " \n.,;:"
    return spot.notice if ends_word and spot.end - spot.start == 1 else spot.bad


def _break(spot: _Place) -> Severity | None:
    """Spare breaks where words have no spaces, and word joiners between Han; note breaks beside Han and punctuation."""
    is_long = spot.end - spot.start >= LEAST_SYMBOLS
    if inv.is_break_in_unspaced(spot.text, spot.start, spot.end) or (
        not spot.is_inside_word
        and script_of_language(spot.field.language_at(spot.at)) in inv.UNSPACED_ALPHABETS
    ):
        return spot.notice if is_long else None
    if inv.is_beside_han(spot.text, spot.at) and not is_long:
        is_spared = spot.is_inside_word and spot.text[spot.at] == inv.WORD_JOINER
        return None if is_spared else spot.notice
    is_beside_space = not spot.left.strip() or not spot.right.strip()
    return spot.bad if spot.is_inside_word or is_beside_space or spot.end - spot.start > 1 else spot.notice


def _grapheme_joiner(spot: _Place) -> Severity | None:
    return None if tables.category(spot.right or " ") == "Mn" else spot.bad


def _operator(spot: _Place) -> Severity | None:
    """Note an invisible operator of mathematics; in a word it is worse, except between a function and its argument."""
    left, right = _words_beside(spot)
    is_function = spot.text[spot.at] == "\N{FUNCTION APPLICATION}" and _FUNCTION.fullmatch(left.lower())
    return spot.bad if left and right and len(left + right) > 2 and not is_function else spot.notice


def _blank(spot: _Place) -> Severity | None:
    """Note blanks that stand for a space: not between letters, or between syllables, or between known words."""
    if spot.where not in _FLOWING:
        return spot.bad
    left, right = _words_beside(spot)
    if not left or not right or script_group(left[-1]) == script_group(right[0]) == "East Asian":
        return spot.notice
    words = tables.common_words(spot.field.language_at(spot.at))
    are_words = {left.lower(), right.lower()} <= words and (left + right).lower() not in words
    return spot.notice if are_words else spot.bad


def _words_beside(spot: _Place) -> tuple[str, str]:
    """Return the letters that touch a row, up to 40 on each side."""
    before = _WORD_BEFORE.match(spot.text, max(0, spot.start - 40), spot.start)
    after = _WORD.match(spot.text, spot.end, spot.end + 40)
    return before[0] if before else "", after[0] if after else ""


_BREAKS = (inv.ZERO_WIDTH_SPACE, inv.WORD_JOINER)
_RULES: dict[str, Callable[[_Place], Severity | None]] = {
    **dict.fromkeys((inv.NON_JOINER, inv.JOINER), _joiner),
    **dict.fromkeys(_BREAKS, _break),
    **dict.fromkeys("\u2061\u2062\u2063\u2064", _operator),
    **dict.fromkeys(inv.BLANKS, _blank),
    inv.BYTE_ORDER_MARK: _byte_order_mark,
    inv.SOFT_HYPHEN: _soft_hyphen,
    "\N{COMBINING GRAPHEME JOINER}": _grapheme_joiner,
}
