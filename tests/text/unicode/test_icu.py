"""The committed tables beside ICU 78, which carries Unicode 17.0: whatever differs is new, or listed with a reason."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import regex
import unicodedata2

from articles.text.unicode import tables
from articles.text.unicode.confusables import skeleton

icu: Any = pytest.importorskip("icu", reason="icukit-pyicu of requirements-dev.txt is not installed")

CATEGORIES = (
    "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf".split()
)

# Script_Extensions that Unicode 18.0 corrects: the Tamil aytham is written in three more scripts, and the two
# Vedic signs no longer in Devanagari.
CORRECTED_EXTENSIONS = {0x0B83, 0x1CF5, 0x1CF6}
# Pairs of UTS #39 that 18.0 withdraws or gives to a better match; what each is alike to by 17.0 and by 18.0.
CHANGED_PAIRS = {
    0x013F: "L with middle dot: as l before, as L now",
    0x02DB: "ogonek: no longer i",
    0x037A: "Greek ypogegrammeni: the ogonek, so no longer i",
    0x048A: "Cyrillic short i with tail: the breve is a breve, no grave",
    0x13A4: "Cherokee u: horn instead of apostrophe",
    0x14B7: "Canadian syllable of L and dot: follows U+013F",
    0x1D9F: "modifier open e: the Cyrillic modifier of 15.0",
    0x1E9A: "a with right half ring: apostrophe instead of hook above",
    0x2365: "APL circle diaeresis: O with diaeresis, no teh marbuta",
    0x302C: "ideographic departing tone: ring instead of hook above",
    0x90DE: "two forms of a Han character, apart again",
    0x96B8: "two forms of a Han character, apart again",
    0xA4ED: "Lisu letter: another syllable",
    0xF9B8: "compatibility form, follows U+96B8",
    0xFA2E: "compatibility form, follows U+90DE",
    0xFF3B: "full-width square bracket: no round one",
    0xFF3D: "full-width square bracket: no round one",
    0x1051C: "Deseret: no longer C",
    0x111C7: "Sharada abbreviation sign: a middle dot",
    0x118C4: "Warang Citi ya: y instead of z",
    0x1EE85: "looped waw: the Kirghiz oe",
    0x1F16D: "circled cc: the letters, without the tab that 17.0 had in it",
}


@cache
def known() -> tuple[str, ...]:
    """Every code point that ICU knows to be assigned."""
    return tuple(
        chr(point)
        for point in range(0x110000)
        if not 0xD800 <= point < 0xE000 and icu.Char.charType(chr(point))
    )


def differing(ours: Any, theirs: Any) -> Iterator[int]:
    return (ord(char) for char in known() if ours(char) != theirs(char))


def test_icu_is_the_release_the_lists_were_made_for() -> None:
    assert icu.UNICODE_VERSION == "17.0"
    assert len(known()) > 290_000


def test_categories_agree() -> None:
    assert not list(differing(tables.category, lambda char: CATEGORIES[icu.Char.charType(char)]))


def test_scripts_agree() -> None:
    assert not list(differing(tables.script, lambda char: icu.Script.getScript(char).getName()))


def test_script_extensions_agree() -> None:
    def theirs(char: str) -> frozenset[str]:
        return frozenset(icu.Script(script).getName() for script in icu.Script.getScriptExtensions(char))

    assert set(differing(tables.script_extensions, theirs)) == CORRECTED_EXTENSIONS


def test_identifier_status_agrees() -> None:
    allowed = [icu.SpoofChecker.getRecommendedUnicodeSet(), icu.SpoofChecker.getInclusionUnicodeSet()]

    def theirs(char: str) -> bool:
        return any(chars.contains(char) for chars in allowed)

    assert not list(differing(tables.is_allowed_in_identifiers, theirs))


@pytest.mark.parametrize(
    "name",
    [
        "Default_Ignorable_Code_Point",
        "Bidi_Control",
        "White_Space",
        "Variation_Selector",
        "Extended_Pictographic",
    ],
)
def test_binary_properties_agree(name: str) -> None:
    pattern, key = regex.compile(rf"\p{{{name}}}"), getattr(icu.UProperty, name.upper())

    assert not list(
        differing(lambda char: bool(pattern.match(char)), lambda char: icu.Char.hasBinaryProperty(char, key))
    )


def test_skeletons_differ_for_stated_reasons_only() -> None:
    checker = icu.SpoofChecker()
    reasons: Counter[str] = Counter()
    unexplained = set()
    for point in differing(skeleton, lambda char: checker.getSkeleton(0, char)):
        char = chr(point)
        theirs, ours = checker.getSkeleton(0, char), skeleton(char)
        if theirs == unicodedata2.normalize("NFD", char):
            reasons["a pair that is new in 18.0"] += 1
        elif skeleton(theirs) == ours:
            reasons["the same class, which 18.0 names by another member or joins with a further one"] += 1
        elif skeleton(theirs).replace("\u0674", "\u0654") == ours.replace("\u0674", "\u0654"):
            reasons["high hamza and hamza above, which 18.0 tells apart"] += 1
        elif tables.name(char).startswith("Arabic mathematical stretched") and theirs + "l" == ours:
            reasons["stretched letters, whose stretch 18.0 counts as an alef"] += 1
        else:
            unexplained.add(point)

    assert unexplained == set(CHANGED_PAIRS)
    assert dict(reasons) == {
        "a pair that is new in 18.0": 1232,
        "the same class, which 18.0 names by another member or joins with a further one": 1121,
        "high hamza and hamza above, which 18.0 tells apart": 41,
        "stretched letters, whose stretch 18.0 counts as an alef": 23,
    }
