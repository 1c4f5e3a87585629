"""Payloads: the text or data in runs of tags, variation selectors and zero-width characters."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

FIRST_BYTES = 16  # shown in hexadecimal, of data that is not text
LEAST_BITS = 16  # zero-width characters; a shorter run is more often an accident
MOST_SYMBOLS = 4  # kinds: two for the bits, one between characters, one between bits

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
    if text is not None:
        return Payload(text, is_text=True)
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


def bits_payload(symbols: str) -> Payload | None:
    """Read a run of zero-width characters as bits; None if no reading is likely.

    The two commonest of at most four kinds are the bits; both ways round are tried. Readings are bytes with the
    first or last bit first, groups between separators, groups of seven bits, and code units in base 4. A character
    in every second place is dropped first. Whole bytes of two kinds that are not text are data. Linear in the run.

    >>> bits_payload("\u200b\u200c\u200c\u200b\u200c\u200b\u200b\u200b" * 2).words
    'hh'
    """
    if len(symbols) < LEAST_BITS or not 2 <= len(set(symbols)) <= MOST_SYMBOLS:
        return None
    if symbols[2:] == symbols[:-2]:  # alternating symbols say nothing, but would read as "UUU"
        return None
    symbols = _without_filler(symbols)
    for data, least in _readings(symbols):
        text = as_text(data)
        # Accidents give short texts, and signs rather than words.
        if text is not None and len(text) >= least and _is_worded(text):
            return Payload(text, is_text=True)
    if len(set(symbols)) == 2 and len(symbols) % 8 == 0:
        return bytes_payload(_octets(_binary(symbols, min(symbols))))
    return None


def _is_worded(text: str) -> bool:
    """Return whether at least half of the characters are letters, digits and spaces."""
    return 2 * sum(char.isalnum() or char == " " for char in text) >= len(text)


def _without_filler(symbols: str) -> str:
    """Return the symbols without a character that stands in every second place and nowhere else."""
    for kept, dropped in ((symbols[::2], symbols[1::2]), (symbols[1::2], symbols[::2])):
        if len(set(dropped)) == 1 and dropped[0] not in kept and len(set(kept)) > 1:
            return kept
    return symbols


def _readings(symbols: str) -> Iterator[tuple[bytes, int]]:
    """Yield readings of a run, the likeliest first, each with the least length of a text that is no accident."""
    pair = sorted(kind for kind, _ in Counter(symbols).most_common(2))
    others = sorted(set(symbols) - set(pair))
    bits = "".join(symbol for symbol in symbols if symbol in pair)
    # Once with each of the two as zero.
    binaries = [_binary(bits, zero) for zero in pair]
    octets = binaries if len(bits) % 8 == 0 else []
    septets = binaries if len(bits) % 7 == 0 else []
    yield from ((_octets(binary), 2) for binary in octets)
    yield from _separated_readings(symbols, pair, others)
    yield from ((_octets(binary[::-1])[::-1], 3) for binary in octets)
    yield from ((_characters(_groups_of(7, binary)), 4) for binary in septets)
    if len(others) == 2:
        yield from _base_4_readings(symbols)


def _separated_readings(symbols: str, pair: list[str], separators: list[str]) -> Iterator[tuple[bytes, int]]:
    """Yield readings of groups of bits between separators, one group a character."""
    for separator in separators:
        for zero in pair:
            groups = [
                _binary("".join(char for char in group if char in pair), zero)
                for group in symbols.split(separator)
            ]
            yield _characters(groups), 3


def _base_4_readings(symbols: str) -> Iterator[tuple[bytes, int]]:
    """Yield readings of four kinds of symbols as digits in base 4: UTF-16 code units first, then bytes."""
    if len(symbols) % 4:
        return
    digits = {ord(kind): f"{value:02b}" for value, kind in enumerate(sorted(set(symbols)))}
    binary = symbols.translate(digits)
    if len(symbols) % 8 == 0:
        yield _characters(_groups_of(16, binary)), 2
    yield _octets(binary), 3


def _groups_of(size: int, binary: str) -> list[str]:
    return [binary[start : start + size] for start in range(0, len(binary), size)]


def _binary(symbols: str, zero: str) -> str:
    return "".join("0" if symbol == zero else "1" for symbol in symbols)


def _octets(binary: str) -> bytes:
    return int(binary, 2).to_bytes(len(binary) // 8, "big") if binary else b""


def _characters(groups: Sequence[str]) -> bytes:
    """Return the UTF-8 of code points in binary; empty groups are skipped. b"" if a group is not a character."""
    points = [int(group, 2) if len(group) <= 21 else -1 for group in groups if group]
    if any(not 0 <= point < 0x110000 or 0xD800 <= point < 0xE000 for point in points):
        return b""
    return "".join(map(chr, points)).encode()
