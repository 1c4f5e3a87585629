import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from articles.management.files import file_error, read_text
from articles.text.content import line_and_column
from articles.text.page import SourceRefused, sanitize

KEYS = ("start", "end", "what", "reason")  # what other programs rely on


class Command(BaseCommand):
    help = (
        "Turn a UTF-8 Markdown file into the HTML that the site would show."
        " Ends with 0 when nothing was removed, 1 when something was, 2 when the text is refused."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", help='a file, or "-" for standard input')
        parser.add_argument("--format", default="html", choices=["html", "json"])

    def handle(self, *, path: str, format: str, **options: Any) -> None:
        source = read_text(path)
        try:
            sanitized = sanitize(source, max_bytes=settings.MAX_SOURCE_BYTES)
        except SourceRefused as refusal:
            raise file_error(path, str(refusal)) from None
        if format == "json":
            removals = [{key: asdict(removal)[key] for key in KEYS} for removal in sanitized.removals]
            self.stdout.write(json.dumps({"html": sanitized.html, "removals": removals}))
        else:
            self.stdout.write(sanitized.html, ending="")
            for removal in sanitized.removals:
                line, column = line_and_column(source, removal.start)
                self.stderr.write(f"{path}:{line}:{column}: {removal.what}: {removal.reason}")
        if sanitized.removals:
            raise SystemExit(1)
