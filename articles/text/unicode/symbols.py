"""Symbols: text or data in a run of invisible characters, in which each kind of character is a digit.

Most tools write a character or a byte as a fixed number of digits, the highest first, and take their characters in
the order of code points. The other orders here are those of zero-width-lib, @vercel/stega and StegCloak.
"""

import math
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from articles.text.unicode.payloads import Payload, data_payload
from articles.text.unicode.scripts import script_group

LEAST_SYMBOLS = 4  # a shorter run is more often an accident
LEAST_DATA = 16  # symbols that are shown as bytes
MOST_KINDS = 16
FIRST_DIGITS = 32  # shown of other data
SAMPLE = 1024  # symbols that decide on the reading

_BASE_5, _SEPARATOR = "\u200e\u200f\u200c\u200d\ufeff", "\u200b"
_BASE_16 = "\u200b\u200c\u200d\u2062\u2063\u2060\ufeff\u2061\U0001d173\U0001d174\U0001d175\U0001d176"
_BASE_16 += "\U0001d177\U0001d178\U0001d179\U0001d17a"
_STEGCLOAK = "\u200c\u200d\u2061\u2062\u2063\u2064"
_DIGITS = "0123456789abcdef"
# Bits by which a reading as text has to be better than chance: for one that is likely beforehand, and for others.
_GAIN, _LARGE_GAIN = 5.0, 12.0


class _Reading(NamedTuple):
    """A way to read a run: the symbols in the order of their digits, and what makes a group of them.

    Groups are as wide as a number up to `limit`, or stand between separators. With the limit 0xFF they are bytes of
    UTF-8, between separators they may be; others are code points.
    """

    digits: str
    limit: int = 0
    separator: str = ""
    is_reversed: bool = False  # the lowest digit of a group comes first
    least_gain: float = _LARGE_GAIN

    def text(self, run: str, *, is_whole: bool) -> str | None:
        """Return the text of a run, or of its beginning if it is not whole; None if this reading makes none."""
        table = {**dict.fromkeys(map(ord, set(run))), **_digits(self.digits)}
        base = len(self.digits)
        if self.separator:
            groups = run.translate({**table, ord(self.separator): " "}).split()
            # Numbers of different widths have no zeros before them.
            if len({len(group) for group in groups}) > 1 and any(group[0] == "0" < group for group in groups):
                return None
        else:
            written, width = run.translate(table), _width(self.limit, base)
            if is_whole and len(written) % width:
                return None
            last, step = len(written) - width + 1, -1 if self.is_reversed else 1
            groups = [written[start : start + width][::step] for start in range(0, last, width)]
        if any(len(group) > 21 for group in groups):
            return None
        values = [int(group, base) for group in groups]
        if max(values, default=0) > (self.limit or 0x10FFFF):
            return None
        is_bytes = self.limit == 0xFF or (self.separator and max(values, default=0) <= 0xFF)
        text = _decoded(values, is_whole=is_whole) if is_bytes else None
        return _characters(values) if text is None and self.limit != 0xFF else text

    def gain(self, run: str, text: str) -> float:
        """Return by how many bits `text` explains a run better than chance does; symbols left out count against it."""
        counts = [run.count(symbol) for symbol in self.digits + self.separator]
        read, kinds = sum(counts), sum(map(bool, counts))
        return read * math.log2(kinds) - (len(run) - read) * math.log2(len(set(run))) - _cost(text)


def symbols_payload(run: str) -> Payload | None:
    """Return what a run of invisible characters holds: a text, else bytes or digits; None if it holds nothing.

    A run of one kind holds nothing, and so do fewer than `LEAST_SYMBOLS` and more than `MOST_KINDS` kinds. Linear
    in the run.

    >>> symbols_payload("\\u200b\\u200c\\u200c\\u200b\\u200c\\u200b\\u200b\\u200b" * 2).words
    'hh'
    >>> symbols_payload("\\u2061\\u2062\\u2062\\u2063").words
    '4 digits in base 3: 0112'
    """
    kinds = sorted(set(run))
    if len(run) < LEAST_SYMBOLS or not 2 <= len(kinds) <= MOST_KINDS:
        return None
    # The same few symbols over and over say nothing, but would read as "UUU".
    is_cycle = run[len(kinds) :] == run[: -len(kinds)]
    text = None if is_cycle else _stegcloak_text(run) or _text(_without_filler(run))
    if text is not None:
        return Payload(text, is_text=True)
    if data := _stegcloak_data(run):
        return data_payload(data[1:])
    digits = run.translate(_digits("".join(kinds)))
    bits = len(run) * {2: 1, 4: 2, 16: 4}.get(len(kinds), 0)
    if bits and len(run) >= LEAST_DATA and bits % 8 == 0:
        return data_payload(int(digits, len(kinds)).to_bytes(bits // 8, "big"))
    unit = "bits" if len(kinds) == 2 else f"digits in base {len(kinds)}"
    more = " …" if len(run) > FIRST_DIGITS else ""
    return Payload(f"{len(run)} {unit}: {digits[:FIRST_DIGITS]}{more}", is_text=False)


def _text(run: str) -> str | None:
    """Return the text that the likeliest reading of a run makes; None if there is none."""
    sample, is_whole = run[:SAMPLE], len(run) <= SAMPLE
    best, gain, reading = None, 0.0, None
    for candidate in _readings(run):
        if text := candidate.text(sample, is_whole=is_whole):
            own_gain = candidate.gain(sample, text)
            if own_gain > max(gain, candidate.least_gain):
                best, gain, reading = text, own_gain, candidate
    if reading and not is_whole:
        best = reading.text(run, is_whole=True)
    return best and best.strip("\0")


def _readings(run: str) -> Iterator[_Reading]:
    """Yield the readings of a run. Of up to four kinds, two may be the bits, and the others stand around them."""
    counts = Counter(run)
    kinds = "".join(sorted(counts))
    limits = (0xFF, 0x7F, 0xFFFF, 0x10FFFF)
    if len(kinds) <= 4:
        pair = "".join(sorted(kind for kind, _ in counts.most_common(2)))
        for bits in (pair, pair[::-1]):  # either may be the zero
            yield _Reading(bits, 0xFF, least_gain=_GAIN)
            yield from (_Reading(bits, separator=other) for other in kinds if other not in bits)
            yield from (_Reading(bits, limit) for limit in limits[1:])
            yield _Reading(bits, 0xFF, is_reversed=True)
    if len(kinds) > 2:
        yield from (_Reading(kinds, limit) for limit in limits)
        yield _Reading(kinds, 0xFF, is_reversed=True)
    if len(kinds) > 3:
        yield from (_Reading(kinds.replace(other, ""), separator=other) for other in kinds)
    if counts.keys() <= {*_BASE_5, _SEPARATOR}:
        yield _Reading(_BASE_5, separator=_SEPARATOR)
    if counts.keys() <= {*_BASE_16}:
        yield _Reading(_BASE_16, 0xFF)


def _digits(symbols: str) -> dict[int, str]:
    return {ord(symbol): _DIGITS[value] for value, symbol in enumerate(symbols)}


def _width(limit: int, base: int) -> int:
    """Return how many digits a number up to `limit` takes."""
    width = 1
    while base**width <= limit:
        width += 1
    return width


def _without_filler(run: str) -> str:
    """Return the run without a character that stands in every second place and nowhere else."""
    for kept, dropped in ((run[::2], run[1::2]), (run[1::2], run[::2])):
        if len(set(dropped)) == 1 and dropped[0] not in kept and len(set(kept)) > 1:
            return kept
    return run


def _decoded(values: list[int], *, is_whole: bool) -> str | None:
    """Return the text of UTF-8; unless it is whole, its last character may be cut."""
    data = bytes(values)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        is_cut = not is_whole and error.reason == "unexpected end of data"
        return data[: error.start].decode() if is_cut else None


def _characters(values: list[int]) -> str | None:
    """Return the text of code points; None if one is a surrogate."""
    return None if any(0xD800 <= value < 0xE000 for value in values) else "".join(map(chr, values))


def _cost(text: str) -> float:
    """Return how many bits a text takes: few for the letters of one script, many for signs and for other scripts."""
    scripts = Counter(script_group(char) for char in text if not char.isascii())
    del scripts[None]
    main = max(scripts, key=scripts.__getitem__, default=None)
    choice = 7 if main else 0  # one of about 128 scripts
    return choice + sum(_character_cost(char, main) * count for char, count in Counter(text).items())


def _character_cost(char: str, main: str | None) -> float:
    if char == " " or "a" <= char <= "z":
        return 5.2
    if char.isascii():
        return 6.5 if char.isalnum() else 8 if char.isprintable() or char in "\t\n" else 14
    if not char.isprintable():
        return 26
    if main and script_group(char) == main:
        return {"East Asian": 14.8, "Latin": 9.5}.get(main, 7)
    return 20


def _stegcloak_data(run: str) -> bytes | None:
    """Return what StegCloak hid, after a byte that is 2 if it is not encrypted; None if the run is not of StegCloak.

    The first symbol names the two digits in base 4 whose doubles have symbols of their own.
    """
    if not len(set(run)) >= 3 or not set(run) <= set(_STEGCLOAK):
        return None
    doubled = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))[_STEGCLOAK.index(run[0])]
    digits = run[1:].translate(_digits(_STEGCLOAK))
    for symbol, digit in zip("45", doubled, strict=True):
        digits = digits.replace(symbol, str(digit) * 2)
    if len(digits) % 4 != 1 or digits[0] == "3" or len(digits) == 1:
        return None
    return int(digits, 4).to_bytes(len(digits) // 4 + 1, "big")


def _stegcloak_text(run: str) -> str | None:
    """Return the text that StegCloak hid without encryption: the complement of what lzutf8 compressed."""
    data = _stegcloak_data(run)
    if data is None or data[0] != 2:
        return None
    text = _decoded([*_expanded(bytes(0xFF - byte for byte in data[1:]))], is_whole=True)
    return text if text and (len(data) - 1) * 8 - _cost(text) > _LARGE_GAIN else None


def _expanded(data: bytes) -> bytes:
    """Return data that lzutf8 compressed; b"" if it is not well-formed.

    A byte 110xxxxx or 111xxxxx is a length if a byte below 0x80 follows: the distance, in one or two bytes.
    """
    out = bytearray()
    place = 0
    while place < len(data):
        byte, after = data[place], data[place + 1 : place + 2]
        if byte < 0xC0 or not after or after[0] >= 0x80:
            out.append(byte)
            place += 1
            continue
        size = 1 if byte < 0xE0 else 2
        distance = int.from_bytes(data[place + 1 : place + 1 + size], "big")
        if not 0 < distance <= len(out):
            return b""
        start = len(out) - distance
        out += bytes(out[start + number % distance] for number in range(byte & 0x1F))
        place += 1 + size
    return bytes(out)
