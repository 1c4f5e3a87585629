"""Grapheme clusters and words (UAX #29) of Unicode 18.0.0.

The joined pieces of either list are the text.
"""

import regex

# A flag is cut by itself, since \X goes through all flags before it to know which of them pair.
_CLUSTER = regex.compile(
    r"\p{Regional_Indicator}{2}(?![\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}])|\X", regex.VERSION1
)
_WORD_BOUNDARY = regex.compile(r"(?wV1)\b")


def clusters(text: str) -> list[str]:
    """What a reader takes for one character each: extended grapheme clusters.

    >>> [len(cluster) for cluster in clusters("e\\u0301a")]
    [2, 1]
    """
    if text.isascii() and "\r" not in text:
        return list(text)
    pieces: list[str] = _CLUSTER.findall(text)
    return pieces


def words(text: str) -> list[str]:
    """Words, and single what stands between them: spaces, punctuation.

    >>> words("can't stop.")
    ["can't", ' ', 'stop', '.']
    """
    return [piece for piece in _WORD_BOUNDARY.split(text) if piece]
