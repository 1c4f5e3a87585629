"""Line ends beside moved blocks: they move along, although the lines around them differ."""

from collections import defaultdict, deque
from dataclasses import dataclass

from articles.text.diff.align import Span

Part = tuple[Span, Span, int | None]  # an edit and the number of its move


@dataclass(frozen=True, slots=True)
class _LooseEnd:
    """Line ends that only one text has, in or beside moved blocks. `moves` has the numbers of these blocks."""

    text: str
    span: Span
    parts: frozenset[Part]
    moves: list[int]


def move_line_ends(old: str, new: str, parts: list[Part]) -> list[Part]:
    """Return the parts; a line end deleted at a moved block and an equal one inserted at a moved block move, too.

    Line ends at the same block are paired first, then those at different blocks.
    """
    if all(move is None for _, _, move in parts):
        return parts
    lost = _loose_ends(old, [(was, now, (was, now, move)) for was, now, move in parts])
    gained = _loose_ends(new, [(now, was, (was, now, move)) for was, now, move in parts])
    paired: set[Part] = set()
    moved: list[Part] = []
    for is_same_block in (True, False):
        unpaired: dict[tuple[str, int], deque[_LooseEnd]] = defaultdict(deque)
        for end in gained:
            for move in end.moves if is_same_block else [0]:
                unpaired[end.text, move].append(end)
        for end in lost:
            for move in end.moves if is_same_block else [0]:
                others = unpaired[end.text, move]
                while others and not paired.isdisjoint(others[0].parts):
                    others.popleft()
                if others and paired.isdisjoint(end.parts):
                    other = others.popleft()
                    paired |= end.parts | other.parts
                    moved.append((end.span, other.span, move or end.moves[0]))
    return [part for part in parts if part not in paired] + moved


def _loose_ends(text: str, placed: list[tuple[Span, Span, Part]]) -> list[_LooseEnd]:
    """Return the loose line ends of one side, given its parts as (span here, span on the other side, part)."""
    placed = sorted(entry for entry in placed if entry[0][0] < entry[0][1])
    loose = [
        other[0] == other[1] and text.count("\n", *span) == span[1] - span[0] for span, other, _ in placed
    ]
    found = []
    first = 0
    while first < len(placed):
        last = first
        while last < len(placed) and loose[last]:
            last += 1
        if last > first:
            around = [part for _, _, part in placed[max(first - 1, 0) : last + 1]]
            moves = sorted({move for _, _, move in around if move is not None})
            span = (placed[first][0][0], placed[last - 1][0][1])
            if moves:
                parts = frozenset(part for _, _, part in placed[first:last])
                found.append(_LooseEnd(text[slice(*span)], span, parts, moves))
        first = last + 1
    return found
