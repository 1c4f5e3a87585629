"""`palimpsest textdiff`: what changed between two files, as text, JSON or HTML."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence

from articles.text.cli.running import Output, read_text
from articles.text.cli.terminal import escape_controls, escape_invisible
from articles.text.content import Content, as_json, compare_contents
from articles.text.diff import Op, compare
from articles.text.diff.hunks import Piece, Row, make_hunks

SUMMARY = (
    "Show what changed between two UTF-8 files."
    " The exit status is 0 if they are equal, 1 if not, 2 after an error."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help='a file, or "-" for standard input')
    parser.add_argument("new", metavar="NEW")
    parser.add_argument("--format", default="text", choices=["text", "json", "html"])


def run(options: Namespace, out: Output, err: Output) -> int:
    """Write the changes; return 0 if the files are equal, else 1."""
    before, after = read_text(options.old), read_text(options.new)
    if options.format == "html":
        from articles.text.cli.table import as_html

        old, new = (Content(title="", slug="", source=text) for text in (before, after))
        out.write(as_html(compare_contents(old, new, part=None)))
    elif options.format == "json":
        out.write(json.dumps(as_json(compare(before, after))) + "\n")
    else:
        for line in _as_text(before, after):
            out.write(line + "\n")
    return int(before != after)


def _as_text(old: str, new: str) -> Iterator[str]:
    """Yield changed lines with their context: changed parts in brackets, and each kind other than wording."""
    comparison = compare(old, new)
    for hunk in make_hunks(old, new, comparison):
        if hunk.skipped:
            yield f"  … {hunk.skipped} unchanged lines"
        for row in hunk.rows:
            if row.op is Op.EQUAL:
                yield f"  {_line(new, row.new)}"
                continue
            moved = f" (moved, {row.move})" if row.move is not None else ""
            if row.old:
                yield f"- {_line(old, row.old)}{moved}"
            if row.new:
                yield f"+ {_line(new, row.new)}{moved}{_kinds(row)}"


def _line(text: str, pieces: Sequence[Piece]) -> str:
    return "".join(_piece(text[piece.start : piece.end], piece.op) for piece in pieces)


def _piece(text: str, op: Op) -> str:
    """Return a part of a line: changed parts in brackets, with escapes for invisible characters."""
    content = text.removesuffix("\n")
    if op is Op.EQUAL:
        return escape_controls(content.removesuffix("\r"))
    shown = escape_invisible(content) + "⏎" * (content != text)
    return f"[-{shown}-]" if op is Op.DELETE else f"{{+{shown}+}}"


def _kinds(row: Row) -> str:
    kinds = dict.fromkeys(p.kind for p in (*row.old, *row.new) if p.kind and p.kind != "wording")
    return f"  ({', '.join(kinds)})" if kinds else ""
