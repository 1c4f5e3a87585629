"""Grapheme clusters and words of a text (UAX #29, Unicode 18.0.0). The pieces, joined, are the text."""

import regex

# Flags have a pattern of their own, since \X goes back through all flags before one to pair them: quadratic.
_CLUSTER = regex.compile(
    r"\p{Regional_Indicator}{2}(?![\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}])|\X", regex.VERSION1
)
_WORD_BOUNDARY = regex.compile(r"(?wV1)\b")


def clusters(text: str) -> list[str]:
    """Split a text into extended grapheme clusters, which readers take for one character each.

    >>> [len(cluster) for cluster in clusters("e\\u0301a")]
    [2, 1]
    """
    if text.isascii() and "\r" not in text:
        return list(text)
    pieces: list[str] = _CLUSTER.findall(text)
    return pieces


def words(text: str) -> list[str]:
    """Split a text into words and what stands between them, such as spaces and punctuation.

    >>> words("can't stop.")
    ["can't", ' ', 'stop', '.']
    """
    return [piece for piece in _WORD_BOUNDARY.split(text) if piece]
