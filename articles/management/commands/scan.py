import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.management.files import read_text
from articles.text.checks import Finding, Scan, Severity, scan
from articles.text.content import line_and_column
from articles.text.markdown import Where
from articles.text.unicode.tables import UNICODE_VERSION

SARIF_LEVELS = {Severity.NOTICE: "note", Severity.WARNING: "warning", Severity.ALERT: "error"}


class Command(BaseCommand):
    help = (
        "Report anomalous characters in UTF-8 Markdown files."
        " Ends with 0 when nothing is at warning or above, 1 when something is, 2 on an error."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help='a file, or "-" for standard input')
        parser.add_argument("--language", default="en", help="BCP 47 tag of the text (default: en)")
        parser.add_argument("--where", default="prose", choices=["prose", "title", "slug", "code", "host"])
        parser.add_argument("--format", default="text", choices=["text", "json", "sarif"])
        parser.add_argument(
            "--explain",
            action="store_true",
            help="with --format text: say for each file what was judged and how, also where nothing is wrong",
        )

    def handle(
        self, *, paths: list[str], language: str, where: str, format: str, explain: bool, **options: Any
    ) -> None:
        if explain and format != "text":
            raise CommandError("--explain goes with --format text", returncode=2)
        flagged = failed = False

        def scans() -> Iterator[tuple[str, str, Scan]]:
            nonlocal flagged, failed
            for path in paths:
                try:
                    text = read_text(path)
                except CommandError as error:
                    self.stderr.write(str(error))
                    failed = True
                    continue
                result = scan(text, language=language, where=Where(where))
                flagged = flagged or result.total > result.counts[Severity.NOTICE]
                yield path, text, result

        if format == "json":
            self.stdout.write("[", ending="")
            for position, (path, _, result) in enumerate(scans()):
                self.stdout.write(",\n" if position else "", ending="")
                self.stdout.write(json.dumps(_as_json(path, language, result)), ending="")
            self.stdout.write("]")
        elif format == "sarif":
            self.stdout.write(json.dumps(_as_sarif(scans()), indent=1))
        else:
            for path, text, result in scans():
                for finding in result.findings:
                    line, column = line_and_column(text, finding.start)
                    self.stdout.write(
                        f"{path}:{line}:{column}: {finding.severity}: {finding.message} [{finding.check}]"
                    )
                if result.total > len(result.findings):
                    self.stdout.write(f"{path}: {result.total} findings, of which the first are shown")
                if explain:
                    from articles.text.checks.explain import explain as explained

                    reason = explained(text, language=language, counts=dict(result.counts))
                    self.stdout.write(f"{path}: {reason}")
        if failed or flagged:
            raise SystemExit(2 if failed else 1)


def _as_json(path: str, language: str, result: Scan) -> dict[str, Any]:
    return {
        "path": path,
        "language": language,
        "unicode_version": UNICODE_VERSION,
        "findings": [
            {
                "check": finding.check,
                "severity": finding.severity,
                "start": finding.start,
                "end": finding.end,
                "text": finding.text,
                "code_points": finding.code_points,
                "meant": finding.meant,
                "payload": finding.payload,
                "where": finding.where,
                "message": finding.message,
            }
            for finding in result.findings
        ],
        "total": result.total,
    }


def _as_sarif(scans: Iterator[tuple[str, str, Scan]]) -> dict[str, Any]:
    """SARIF 2.1.0 with columns in code points."""
    results = [
        _sarif_result(path, text, finding) for path, text, result in scans for finding in result.findings
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Palimpsest",
                        "rules": [{"id": check_id} for check_id in sorted({r["ruleId"] for r in results})],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _sarif_result(path: str, text: str, finding: Finding) -> dict[str, Any]:
    line, column = line_and_column(text, finding.start)
    end_line, end_column = line_and_column(text, finding.end)
    return {
        "ruleId": finding.check,
        "level": SARIF_LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(path)},
                    "region": {
                        "startLine": line,
                        "startColumn": column,
                        "endLine": end_line,
                        "endColumn": end_column,
                        "charOffset": finding.start,
                        "charLength": finding.end - finding.start,
                    },
                }
            }
        ],
    }
