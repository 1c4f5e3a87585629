"""Sketches, by which similar texts are found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.demo.spinner import spin
from articles.text.checks import Finding, Severity
from articles.text.content import Content, Field, FieldFinding, findings
from articles.text.content.sketches import ENOUGH_SWAPS, ENOUGH_WORDING, SIZE, swaps, wording
from articles.text.markdown import Where

TIDE = (
    "A tide mill stores the high water behind a gate and lets it out through the wheel when the sea has fallen."
    " The miller works twice a day, at hours that shift by fifty minutes from one day to the next, so he sleeps when"
    " he can. Nobody who has lived beside one forgets the sound of the gate when it falls shut at the turn of the"
    " tide, nor the smell of the mud that the water leaves.\n"
)
OTHER = (
    "Bread needs four things: flour, water, salt and time. The last is the one that bakers save on, and the one that"
    " you taste. Let the dough rest overnight in the cold, and bake it in a pot with a lid until the crust is dark.\n"
)


def shared(one: str, other: str) -> float:
    a, b = set(wording(one)), set(wording(other))
    return len(a & b) / max(len(a), 1)


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        lambda text: text.replace(" ", "  "),
        lambda text: text.replace("e", "\u0435").replace("o", "\u043e"),
        lambda text: "\u200b".join(text),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace(". ", ".\n\n"),
    ],
)
def test_disguise_changes_nothing_or_little(disguise):
    assert shared(TIDE, disguise(TIDE)) >= 0.75


def test_four_hashes_in_common_are_enough():
    assert (ENOUGH_WORDING, ENOUGH_SWAPS) == (4, 4)


def test_spun_copy_is_still_found_and_another_text_is_not():
    assert shared(TIDE, spin(TIDE, seed=4)) >= 1 / ENOUGH_WORDING
    assert shared(TIDE, OTHER) == 0


@given(st.text(max_size=300))
def test_sketch_is_short_and_the_same_each_time(text):
    sketch = wording(text)

    assert sketch == wording(text)
    assert len(sketch) <= SIZE
    assert all(-(1 << 63) <= value < 1 << 63 for value in sketch)


def found(text: str) -> set[int]:
    return set(swaps(findings(Content("t", "t", text))))


def test_one_tool_leaves_the_same_swaps_in_different_texts():
    one, other = found(spin(TIDE * 6, seed=1)), found(spin(OTHER * 9, seed=2))

    assert len(one & other) >= ENOUGH_SWAPS
    assert found(TIDE) == set()


def test_swaps_say_what_each_hash_stands_for():
    assert set(swaps(findings(Content("t", "t", "p\u0430per d\u043eor"))).values()) == {
        ("\u0430", "a"),
        ("\u043e", "o"),
    }


FOUR, FIVE = 1836196124012518098, -3707953515704342447  # as the database holds them since the first version


@pytest.mark.parametrize(
    ("text", "sketch"),
    [
        ("one two three", ()),
        ("one two three four", (FOUR,)),
        ("One, two\n\nthree: FOUR!", (FOUR,)),
        ("one two three four five", (FIVE, FOUR)),
    ],
)
def test_sketches_that_are_stored_stay_comparable(text, sketch):
    assert wording(text) == sketch


def test_sketch_holds_the_sixteen_smallest_hashes():
    assert len(wording(" ".join(map(str, range(100))))) == 16
    assert list(wording(TIDE)) == sorted(wording(TIDE))


def swapped(text: str, meant: str | None = "a") -> dict[int, tuple[str, str]]:
    finding = Finding("c", Severity.ALERT, 0, len(text), text, meant, None, Where.PROSE, "m")
    return swaps([FieldFinding(Field.SOURCE, finding)])


def test_swap_is_a_letter_and_what_it_stands_for():
    assert swapped("\u0430") == {-8030896188164230271: ("\u0430", "a")}
    assert list(swapped("\ud800").values()) == [("\ud800", "a")]
    assert len(swapped("abcd")) == 1
    assert swapped("abcde") == {}  # a run of characters is no letter
    assert swapped("\u200b", meant=None) == {}
