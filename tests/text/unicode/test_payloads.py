"""What hidden characters hold, and the words for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.unicode.payloads import (
    Payload,
    as_text,
    bytes_payload,
    quote,
    selector_bytes,
    tag_bytes,
)


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


@given(st.binary())
def test_told_is_never_empty(data: bytes) -> None:
    assert bytes_payload(data).words
    assert bytes_payload(data).is_text == (as_text(data) is not None)
