"""The marked page: the new version of a page with what changed since the old version marked inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from articles.text.diff import compare
from articles.text.marked.columns import pair_columns
from articles.text.marked.edits import Comparer
from articles.text.marked.notes import MAX_TEXT, MAX_VALUE, BlockKind, ChangeKind, Note, NoteKind, shortened
from articles.text.marked.pairing import pair
from articles.text.marked.pieces import MAX_UNCUT, Piece
from articles.text.marked.placing import place
from articles.text.marked.reading import StandIns, read
from articles.text.marked.writing import Unit, Writer

MAX_CHANGES = 500  # of a part
MAX_BYTES = 400_000  # about, of the HTML of a part
MAX_FOLDED_BYTES = 100_000  # of the HTML in the folds of a part; beyond it, folds are empty
MAX_NOTES = 12  # of a change
HEADINGS = frozenset(kind for kind in BlockKind if kind.startswith("heading"))


@dataclass(frozen=True, slots=True)
class MarkedChange:
    """A change, by its number, which is also its id on the page: "c7" for 7."""

    number: int
    kind: ChangeKind
    notes: tuple[Note, ...]


# Takes pieces of HTML, and whether each changed. Returns each with marks of the caller, what that has to say beside it,
# or None, and whether it is the lead, which is looked at first.
Annotate = Callable[[Sequence[tuple[str, bool]]], Sequence[tuple[str, object, bool]]]


@dataclass(frozen=True, slots=True)
class Block:
    """HTML of one or more blocks, with the changes that begin in it. No element is open at either end."""

    html: str
    changes: tuple[MarkedChange, ...]
    aside: object = None
    is_lead: bool = False

    @property
    def notes(self) -> tuple[Note, ...]:
        """The notes to all changes of the block, in order."""
        return tuple(note for change in self.changes for note in change.notes)


@dataclass(frozen=True, slots=True)
class Fold:
    """Unchanged blocks, counted by kind in order of appearance. `html` is empty if the part would get too long."""

    counts: tuple[tuple[BlockKind, int], ...]
    html: str


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A part of a marked page. `changes` is the number of all changes, `numbers` those that begin in this part.

    `coarse` is true if the comparison left some changes wider than necessary.
    """

    pieces: tuple[Block | Fold, ...]
    changes: int
    numbers: range
    part: int
    parts: int
    coarse: bool


def mark_page(
    old_html: str,
    new_html: str,
    *,
    part: int | None = 1,
    opened: bool = False,
    annotate: Annotate | None = None,
    max_uncut: int = MAX_UNCUT,
) -> MarkedPage:
    """Return a part of the new page with what changed since the old page marked inside.

    Both pages are HTML of the sanitizer. Unchanged blocks are folded unless `opened`, or unless `annotate` has to say
    something beside them. A part holds about `MAX_CHANGES` and `MAX_BYTES` at most. One beyond the last is the last;
    None is the one with the lead. A list or table longer than `max_uncut` code points of HTML is cut. Apart from
    `compare`, linear in both pages.
    """
    stand_ins = StandIns(old_html, new_html)
    old, new = read(old_html, stand_ins), read(new_html, stand_ins)
    comparison = compare(old.text, new.text)
    pair(old, new, comparison.changes)
    columns = pair_columns(new)
    comparer = Comparer(old.text, new.text, comparison.changes)
    writer = Writer(new, place(old, new), comparer, columns, max_uncut=max_uncut)
    written = writer.write()
    changes = [_finished(change, writer) for change in writer.units]
    if annotate:
        drafts = [(piece.html, piece.is_changed) for piece in written]
        for piece, beside in zip(written, annotate(drafts), strict=True):
            piece.html, piece.aside, piece.is_lead = beside
    parts = list(_parts(written, opened=opened)) or [[]]
    if part is None:
        part = 1 + next((k for k, pieces in enumerate(parts) if any(piece.is_lead for piece in pieces)), 0)
    part = min(max(part, 1), len(parts))
    first = 1 + sum(len(piece.changes) for pieces in parts[: part - 1] for piece in pieces)
    count = sum(len(piece.changes) for piece in parts[part - 1])
    return MarkedPage(
        tuple(_drawn(parts[part - 1], changes, opened=opened)),
        len(changes),
        range(first, first + count),
        part,
        len(parts),
        comparison.coarse,
    )


def _finished(change: Unit, writer: Writer) -> MarkedChange:
    """Return a change with its notes."""
    notes: list[Note] = []
    if change.kind in (ChangeKind.MOVED_HERE, ChangeKind.MOVED_AWAY) and change.moved is not None:
        is_here = change.kind is ChangeKind.MOVED_HERE
        numbers = writer.moved_away if is_here else writer.moved_here
        kind = NoteKind.MOVED_HERE if is_here else NoteKind.MOVED_AWAY
        notes.append(Note(kind, change.number, other=numbers.get(change.moved)))
    for draft in dict.fromkeys(change.drafts):
        if len(notes) == MAX_NOTES:
            break
        notes.append(
            Note(
                draft.kind,
                change.number,
                shortened(draft.text, MAX_TEXT),
                shortened(draft.old, MAX_VALUE),
                shortened(draft.new, MAX_VALUE),
                draft.letters,
                writer.other_end(draft),
            )
        )
    return MarkedChange(change.number, change.kind, tuple(notes))


def _parts(pieces: list[Piece], *, opened: bool) -> Iterator[list[Piece]]:
    """Yield the pieces of each part."""
    part: list[Piece] = []
    size = count = 0
    for piece in pieces:
        length = len(piece.html.encode()) if piece.is_shown or opened else 0
        if part and (size + length > MAX_BYTES or count + len(piece.changes) > MAX_CHANGES):
            yield part
            part, size, count = [], 0, 0
        part.append(piece)
        size, count = size + length, count + len(piece.changes)
    if part:
        yield part


def _drawn(pieces: list[Piece], changes: list[MarkedChange], *, opened: bool) -> Iterator[Block | Fold]:
    """Yield the pieces of a part as blocks, with unchanged ones folded."""
    folded = 0
    waiting: list[Piece] = []
    for k, piece in enumerate(pieces):
        following = pieces[k + 1] if k + 1 < len(pieces) else None
        is_heading = not HEADINGS.isdisjoint(piece.counts) and following is not None and following.is_shown
        if not (piece.is_shown or opened or is_heading):
            waiting.append(piece)
            continue
        if waiting:
            fold = _fold(waiting, MAX_FOLDED_BYTES - folded)
            folded += len(fold.html.encode())
            yield fold
            waiting = []
        yield Block(
            piece.html,
            tuple(changes[number - 1] for number in piece.changes),
            piece.aside,
            piece.is_lead,
        )
    if waiting:
        yield _fold(waiting, MAX_FOLDED_BYTES - folded)


def _fold(pieces: list[Piece], room: int) -> Fold:
    """Return pieces as a fold, empty if they need more than `room` bytes."""
    counts: Counter[BlockKind] = Counter()
    for piece in pieces:
        counts.update(piece.counts)
    html = "\n".join(piece.html for piece in pieces)
    return Fold(tuple(counts.items()), html if len(html.encode()) <= room else "")
