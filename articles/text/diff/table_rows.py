"""Rows of tables in Markdown (GFM): whether each has as many cells as the table's head."""

import re
from collections.abc import Iterator
from itertools import groupby

from articles.text.diff.align import Span
from articles.text.diff.tokens import split_lines

_is_delimiter_row = re.compile(r"[ \t>]*\|?(?:[ \t]*:?-+:?[ \t]*\|?)+[ \t]*\n?").fullmatch
_ESCAPED = re.compile(r"\\.")


def broken_tables(text: str) -> Iterator[Span]:
    """Yield the spans of the tables in which a row has another number of cells than the head. Linear in the text."""
    end = 0
    for has_cells, group in groupby(split_lines(text), key=lambda line: "|" in line):
        rows = list(group)
        start, end = end, end + sum(map(len, rows))
        if has_cells and len(rows) > 1 and _is_delimiter_row(rows[1]) and len(set(map(_cells, rows))) > 1:
            yield start, end


def _cells(row: str) -> int:
    """Return the number of cells of a row."""
    return _ESCAPED.sub("", row).strip(" \t>\n").removeprefix("|").removesuffix("|").count("|") + 1
