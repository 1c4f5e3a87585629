"""Tables: which of them hold data, and which only place what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from articles.clipboard.blocks import Block, Kind, Row

MAX_COLUMNS = 64
MAX_SPAN = 64  # rows or columns of one cell that are filled


@dataclass(slots=True)
class Cell:
    blocks: list[Block]
    columns: int
    rows: int


@dataclass(slots=True)
class Grid:
    """A table that is being read. `outside` holds what stands in it, but in no cell, such as a caption."""

    outside: list[Block] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    holds_table: bool = False

    def start_row(self) -> None:
        self.rows.append([])

    def start_cell(self, attributes: Mapping[str, str]) -> list[Block]:
        """Return the list for the blocks of a new cell."""
        if not self.rows:
            self.start_row()
        cell = Cell([], _span(attributes.get("colspan", "")), _span(attributes.get("rowspan", "")))
        self.rows[-1].append(cell)
        return cell.blocks

    def blocks(self) -> list[Block]:
        """Return the table as one block, or the blocks inside if it only places them."""
        rows = list(self._filled())
        width = max(map(len, rows), default=0)
        if self.holds_table or not 2 <= width <= MAX_COLUMNS or not all(map(_is_plain, self._cells())):
            return self.outside + [block for cell in self._cells() for block in cell.blocks]
        padded = [row + [[]] * (width - len(row)) for row in rows]
        used = [column for column in range(width) if any(row[column] for row in padded)]
        kept = [[row[column] for column in used] for row in padded if any(row)]
        if not kept:
            return self.outside
        kept[0] = _unbolded(kept[0])
        return [*self.outside, Block(Kind.TABLE, rows=kept)]

    def _cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row)

    def _filled(self) -> Iterator[Row]:
        """Yield the rows with an empty cell for each place that a wide or high cell covers."""
        covered: dict[int, int] = {}  # by column: rows still to cover
        for cells in self.rows:
            row: Row = []
            for cell in cells:
                while len(row) < MAX_COLUMNS and covered.get(len(row), 0):
                    covered[len(row)] -= 1
                    row.append([])
                for offset in range(cell.columns):
                    covered[len(row)] = cell.rows - 1
                    row.append([] if offset else cell.blocks)
            for column in range(len(row), MAX_COLUMNS):
                covered[column] = max(0, covered.get(column, 0) - 1)
            yield row


def _is_plain(cell: Cell) -> bool:
    """Return whether a cell holds only what a cell in Markdown can: lines of text."""
    return len(cell.blocks) <= 8 and all(
        block.kind is Kind.PARAGRAPH and not block.path for block in cell.blocks
    )


def _unbolded(row: Row) -> Row:
    """Take the bold off a head row that is all bold: a head in Markdown is bold by itself."""
    spans = [span for cell in row for block in cell for span in block.spans if not span.is_blank]
    if not all(span.look.bold for span in spans):
        return row
    for cell in row:
        for block in cell:
            block.spans = [replace(span, look=replace(span.look, bold=False)) for span in block.spans]
    return row


def _span(value: str) -> int:
    match = re.match(r"\s*([0-9]{1,5})", value)
    return min(max(int(match[1]), 1), MAX_SPAN) if match else 1
