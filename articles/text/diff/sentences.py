"""Sentences and phrases that moved: text deleted in one place and inserted in another."""

import re
from collections.abc import Iterator, Sequence
from operator import itemgetter

from articles.text.diff.align import Budget, Span
from articles.text.diff.line_ends import Part
from articles.text.diff.moves import find_similar
from articles.text.diff.tokens import starts_token
from articles.text.diff.words import find_edits, replace_spans

SHORTEST = 5  # code points of three words; a shorter change is never searched
EDITED_WORDS = 6  # a shorter phrase moves unchanged or not at all

_ENDS = ".!?\u3002\uff01\uff1f\u061f\u06d4\u0964"
# A sentence, with the quotes and brackets after its last sign; it ends at a line end, too.
_sentence = re.compile(
    rf"[^\s{_ENDS}](?:[^{_ENDS}\n]|[{_ENDS}](?=\w))*+(?:[{_ENDS}]+[\"'\u201d\u2019\u00bb)\]]*)?"
)


def move_sentences(old: str, new: str, parts: list[Part], budget: Budget) -> list[Part]:
    """Return the parts; a sentence or phrase that was deleted here and inserted there becomes a move.

    It has at least three words, and may be edited on its way if it has `EDITED_WORDS`. Moves are numbered in order of
    the new text. Linear in the changed texts.
    """
    changed = [k for k, (was, now, _) in enumerate(parts) if old[slice(*was)] != new[slice(*now)]]
    gone = [(k, span) for k in changed for span in sentences_in(old, parts[k][0])]
    come = [(k, span) for k in changed for span in sentences_in(new, parts[k][1])]
    if not gone or not come:
        return parts
    similar = find_similar(
        {i: old[slice(*span)] for i, (_, span) in enumerate(gone)},
        {j: new[slice(*span)] for j, (_, span) in enumerate(come)},
        budget,
        edited_words=EDITED_WORDS,
    )
    found = [(gone[i], come[j]) for i, j in similar if gone[i][0] != come[j][0]]
    return _renumbered(_with_moves(old, new, parts, found, budget)) if found else parts


def sentences_in(text: str, span: Span) -> Iterator[Span]:
    """Yield the spans of the sentences in a span that are long enough to be known elsewhere."""
    if span[1] - span[0] < SHORTEST:
        return
    for match in _sentence.finditer(text, *span):
        start, end = match.start(), match.start() + len(match[0].rstrip())
        # A mark after the sentence belongs to its last cluster.
        if end - start >= SHORTEST and (end == span[1] or text[end].isspace() or starts_token(text, end)):
            yield start, end


def _with_moves(
    old: str,
    new: str,
    parts: list[Part],
    found: Sequence[tuple[tuple[int, Span], tuple[int, Span]]],
    budget: Budget,
) -> list[Part]:
    """Return the parts without the sentences that moved, and the edits inside these, each with a new number."""
    gone: dict[int, list[Span]] = {}
    come: dict[int, list[Span]] = {}
    first = 1 + max((move or 0 for _, _, move in parts), default=0)
    moved: list[Part] = []
    for number, ((k, was), (m, now)) in enumerate(found, start=first):
        gone.setdefault(k, []).append(was)
        come.setdefault(m, []).append(now)
        edits = find_edits([(was[0], old[slice(*was)])], [(now[0], new[slice(*now)])], budget)
        moved += [(before, after, number) for before, after in edits]
    for k in sorted(gone.keys() | come.keys()):
        was, now, move = parts[k]
        rest_old, rest_new = _without(was, gone.get(k, [])), _without(now, come.get(k, []))
        moved += [(before, after, move) for before, after in replace_spans(rest_old, rest_new)]
    return [part for k, part in enumerate(parts) if k not in gone and k not in come] + moved


def _without(span: Span, inner: Sequence[Span]) -> list[Span]:
    """Return what is left of a span without the spans inside; one empty span at its start if nothing is."""
    rest, start = [], span[0]
    for first, last in [*sorted(inner), (span[1], span[1])]:
        if first > start:
            rest.append((start, first))
        start = last
    return rest or [(span[0], span[0])]


def _renumbered(parts: list[Part]) -> list[Part]:
    """Return the parts with their moves numbered in order of the new text."""
    order: dict[int, int] = {}
    for _, (start, end), move in sorted(parts, key=itemgetter(1)):
        if move is not None and start < end:
            order.setdefault(move, len(order) + 1)
    return [(was, now, move if move is None else order[move]) for was, now, move in parts]
