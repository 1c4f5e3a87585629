"""Checks on letters: foreign to their word, rare, or a whole word in disguise."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from string import ascii_letters

import regex
import unicodedata2

from articles.text import tables
from articles.text.confusables import counterpart, latin, prototype
from articles.text.findings import STRICT, Field, Finding, Severity, Token
from articles.text.joined import foreign_across_markup
from articles.text.markup import Where
from articles.text.messages import Message
from articles.text.messages import gettext_noop as _
from articles.text.ordinary import is_rare_latin
from articles.text.scripts import ALIKE, foreign_letters, meant, script_group, script_of_language

_PIECE = regex.compile("[^'\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}]+")
_WORD = regex.compile(r"[\p{L}\p{M}]++")


def severity_in(where: Where) -> Severity:
    """Worse where text is copied or compared than where it is read."""
    return Severity.ALERT if where in STRICT else Severity.WARNING


def pieces(token: Token) -> Iterator[tuple[int, str]]:
    """A token cut at its apostrophes, with the place of each piece."""
    for match in _PIECE.finditer(token.text):
        yield token.start + match.start(), match[0]


@lru_cache(maxsize=4096)
def describe(char: str) -> str:
    """`Cyrillic small letter a (U+0430)`."""
    name = tables.name(char)
    return f"{name[0].upper()}{name[1:]} (U+{ord(char):04X})"


def looking_like(meant: str | None, fault: Message) -> Message:
    """The fault, and what the characters look like where that is known."""
    return _("%(fault)s; looks like \u201c%(meant)s\u201d", fault=fault, meant=meant) if meant else fault


def foreign_letter(field: Field) -> Iterator[Finding]:
    """A letter of another script than its word's (UTS #39 section 5.1)."""
    for token in field.tokens:
        previous: tuple[int, str] | None = None
        for start, piece in pieces(token):
            letters = foreign_letters(piece, field.language)
            if letters and is_transcription(field.text, token):
                break
            for letter in letters:
                if not _is_affix(field, start, piece, letter.place):
                    yield _foreign(field, start + letter.place, letter.host, letter.meant)
            if previous and not letters:
                yield from _foreign_after_apostrophe(field, previous, (start, piece))
            previous = start, piece
            yield from _sign_as_letter(field, start, piece)
        yield from _letter_as_digit(field, token)
    for place, letter in foreign_across_markup(field):
        yield _foreign(field, place, letter.host, letter.meant)


def _is_affix(field: Field, start: int, piece: str, place: int) -> bool:
    """Whether a letter of an unrelated script at an end of a word stands beside words of its own script."""
    script = script_group(piece[place])
    if script in ALIKE or place not in (0, len(piece) - 1):
        return False
    return any(script_group(side[0]) == script for side in neighbours(field.text, start, start + len(piece)))


def _foreign(field: Field, place: int, host: str, meant: str | None) -> Finding:
    return field.finding(
        "foreign-letter",
        severity_in(field.where_at(place)),
        place,
        place + 1,
        looking_like(
            meant,
            _(
                "%(character)s in a %(script)s word",
                character=describe(field.text[place]),
                script=host.replace("_", " "),
            ),
        ),
        meant=meant,
    )


def _foreign_after_apostrophe(
    field: Field, left: tuple[int, str], right: tuple[int, str]
) -> Iterator[Finding]:
    """One or two look-alikes on one side of an apostrophe, a Latin word on the other."""
    for (start, short), (_place, long) in ((right, left), (left, right)):
        scripts = {script_group(char) for char in short}
        # In an article of the other script it is a case ending after a foreign name.
        is_open = len(short) <= min(2, len(long)) and script_group(long[-1]) == "Latin"
        if not is_open or not scripts <= ALIKE - {"Latin", script_of_language(field.language)}:
            continue
        readings = [latin(char) if len(short) == 1 else prototype(char) for char in short]
        if all(reading and reading.isascii() for reading in readings):
            for place, meant in enumerate(readings, start):
                yield _foreign(field, place, "Latin", meant)
            return


def _sign_as_letter(field: Field, start: int, piece: str) -> Iterator[Finding]:
    """A digit or sign of no script, or of several, that looks exactly like a letter of the word it touches."""
    home = script_of_language(field.language)
    if home not in ALIKE:
        return
    for place, char in enumerate(piece):
        if char.isascii() or script_group(char) or tables.category(char)[0] not in "LN":
            continue
        letter = counterpart(char, home)
        if (
            letter is None
            or prototype(letter) != prototype(char)
            or unicodedata2.normalize("NFKC", char) != char
        ):
            continue
        left, right = _LETTERS_BEFORE.match(piece, 0, place), _LETTERS.match(piece, place + 1)
        around = (left[0] if left else "") + (right[0] if right else "")
        if len(around) > 2 and all(script_group(side) == home for side in around):
            yield _foreign(field, start + place, home, meant(piece, place, home))


_LETTERS = regex.compile(r"\p{L}{1,3}")
_LETTERS_BEFORE = regex.compile(r"(?r)\p{L}{1,3}")
_AMONG_DIGITS = regex.compile(r"(?<=[0-9])[^\x00-\x7f](?=[0-9])")


def _letter_as_digit(field: Field, token: Token) -> Iterator[Finding]:
    """A letter that looks like a digit, between digits: the Cyrillic O of a 2O24."""
    for match in _AMONG_DIGITS.finditer(token.text):
        shape = prototype(match[0])
        digit = {"O": "0", "o": "0", "l": "1"}.get(shape, shape)
        if digit.isdecimal() and digit.isascii() and tables.category(match[0])[0] == "L":
            place = token.start + match.start()
            yield field.finding(
                "foreign-letter",
                severity_in(field.where_at(place)),
                place,
                place + 1,
                looking_like(digit, _("%(character)s among digits", character=describe(match[0]))),
                meant=digit,
            )


_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"
_DOTLESS_LANGUAGES = frozenset("az crh gag kk ku tr tt".split())
_CLICKS = frozenset("\u01c0\u01c1\u01c2\u01c3")


def rare_letter(field: Field) -> Iterator[Finding]:
    """A letter of phonetics, of old texts or of a few languages' alphabets that stands for a plain one."""
    home = script_of_language(field.language)
    for token in field.tokens:
        for start, piece in pieces(token):
            if home in ("Cyrillic", "Greek"):
                yield from _archaic(field, start, piece, home)
            rare = [place for place, char in enumerate(piece) if is_rare_latin(char)]
            if not rare or len(piece) == 1 or is_transcription(field.text, token):
                continue
            reading = "".join(latin(char) or char for char in piece)
            for place in rare:
                if _is_out_of_place(field, start, piece, reading, piece[place]):
                    at, plain = start + place, latin(piece[place])
                    yield field.finding(
                        "rare-letter",
                        severity_in(field.where_at(at)),
                        at,
                        at + 1,
                        _in_plain_word(piece[place], plain),
                        meant=plain,
                    )


def _in_plain_word(char: str, plain: str | None) -> Message:
    return looking_like(plain, _("%(character)s in a plain word", character=describe(char)))


def _archaic(field: Field, start: int, piece: str, home: str) -> Iterator[Finding]:
    """One letter that only old texts and phonetics use, in a word that is modern otherwise."""
    rare = {char for char in piece if _is_archaic(char, home)}
    if len(rare) != 1 or len(piece) < 3 or piece.lower().endswith("\N{CYRILLIC SMALL LETTER HARD SIGN}"):
        return
    if any(
        _is_archaic(char, home) for side in neighbours(field.text, start, start + len(piece)) for char in side
    ):
        return
    for place, char in enumerate(piece):
        if char in rare and all(script_group(other) == home for other in piece):
            plain = meant(piece, place, home)
            yield field.finding(
                "rare-letter",
                severity_in(field.where_at(start + place)),
                start + place,
                start + place + 1,
                _in_plain_word(char, plain),
                meant=plain,
            )


def _is_archaic(char: str, script: str) -> bool:
    """Whether a letter is out of use in `script` and looks exactly like one of its everyday letters."""
    if tables.script(char) != script or tables.is_allowed_in_identifiers(char):
        return False
    letter = counterpart(char, script)
    is_exact = letter is not None and prototype(letter) == prototype(char)
    return is_exact and unicodedata2.normalize("NFKD", char) == char


def _is_out_of_place(field: Field, start: int, piece: str, reading: str, char: str) -> bool:
    """Whether a word with a rare letter is no word of a language that has it."""
    if char in _CLICKS:
        return start > 0 and piece.islower() and piece[0] != char
    if not tables.is_allowed_in_identifiers(char):
        # A language with a code of three letters may well write with it.
        is_small = script_of_language(field.language) == "Latin" and len(field.language.split("-")[0]) > 2
        return not is_small
    words = known_words(field)
    if char == _DOTLESS:
        if field.language.split("-")[0] in _DOTLESS_LANGUAGES:
            return False
        return len(reading) > 4 and piece.islower() and reading in words
    if not words or not reading.isascii():
        return False
    if reading.lower() in words or reading.replace("I", "l") in words:
        return True
    if len(reading) > 3 and reading.lower() in tables.common_words("en"):
        return True
    sides = neighbours(field.text, start, start + len(piece), count=2)
    # Another such letter near by: a quotation in a language that has them.
    is_quoted = any(is_rare_latin(other) for side in sides for other in side)
    return piece.islower() and not is_quoted and any(side.lower() in words for side in sides)


def whole_word(field: Field) -> Iterator[Finding]:
    """A word wholly in another script that reads as a word of the article's language (UTS #39 section 4)."""
    home = script_of_language(field.language)
    for token in field.tokens:
        for start, piece in pieces(token):
            if piece.isascii() or len(piece) < 2:
                continue
            script = script_group(piece[0])
            if script in (None, "Latin", "East Asian") or not all(
                script_group(char) == script for char in piece
            ):
                continue
            if script == home and all(map(_is_everyday, piece)):
                continue
            reading = disguised_word(piece, known_words(field) or tables.common_words("en"))
            if reading is None or _stands_in_a_phrase(field.text, start, start + len(piece), script or ""):
                continue
            yield _disguised(field, start, start + len(piece), script or "", reading)
    for start, end, reading in _disguised_in_latin(field):
        yield _disguised(field, start, end, "Latin", reading)


def _disguised(field: Field, start: int, end: int, script: str, reading: str) -> Finding:
    where = field.where_at(start)
    # So short a word may be one of another language, if all its letters are everyday ones there.
    length, may_be_real = end - start, all(map(_is_everyday, field.text[start:end]))
    is_doubtful = length < 3 or (length == 3 and may_be_real)
    return field.finding(
        "whole-word",
        Severity.NOTICE if is_doubtful and where not in STRICT else severity_in(where),
        start,
        end,
        looking_like(reading, _("The word is written in %(script)s letters throughout", script=script)),
        meant=reading,
    )


def _disguised_in_latin(field: Field) -> Iterator[tuple[int, int, str]]:
    """Words in ASCII that exactly look like a word of the article's language, written in another alphabet."""
    home = script_of_language(field.language)
    words = known_words(field, home)
    if not words or field.is_ascii or field.alphabet.script != home or not (twins := _latin_twins(home)):
        return
    pattern, letters = twins
    for match in pattern.finditer(field.text):
        reading = match[0].translate(letters)
        is_word = reading.lower() in words and (
            match[0].islower() or match[0].isupper() or match[0].istitle()
        )
        if is_word and match[0].lower() not in tables.common_words("en"):
            sides = neighbours(field.text, *match.span())
            if not any(side.isascii() and not pattern.fullmatch(side) for side in sides):
                yield match.start(), match.end(), reading


@cache
def _latin_twins(script: str) -> tuple[re.Pattern[str], dict[int, str]] | None:
    """Words of ASCII letters that each exactly look like one of `script`, and those."""
    letters = {}
    for char in ascii_letters:
        letter = counterpart(char, script)
        if letter and prototype(letter) == prototype(char) and letter.isupper() == char.isupper():
            letters[ord(char)] = letter
    if script == "Latin" or not letters:
        return None
    chars = "".join(map(chr, letters))
    return re.compile(rf"(?<![\w@/.-])[{chars}]{{4,}}(?![\w@/-])"), letters


def _is_everyday(char: str) -> bool:
    return "\u0410" <= char <= "\u044f" or "\u0391" <= char <= "\u03c9" or "\u0561" <= char <= "\u0586"


def disguised_word(piece: str, words: frozenset[str]) -> str | None:
    """The word among `words` that a piece of another script exactly looks like."""
    letters = []
    for char in piece:
        letter = latin(char)
        shape = prototype(char)
        if letter is None or (letter != shape and shape != "l" and not _has_shape(char)):
            return None
        letters.append(letter)
    reading = "".join(letters)
    if not piece.isupper():
        reading = reading.lower() if piece.islower() else reading[0] + reading[1:].lower()
    for candidate in (reading, reading.replace("I", "l"), reading.replace("i", "l")):
        if candidate.lower() in words:
            return candidate
    return None


def _has_shape(char: str) -> bool:
    """Whether a letter of a script of small use is known to pass for a Latin one."""
    return not tables.is_allowed_in_identifiers(char)


def _stands_in_a_phrase(text: str, start: int, end: int, script: str) -> bool:
    """Whether a word beside it is of the same script and can only be read in it."""
    return any(
        script_group(side[0]) == script and not all(prototype(char).isascii() for char in side)
        for side in neighbours(text, start, end)
    )


def known_words(field: Field, script: str = "Latin") -> frozenset[str]:
    """The commonest words of the article's language, where it is written in `script`, and the words passed in."""
    is_home = script_of_language(field.language) == script
    common = tables.common_words(field.language) if is_home else frozenset()
    return common | field.words if field.words else common


def neighbours(text: str, start: int, end: int, *, count: int = 1) -> list[str]:
    """Up to `count` words on either side of a span, within 40 code points."""
    before = _WORD.findall(text, max(0, start - 40), start)
    after = _WORD.findall(text, end, end + 40)
    return [*before[-count:], *after[:count]]


_STRESS = regex.compile("[\u02c8\u02cc\u02d0\u02d1\u0361\u035c]")
_PLAIN_WORD = regex.compile(r"(?<![^\s])[A-Za-z]{4,}(?![^\s])|[A-Z]{2}")
_DELIMITERS = (("/", "/"), ("[", "]"), ("\u27e8", "\u27e9"))


def is_transcription(text: str, token: Token) -> bool:
    """Whether a word is phonetic: it holds stress or length marks, or stands between slashes or brackets."""
    if len(token.text) > 60:
        return False
    if _STRESS.search(token.text):
        return True
    start, end = token.start, token.start + len(token.text)
    left, right = text[max(0, start - 60) : start], text[end : end + 60]
    for opening, closing in _DELIMITERS:
        first, last = left.rfind(opening), right.find(closing)
        if first < 0 or last < 0:
            continue
        inside = left[first + 1 :] + token.text + right[:last]
        outside = left[first - 1 : first] if first else ""
        behind = right[last + 1 : last + 2]
        if (
            not outside.isalnum()
            and outside not in ("/", ":")
            and not behind.isalnum()
            and behind not in ("/", "(", ":")
            and "\n" not in inside
            and inside == inside.strip()
            and len(inside.split()) < 4
            and not _PLAIN_WORD.search(inside)
        ):
            return True
    return False
