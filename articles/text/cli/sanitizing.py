"""`palimpsest sanitize`: the HTML that the site would show, and the removals."""

import json
from argparse import ArgumentParser, Namespace
from typing import Any

from articles.text.cli.running import Failure, Output, read_text
from articles.text.cli.terminal import escape_invisible
from articles.text.content.unseen import unseen_in
from articles.text.page import MAX_SOURCE_BYTES, Sanitized, SourceRefused, account, sanitize
from articles.text.unicode.lines import line_and_column

SUMMARY = (
    "Turn a UTF-8 Markdown file into the HTML that the site would show."
    " The exit status is 0 if nothing was removed, 1 if something was, 2 if the text is refused."
)
KEYS = ("start", "end", "what", "reason")  # of a removal; other programs rely on these


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help='a file, or "-" for standard input')
    parser.add_argument("--format", default="html", choices=["html", "json"])
    parser.add_argument("--language", default="en", help="BCP 47 tag of the text (default: en)")
    parser.add_argument(
        "--account",
        action="store_true",
        help="with --format json: add the fate of each part of the text (shown, markup, value, removed)",
    )
    parser.set_defaults(max_bytes=MAX_SOURCE_BYTES)  # a site may set another limit


def run(options: Namespace, out: Output, err: Output) -> int:
    """Write the HTML; removals go to `err` or into the JSON. Return 1 if there are any, else 0."""
    if options.account and options.format != "json":
        raise Failure("--account goes with --format json")
    source = read_text(options.path)
    try:
        sanitized = sanitize(source, max_bytes=options.max_bytes)
    except SourceRefused as refusal:
        raise Failure(f"{options.path}: {refusal}") from None
    if options.format == "json":
        out.write(json.dumps(_as_json(source, sanitized, options)) + "\n")
    else:
        out.write(sanitized.html)
        for removal in sanitized.removals:
            line, column = line_and_column(source, removal.start)
            err.write(
                escape_invisible(f"{options.path}:{line}:{column}: {removal.what}: {removal.reason}") + "\n"
            )
    return int(bool(sanitized.removals))


def _as_json(source: str, sanitized: Sanitized, options: Namespace) -> dict[str, Any]:
    result: dict[str, Any] = {
        "html": sanitized.html,
        "removals": [{key: getattr(removal, key) for key in KEYS} for removal in sanitized.removals],
        "unseen": [
            {"start": item.start, "end": item.end, "kind": item.kind, "text": item.text}
            for item in unseen_in(source, language=options.language)
        ],
    }
    if options.account:
        pieces = account(source, max_bytes=options.max_bytes)
        result["account"] = [[piece.start, piece.end, piece.fate] for piece in pieces]
    return result
