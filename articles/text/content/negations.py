"""Negations that an edit brought in or took away, with hardly a word beside them: a sentence says the opposite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import regex

from articles.text.content.highlights import NEGATIONS, changed_stretches
from articles.text.diff import Change

MOST = 1_000  # changes of a comparison that are looked at
MOST_WORDS = 1  # beside the negation on each side; with more, the sentence was written anew
_BEFORE, _BEHIND = 30, 40  # code points around the place that are quoted
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_HEAD, _TAIL = regex.compile(r"\A\S*\s+"), regex.compile(r"\s+\S*\Z")


@dataclass(frozen=True, slots=True)
class NegationChange:
    """What stood at a place, what stands there now, and the words around it in the new text.

    `start` counts in the new text.
    """

    old: str
    new: str
    around: str
    start: int


def changed_negations(
    old: str, new: str, changes: Iterable[Change], language: str
) -> Iterator[NegationChange]:
    """Yield the changes that have a negation on one side and next to nothing else. Linear in the changes.

    None in a language whose negations are not known.

    >>> from articles.text.diff import compare
    >>> old, new = "It is not poisonous.", "It is poisonous."
    >>> next(changed_negations(old, new, compare(old, new).changes, "en"))
    NegationChange(old='not', new='', around='It is poisonous.', start=6)
    """
    negation = NEGATIONS.get(language.partition("-")[0].lower())
    if negation is None:
        return
    for was, now in islice(changed_stretches(old, new, changes), MOST):
        before, after = old[slice(*was)], new[slice(*now)]
        if len(negation.findall(before)) == len(negation.findall(after)):
            continue
        if all(len(_WORD.findall(negation.sub(" ", side))) <= MOST_WORDS for side in (before, after)):
            yield NegationChange(before.strip(), after.strip(), _around(new, *now), now[0])


def _around(text: str, start: int, end: int) -> str:
    """Return whole words of the line around a span."""
    first, last = max(0, start - _BEFORE), end + _BEHIND
    head, tail = text[first:start].rpartition("\n"), text[end:last].partition("\n")
    before = _HEAD.sub("", head[2]) if first and not head[1] else head[2]
    behind = _TAIL.sub("", tail[0]) if last < len(text) and not tail[1] else tail[0]
    return " ".join(f"{before}{text[start:end]}{behind}".split())
