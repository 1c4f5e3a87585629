"""Symbols: text or data in a run of invisible characters, in which each kind of character is a digit.

Most tools write a character or a byte as a fixed number of digits, the highest first, and take their characters in
the order of code points. The other orders here are those of zero-width-lib, @vercel/stega and StegCloak.
"""

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from articles.text.unicode.payloads import Payload, data_payload
from articles.text.unicode.scripts import script_group

LEAST_SYMBOLS = 4  # a shorter run is more often an accident
LEAST_DATA = 16  # symbols that are shown as bytes
MOST_KINDS = 16
FIRST_DIGITS = 32  # shown of other data
SAMPLE = 1024  # symbols that decide on the reading
LEAST_BITS = 24  # of a run that is read in unusual ways

_BASE_5, _SEPARATOR = "\u200e\u200f\u200c\u200d\ufeff", "\u200b"
_BASE_16 = "\u200b\u200c\u200d\u2062\u2063\u2060\ufeff\u2061\U0001d173\U0001d174\U0001d175\U0001d176"
_BASE_16 += "\U0001d177\U0001d178\U0001d179\U0001d17a"
_STEGCLOAK = "\u200c\u200d\u2061\u2062\u2063\u2064"
_DIGITS = "0123456789abcdef"
# Bits by which a reading as text has to be better than chance: for one that is likely beforehand, and for others.
_GAIN, _LARGE_GAIN = 5.0, 12.0


class _Order(NamedTuple):
    """An order of symbols as digits. Numbers stand between separators, or have a fixed width."""

    digits: str
    separator: str = ""
    least_gain: float = _LARGE_GAIN  # of a text in bytes

    def written(self, run: str) -> str:
        """Return a run in digits, with spaces for separators and without other symbols."""
        digits = {**dict.fromkeys(map(ord, set(run))), **_digits(self.digits)}
        return run.translate({**digits, ord(self.separator): " "} if self.separator else digits)

    def bits(self, run: str) -> float:
        """Return how many bits a run has for this order; symbols that it leaves out count against it."""
        counts = [run.count(symbol) for symbol in self.digits + self.separator]
        read, kinds = sum(counts), sum(map(bool, counts))
        return read * math.log2(kinds) - (len(run) - read) * math.log2(len(set(run)))


class _Form(NamedTuple):
    """A form of numbers: as wide as `limit` takes, or of any width if it is 0. Up to 0xFF they are bytes of UTF-8."""

    limit: int
    is_reversed: bool = False  # the lowest digit comes first

    def text(self, written: str, base: int, *, is_whole: bool) -> str | None:
        """Return the text of digits, or of their beginning if they are not whole; None if they make none."""
        if self.limit:
            width, step = _width(self.limit, base), -1 if self.is_reversed else 1
            if is_whole and len(written) % width:
                return None
            last = len(written) - width + 1
            groups = [written[start : start + width][::step] for start in range(0, last, width)]
        else:
            groups = written.split()
            # Numbers of different widths have no zeros before them.
            if len({*map(len, groups)}) > 1 and any(group[0] == "0" < group for group in groups):
                return None
            if max(map(len, groups), default=0) > 21:
                return None
        values = [int(group, base) for group in groups]
        most = max(values, default=0)
        if most > (self.limit or 0x10FFFF):
            return None
        text = (
            _decoded(values, is_whole=is_whole)
            if self.limit == 0xFF or (not self.limit and most <= 0xFF)
            else None
        )
        return _characters(values) if text is None and self.limit != 0xFF else text


_BETWEEN_SEPARATORS = (_Form(0),)
_FIXED = (_Form(0xFF), _Form(0x7F), _Form(0xFFFF), _Form(0x10FFFF), _Form(0xFF, is_reversed=True))


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
    is_short = len(run) * math.log2(len(set(run))) < LEAST_BITS
    best, most, reading = None, 0.0, None
    for order in _orders(run):
        if is_short and order.least_gain == _LARGE_GAIN:
            continue
        written, bits = order.written(sample), order.bits(sample)
        for form in _BETWEEN_SEPARATORS if order.separator else _FIXED:
            text = form.text(written, len(order.digits), is_whole=is_whole)
            gain = bits - _cost(text) if text else 0.0
            least_gain = order.least_gain if form == _FIXED[0] else _LARGE_GAIN
            if gain > max(most, least_gain):
                best, most, reading = text, gain, (order, form)
    if reading and not is_whole:
        order, form = reading
        best = form.text(order.written(run), len(order.digits), is_whole=True)
    return best and best.strip("\0")


def _orders(run: str) -> Iterator[_Order]:
    """Yield the orders of a run. Of up to four kinds, two may be the bits, and the others stand around them."""
    counts = Counter(run)
    kinds = "".join(sorted(counts))
    if len(kinds) <= 4:
        pair = "".join(sorted(kind for kind, _ in counts.most_common(2)))
        for bits in (pair, pair[::-1]):  # either may be the zero
            yield _Order(bits, least_gain=_GAIN)
            yield from (_Order(bits, other) for other in kinds if other not in bits)
    if len(kinds) > 2:
        yield _Order(kinds)
    if len(kinds) > 3:
        yield from (_Order(kinds.replace(other, ""), other) for other in kinds)
    if counts.keys() <= {*_BASE_5, _SEPARATOR}:
        yield _Order(_BASE_5, _SEPARATOR)
    if counts.keys() <= {*_BASE_16}:
        yield _Order(_BASE_16)


def _digits(symbols: str) -> dict[int, str]:
    return {ord(symbol): _DIGITS[value] for value, symbol in enumerate(symbols)}


@cache
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
