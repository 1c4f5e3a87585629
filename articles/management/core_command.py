"""The commands of the core (`articles/text/cli/`) as commands of the site, with equal options, output and statuses."""

from argparse import Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.text.cli import running
from articles.text.cli.terminal import escape_invisible


class CoreCommand(BaseCommand):
    """A command that gives Django's options and streams to a module of the core. Every error ends with status 2."""

    requires_system_checks = []
    core: running.Command

    def add_arguments(self, parser: CommandParser) -> None:
        self.core.add_arguments(parser)

    def run_from_argv(self, argv: list[str]) -> None:
        running.write_in_utf_8()
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.ending = self.stderr.ending = ""  # the core writes the line ends
        try:
            status = running.run_action(
                lambda: self.core.run(Namespace(**options), self.stdout, self.stderr),
                self.stdout,
                self.stderr,
            )
        except running.Failure as failure:
            self.stderr.ending = "\n"
            raise CommandError(
                escape_invisible(str(failure)), returncode=running.ERROR
            ) from failure.__cause__
        if status:
            raise SystemExit(status)
