"""Lines of CSV for a spreadsheet, made one by one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence


class _Line:
    """A file for `csv` that returns each line instead of storing it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(fields: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield a line with the names of the fields, and one for each row, as `_cell` has its values."""
    writer = csv.writer(_Line())
    yield writer.writerow(fields)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> object:
    """Return a value with an apostrophe before it if a spreadsheet would read it as a formula."""
    is_formula = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{value}" if is_formula else value
