"""Payloads: the text or data in hidden characters, and words for them."""

from typing import NamedTuple

import regex

FIRST_BYTES = 16  # shown in hexadecimal, of data that is not text

_UNSEEN = regex.compile(r"(?V1)[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ ]]")


class Payload(NamedTuple):
    """Content of hidden characters, in words: a text itself, or the length and first bytes of other data."""

    words: str
    is_text: bool


def bytes_payload(data: bytes) -> Payload:
    """Return data as a payload: its text, or its length and first bytes if it is not text.

    >>> bytes_payload(b"hi!").words
    'hi!'
    >>> bytes_payload(bytes(range(0x80, 0xA8))).words
    '40 bytes: 80 81 82 83 84 85 86 87 88 89 8a 8b 8c 8d 8e 8f …'
    """
    text = as_text(data)
    return data_payload(data) if text is None else Payload(text, is_text=True)


def data_payload(data: bytes) -> Payload:
    """Return data as a payload by its length and first bytes, whether or not it is text."""
    number = f"{len(data)} byte{'s' * (len(data) != 1)}"
    more = " …" if len(data) > FIRST_BYTES else ""
    return Payload(f"{number}: {data[:FIRST_BYTES].hex(' ')}{more}", is_text=False)


def as_text(data: bytes) -> str | None:
    """Return the text of UTF-8 of which at most one code point in ten does not print, else None.

    Tabs and line ends count as printing. White space alone is not text.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    unprintable = sum(not char.isprintable() and char not in "\t\n\r" for char in text)
    return text if text.strip() and unprintable * 10 <= len(text) else None


def quote(words: str, *, most: int = 200) -> str:
    r"""Return words for a message, on one line: invisible characters escaped, cut to `most` code points.

    An ellipsis stands at the end of words that were cut.

    >>> print(quote("a\nb\u202e"))
    a\nb\u202e
    """
    line = _UNSEEN.sub(lambda match: match[0].encode("unicode_escape").decode(), words[: most + 1])
    return line if len(line) <= most else f"{line[: most - 1]}…"


def tag_bytes(tags: str) -> bytes:
    """Return the ASCII that tags spell; language tag, cancel tag and other characters are skipped."""
    return bytes(ord(char) - 0xE0000 for char in tags if "\U000e0002" <= char <= "\U000e007e")


def selector_bytes(selectors: str) -> bytes:
    """Return a byte for each variation selector, 0 for the first to 255; other characters are skipped."""
    return bytes(
        ord(char) - 0xFE00 if char <= "\ufe0f" else ord(char) - 0xE0100 + 16
        for char in selectors
        if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    )
