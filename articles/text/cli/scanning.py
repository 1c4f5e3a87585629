"""`palimpsest scan`: the findings in files and folders, as text, JSON or SARIF."""

import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from articles.text.checks.findings import Scan, Severity
from articles.text.checks.scanning import MAX_FINDINGS, scan
from articles.text.cli.config import FAIL_ON, INCLUDED, config_for
from articles.text.cli.globs import Globs
from articles.text.cli.running import ERROR, Failure, Output, describe_unexpected, read_text
from articles.text.cli.terminal import escape_invisible
from articles.text.markdown import Where
from articles.text.unicode.lines import line_and_column
from articles.text.unicode.tables import UNICODE_VERSION

SUMMARY = (
    "Report anomalous characters in UTF-8 Markdown files."
    " The exit status is 0 if no finding is as severe as --fail-on says, 1 if one is, 2 after an error."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help='a file, a folder, or "-" for standard input'
    )
    parser.add_argument("--language", help="BCP 47 tag of the text (default: en)")
    parser.add_argument("--where", default="prose", choices=["prose", "title", "slug", "code", "host"])
    parser.add_argument("--format", default="text", choices=["text", "json", "sarif"])
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        help="the lowest severity that makes the exit status 1 (default: warning)",
    )
    parser.add_argument(
        "--include",
        action="append",
        metavar="GLOB",
        help=f"which files of a folder to read; may be repeated (default: {' '.join(INCLUDED)})",
    )
    parser.add_argument(
        "--exclude", action="append", metavar="GLOB", help="which files and folders to skip; may be repeated"
    )
    parser.add_argument(
        "--allow-list", type=Path, metavar="FILE", help="TOML file with findings to accept and the reasons"
    )
    parser.add_argument(
        "--explain",
        action="store_true",
        help="with --format text: add a line for each file on its words, by script, and its language",
    )


def run(options: Namespace, out: Output, err: Output) -> int:
    """Write the report and return the exit status. Files that cannot be read are named on `err` and skipped."""
    if options.explain and options.format != "text":
        raise Failure("--explain goes with --format text")
    scanning = _Scanning(options, err)
    if options.format == "json":
        import json  # here, since to load a format takes as long as to scan a page

        for position, (path, _, result) in enumerate(scanning.scans()):
            out.write(",\n" if position else "[")
            out.write(json.dumps(_as_json(path, scanning.language, result)))
        out.write("]\n" if scanning.has_begun else "[]\n")
    elif options.format == "sarif":
        from articles.text.cli.sarif import as_sarif

        out.write(as_sarif(scanning.scans()))
    else:
        for path, text, result in scanning.scans():
            for line in _as_text(path, text, result):
                out.write(escape_invisible(line) + "\n")
            if options.explain:
                from articles.text.checks.explain import explain_scan

                reason = explain_scan(
                    text, language=scanning.language, where=scanning.where, counts=dict(result.counts)
                )
                out.write(escape_invisible(f"{path}: {reason}") + "\n")
            out.flush()
    return scanning.finish()


class _Scanning:
    """One call of the command: its options, which override the configuration, and its results so far."""

    def __init__(self, options: Namespace, err: Output) -> None:
        here = Path.cwd()
        config = config_for(here)
        self.paths, self.where = options.paths, Where(options.where)
        self.language = options.language or config.language
        fail_on = options.fail_on or config.fail_on
        grave = list(Severity)
        self.failing = () if fail_on == "never" else grave[grave.index(Severity(fail_on)) :]
        self.include = (
            Globs(tuple(options.include), here) if options.include else Globs(config.include, config.base)
        )
        self.exclude = (
            Globs(tuple(options.exclude), here) if options.exclude else Globs(config.exclude, config.base)
        )
        self.allowed = None
        if path := options.allow_list or config.allow_list:
            from articles.text.cli.allowlist import AllowList

            self.allowed = AllowList(path, here if options.allow_list else config.base)
        self.err = err
        self.has_begun = self.is_flagged = self.has_failed = False

    def scans(self) -> Iterator[tuple[str, str, Scan]]:
        """Yield the path, text and result of each file that can be read."""
        for path in self._files():
            try:
                text = read_text(path)
                result = self._scan(path, text)
            except Failure as failure:
                self._report(failure)
                continue
            except Exception as error:  # an error in one text must not prevent the report on the others
                self._report(Failure(f"{path}: {describe_unexpected(error)}"))
                continue
            self.has_begun = True
            self.is_flagged = self.is_flagged or any(result.counts[severity] for severity in self.failing)
            yield path, text, result

    def finish(self) -> int:
        """Return the exit status, and name the entries of the allow-list that allowed nothing."""
        for place in self.allowed.unused() if self.allowed else ():
            self._tell(f"{place}: the entry allows nothing here; delete it if that remains so")
        return ERROR if self.has_failed else int(self.is_flagged)

    def _files(self) -> Iterator[str]:
        for path in self.paths:
            if path != "-" and self.exclude.match(path):
                self._tell(f"{path}: this file is excluded")
            elif path != "-" and os.path.isdir(path):  # noqa: PTH112 - Path.is_dir may raise
                from articles.text.cli.folders import files_below

                has_files = False
                for file in files_below(
                    path, include=self.include, exclude=self.exclude, on_failure=self._report
                ):
                    has_files = True
                    yield file
                if not has_files:
                    self._tell(f"{path}: there is no file to scan; choose files with --include")
            else:
                yield path

    def _scan(self, path: str, text: str) -> Scan:
        if self.allowed is None:
            return scan(text, language=self.language, where=self.where, limit=MAX_FINDINGS)
        result = scan(text, language=self.language, where=self.where, limit=None)
        return self.allowed.without_allowed(path, text, result)

    def _report(self, failure: Failure) -> None:
        self.has_failed = True
        self._tell(str(failure))

    def _tell(self, sentence: str) -> None:
        self.err.write(escape_invisible(sentence) + "\n")


def _as_text(path: str, text: str, result: Scan) -> Iterator[str]:
    for finding in result.findings:
        line, column = line_and_column(text, finding.start)
        yield f"{path}:{line}:{column}: {finding.severity}: {finding.message} [{finding.check}]"
    if result.total > len(result.findings):
        yield f"{path}: {result.total} findings; only the first {len(result.findings)} are shown"


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
