"""Sketches: small samples of a text by which similar texts are found, even if they are disguised.

A sketch is the smallest hashes of a set (bottom-k sampling, Broder 1997). The share of hashes that two sketches have in
common estimates that of the sets. A database finds equal hashes by an index.
"""

from collections.abc import Iterable
from hashlib import blake2b
from heapq import nsmallest

from articles.text.content.content import FieldFinding
from articles.text.diff.tokens import is_word, tokenize
from articles.text.unicode.confusables import skeleton

SIZE = 16  # hashes in a sketch
SHINGLE = 4  # words that are hashed together
ENOUGH_WORDING = 4  # common hashes from which two texts are near-duplicates
ENOUGH_SWAPS = 4  # common hashes from which two texts were disguised by one tool
MAX_SWAP = 4  # code points of the longest look-alike that counts

Swap = tuple[str, str]  # the characters found, and the letter meant


def wording(source: str) -> tuple[int, ...]:
    """Return the sketch of each four words in a row of a text's skeleton; empty for fewer words.

    Look-alikes, hidden characters, case and spacing make no difference. Linear in the text.

    >>> wording("The tide table hangs by the door") == wording("The tid\\u0435  table hangs by the d\\u200boor")
    True
    """
    words = [
        word for line in skeleton(source.casefold()).split("\n") for word in tokenize(line) if is_word(word)
    ]
    return _smallest(" ".join(words[k : k + SHINGLE]) for k in range(len(words) - SHINGLE + 1))


def swaps(found: Iterable[FieldFinding]) -> dict[int, Swap]:
    """Return the sketch of the look-alikes in findings: each hash with its swap."""
    pairs = {
        (item.finding.text, item.finding.meant)
        for item in found
        if item.finding.meant and len(item.finding.text) <= MAX_SWAP
    }
    hashes = {_hash("\0".join(pair)): pair for pair in pairs}
    return {value: hashes[value] for value in nsmallest(SIZE, hashes)}


def _smallest(parts: Iterable[str]) -> tuple[int, ...]:
    """Return the sketch of a set."""
    return tuple(nsmallest(SIZE, set(map(_hash, parts))))


def _hash(part: str) -> int:
    """Return a hash of 64 bits, signed as databases store it, and the same in every process."""
    return int.from_bytes(blake2b(part.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
