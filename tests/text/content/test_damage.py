"""How much of a text is gone: removed, replaced, or only moved and reworded."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.content.damage import BLANK, LEAST_LOST, Damage, damage
from articles.text.diff import compare

BREAD = (
    "Bread needs four things: flour, water, salt and time. The last is the one that bakers save on, and the one that"
    " you taste.\n\n"
    "Let the dough rest overnight in the cold, and bake it in a pot with a lid until the crust is dark.\n\n"
    "Whoever cuts it warm will see the crumb tear; give it an hour on a rack before you bring a knife near it.\n"
)
MILL = (
    "A tide mill stores high water behind a gate.\n\nThe miller works twice between dawn and dusk, at hours which shift"
    " by fifty minutes every day, so he sleeps when possible.\n\nNobody living beside such wheels forgets how gates"
    " fall shut when tides turn, nor what mud smells like once waters leave.\n"
)
RUSSIAN = (
    "Приливная мельница держит высокую воду за воротами и выпускает её через колесо, когда море отступает.\n"
    * 4
)
ARABIC = (
    "يفتح الباب على السوق القديم ويجتمع الناس أمامه كل مساء ليشربوا القهوة ويتحدثوا عن أخبار اليوم.\n" * 4
)
CHINESE = (
    "潮汐磨坊在闸门后面蓄水，等海水退去时再让水流过水轮。磨坊主每天工作两次，时间每天推迟五十分钟。\n" * 4
)


def done(old: str, new: str) -> Damage:
    return damage(old, new, compare(old, new).changes)


@pytest.mark.parametrize("text", [BREAD, RUSSIAN, ARABIC, CHINESE])
@pytest.mark.parametrize("rest", ["", "lol\n", "!"])
def test_text_without_rest_is_blanked(text, rest):
    found = done(text, rest)

    assert found.removed >= BLANK
    assert found.is_blanking
    assert found.replaced < 5


def test_other_text_of_that_length_replaces():
    found = done(BREAD, MILL)

    assert found.replaced > 50
    assert found.removed < 20
    assert not found.is_blanking


def test_half_of_the_text_removed():
    assert 45 <= done(BREAD + MILL, BREAD).removed <= 55


def test_text_that_grows_loses_nothing():
    assert done(BREAD, BREAD + MILL) == Damage()


@pytest.mark.parametrize("text", [BREAD + MILL, RUSSIAN + BREAD, CHINESE + BREAD])
def test_moved_paragraphs_are_no_damage(text):
    paragraphs = text.splitlines(keepends=True)
    random.Random(3).shuffle(paragraphs)

    assert done(text, "".join(paragraphs)) == Damage()


def test_new_line_breaks_are_no_damage():
    assert done(BREAD, BREAD.replace(" ", "\n")) == Damage()


def test_text_in_capitals_is_no_damage():
    assert done(BREAD, BREAD.upper()) == Damage()


def test_look_alikes_are_no_damage():
    assert done(BREAD, BREAD.translate(str.maketrans("aeo", "\u0430\u0435\u043e"))) == Damage()


def test_a_stub_may_be_written_anew():
    stub, other = "x" * (LEAST_LOST - 1), "x" * LEAST_LOST

    assert done(f"{stub}\n", MILL) == Damage()
    assert done(f"{other}\n", MILL).replaced == 100


def test_new_text_has_no_damage():
    assert done("", BREAD) == Damage()


@given(st.text(), st.text())
def test_shares_add_up_to_a_whole_at_most(old, new):
    found = done(old * 40, new)

    assert 0 <= found.removed <= 100
    assert 0 <= found.replaced <= 100
    assert found.removed + found.replaced <= 100
