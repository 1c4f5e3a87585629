"""Short samples by which texts that resemble each other are found, whatever they are disguised with.

A sketch is the smallest hashes of a set (Broder's bottom-k sample): the share that two sketches have in common
estimates the share that the sets have in common, and a database finds the same hashes by an index.
"""

from collections.abc import Iterable
from hashlib import blake2b
from heapq import nsmallest

from articles.text.content.content import FieldFinding
from articles.text.diff.tokens import is_word, tokenize
from articles.text.unicode.confusables import skeleton

SIZE = 16  # hashes in a sketch
SHINGLE = 4  # words that are hashed together
ENOUGH_WORDING = 4  # hashes in common that make two texts near-duplicates
ENOUGH_SWAPS = 4  # and two maps of swapped letters the work of one tool
MAX_SWAP = 4  # code points that count as a letter

Swap = tuple[str, str]  # the characters that stand there, the letter meant


def wording(source: str) -> tuple[int, ...]:
    """The sketch of a text's skeleton, by runs of four words; none for a text of fewer.

    Look-alikes, hidden characters, case and spacing change nothing. Cost grows linearly with the text.

    >>> wording("The tide table hangs by the door") == wording("The tid\\u0435  table hangs by the d\\u200boor")
    True
    """
    words = [
        word for line in skeleton(source.casefold()).split("\n") for word in tokenize(line) if is_word(word)
    ]
    return _smallest(" ".join(words[k : k + SHINGLE]) for k in range(len(words) - SHINGLE + 1))


def swaps(found: Iterable[FieldFinding]) -> dict[int, Swap]:
    """The sketch of the letters that were swapped for look-alikes, with what each hash stands for."""
    pairs = {
        (item.finding.text, item.finding.meant)
        for item in found
        if item.finding.meant and len(item.finding.text) <= MAX_SWAP
    }
    hashes = {_hash("\0".join(pair)): pair for pair in pairs}
    return {value: hashes[value] for value in nsmallest(SIZE, hashes)}


def _smallest(parts: Iterable[str]) -> tuple[int, ...]:
    return tuple(nsmallest(SIZE, set(map(_hash, parts))))


def _hash(part: str) -> int:
    """64 bits, signed as databases keep them; the same in every process."""
    return int.from_bytes(blake2b(part.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)
