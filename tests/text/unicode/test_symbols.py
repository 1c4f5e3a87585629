"""What runs of invisible characters hold, read from alphabets that tools write."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode.payloads import Payload
from articles.text.unicode.symbols import symbols_payload

SYMBOLS = (
    "\u00ad\u034f\u115f\u17b4\u180b\u180e\u200b\u200c\u200d\u200e\u2060\u2061\u2062\u2063\u2064\u206a\u2800\u3164"
    "\ufeff\uffa0\U0001d173"
)
TEXT = "obey me now"
SLANTED = "\u0438\u0434\u0438 \u0434\u043e\u043c\u043e\u0439"  # Cyrillic words


def in_bits(bits: str, zero: str = "\u200b", one: str = "\u200c") -> str:
    return bits.translate({ord("0"): zero, ord("1"): one})


def octets(text: str) -> str:
    return "".join(f"{byte:08b}" for byte in text.encode())


def numeral(value: int, base: int, width: int = 1) -> list[int]:
    digits = []
    while value or len(digits) < width:
        value, digit = divmod(value, base)
        digits.insert(0, digit)
    return digits


def in_base(text: str, symbols: str, width: int) -> str:
    return "".join(symbols[digit] for char in text for digit in numeral(ord(char), len(symbols), width))


@pytest.mark.parametrize(("zero", "one"), list(permutations(SYMBOLS[::2], 2)))
def test_two_symbols_are_read_whichever_is_the_one(zero: str, one: str) -> None:
    assert symbols_payload(in_bits(octets("Na\u00efve text"), zero, one)) == Payload(
        "Na\u00efve text", is_text=True
    )


def test_the_last_bit_may_come_first() -> None:
    bits = "".join(f"{byte:08b}"[::-1] for byte in TEXT.encode())

    assert symbols_payload(in_bits(bits)) == (TEXT, True)
    assert symbols_payload(in_bits(bits, "\u2060", "\u200b")) == (TEXT, True)


@pytest.mark.parametrize("text", [TEXT, SLANTED])
@pytest.mark.parametrize(
    ("symbols", "width"),
    [
        ("\u200b\u200c", 16),
        ("\u200b\u200c\u200d", 11),
        ("\u200c\u200d\u2060\ufeff", 8),
        ("\u200c\u200d\u202c\ufeff", 8),
        ("\u200b\u200c\u200d\u200e\u200f", 7),
        ("\u200b\u200c", 21),
    ],
)
def test_code_points_are_numbers_of_a_fixed_width(symbols: str, width: int, text: str) -> None:
    assert symbols_payload(in_base(text, symbols, width)) == (text, True)


def test_groups_of_seven_bits_are_characters() -> None:
    assert symbols_payload(in_base(TEXT, "\u200b\u200c", 7)) == (TEXT, True)


@pytest.mark.parametrize("text", [TEXT, SLANTED])
def test_bytes_are_four_digits_in_base_4_in_either_order(text: str) -> None:
    groups = [numeral(byte, 4, 4) for byte in text.encode()]

    for symbols in ("\u200b\u200c\u200d\u2060", "\u200c\u200d\u200e\u200f"):
        assert symbols_payload("".join(symbols[digit] for group in groups for digit in group)) == (text, True)
        backwards = "".join(symbols[digit] for group in groups for digit in group[::-1])
        assert symbols_payload(backwards) == (text, True)


def test_empty_bytes_around_a_text_are_left_out() -> None:
    data = b"\0" + b'{"origin":"press/47","href":"/desk"}'
    run = "".join("\u200b\u200c\u200d\ufeff"[digit] for byte in data for digit in numeral(byte, 4, 4))

    assert symbols_payload(run) == (data[1:].decode(), True)


@pytest.mark.parametrize("filler", ["", "\ufeff"])
@pytest.mark.parametrize("text", [TEXT, SLANTED])
def test_a_separator_may_stand_between_characters_and_a_filler_between_bits(filler: str, text: str) -> None:
    run = "\u200d".join(in_bits(f"{ord(char):b}") for char in text)

    assert symbols_payload(filler.join(run)) == (text, True)


@pytest.mark.parametrize("text", [TEXT, SLANTED])
def test_marks_may_stand_around_the_bits_and_between_bytes(text: str) -> None:
    run = "\u2060".join(in_bits(f"{byte:08b}") for byte in text.encode())

    assert symbols_payload(f"\ufeff{run}\ufeff") == (text, True)
    assert symbols_payload(in_bits(octets(text)) + "\u200d\u2062") == (text, True)


@pytest.mark.parametrize("text", [TEXT, SLANTED])
def test_numerals_in_base_5_have_an_order_of_their_own(text: str) -> None:
    symbols = "\u200e\u200f\u200c\u200d\ufeff"
    run = "\u200b".join("".join(symbols[digit] for digit in numeral(ord(char), 5)) for char in text)

    assert symbols_payload(run) == (text, True)


def test_bytes_in_hexadecimal_have_an_order_of_their_own() -> None:
    symbols = "\u200b\u200c\u200d\u2062\u2063\u2060\ufeff\u2061" + "".join(map(chr, range(0x1D173, 0x1D17B)))
    run = "".join(symbols[int(digit, 16)] for digit in TEXT.encode().hex())

    assert symbols_payload(run) == (TEXT, True)


def stegcloak(kind: int, data: bytes, doubled: tuple[int, int] = (0, 3)) -> str:
    """Return a run as StegCloak writes it: two of the digits have symbols for their doubles."""
    symbols = "\u200c\u200d\u2061\u2062\u2063\u2064"
    digits = str(kind) + "".join(str(digit) for byte in data for digit in numeral(byte, 4, 4))
    for symbol, digit in zip("45", doubled, strict=True):
        digits = digits.replace(str(digit) * 2, symbol)
    flag = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)].index(doubled)
    return symbols[flag] + "".join(symbols[int(digit)] for digit in digits)


@pytest.mark.parametrize("doubled", [(0, 1), (0, 3), (1, 2), (2, 3)])
@pytest.mark.parametrize(
    ("compressed", "text"),
    [
        (b"meet me at dawn", "meet me at dawn"),
        ("\u0434\u043e\u043c\u043e\u0439".encode(), "\u0434\u043e\u043c\u043e\u0439"),
        (b"walk, \xc5\x06 or walk", "walk, walk, or walk"[:6] + "walk, or walk"[:5] + " or walk"),
    ],
)
def test_stegcloak_without_a_password_is_read(compressed: bytes, text: str, doubled: tuple[int, int]) -> None:
    data = bytes(0xFF - byte for byte in compressed)

    assert symbols_payload(stegcloak(2, data, doubled)) == (text, True)


@pytest.mark.parametrize("kind", [0, 1])
def test_stegcloak_with_a_password_is_bytes(kind: int) -> None:
    data = bytes(range(3, 255, 7))

    payload = symbols_payload(stegcloak(kind, data))

    assert payload == ("36 bytes: 03 0a 11 18 1f 26 2d 34 3b 42 49 50 57 5e 65 6c …", False)


@pytest.mark.parametrize(
    "run",
    ["", "\u200b", "\u200b\u200c\u200d", "\u200b" * 64, "".join(map(chr, range(0xE0020, 0xE0031)))],
    ids=["nothing", "one", "short", "one kind", "many kinds"],
)
def test_what_tells_nothing_is_no_payload(run: str) -> None:
    assert symbols_payload(run) is None


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (in_bits("0110100"), "7 bits: 0110100"),
        (in_bits("01" * 8), "2 bytes: 55 55"),
        (in_bits("01" * 20 + "1"), "41 bits: 01010101010101010101010101010101 …"),
        (in_bits("100000001111111100000001"), "3 bytes: 80 ff 01"),
        ("\u2061\u2064\u2062", None),
        ("\u2061\u2064\u2062\u2062", "4 digits in base 3: 0211"),
        ("\u200c\u200d\u2060\ufeff" * 4, "4 bytes: 1b 1b 1b 1b"),
        ("\u200b\u200c\u200d\u2060\ufeff" * 8, "40 digits in base 5: 01234012340123401234012340123401 …"),
    ],
)
def test_what_is_no_text_is_told_in_bytes_or_digits(run: str, words: str | None) -> None:
    assert symbols_payload(run) == (words and Payload(words, is_text=False))


def test_long_text_is_read_to_its_end() -> None:
    text = "one more word, " * 400

    assert symbols_payload(in_bits(octets(text))) == (text, True)
    assert symbols_payload(in_base(text, "\u200b\u200c\u200d\u200e\u200f", 7)) == (text, True)


def test_long_data_that_only_begins_like_a_text_is_data() -> None:
    run = in_bits(octets("one more word, " * 40) + "11111111")

    payload = symbols_payload(run)

    assert payload is not None
    assert payload.words.startswith("601 bytes: 6f 6e 65")


@given(st.text(alphabet=SYMBOLS, max_size=200))
def test_any_run_is_read_without_an_error(run: str) -> None:
    payload = symbols_payload(run)

    assert payload is None or payload.words


@given(st.binary(min_size=12, max_size=40))
def test_bytes_are_rarely_taken_for_a_text_and_never_lost(data: bytes) -> None:
    payload = symbols_payload(in_bits("".join(f"{byte:08b}" for byte in data)))

    assert payload is None or payload.is_text or len(data) == int(payload.words.split(" ")[0])
