import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from articles.management.refusing import as_command_error
from articles.operations.examining import examine


class Command(BaseCommand):
    help = (
        "Examine settings, files, versions, database, tasks, mail, cache, disk and backups, and say what to do."
        " Changes nothing. Ends with 0 if all is well, 1 with a problem, 2 if the database does not answer."
    )
    requires_system_checks = []  # `examine` reports what they find

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON array")

    def handle(self, *, as_json: bool, **options: Any) -> None:
        with as_command_error():
            connection.ensure_connection()
        findings = list(examine())
        if as_json:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
        else:
            for finding in findings:
                sign, advice = ("problem", f". {finding.advice}") if finding.advice else ("ok", "")
                self.stdout.write(f"{sign:8}{finding.topic}: {finding.text}{advice}")
        if any(finding.advice for finding in findings):
            raise SystemExit(1)
