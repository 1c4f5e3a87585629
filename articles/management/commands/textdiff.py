import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.template.loader import render_to_string

from articles.management.files import read_text
from articles.text.content import Content, as_json, compare_contents
from articles.text.diff import Op, compare
from articles.text.diff.hunks import Piece, Row, hunks


class Command(BaseCommand):
    help = "Show what changed between two UTF-8 files. Ends with 0 when they are equal, 1 when not, 2 on an error."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="OLD")
        parser.add_argument("new", metavar="NEW")
        parser.add_argument("--format", default="text", choices=["text", "json", "html"])

    def handle(self, *, old: str, new: str, format: str, **options: Any) -> None:
        before, after = read_text(old), read_text(new)
        if format == "html":
            contents = [Content(title="", slug="", source=text) for text in (before, after)]
            self.stdout.write(
                render_to_string("articles/_hunks.html", {"comparison": compare_contents(*contents)})
            )
        elif format == "json":
            self.stdout.write(json.dumps(as_json(compare(before, after))))
        else:
            for line in _as_text(before, after):
                self.stdout.write(line)
        if before != after:
            raise SystemExit(1)


def _as_text(old: str, new: str) -> Iterator[str]:
    """Changed lines with their context, changed parts in brackets; their kind where it is not plain wording."""
    comparison = compare(old, new)
    for hunk in hunks(old, new, comparison):
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
    parts = []
    for piece in pieces:
        part = text[piece.start : piece.end]
        if piece.op is not Op.EQUAL and part.strip("\n") != part:
            part = part.replace("\n", "⏎")
        parts.append(
            part if piece.op is Op.EQUAL else f"[-{part}-]" if piece.op is Op.DELETE else f"{{+{part}+}}"
        )
    return "".join(parts).rstrip("\n")


def _kinds(row: Row) -> str:
    kinds = dict.fromkeys(p.kind for p in (*row.old, *row.new) if p.kind and p.kind != "wording")
    return f"  ({', '.join(kinds)})" if kinds else ""
