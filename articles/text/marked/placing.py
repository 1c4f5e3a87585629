"""The places of old leaves on the new page: those that are gone, and those that stand elsewhere now.

An old leaf is put between the same neighbours as before, into the innermost container around that place which one of
its own containers became. So the old page can be read in order from the marked page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from articles.text.marked.elements import repeatable
from articles.text.marked.tree import Container, Leaf, Node, Page

MAX_COPIED = 4  # containers around an old leaf, or a few more
_ANYWHERE = frozenset("blockquote div dl figure ol table ul".split())


@dataclass(slots=True)
class Placed:
    """Old nodes, copied without what is still at its place, by the new node before or behind which they stand.

    `first` are those before all of the page.
    """

    first: list[Node] = field(default_factory=list)
    before: dict[Node, list[Node]] = field(default_factory=dict)
    after: dict[Node, list[Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a container: before or behind one of its children, or at the start of the root."""

    container: Container
    child: Node | None
    is_behind: bool = True


def place(old: Page, new: Page) -> Placed:
    """Return the places of the old leaves that have no partner at their place. Linear in the leaves and the depth."""
    placed = Placed()
    waiting: list[Leaf] = []
    last: Leaf | None = None
    for leaf in old.leaves:
        if leaf.partner is None or leaf.is_moved:
            waiting.append(leaf)
        else:
            _put(placed, waiting, _spots(new.root, last, leaf.partner))
            waiting, last = [], leaf.partner
    _put(placed, waiting, _spots(new.root, last, None))
    return placed


def _spots(root: Container, before: Leaf | None, after: Leaf | None) -> list[_Spot]:
    """Return the places between two new leaves: out of the containers of the first, into those of the second."""
    out = _chain(before) if before else [root]  # from the innermost to the root
    into = _chain(after) if after else [root]
    out_of = set(out)
    joint = next(k for k, node in enumerate(into) if node in out_of)
    spots = []
    child: Node | None = before
    for node in out:
        assert isinstance(node, Container)
        spots.append(_Spot(node, child))
        child = node
        if node is into[joint]:
            break
    for k in range(joint - 1, -1, -1):
        node = into[k]
        spots.append(_Spot(node, into[k - 1] if k else after, is_behind=False))
    return spots


def _chain(leaf: Leaf) -> list[Container]:
    """Return the containers around a leaf, from the innermost to the root."""
    chain = []
    node: Container | None = leaf.parent
    while node is not None:
        chain.append(node)
        node = node.parent
    return chain


def _put(placed: Placed, leaves: list[Leaf], spots: list[_Spot]) -> None:
    """Put leaves, in order, at the places that suit them best."""
    if not leaves:
        return
    by_container = {spot.container: k for k, spot in enumerate(spots)}
    root = max(range(len(spots)), key=lambda k: -spots[k].container.depth)
    least = 0
    copies: dict[Container, Container] = {}
    for leaf in leaves:
        around = _chain(leaf)
        found, at = next(
            (
                (k, by_container[node.partner])
                for k, node in enumerate(around)
                if node.partner is not None and by_container.get(node.partner, -1) >= least
            ),
            (len(around) - 1, max(root, least)),
        )
        if at != least:
            copies = {}
        least = at
        _insert(placed, spots[at], leaf, _nearest(around[:found]), copies)


def _nearest(around: list[Container]) -> list[Container]:
    """Return the innermost containers, up to one that may stand anywhere. More would be many copies of a deep page."""
    for k in range(MAX_COPIED - 1, len(around)):
        if around[k].tag in _ANYWHERE:
            return around[: k + 1]
    return around


def _insert(
    placed: Placed, spot: _Spot, leaf: Leaf, around: list[Container], copies: dict[Container, Container]
) -> None:
    """Insert a copy of a leaf at a place, in copies of its containers, which its neighbours share."""
    node: Node = replace(leaf, attributes=repeatable(leaf.attributes))
    made: dict[Container, Container] = {}
    for container in around:
        if container in copies:
            copies[container].children.append(node)
            copies.update(made)
            return
        node = replace(container, attributes=repeatable(container.attributes), children=[node], source=None)
        made[container] = node
    copies.clear()  # nothing goes into what stands before this
    copies.update(made)
    if spot.child is None:
        siblings = placed.first
    else:
        siblings = (placed.after if spot.is_behind else placed.before).setdefault(spot.child, [])
    siblings.append(node)
