"""What people type into a search box, as phrases that all have to be found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .words import Word, words_of

MOST_PHRASES = 32  # of a query; further ones are left out

_quotes = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'))
_pieces = re.compile(r'"([^"]*)"|([^\s"]+)').findall


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other; with `is_prefix` the last may be the beginning of one."""

    words: tuple[Word, ...]
    is_prefix: bool


def parse_query(query: str) -> list[Phrase]:
    """Return the phrases of a query; none if it has no word. Any text is a query.

    Quotes make a phrase, and so does a piece of several words, such as a slug or Chinese. The last piece is a prefix
    unless it is quoted. Signs have no meaning.
    """
    return list(_phrases(_pieces(query.translate(_quotes))[:MOST_PHRASES]))


def _phrases(pieces: Sequence[tuple[str, str]]) -> Iterator[Phrase]:
    for number, (quoted, plain) in enumerate(pieces, start=1):
        if words := tuple(words_of(quoted or plain)):
            yield Phrase(words, is_prefix=bool(plain) and number == len(pieces))
