"""What people type into a search box, as phrases that all have to be found, or none of which may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .words import Word, words_of

MOST_PHRASES = 32  # of a query; further ones are left out

_quotes = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
_pieces = re.compile(r'([-\N{MINUS SIGN}]?)(?:"([^"]*)"|([^\s"]+))').findall


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; with `is_prefix` the last may be the beginning of one.

    `typed` is what stands for them in the query, without signs around it.
    """

    words: tuple[Word, ...]
    is_prefix: bool
    is_excluded: bool = False
    typed: str = ""


def parse_query(query: str, *, completes: bool = True) -> list[Phrase]:
    """Return the phrases of a query; none if it has no word. Any text is a query.

    Quotes make a phrase, and so does a piece of several words, such as a slug or Chinese. A piece that ends with `*`
    is a prefix, and so is the last one if `completes`, unless it is quoted. A piece after a minus is excluded. Other
    signs have no meaning.
    """
    return list(_phrases(_pieces(query.translate(_quotes))[:MOST_PHRASES], completes=completes))


def _phrases(pieces: Sequence[tuple[str, str, str]], *, completes: bool) -> Iterator[Phrase]:
    for number, (minus, quoted, plain) in enumerate(pieces, start=1):
        typed = (quoted or plain).strip().rstrip("*")
        if words := tuple(words_of(typed)):
            is_last = completes and number == len(pieces) and not minus
            is_prefix = bool(plain) and (is_last or plain.endswith("*"))
            yield Phrase(words, is_prefix, is_excluded=bool(minus), typed=typed)
