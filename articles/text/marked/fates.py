"""What became of a node: it stayed, came, went or moved, with all that it holds."""

from __future__ import annotations

from enum import Enum, auto

from articles.text.marked.notes import ChangeKind
from articles.text.marked.tree import Container, Leaf, Node


class Fate(Enum):
    """What became of a node with all that it holds. A container whose leaves differ in that has stayed."""

    STAYED = auto()
    ADDED = auto()
    REMOVED = auto()
    MOVED_HERE = auto()
    MOVED_AWAY = auto()


KINDS = {
    Fate.STAYED: ChangeKind.EDITED,
    Fate.ADDED: ChangeKind.ADDED,
    Fate.REMOVED: ChangeKind.REMOVED,
    Fate.MOVED_HERE: ChangeKind.MOVED_HERE,
    Fate.MOVED_AWAY: ChangeKind.MOVED_AWAY,
}


class Fates:
    """The fates of the nodes of both pages; each is found once."""

    def __init__(self) -> None:
        self._known: dict[Node, Fate] = {}

    def of(self, node: Node, *, is_old: bool) -> Fate:
        """Return the fate of a node of the new page, or of a copy from the old one."""
        if node not in self._known:
            if isinstance(node, Leaf):
                self._known[node] = _fate(node, is_old=is_old)
            else:
                fates = {self.of(child, is_old=is_old) for child in node.children}
                fate = fates.pop() if len(fates) == 1 else Fate.STAYED
                self._known[node] = fate if self._is_whole(node, fate) else Fate.STAYED
        return self._known[node]

    def _is_whole(self, node: Container, fate: Fate) -> bool:
        """Return whether a container shares the fate of its leaves."""
        if fate is Fate.REMOVED:
            return True
        if fate is Fate.ADDED:
            return node.partner is None
        if node.partner is None:
            return False
        return fate is not Fate.MOVED_AWAY or self.of(node.partner, is_old=False) is Fate.MOVED_HERE


def _fate(leaf: Leaf, *, is_old: bool) -> Fate:
    """Return the fate of a leaf."""
    if leaf.partner is None:
        return Fate.REMOVED if is_old else Fate.ADDED
    if leaf.is_moved:
        return Fate.MOVED_AWAY if is_old else Fate.MOVED_HERE
    return Fate.STAYED
