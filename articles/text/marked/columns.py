"""The columns of tables: cells correspond by the heads of their columns, so that a new column is one change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.text.marked.differences import Draft
from articles.text.marked.notes import NoteKind
from articles.text.marked.pairing import join
from articles.text.marked.tree import CELLS, Container, Leaf, Page


@dataclass(slots=True)
class Columns:
    """Columns that were added or removed: the notes of each table of the new page, and the cells of both pages.

    Old cells stand with their numbers, since copies of them are drawn.
    """

    drafts: dict[Container, list[Draft]] = field(default_factory=dict)
    added: set[Leaf] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)


def pair_columns(new: Page) -> Columns:
    """Pair the cells of rows that are as long as the heads of their tables, and return the other columns.

    Linear in the cells.
    """
    columns = Columns()
    for table in _tables(new.root):
        if table.partner is None:
            continue
        rows = [
            row
            for row in _rows(table)
            if row.partner is not None and _is_plain(row) and _is_plain(row.partner)
        ]
        if rows and rows[0].parent is not None and rows[0].parent.tag == "thead":
            _pair_cells(table, rows, columns)
    return columns


def _pair_cells(table: Container, rows: list[Container], columns: Columns) -> None:
    """Pair the cells of the rows of a table as its head has them; its first row is the head."""
    head, was = _cells(rows[0]), _cells(rows[0].partner)
    places = {cell: k for k, cell in enumerate(was)}
    pairs = [None if cell.partner is None else places.get(cell.partner) for cell in head]
    added = [k for k, place in enumerate(pairs) if place is None]
    removed = sorted(set(places.values()) - set(pairs))
    if len(added) == len(head) or len(removed) == len(was):
        return
    for row in rows:
        cells, others = _cells(row), _cells(row.partner)
        if len(cells) != len(head) or len(others) != len(was):
            continue
        is_moved = any(cell.is_moved for cell in cells)
        for cell in (*cells, *others):
            cell.partner, cell.is_moved = None, False
        for cell, place in zip(cells, pairs, strict=True):
            if place is not None:
                join(others[place], cell, is_moved=is_moved)
        if not is_moved:
            columns.added.update(cells[k] for k in added)
            columns.removed.update(others[k].number for k in removed)
    drafts = [Draft(NoteKind.COLUMN_REMOVED, was[k].text) for k in removed]
    drafts += (Draft(NoteKind.COLUMN_ADDED, head[k].text) for k in added)
    if drafts:
        columns.drafts[table] = drafts


def _tables(node: Container) -> Iterator[Container]:
    """Yield the tables in a container, in order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.tag == "table":
            yield node
        waiting += (child for child in reversed(node.children) if isinstance(child, Container))


def _rows(table: Container) -> Iterator[Container]:
    """Yield the rows of a table."""
    for part in table.children:
        if isinstance(part, Container):
            yield from (row for row in part.children if isinstance(row, Container) and row.tag == "tr")


def _is_plain(row: Container) -> bool:
    """Return whether all cells of a row are leaves of one column each."""
    return bool(row.children) and all(
        isinstance(cell, Leaf) and cell.tag in CELLS and "colspan" not in cell.attributes
        for cell in row.children
    )


def _cells(row: Container | None) -> list[Leaf]:
    """Return the cells of a row."""
    return [cell for cell in row.children if isinstance(cell, Leaf)] if row else []
