"""Look-alikes: prototypes and skeletons (UTS #39 section 4), and the Latin letters that readers see."""

from functools import cache, lru_cache

import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.languages import letters, main_letters
from articles.text.unicode.scripts import script_group, script_of_language


@cache
def prototypes() -> dict[str, str]:
    """Return the prototype of each code point that has one other than itself."""
    by_source = {}
    for record in tables.read_records("confusables.txt"):
        source, target = record.split(";")
        by_source[chr(int(source, 16))] = "".join([chr(int(point, 16)) for point in target.split()])
    return by_source


@cache
def _translation() -> dict[int, str]:
    return {ord(source): target for source, target in prototypes().items()}


_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")


def prototype(char: str) -> str:
    """Return the prototype of all code points that look like `char`; without one, `char` itself.

    >>> prototype("\\u0430")
    'a'
    """
    return prototypes().get(char, char)


def skeleton(text: str) -> str:
    """Return the skeleton of a text: NFD, default-ignorables removed, prototypes, NFD again.

    Two texts with equal skeletons can be mistaken for each other (data of Unicode 18.0.0). Never show a skeleton
    or correct a text with it: 1 becomes l, and m becomes rn. Linear in the text.

    >>> skeleton("p\\u0430ypal") == skeleton("paypal")
    True
    """
    decomposed = unicodedata2.normalize("NFD", text)
    if not decomposed.isascii():
        decomposed = _IGNORABLE.sub("", decomposed)
    return str(unicodedata2.normalize("NFD", decomposed.translate(_translation())))


# Letters that look like a Latin letter in common fonts, but have another prototype in confusables.txt. Most are of
# rarely used scripts: Limbu, Tai Le, New Tai Lue, Tai Viet, Mongolian, Balinese, Runic, Canadian Aboriginal.
_SHAPES = {
    "a": "\u1972\uaa96",
    "b": "\u1947\u1107",
    "c": "\u1974\u1455",
    "d": "\u1994\u146f",
    "e": "\u1971\uaac0",
    "f": "\u183b",
    "g": "\u19c1",
    "h": "\uaadd\u144b",
    "i": "\uaab1",
    "k": "\u16d5",
    "l": "\u1963\uaab6",
    "m": "\uaa91\u0e53",
    "n": "\u1952\uaa80\u144e\u03b7\u043f",
    "o": "\u0e4f\uaaae\u199e\u3007\u53e3\u30ed",
    "q": "\uaa87",
    "r": "\u1587\u14ba",
    "s": "\u1949\u1993",
    "t": "\uaabb",
    "u": "\u1959\uaa8a\u144c\u03bc\u0438",
    "v": "\u194e\uaa9c",
    "w": "\u1b59\u15f0\u03c9",
    "x": "\u194a\uaa8e",
    "y": "\uaa97",
}
_SHAPE_OF = {char: letter for letter, chars in _SHAPES.items() for char in chars}
_VARIANT = regex.compile(
    r"LATIN (?:SMALL LETTER|CAPITAL LETTER|LETTER) "
    r"(?:(?:SMALL CAPITAL|SCRIPT|OPEN|CLOSED|DOTLESS|TURNED|REVERSED|INSULAR|BLACKLETTER|STRETCHED|LONG) )+"
    r"(?P<letter>[A-Z])$"
)


@lru_cache(maxsize=8192)
def latin(char: str) -> str | None:
    """Return the ASCII letter that readers take `char` for; None if there is none.

    The first that applies: the prototype; a listed shape; the prototype of the other case; the base of a composed or
    styled letter; the letter without what its name adds ("with descender"); the shape of the digits 0 and 1.

    >>> latin("\\u0433"), latin("\\u04b3"), latin("\\u0436")
    ('r', 'x', None)
    """
    if char.isascii():
        return char if char.isalpha() else None
    shape = prototype(char)
    if shape == "l" and tables.category(char) == "Lu":
        return "I"
    if _is_letter(shape):
        return shape
    if letter := _SHAPE_OF.get(char) or _letter_of_other_case(char):
        return letter
    base, *rest = unicodedata2.normalize("NFKD", shape)
    if base not in (char, shape) and all(tables.category(mark)[0] == "M" for mark in rest):
        return latin(base)
    name = unicodedata2.name(char, "")
    return _letter_by_name(name) if " WITH " in name or _VARIANT.match(name) else _letter_of_digit(char)


def _letter_of_other_case(char: str) -> str | None:
    """Return the ASCII letter that the other case of a letter looks like, in the case of `char`."""
    other = char.swapcase()
    is_small = char == char.lower()
    if len(other) != 1 or other == char:
        return None
    # A rare capital may have the shape of the small Latin letter. An everyday one, such as sigma, has not.
    if not is_small and tables.is_allowed_in_identifiers(char):
        return None
    shape = prototype(other)
    if not _is_letter(shape):
        return None
    return shape.lower() if is_small else shape


def _letter_by_name(name: str) -> str | None:
    """Return the ASCII letter of a character by its standard name, without what the name adds to the letter."""
    plain, addition, _ = name.partition(" WITH ")
    if addition:
        try:
            return latin(unicodedata2.lookup(plain))
        except KeyError:
            return None
    variant = _VARIANT.match(name)
    if not variant:
        return None
    letter: str = variant["letter"]
    return letter if name.startswith("LATIN CAPITAL") else letter.lower()


def _letter_of_digit(char: str) -> str | None:
    """Return the ASCII letter with the round or straight shape of a decimal digit."""
    if tables.category(char) != "Nd":
        return None
    return {0: "o", 1: "l"}.get(unicodedata2.digit(char))


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha()


# The everyday letters of a script, as ranges in the order of preference.
_EVERYDAY = {
    "Latin": ((0x0061, 0x007A), (0x0041, 0x005A)),
    "Cyrillic": ((0x0410, 0x044F), (0x0405, 0x0408), (0x0455, 0x0458)),
    "Greek": ((0x0391, 0x03A9), (0x03B1, 0x03C9)),
    "Armenian": ((0x0531, 0x0556), (0x0561, 0x0586)),
}


def _everyday(script: str) -> list[str]:
    return [chr(point) for first, last in _EVERYDAY.get(script, ()) for point in range(first, last + 1)]


@cache
def _letters_of(script: str) -> dict[str, str]:
    """Return the everyday letter of a script for each Latin letter it looks like; exact look-alikes come first."""
    letters = _everyday(script)
    by_latin: dict[str, str] = {}
    for char in letters:
        if prototype(char) == latin(char):
            by_latin.setdefault(prototype(char), char)
    for char in letters:
        if letter := latin(char):
            by_latin.setdefault(letter, char)
    return by_latin


@lru_cache(maxsize=64)
def _by_skeleton(script: str, language: str) -> dict[str, list[str]]:
    """Return the letters of a script by their skeletons: those of the language first, then the everyday ones.

    If the language has no known alphabet, all letters in use follow.
    """
    own: list[str] = []
    others: list[str] = []
    if language and script_of_language(language) == script:
        own = sorted(main_letters(language)) + sorted(letters(language) - main_letters(language))
        others = [] if own else [char for char in tables.characters_with(script) if _is_in_use(char)]
    by_skeleton: dict[str, list[str]] = {}
    for char in dict.fromkeys([*own, *_everyday(script), *others]):
        if script_group(char) == script:
            by_skeleton.setdefault(skeleton(char), []).append(char)
    return by_skeleton


def _is_in_use(char: str) -> bool:
    return tables.category(char)[0] == "L" and tables.is_allowed_in_identifiers(char)


@lru_cache(maxsize=8192)
def twins(char: str, script: str, language: str = "") -> tuple[str, ...]:
    """Return the letters of `script` that look exactly like `char`; those of the language and of its case first.

    >>> twins("\u00e8", "Cyrillic", "mk"), twins("\u0456", "Latin")
    (('\u0450',), ('i',))
    """
    same = _by_skeleton(script, language).get(skeleton(char), [])
    if len(same) < 2:
        return tuple(same)
    own, name = main_letters(language), tables.name(char).rpartition(" ")[2]

    def rank(twin: str) -> tuple[bool, bool, bool]:
        # The Latin gamma, not y, stands for the Greek one.
        return twin not in own, twin.isupper() != char.isupper(), not tables.name(twin).endswith(name)

    return tuple(sorted(same, key=rank))


def counterpart(char: str, script: str, language: str = "") -> str | None:
    """Return the letter of `script` that `char` looks like, exactly or through a Latin letter; None without one.

    If the language has that letter with the same accent, that one is returned.
    """
    if same := twins(char, script, language):
        return same[0]
    letter = latin(char)
    if script == "Latin" or letter is None:
        return letter
    plain = _letters_of(script).get(letter)
    accents = unicodedata2.normalize("NFD", char)[1:]
    if plain and accents:
        for accent in (accents, _SIMILAR_ACCENTS.get(accents, "")):
            accented: str = unicodedata2.normalize("NFC", plain + accent)
            if accent and accented in main_letters(language):
                return accented
    return plain


_SIMILAR_ACCENTS = {"\N{COMBINING DIAERESIS}": "\N{COMBINING DOUBLE ACUTE ACCENT}"}
