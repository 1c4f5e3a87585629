"""The check on marks over, under and through letters."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from operator import attrgetter

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding
from articles.text.checks.judging import describe
from articles.text.checks.small import is_like_word
from articles.text.checks.transcription import is_transcription
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.languages import letters, one_letter_words
from articles.text.unicode.scripts import ALIKE, script_group

# Nonspacing marks that show; grapheme joiners between them show nothing.
_STACK = regex.compile(
    r"(?V1)[\p{Mn}--\p{Default_Ignorable_Code_Point}](?:\u034f*+[\p{Mn}--\p{Default_Ignorable_Code_Point}])+"
)
_ANY_MARK = regex.compile(r"\p{Mn}")
_DOUBLED = regex.compile(r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff])\1|(\p{Mn})\2\2")
MOST_MARKS = 4  # shared by scripts, on one letter (UTS #39 section 5.4)


def stacked_marks(field: Field) -> Iterator[Finding]:
    """Flag marks that cover letters, that show nothing, and those of another script than their letter."""
    if field.is_ascii:
        return
    yield from _stacks(field)
    yield from _foreign_marks(field)
    if _STYLING.search(field.odd):
        yield from _styled_words(field)
    if _DOT in field.odd:
        yield from _dots(field)


def _stacks(field: Field) -> Iterator[Finding]:
    """Flag more than four nonspacing marks on a letter, or the same mark twice (UTS #39 section 5.4).

    Marks of one script follow rules of their own: eight in a row and two equal ones are allowed.
    """
    own_marks = field.alphabet.marks
    if not _ANY_MARK.search(field.odd) and not (own_marks and own_marks.search(field.text)):
        return
    for match in _STACK.finditer(field.text):
        base = unicodedata2.normalize("NFD", field.text[max(0, match.start() - 1) : match.start()])
        common = sum(tables.script(mark) == "Inherited" for mark in base + match[0])
        too_many = common > MOST_MARKS or len(match[0]) > 2 * MOST_MARKS
        if too_many or _DOUBLED.search(match[0]):
            count = match.end() - match.start()
            yield field.finding(
                "stacked-marks",
                match.start(),
                match.end(),
                _("One letter has too many marks (%(count)d)", count=count)
                if too_many
                else _("%(character)s stands on one letter more than once", character=describe(match[0][-1])),
                meant="",
            )


# Marks through and around letters. The next ones are mathematical, too: lines and arrows above.
_OVERLAYS = (
    "\u0334-\u0338\u0488\u0489\u1abe\u20d2\u20d3\u20d8-\u20da\u20dd-\u20e0\u20e2-\u20e6"
    "\u20ea\u20eb\ua670-\ua672"
)
_OVERLAY = regex.compile(f"[{_OVERLAYS}]")
_SIGN = regex.compile("[\u0305\u033f\u20d0\u20d1\u20d4-\u20d7\u20db\u20dc\u20e1\u20e7\u20e9\u20f0]")
# Common marks, without those that compose with letters (UnicodeData.txt), those over two letters, and U+034F.
_STYLING = regex.compile(
    rf"[{_OVERLAYS}\u0305\u030d\u030e\u0310\u0312\u0315-\u031a\u031c-\u0322\u0329-\u032c\u032f\u0332\u0333\u0339-\u0341"
    r"\u0346-\u034e\u0350-\u0357\u0359-\u035b\u0363-\u036f\u1ab0-\u1abd\u1abf-\u1aff\u1dc0-\u1dcc\u1dce-\u1dfb"
    r"\u1dfd-\u1dff\u20d0-\u20ff]"
)
LEAST_LETTERS = 3  # in a row, with the same mark
_LETTERS = regex.compile(r"\p{L}+")
_CLUSTER = regex.compile(r"(\P{M})(\p{M}++)")


@dataclass(slots=True)
class _Row:
    """Letters in a row with the same mark."""

    mark: str  # empty for marks through and around letters
    places: list[int] = dataclass_field(default_factory=list)
    bases: list[str] = dataclass_field(default_factory=list)
    end: int = 0


def _styled_words(field: Field) -> Iterator[Finding]:
    """Flag the same mark, or marks through and around letters, on three letters in a row."""
    rows: list[_Row] = []
    latest: dict[str, _Row] = {}
    for cluster in _CLUSTER.finditer(field.text):
        for place, mark in enumerate(cluster[2], cluster.start(2)):
            if not _STYLING.match(mark):
                continue
            kind = "" if _OVERLAY.match(mark) else mark
            row = latest.get(kind)
            if row is None or row.end not in (cluster.start(), cluster.end()):
                row = latest[kind] = _Row(kind)
                rows.append(row)
            if row.end != cluster.end():
                row.bases.append(cluster[1])
                row.end = cluster.end()
            row.places.append(place)
    for row in rows:
        if _is_styling(row, field.language_at(row.places[0])) and not _is_phonetic(field, row):
            for place in row.places:
                message = _(
                    "%(character)s covers each letter of a word", character=describe(field.text[place])
                )
                yield field.finding("stacked-marks", place, place + 1, message, meant="")


def _is_phonetic(field: Field, row: _Row) -> bool:
    """Return whether a row of marks stands in transcription. Strokes and frames do not, and no common words."""
    language = field.language_at(row.places[0])
    index = bisect_right(field.tokens, row.places[0], key=attrgetter("start")) - 1
    words = _LETTERS.findall("".join(row.bases))
    if not row.mark or index < 0 or any(is_like_word(word, language) for word in words):
        return False
    return is_transcription(field.text, field.tokens[index], language)


def _is_styling(row: _Row, language: str) -> bool:
    """Return whether the marks of a row dress a word: they are no letters of the language and no mathematical signs."""
    word = "".join(filter(str.isalpha, row.bases))
    if len(word) < LEAST_LETTERS or row.mark in letters(language):
        return False
    if not _SIGN.match(row.mark):
        return True
    # Lines above letters are numerals, variables and holy names.
    if word.lower() in tables.common_words(language):
        return True
    scripts = set(map(script_group, word))
    least = 5 if "Greek" in scripts else 4
    return len(word) >= least and not (word.isupper() or _NUMERAL.fullmatch(word) or scripts & _OVERLINED)


_OVERLINED = frozenset({"Coptic", "Glagolitic", "Gothic", "Syriac"})
_NUMERAL = regex.compile("[ivxlcdmIVXLCDM]+")
_DOT = "\N{COMBINING DOT ABOVE}"
_DOTTED = regex.compile(rf"(\P{{M}})(?:(?!{_DOT})\p{{M}})*+({_DOT})")
_HAS_DOT = regex.compile(r"[\p{Soft_Dotted}\N{LATIN SMALL LETTER DOTLESS I}\N{LATIN SMALL LETTER DOTLESS J}]")


def _dots(field: Field) -> Iterator[Finding]:
    """Flag a dot above a letter that has a dot, or would have one, such as i and dotless i."""
    for match in _DOTTED.finditer(field.text):
        base = unicodedata2.normalize("NFD", match[1])[0]
        start, end = match.span(2)
        language = field.language_at(start)
        if not _HAS_DOT.match(base) or _DOT in letters(language):
            continue
        # Alone it is a symbol or the name of a letter, unless it is a word. English has the capital as a word.
        if _LONE.match(field.text, match.start()) and not (
            base in one_letter_words(language) and language.split("-")[0] != "en"
        ):
            continue
        message = _("%(character)s stands on a letter that has a dot", character=describe(_DOT))
        yield field.finding("stacked-marks", start, end, message, meant="")


_LONE = regex.compile(r"(?<!\w).\p{M}++(?!\w)")


def _foreign_marks(field: Field) -> Iterator[Finding]:
    """Flag marks of scripts such as Arabic on letters of alphabets such as Latin."""
    marks = "".join(filter(_is_of_other_scripts, field.token_characters))
    if not marks:
        return
    pair = regex.compile(rf"\p{{L}}(?:(?![{marks}])\p{{M}})*+([{marks}]+)")
    for token in field.tokens:
        for match in pair.finditer(token.text):
            if script_group(match[0][0]) in ALIKE:
                start, end = token.start + match.start(1), token.start + match.end(1)
                message = _(
                    "%(character)s stands on a letter of another script", character=describe(match[1][0])
                )
                yield field.finding("stacked-marks", start, end, message, meant="")


@lru_cache(maxsize=4096)
def _is_of_other_scripts(char: str) -> bool:
    """Return whether a mark is shared by some scripts, but not by alphabets such as Latin."""
    if tables.category(char) != "Mn" or tables.script(char) != "Inherited":
        return False
    return ALIKE.isdisjoint(extensions := tables.script_extensions(char)) and "Inherited" not in extensions
