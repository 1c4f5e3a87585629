"""The blocks of converted wikitext: lists, tables, code and lines, laid out as Markdown wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# Control characters, which no text of an XML export holds.
LIST, REFERENCE, REFERENCE_END, VERBATIM, SPACE = "\x01", "\x02", "\x03", "\x04", "\x05"
MAX_COLUMNS = 50
_BLANK_LINES = re.compile(r"\n{3,}")
_FENCE = re.compile(r"`{3,}")
_AT_START = re.compile(r"(?:[#>+=-]|\d{1,9}[.)])(?=\s|$)|(?:[-=]{2,}|\|)")
_MARK = re.compile(f"[{LIST}{VERBATIM}{SPACE}]")
_UNESCAPED = re.compile(r"\\([\\`*\[\]_<~&])")
_LIST_OR_VERBATIM = re.compile(f"[{LIST}{VERBATIM}]")
_MARKS = re.compile(rf"(?:{LIST}([*#:;]))+")
Cell = tuple[str, int, int, bool]  # text, columns, rows, whether it heads them


def block(text: str, language: str = "") -> str:
    """Return a text as a block of code between empty lines."""
    longest = max((len(fence) for fence in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    word = re.sub(r"[^\w+#-]", "", language)[:30]
    lines = [f"{fence}{word}", *text.split("\n"), fence]
    return "\n\n" + "\n".join(VERBATIM + line for line in lines) + "\n\n"


def table(rows: list[list[Cell]], caption: str) -> str:
    """Return rows of cells as a table of Markdown. A cell over several columns or rows stands in the first of them."""
    grid = _grid(rows)
    if not grid:
        return ""
    width = min(max(map(len, grid)), MAX_COLUMNS)
    lines = [_row(each, width) for each in grid]
    has_head = all(cell[3] for cell in rows[0]) if rows and rows[0] else False
    if not has_head:
        lines.insert(0, f"|{' |' * width}")
    lines.insert(1, f"|{' --- |' * width}")
    head = f"{caption}\n\n" if caption else ""
    return "\n\n" + head + "\n".join(VERBATIM + line for line in lines) + "\n\n"


def _grid(rows: list[list[Cell]]) -> list[list[str]]:
    below: dict[int, int] = {}  # how many rows the cell of a column still covers
    grid = []
    for row in rows:
        line: list[str] = []
        for text, columns, high, _ in row:
            while below.get(len(line), 0) > 0:
                below[len(line)] -= 1
                line.append("")
            for extra in range(columns):
                below[len(line)] = high - 1
                line.append("" if extra else text)
        if line:
            grid.append(line)
    return grid


def _row(cells: list[str], width: int) -> str:
    texts = [_in_cell(each) for each in [*cells, *[""] * (width - len(cells))][:width]]
    return f"| {' | '.join(texts)} |"


def _in_cell(text: str) -> str:
    """Return a text as one line of a cell."""
    plain = _MARK.sub("", text).strip()
    return re.sub(r"\s*\n\s*", "<br>", plain).replace("|", r"\|")


def laid_out(text: str, definitions: Iterable[str]) -> str:
    """Return rendered wikitext as Markdown: its list marks become lists, and no other line begins one."""
    lines = list(_lines(text.split("\n")))
    whole = _MARK.sub("", "\n".join([*lines, "", *definitions]))
    return _BLANK_LINES.sub("\n\n", whole).strip("\n") + "\n" if whole.strip() else ""


def _lines(lines: list[str]) -> Iterator[str]:
    held: list[str] = []  # lines that begin with a space: code
    was_list = ""  # the marks of the item in the line before
    for line in lines:
        if marks := _MARKS.match(line):
            prefix = marks[0].replace(LIST, "")
            rest = line[marks.end() :]
            yield from _separated(prefix, was_list)
            yield from _item(prefix, rest, before=was_list)
            was_list = prefix
            continue
        if was_list and line.strip():
            yield ""
        if line.startswith(SPACE) and not _LIST_OR_VERBATIM.search(line):
            held.append(_UNESCAPED.sub(r"\1", line[1:]).rstrip())
            continue
        if held:
            yield from block("\n".join(held)).replace(VERBATIM, "").split("\n")
            held = []
        if line.startswith(VERBATIM):
            yield line.replace(VERBATIM, "")
        else:
            plain = _MARK.sub("", line).strip(" \t")
            yield f"\\{plain}" if _AT_START.match(plain) else plain
        was_list = ""
    if held:
        yield from block("\n".join(held)).replace(VERBATIM, "").split("\n")


def _separated(prefix: str, before: str) -> Iterator[str]:
    """Yield an empty line between a list and what is no part of it."""
    if not before or (before[0] != prefix[0] and {before[0], prefix[0]} != {";", ":"}):
        yield ""


def _item(prefix: str, rest: str, *, before: str) -> Iterator[str]:
    """Yield the lines of a list item. A term and what follows a colon are two; colons alone are a quotation."""
    text, _, definition = rest.partition(f"{LIST}:")
    text = _MARK.sub("", text).strip()
    if prefix == ";":
        yield ""
        yield text
        if definition:
            yield f": {definition.strip()}"
        return
    kind = prefix[-1]
    if not text:
        return
    if prefix == ":" and before == ";":
        yield f": {text}"
        return
    if set(prefix) == {":"}:
        yield f"{'> ' * len(prefix)}{text}".rstrip()
        yield ""
        return
    indent = "".join("   " if mark == "#" else "  " for mark in prefix[:-1])
    if kind == ":":
        yield f"{indent}{text}"
    else:
        yield f"{indent}{'1.' if kind == '#' else '-'} {text}".rstrip()
