"""The command `palimpsest`: `scan`, `sanitize` and `textdiff` without Django (docs/commands.md).

Each command is a module with `SUMMARY`, `add_arguments` and `run`; `manage.py` uses the same modules. Only the
module of the given command is imported, so a scan loads neither HTML parsers nor the diff. What gets installed is
`articles.proofs.cli`, which adds a command.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from articles.text.cli.running import Command, Failure, run_guarded, write_in_utf_8

VERSION = "0.1.0"

COMMANDS = {
    "scan": "report anomalous characters in Markdown",
    "sanitize": "turn Markdown into the HTML that the site would show",
    "textdiff": "show what changed between two files",
}
NO_OTHERS: Mapping[str, Command] = MappingProxyType({})


def main(arguments: Sequence[str] | None = None, *, further: Mapping[str, Command] = NO_OTHERS) -> int:
    """Run one command and return its exit status (docs/commands.md); 2 after an error, which is one line.

    Without `arguments`, those of the process are used. `further` are commands of rooms above, by name.
    """
    write_in_utf_8()
    # A stream that the caller closed is None.
    err = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - open until the end

    def run_command() -> int:
        if not sys.stdout:
            raise Failure("standard output is closed")
        try:
            options = parse(sys.argv[1:] if arguments is None else arguments, further=further)
        except SystemExit as end:
            return int(end.code or 0)
        return int(options.run(options, sys.stdout, err))

    return run_guarded(run_command, sys.stdout, err)


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Failure(f"{message}; see {self.prog} --help")


def parse(arguments: Sequence[str], *, further: Mapping[str, Command] = NO_OTHERS) -> Namespace:
    """Return the options of a command line, with the command as `run`.

    Raises `Failure` if the arguments are wrong, and `SystemExit` after --help.
    """
    parser = _Parser(prog="palimpsest", description="Every character of a text accounted for.")
    parser.add_argument("--version", action="version", version=f"palimpsest {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    summaries = {name: command.SUMMARY.partition(".")[0].lower() for name, command in further.items()}
    for name, summary in (COMMANDS | summaries).items():
        if name not in arguments[:1]:
            commands.add_parser(name, help=summary)
            continue
        command = further[name] if name in further else _command(name)
        subparser = commands.add_parser(name, help=summary, description=command.SUMMARY)
        command.add_arguments(subparser)
        subparser.set_defaults(run=command.run)
    return parser.parse_args(arguments)


def _command(name: str) -> Command:
    match name:
        case "scan":
            from articles.text.cli import scanning

            return scanning
        case "sanitize":
            from articles.text.cli import sanitizing

            return sanitizing
        case _:
            from articles.text.cli import comparing

            return comparing
