"""The writing of a marked page: the tree of the new page, with the old nodes at their places, as pieces of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from articles.text.marked.columns import Columns
from articles.text.marked.differences import (
    Draft,
    block_kind,
    container_drafts,
    leaf_drafts,
    leaf_kind,
)
from articles.text.marked.edits import Comparer
from articles.text.marked.elements import list_start, with_mark, wrappers, write_leaf
from articles.text.marked.fates import KINDS, Fate, Fates
from articles.text.marked.inlines import MAX_UNCUT, Run, write_runs
from articles.text.marked.notes import ChangeKind, NoteKind
from articles.text.marked.pieces import Piece, wrap
from articles.text.marked.placing import Placed
from articles.text.marked.tree import Container, Inline, Leaf, Node, Page

_CLASSES = {
    Fate.ADDED: "changed",
    Fate.REMOVED: "changed gone",
    Fate.MOVED_HERE: "changed moved",
    Fate.MOVED_AWAY: "changed gone moved-away",
}
_ROW_CLASSES = {Fate.ADDED: " added", Fate.REMOVED: " removed"}
_ROW_NOTES = {Fate.ADDED: NoteKind.ROW_ADDED, Fate.REMOVED: NoteKind.ROW_REMOVED}
_RENAMING = frozenset(("blockquote", "ol", "ul"))  # make quotations or lists of several blocks at once
_OF_CHILDREN = frozenset(("section", "div", "thead", "tbody", "tfoot"))  # a fold counts what these hold


@dataclass(slots=True, eq=False)
class Unit:
    """A change while it is written. `number` is 0 until something changed in it.

    `moved` is the node of the new page that moved.
    """

    number: int = 0
    kind: ChangeKind = ChangeKind.EDITED
    drafts: list[Draft] = field(default_factory=list)
    moved: Node | None = None
    has_insertion: bool = False
    has_deletion: bool = False


class Writer:
    """The writing of one page. `units` are all changes, in order of their numbers, which count from 1.

    `moved_here` and `moved_away` are the numbers of both ends of a move, by the moved node of the new page.
    `words_moved` are those of the changes that words moved into or out of, by the kind of the note and the move.
    """

    def __init__(
        self, new: Page, placed: Placed, comparer: Comparer, columns: Columns, *, max_uncut: int
    ) -> None:
        self._max_uncut = max_uncut
        self.units: list[Unit] = []
        self.moved_here: dict[Node, int] = {}
        self.moved_away: dict[Node, int] = {}
        self.words_moved: dict[tuple[NoteKind, int], int] = {}
        self._page, self._placed, self._comparer, self._columns = new, placed, comparer, columns
        self._own: dict[Container, Unit] = {}  # changes of containers themselves
        self._renamed: set[Leaf] = set()  # leaves of a container whose note says what they became
        self._fates = Fates()
        self._opened: set[Inline] = set()

    def write(self) -> list[Piece]:
        """Return the page in pieces, one or more for each child of its root."""
        return self._children(self._page.root, None, is_old=False)

    def other_end(self, draft: Draft) -> int | None:
        """Return the number of the change at the other end of words that moved; None if there is none."""
        here, away = NoteKind.WORDS_MOVED_HERE, NoteKind.WORDS_MOVED_AWAY
        if draft.move is None:
            return None
        return self.words_moved.get((away if draft.kind is here else here, draft.move))

    def _children(self, node: Container, unit: Unit | None, *, is_old: bool) -> list[Piece]:
        """Return the children of a container, with the old nodes that stand between them."""
        pieces = self._old(self._placed.first, node, unit) if node.parent is None else []
        number = list_start(node.attributes) if node.tag == "ol" else 0
        is_behind_old = False
        for child in node.children:
            before = self._old(self._placed.before.get(child, ()), node, unit)
            if number and child.tag == "li":
                if is_behind_old or before:  # old items are not counted
                    child.attributes = child.attributes | {"value": str(number)}
                    child.source = None
                number += 1
            pieces += before
            pieces += self._node(child, unit, is_old=is_old)
            after = self._old(self._placed.after.get(child, ()), node, unit)
            pieces += after
            is_behind_old = bool(after)
        return pieces

    def _old(self, nodes: Sequence[Node], parent: Container, unit: Unit | None) -> list[Piece]:
        """Return old nodes, inside what their new container demands around them."""
        pieces: list[Piece] = []
        for node in nodes:
            tags = wrappers(node, parent)
            start, end = "".join(f"<{tag}>" for tag in tags), "".join(f"</{tag}>" for tag in reversed(tags))
            pieces += (
                replace(piece, html=f"{start}{piece.html}{end}", items=0)
                for piece in self._node(node, unit, is_old=True)
            )
        return pieces

    def _node(self, node: Node, unit: Unit | None, *, is_old: bool) -> list[Piece]:
        """Return a node. It is a change of its own if no unit is open and all of it came, went or moved."""
        fate = self._fates.of(node, is_old=is_old)
        is_own = unit is None and (fate is not Fate.STAYED or node.tag == "tr")  # a row is one change at most
        if is_own:
            unit = Unit(kind=KINDS[fate], moved=node.partner if is_old else node)
        if unit and is_own and fate is not Fate.STAYED:
            self._number(unit)
            if node.tag == "tr" and fate in _ROW_NOTES:
                unit.drafts.append(Draft(_ROW_NOTES[fate], _first_text(node)))
            if unit.moved and fate in (Fate.MOVED_HERE, Fate.MOVED_AWAY):
                numbers = self.moved_away if is_old else self.moved_here
                numbers[unit.moved] = unit.number
        if isinstance(node, Leaf):
            return self._leaf(node, fate, unit, is_old=is_old, is_own=is_own)
        return self._container(node, fate, unit, is_old=is_old, is_own=is_own)

    def _number(self, unit: Unit) -> None:
        """Give a change the next number, unless it has one."""
        if not unit.number:
            self.units.append(unit)
            unit.number = len(self.units)

    def _leaf(self, leaf: Leaf, fate: Fate, unit: Unit | None, *, is_old: bool, is_own: bool) -> list[Piece]:
        """Return a leaf, in pieces if it is long. Without a unit it is a change of its own if anything changed."""
        if is_old or leaf.partner is None:
            runs = self._comparer.removed(leaf) if is_old else self._comparer.added(leaf)
            if leaf in self._columns.added or (is_old and leaf.number in self._columns.removed):
                return _pieces(leaf, write_leaf(leaf, write_runs(runs, self._opened)))
            moves = [] if leaf.is_moved else self._comparer.moves(leaf, 0, len(leaf.text), is_old=is_old)
            assert unit
            return self._marked(leaf, fate, unit, runs, list(moves), is_own=is_own)
        if fate is Fate.STAYED and leaf.source and len(leaf.text) < MAX_UNCUT and leaf.is_as_before:
            return _pieces(leaf, [self._page.html[slice(*leaf.source)]])
        edit = self._comparer.edit(leaf.partner, leaf)
        drafts = [*edit.drafts, *leaf_drafts(leaf.partner, leaf, is_named=leaf not in self._renamed)]
        if fate is Fate.STAYED and not (edit.has_insertion or edit.has_deletion or drafts):
            return _pieces(leaf, write_leaf(leaf, write_runs(edit.runs, self._opened)))
        if unit is None and "class" in leaf.attributes:  # the title of an alert
            unit = self._own.get(leaf.parent)
        if unit is None:
            unit, is_own = Unit(), True
        unit.has_insertion |= edit.has_insertion
        unit.has_deletion |= edit.has_deletion
        return self._marked(leaf, fate, unit, edit.runs, drafts, is_own=is_own)

    def _marked(
        self, leaf: Leaf, fate: Fate, unit: Unit, runs: list[Run], drafts: list[Draft], *, is_own: bool
    ) -> list[Piece]:
        """Return a leaf that changed, and add its notes to its change."""
        self._number(unit)
        unit.drafts += drafts
        for draft in drafts:
            if draft.move is not None:
                self.words_moved.setdefault((draft.kind, draft.move), unit.number)
        classes = ""
        if is_own or (
            fate is not Fate.STAYED and unit.kind is not KINDS[fate]
        ):  # otherwise the unit has them
            classes = _classes(fate, unit)
        number = unit.number if is_own else 0
        written = write_leaf(leaf, write_runs(runs, self._opened), classes, number)
        pieces = [Piece(html, is_changed=True) for html in written]
        pieces[0].changes = [number] if number else []
        pieces[0].items = int(leaf.tag == "li")
        return pieces

    def _container(
        self, node: Container, fate: Fate, unit: Unit | None, *, is_old: bool, is_own: bool
    ) -> list[Piece]:
        """Return a container in pieces. A list or quotation that became another kind is a change of its own."""
        number = 0
        if unit is None and not is_old and (drafts := self._container_drafts(node)):
            own = self._own[node] = Unit(drafts=drafts)
            self._number(own)
            number = own.number
        children = self._children(node, unit, is_old=is_old)
        classes = "changed" if number else ""
        if is_own and unit and unit.number:
            number = unit.number
            classes = _classes(fate, unit)
            if node.tag == "tr":
                classes += _ROW_CLASSES.get(fate, "")
        attributes = with_mark(node.attributes, classes, number)
        if node.tag == "details" and any(piece.is_changed for piece in children):
            attributes["open"] = ""
        kind = None if node.tag in _OF_CHILDREN else block_kind(node)
        return wrap(node, attributes, children, number=number, kind=kind, max_uncut=self._max_uncut)

    def _container_drafts(self, node: Container) -> list[Draft]:
        """Return what changed in a container of the new page itself, its columns included."""
        if node.partner is not None:
            return container_drafts(node.partner, node) + self._columns.drafts.get(node, [])
        if node.tag not in _RENAMING:
            return []
        leaves = list(_leaves(node))
        kinds = {leaf_kind(leaf.partner) for leaf in leaves if leaf.partner and not leaf.is_moved}
        if (
            len(leaves) < 2
            or len(kinds) != 1
            or not all(leaf.partner and not leaf.is_moved for leaf in leaves)
        ):
            return []
        kind = kinds.pop()
        if any(leaf_kind(leaf) is kind for leaf in leaves):
            return []
        self._renamed.update(leaves)
        return [Draft(NoteKind.BLOCK, old=kind.value, new=block_kind(node).value)]


def _classes(fate: Fate, unit: Unit) -> str:
    """Return the classes of the element that a change is about."""
    if fate is not Fate.STAYED:
        return _CLASSES[fate]
    if unit.has_deletion:
        return "changed both" if unit.has_insertion else "changed gone"
    return "changed"


def _pieces(leaf: Leaf, written: list[str]) -> list[Piece]:
    """Return the pieces of a leaf that is no change."""
    pieces = [Piece(html, is_changed=False) for html in written]
    pieces[0].counts[leaf_kind(leaf)] = 1
    pieces[0].items = int(leaf.tag == "li")
    return pieces


def _leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves in a node."""
    if isinstance(node, Leaf):
        yield node
    else:
        for child in node.children:
            yield from _leaves(child)


def _first_text(node: Node) -> str:
    """Return the first text in a node."""
    while isinstance(node, Container):
        if not node.children:
            return ""
        node = node.children[0]
    return node.text
