"""Pieces of a marked page: HTML with no element open at either end, so that folds and parts can begin between them.

A long container is cut between its children. Its later pieces repeat its start tag, and the head of a table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from articles.text.markdown.tags import TAG
from articles.text.marked.elements import list_start, repeatable, write_tag
from articles.text.marked.notes import BlockKind
from articles.text.marked.tree import Container

MAX_UNCUT = 24_000  # code points of HTML; a longer container is cut between its children
CONTEXT = 2  # unchanged children of a cut container that stay beside a changed one
MAX_CHANGES = 100  # that begin in one piece of a cut container
MAX_HEAD = 2_000  # code points of a table's head that later pieces repeat
_ID = re.compile(r' id="[^"]*"')


@dataclass(slots=True)
class Piece:
    """A piece, and the numbers of the changes that begin in it.

    `counts` are its blocks by kind, for a fold. `items` are its list items of the new page, which are numbered.
    `aside` is what a caller of `mark_page` has to say beside it.
    """

    html: str
    is_changed: bool
    changes: list[int] = field(default_factory=list)
    counts: Counter[BlockKind] = field(default_factory=Counter)
    items: int = 0
    aside: object = None
    is_lead: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether it is never folded."""
        return self.is_changed or self.is_lead or self.aside is not None


def wrap(
    node: Container,
    attributes: dict[str, str],
    children: Sequence[Piece],
    *,
    number: int,
    kind: BlockKind | None,
    max_uncut: int = MAX_UNCUT,
) -> list[Piece]:
    """Return a container in pieces, given its children: one, or several if it is long.

    `number` is that of a change which begins with the container, or 0. `kind` is what the whole container counts as;
    with None, its children count. It is long from `max_uncut` code points of HTML on.
    """
    groups = _groups(node, children, max_uncut)
    head = ""
    if len(groups) > 1 and node.children[0].tag == "thead":
        head = TAG.sub(lambda tag: _ID.sub("", tag[0]), children[0].html)
        head = head if len(head) <= MAX_HEAD else ""
    pieces: list[Piece] = []
    items = 0
    for k, group in enumerate(groups):
        if k == 1:
            attributes = repeatable(attributes)
        if k and node.tag == "ol":
            attributes["start"] = str(list_start(node.attributes) + items)
        items += sum(piece.items for piece in group)
        changes = [found for piece in group for found in piece.changes]
        if number and not k:
            changes.insert(0, number)
        counts = Counter((kind,)) if kind and len(groups) == 1 else Counter()
        if not counts:
            for piece in group:
                counts.update(piece.counts)
        html = f"{write_tag(node.tag, attributes)}{head * bool(k)}{''.join(piece.html for piece in group)}</{node.tag}>"
        is_changed = bool(changes) or any(piece.is_changed for piece in group)
        pieces.append(Piece(html, is_changed, changes, counts, items=int(node.tag == "li")))
    return pieces


def _groups(node: Container, children: Sequence[Piece], max_uncut: int) -> list[Sequence[Piece]]:
    """Return the children of a container in groups: all, or those with changes nearby apart from the others."""
    if sum(len(piece.html) for piece in children) <= max_uncut:
        return [children]
    near = [False] * len(children)
    for k, piece in enumerate(children):
        if piece.is_changed:
            for place in range(max(0, k - CONTEXT), min(len(children), k + CONTEXT + 1)):
                near[place] = True
    groups: list[list[Piece]] = []
    size = changes = 0
    was_near: bool | None = None
    for piece, is_near in zip(children, near, strict=True):
        size, changes = size + len(piece.html), changes + len(piece.changes)
        if is_near is not was_near or size > max_uncut or changes > MAX_CHANGES:
            groups.append([])
            size, changes = len(piece.html), len(piece.changes)
        groups[-1].append(piece)
        was_near = is_near
    return [*groups]
