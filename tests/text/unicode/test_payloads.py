"""What hidden characters hold, read from alphabets that tools write, and the words for it."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode.payloads import (
    Payload,
    as_text,
    bits_payload,
    bytes_payload,
    quote,
    selector_bytes,
    tag_bytes,
)

SYMBOLS = "\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
TEXT = "obey me now"


def in_bits(bits: str, zero: str = "\u200b", one: str = "\u200c") -> str:
    return bits.translate({ord("0"): zero, ord("1"): one})


def octets(text: str) -> str:
    return "".join(f"{byte:08b}" for byte in text.encode())


@pytest.mark.parametrize(("zero", "one"), list(permutations(SYMBOLS, 2)))
def test_two_symbols_are_read_whichever_is_the_one(zero: str, one: str) -> None:
    assert bits_payload(in_bits(octets("Na\u00efve text"), zero, one)) == Payload(
        "Na\u00efve text", is_text=True
    )


def test_the_last_bit_may_come_first() -> None:
    bits = "".join(f"{byte:08b}"[::-1] for byte in TEXT.encode())

    assert bits_payload(in_bits(bits)) == (TEXT, True)
    assert bits_payload(in_bits(bits, "\u2060", "\u200b")) == (TEXT, True)


def test_groups_of_seven_bits_are_characters() -> None:
    assert bits_payload(in_bits("".join(f"{ord(char):07b}" for char in TEXT))) == (TEXT, True)


@pytest.mark.parametrize("filler", ["", "\ufeff"])
def test_a_separator_may_stand_between_characters_and_a_filler_between_bits(filler: str) -> None:
    run = "\u200d".join(in_bits(f"{ord(char):b}") for char in TEXT)

    assert bits_payload(filler.join(run)) == (TEXT, True)


def test_four_symbols_are_digits_in_base_4() -> None:
    units = "".join(f"{ord(char):016b}" for char in TEXT)
    run = "".join("\u200c\u200d\u202c\ufeff"[int(units[at : at + 2], 2)] for at in range(0, len(units), 2))

    assert bits_payload(run) == (TEXT, True)


@pytest.mark.parametrize(
    "run",
    [
        "",
        "\u200b" * 64,
        in_bits("0110100"),
        in_bits("01" * 10 + "0"),
        in_bits("01" * 16),
        "\u200b\u200c\u200d\u2060\ufeff" * 8,
    ],
    ids=["nothing", "one symbol", "short", "no whole bytes", "turn by turn", "five symbols"],
)
def test_what_holds_no_bits_is_no_payload(run: str) -> None:
    assert bits_payload(run) is None


def test_whole_bytes_that_are_no_text_are_data() -> None:
    data = bytes([0x80, 0xFF, 0x01])

    assert bits_payload(in_bits("".join(f"{byte:08b}" for byte in data))) == ("3 bytes: 80 ff 01", False)


@pytest.mark.parametrize(
    ("data", "words", "is_text"),
    [
        (b"hi!", "hi!", True),
        ("n\u00e9 \u4f60".encode(), "n\u00e9 \u4f60", True),
        (b"nine good\x07", "nine good\x07", True),
        (b"eight ok\x07", "9 bytes: 65 69 67 68 74 20 6f 6b 07", False),
        (b"two\nlines\t", "two\nlines\t", True),
        (b"  \n", "3 bytes: 20 20 0a", False),
        (b"\xff", "1 byte: ff", False),
        (bytes(16), "16 bytes: " + " ".join(["00"] * 16), False),
        (bytes(17), "17 bytes: " + " ".join(["00"] * 16) + " …", False),
    ],
)
def test_data_is_told_as_text_if_it_is_text(data: bytes, words: str, *, is_text: bool) -> None:
    assert bytes_payload(data) == Payload(words, is_text)


def test_message_quotes_on_one_line_what_shows_and_cuts_the_rest() -> None:
    assert quote("a b\u00e9\n\x1b[31m\u202e\u200b\ufe0f\U000e0061\u00a0") == (
        "a b\u00e9\\n\\x1b[31m\\u202e\\u200b\\ufe0f\\U000e0061\\xa0"
    )
    assert quote("x" * 200) == "x" * 200
    assert quote("x" * 201) == "x" * 199 + "…"
    assert len(quote("\u202e" * 500)) == 200


@given(st.binary())
def test_selectors_stand_for_every_byte(data: bytes) -> None:
    run = "".join(chr(0xFE00 + byte if byte < 16 else 0xE00F0 + byte) for byte in data)

    assert selector_bytes(run) == selector_bytes("\u200b".join(run) + "a") == data


def test_tags_spell_ascii_without_their_begin_and_end() -> None:
    assert tag_bytes("\U000e0001\U000e0068\u200b\U000e0069\U000e007fx") == b"hi"


@given(st.text(alphabet=SYMBOLS, max_size=200))
def test_any_run_is_read_without_an_error(run: str) -> None:
    payload = bits_payload(run)

    assert payload is None or payload.words


@given(st.binary())
def test_told_is_never_empty(data: bytes) -> None:
    assert bytes_payload(data).words
    assert bytes_payload(data).is_text == (as_text(data) is not None)
