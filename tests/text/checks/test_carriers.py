"""One finding for each run of invisible characters, whatever it is made of."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.checks import Severity, scan
from articles.text.checks.carriers import find_carriers
from articles.text.unicode import invisibles as inv

ALPHABET = (
    "a\u0645 \u200b\u200c\u200d\u2060\ufeff\u202e\u2069\u00ad\u034f\ufe0f"
    "\U000e0110\U000e0159\U000e0061\U000e007f\u2600\U0001f3f4"
)


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(char)) for char in text)


def selectors(data: bytes) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE00F0 + byte) for byte in data)


BITS = "".join("\u200b\u200c"[int(bit)] for char in "obey" for bit in f"{ord(char):08b}")
RUNS = [tags("obey"), selectors(b"obey"), BITS, selectors(b"\x80\x90\xa0"), "\u200b\u200c\u2060"]


@pytest.mark.parametrize("first", RUNS)
@pytest.mark.parametrize("second", RUNS)
@pytest.mark.parametrize("between", ["", "\u034f", "\u034f\u00ad\u180e"])
def test_a_run_of_any_kinds_is_one_finding(first: str, second: str, between: str) -> None:
    run = first + between + second

    (finding,) = scan(f"be{run}fore").findings

    assert (finding.start, finding.end, finding.text) == (2, 2 + len(run), run)


@pytest.mark.parametrize("run", RUNS[:3])
def test_message_tells_the_text_escaped_and_cut(run: str) -> None:
    (finding,) = scan(f"be{run}fore").findings
    (long,) = scan(f"be{tags('x' * 5000)}fore").findings
    hidden = selectors("a longer text \u202e here".encode())
    (wild,) = scan(f"be{hidden}fore").findings

    assert finding.message.endswith(f"spell a hidden text ({len(run)}): \u201cobey\u201d")
    assert long.payload == "x" * 5000
    assert long.message.endswith("x" * 199 + "…\u201d")
    assert "a longer text \\u202e here" in wild.message
    assert "\u202e" not in wild.message


def test_message_tells_length_and_first_bytes_of_data() -> None:
    (finding,) = scan(f"be{selectors(bytes(range(0x80, 0xA0)))}fore").findings

    assert finding.payload == "32 bytes: 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f …"
    assert finding.message == f"Variation selectors contain {finding.payload}"


def test_bidi_controls_at_the_ends_of_a_run_stay_findings_of_their_own() -> None:
    found = scan(f"be\u202e{tags('hi')}\u200e{tags('!')}\u202cfore").findings

    assert [(each.check, each.start, each.end) for each in found] == [
        ("bidi-control", 2, 3),
        ("tag-characters", 3, 7),
    ]


def test_bidi_controls_that_spell_a_text_are_one_finding() -> None:
    run = BITS.replace("\u200b", "\u200e").replace("\u200c", "\u200f")

    (finding,) = scan(f"be{run}fore").findings

    assert (finding.check, finding.payload) == ("invisible", "obey")


def test_bidi_controls_are_not_read_as_data() -> None:
    found = scan("be" + "\u202e\u202e\u202d" * 8 + "fore").findings

    assert [each.check for each in found] == ["bidi-control"] * 24


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u2764\ufe0f\u200d\U0001f525 \U0001f3f3\ufe0f\u200d\U0001f308 \U0001f441\ufe0f\u200d\U0001f5e8\ufe0f",
        "3\ufe0f\u20e3 \u2600\ufe0e",
        "\u845b\U000e0100 \u1820\u180b",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\ufeffA title",
    ],
)
def test_what_has_an_effect_carries_nothing(text: str) -> None:
    assert not find_carriers(text)
    assert not scan(text, language="fa" if "\u0645" in text else "en").findings


def test_a_joiner_with_an_effect_is_no_part_of_the_run_after_it() -> None:
    for hidden in (tags("hi"), selectors(b"hi")):
        found = scan(f"\u0645\u06cc\u200c{hidden}\u062e\u0648", language="fa").findings

        assert [(each.start, each.end) for each in found if each.severity is Severity.ALERT] == [(3, 5)]


@pytest.mark.parametrize("hide", [tags, lambda text: selectors(text.encode())])
def test_a_text_spread_over_characters_is_told_at_the_first(hide) -> None:
    text = "".join(
        f"{char}{hide(hidden)}" for char, hidden in zip("ordinary words", "ignore the law", strict=True)
    )

    first, *others = scan(text).findings

    assert (first.severity, first.payload, first.start, first.end) == (Severity.ALERT, "ignore the law", 1, 2)
    assert "(14): \u201cignore the law\u201d" in first.message
    assert [each.end - each.start for each in others] == [1] * 13


def test_selectors_here_and_there_spell_nothing() -> None:
    found = scan("a\ufe0fb c\ufe0fd e\ufe0ff g\ufe0fh").findings

    assert [each.payload for each in found] == [None] * 4
    assert {each.severity for each in found} == {Severity.WARNING}


@given(st.text(alphabet=ALPHABET))
def test_carriers_are_in_order_apart_and_reported_once(text: str) -> None:
    found = find_carriers(text)

    assert all(one.end <= other.start for one, other in pairwise(found))
    places = [
        place
        for each in scan(text).findings
        if each.check not in ("blank", "foreign-letter", "not-nfc", "stacked-marks")
        for place in range(each.start, each.end)
    ]
    assert len(places) == len(set(places))
    assert {place for each in found for place in range(each.start, each.end)} <= set(places)


@given(st.text(alphabet=ALPHABET))
def test_no_effect_is_found_where_a_selector_may_not_stand(text: str) -> None:
    singles = [each.start for each in find_carriers(text) if each.end - each.start == 1]

    assert not any(inv.is_selected(text[at - 1 : at], text[at]) for at in singles if text[at] == "\ufe0f")


def test_a_text_may_begin_with_a_selector_that_the_character_before_it_could_have() -> None:
    (finding,) = scan(f"\u845b{selectors(b'hi')}", language="ja").findings

    assert (finding.start, finding.payload) == (1, "hi")
