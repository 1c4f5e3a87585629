"""Where invisible characters are idle: how serious one is at its place, if it has no effect there."""

import regex

from articles.text.checks.fields import Field
from articles.text.checks.findings import STRICT, Severity, severity_in
from articles.text.checks.named import is_named
from articles.text.markdown import Where
from articles.text.unicode import invisibles as inv
from articles.text.unicode import tables
from articles.text.unicode.scripts import UNSPACED, script_group, script_of_language
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


def idle_severity(field: Field, place: int) -> Severity | None:
    """Return how serious an invisible character is at its place; None if it has an effect there, or is named."""
    severity = _severity(field, place)
    return None if severity and is_named(field.text, place, place + 1) else severity


def _severity(field: Field, place: int) -> Severity | None:
    text, char, where = field.text, field.text[place], field.where_at(place)
    bad = severity_in(where)
    notice = bad if where in STRICT else Severity.NOTICE
    if char in (inv.NON_JOINER, inv.JOINER):
        if inv.joiner_has_effect(text, place):
            return None
        return notice if inv.is_joiner_of_habit(text, place) or _is_phonetic(text, place) else bad
    if char == inv.BYTE_ORDER_MARK:
        return None if place == 0 and where in (Where.PROSE, Where.CODE) else bad
    if char == inv.SOFT_HYPHEN:
        if where not in _FLOWING:
            return bad
        return None if _is_hyphenation(text, place) else notice if _ends_word(text, place) else bad
    if char in (inv.ZERO_WIDTH_SPACE, inv.WORD_JOINER):
        return _break_severity(field, place, notice, bad)
    if char == "\N{COMBINING GRAPHEME JOINER}":
        return None if tables.category(text[place + 1 : place + 2] or " ") == "Mn" else bad
    if "\N{FUNCTION APPLICATION}" <= char <= "\N{INVISIBLE PLUS}":
        return bad if _is_in_word(text, place) else notice
    start, end = _row(text, place)
    if inv.belongs_to_script(text, start, end):
        return None
    is_blank = char in inv.BLANKS and where in _FLOWING and end - start < LEAST_SYMBOLS
    return notice if is_blank and _is_between_words(field, start, end) else bad


def _break_severity(field: Field, place: int, notice: Severity, bad: Severity) -> Severity | None:
    """Return how serious a zero width space or word joiner is; None where words have no spaces between them."""
    text, char = field.text, field.text[place]
    left, right = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    is_inside = inv.is_letter(left) and inv.is_letter(right)
    if inv.is_break_in_unspaced(text, place):
        return None
    if not is_inside and script_of_language(field.language_at(place)) in UNSPACED - {"East Asian"}:
        return None
    if inv.is_beside_han(text, place):
        return None if is_inside and char == inv.WORD_JOINER else notice
    is_beside_space = not left or not right or left.isspace() or right.isspace()
    return bad if is_inside or is_beside_space or char in (left, right) else notice


def _is_hyphenation(text: str, place: int) -> bool:
    """Return whether a soft hyphen stands between letters, and not one after each of several letters."""
    around = text[max(0, place - 1) : place + 2]
    is_inside = place > 0 and len(around) == 3 and inv.is_letter(around[0]) and inv.is_letter(around[2])
    return is_inside and not _DENSE_HYPHENS.search(text, max(0, place - 4), place + 5)


def _ends_word(text: str, place: int) -> bool:
    """Return whether a soft hyphen ends a word: it is left over, or meant as a hyphen."""
    left, right = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return left.isalpha() and right != "" and right in " \n.,;:"


def _words_beside(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the letters that touch a span, up to 40 on each side."""
    before = _WORD_BEFORE.match(text, max(0, start - 40), start)
    after = _WORD.match(text, end, end + 40)
    return before[0] if before else "", after[0] if after else ""


def _is_in_word(text: str, place: int) -> bool:
    """Return whether an invisible operator stands in a word, and not between a function and its argument."""
    left, right = _words_beside(text, place, place + 1)
    is_function = text[place] == "\N{FUNCTION APPLICATION}" and _FUNCTION.fullmatch(left.lower())
    return bool(left and right and len(left + right) > 2 and not is_function)


def _is_phonetic(text: str, place: int) -> bool:
    """Return whether a joiner stands in a word with stress or length marks, where it ties a diphthong."""
    left = text[max(0, place - 20) : place].split(" ")[-1]
    right = text[place + 1 : place + 21].split(" ")[0]
    return left[-1:].isalpha() and right[:1].isalpha() and bool(_PHONETIC.search(left + right))


def _row(text: str, place: int) -> tuple[int, int]:
    """Return the row of one character around a place, as far as it matters how long it is."""
    start, end = place, place + 1
    while place - start < LEAST_SYMBOLS and text[start - 1 : start] == text[place]:
        start -= 1
    while end - place < LEAST_SYMBOLS and text[end : end + 1] == text[place]:
        end += 1
    return start, end


def _is_between_words(field: Field, start: int, end: int) -> bool:
    """Return whether blanks stand for a space: not between letters, or between syllables, or between known words."""
    left, right = _words_beside(field.text, start, end)
    if not left or not right or script_group(left[-1]) == script_group(right[0]) == "East Asian":
        return True
    words = tables.common_words(field.language_at(start))
    return {left.lower(), right.lower()} <= words and (left + right).lower() not in words
