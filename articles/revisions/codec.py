"""Storage of texts in zstd frames: keyframes, and deltas from them.

A *keyframe* is compressed by itself. A *delta* is compressed with the text of one keyframe as its dictionary (raw
content, RFC 8878 section 5), never with another delta's. Reading a text therefore takes at most two bodies. HTML is
compressed with its source as the dictionary. Only models and `repack` import this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from backports import zstd
from backports.zstd import CompressionParameter, ZstdDict

# A keyframe has its own checksum, so that damage to it is told apart from damage to one of its deltas.
_KEYFRAME: dict[int, int] = {CompressionParameter.compression_level: 9, CompressionParameter.checksum_flag: 1}
# Without the length of the text, which takes bytes and which the end of the frame tells, too.
_DELTA: dict[int, int] = {
    CompressionParameter.compression_level: 9,
    CompressionParameter.content_size_flag: 0,
}
_LONG_DELTA: dict[int, int] = _DELTA | {CompressionParameter.enable_long_distance_matching: 1}
LONG = 32_000  # bytes of a dictionary, from which on deltas are smaller if matches are searched far away
_SMALL: dict[int, int] = {CompressionParameter.compression_level: 9}


class Codec(IntEnum):
    """How a body stores its text; the numbers are stored."""

    PLAIN = 0  # UTF-8; it may serve as a keyframe
    KEYFRAME = 1
    DELTA = 2


class Undecodable(ValueError):
    """Stored bytes that cannot be decoded to a text."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A text as its row stores it."""

    codec: int
    data: bytes


def encode(text: str, *, keyframe: Stored | None = None, distance: int = 1) -> Stored:
    """Return a text as a delta from the keyframe, or as a keyframe itself where that saves space in the long run.

    `distance` is the number of revisions since the keyframe.

    Deltas grow with the distance d from their keyframe of K bytes. A new keyframe pays as soon as a delta takes
    2K/d bytes: for growth by g bytes a revision the average K/d + gd/2 is least at d = √(2K/g). Costs 0.2 ms of
    processor time for 12 kB, 50 ms for 1 MB.
    """
    if keyframe:
        delta = compress(text, beside=_content(keyframe))
        if len(delta) * distance < 2 * len(keyframe.data):
            return Stored(Codec.DELTA, delta)
    return Stored(Codec.KEYFRAME, zstd.compress(text.encode(), options=_KEYFRAME))


def decode(stored: Stored, *, keyframe: Stored | None = None) -> str:
    """Return the stored text. A delta needs its keyframe. Raises `Undecodable` if the bytes are damaged."""
    try:
        if stored.codec != Codec.DELTA:
            return _content(stored).decode()
        if keyframe is None:
            raise Undecodable("a delta without its keyframe")
        return decompress(stored.data, beside=_content(keyframe))
    except (zstd.ZstdError, UnicodeDecodeError) as error:
        raise Undecodable(str(error)) from None


def compress(text: str, *, beside: bytes) -> bytes:
    """Compress a text with another as zstd dictionary; `decompress` needs the same `beside`."""
    options = _DELTA if len(beside) < LONG else _LONG_DELTA
    return zstd.compress(text.encode(), options=options, zstd_dict=_dictionary(beside))


def decompress(data: bytes, *, beside: bytes) -> str:
    """Return the text that `compress` was given. Raises `Undecodable` if the data are damaged."""
    try:
        return zstd.decompress(data, zstd_dict=_dictionary(beside)).decode()
    except (zstd.ZstdError, UnicodeDecodeError) as error:
        raise Undecodable(str(error)) from None


def shrink(data: bytes) -> bytes:
    """Compress some bytes by themselves."""
    return zstd.compress(data, options=_SMALL)


def unshrink(data: bytes) -> bytes:
    """Return the bytes that `shrink` was given. Raises `Undecodable` if the data are damaged."""
    try:
        return zstd.decompress(data)
    except zstd.ZstdError as error:
        raise Undecodable(str(error)) from None


def _dictionary(content: bytes) -> Any:
    """Return a zstd dictionary; None for content below eight bytes, which zstd refuses."""
    return ZstdDict(content, is_raw=True).as_prefix if len(content) >= 8 else None


def _content(keyframe: Stored) -> bytes:
    match keyframe.codec:
        case Codec.PLAIN:
            return keyframe.data
        case Codec.KEYFRAME:
            return zstd.decompress(keyframe.data)
    raise Undecodable(f"codec {keyframe.codec} is not a keyframe's")
