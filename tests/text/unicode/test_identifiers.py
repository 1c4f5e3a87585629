"""Identifiers, by cases (tests/cases/names.json) and beside ICU."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode import tables
from articles.text.unicode.identifiers import (
    Fault,
    Unfitness,
    find_fault,
    find_hidden,
    look_alike_keys,
)

CASES: dict[str, Any] = json.loads(
    Path(__file__).parents[2].joinpath("cases/names.json").read_text(encoding="ascii")
)


@pytest.mark.parametrize("name", CASES["fit"], ids=ascii)
def test_name_is_fit(name: str) -> None:
    assert find_fault(name) is None


@pytest.mark.parametrize(("name", "kind", "place"), CASES["unfit"], ids=ascii)
def test_name_is_unfit(name: str, kind: str, place: int) -> None:
    assert find_fault(name) == Fault(Unfitness(kind), place)


@pytest.mark.parametrize("name", CASES["full"], ids=ascii)
def test_full_name_hides_nothing(name: str) -> None:
    assert find_hidden(name) is None


@pytest.mark.parametrize(("name", "place"), CASES["hidden"], ids=ascii)
def test_full_name_hides_a_character(name: str, place: int) -> None:
    assert find_hidden(name) == place


@pytest.mark.parametrize(("name", "other"), CASES["alike"], ids=ascii)
def test_names_look_alike(name: str, other: str) -> None:
    assert look_alike_keys(name) & look_alike_keys(other)


@pytest.mark.parametrize(("name", "other"), CASES["apart"], ids=ascii)
def test_names_can_be_told_apart(name: str, other: str) -> None:
    assert not look_alike_keys(name) & look_alike_keys(other)


@given(st.text(st.characters(exclude_characters="\N{GREEK CAPITAL LUNATE SIGMA SYMBOL}")))  # two by NFKC
def test_capitals_are_no_disguise(name: str) -> None:
    assert look_alike_keys(name) & look_alike_keys(name.lower())


def test_icu_sees_the_same_mixtures_of_scripts() -> None:
    icu = pytest.importorskip("icu", reason="icukit-pyicu of requirements-dev.txt is not installed")
    checker = icu.SpoofChecker()
    checker.setRestrictionLevel(icu.URestrictionLevel.HIGHLY_RESTRICTIVE)
    checker.setChecks(icu.USpoofChecks.RESTRICTION_LEVEL)
    choose = random.Random(1)
    by_script: dict[str, list[str]] = {}
    for char in map(chr, range(0x30000)):
        if icu.Char.charType(char) and tables.category(char)[0] in "LMN" and not find_fault(char):
            by_script.setdefault(tables.script(char), []).append(char)
    together = ("Latin", "Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Common", "Inherited")
    verdicts = set()

    for _ in range(20_000):
        scripts = choose.choices([*together, choose.choice(sorted(by_script))], k=3)
        name = "".join(choose.choice(by_script[script]) for script in scripts)
        fault = find_fault(name)
        is_mixed = fault is not None and fault.kind is Unfitness.MIXED_SCRIPTS
        verdicts.add(is_mixed)

        assert is_mixed == bool(checker.check(name)), ascii(name)
    assert verdicts == {True, False}
