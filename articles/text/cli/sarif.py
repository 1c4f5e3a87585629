"""Reports in SARIF 2.1.0, the format of code scanning services. Columns count code points."""

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote_from_bytes

from articles.text.checks.descriptions import DESCRIPTIONS
from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.cli import VERSION
from articles.text.unicode.lines import line_and_column

LEVELS = {Severity.NOTICE: "note", Severity.WARNING: "warning", Severity.ALERT: "error"}
ROOT = "SRCROOT"  # the working directory of the command
_KEEP = "To keep a character, add an entry with a reason to the allow-list; docs/scanning.md explains how."


def as_sarif(scans: Iterator[tuple[str, str, Scan]]) -> str:
    """Return the log of one run. Its rules are the checks with findings."""
    findings = [(path, text, finding) for path, text, result in scans for finding in result.findings]
    rules = sorted({finding.check for _, _, finding in findings})
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "Palimpsest",
                        "version": VERSION,
                        "rules": [_rule(check) for check in rules],
                    }
                },
                "originalUriBaseIds": {ROOT: {"uri": _folder_uri(Path.cwd())}},
                "columnKind": "unicodeCodePoints",
                "results": [
                    _result(path, text, finding, rules.index(finding.check))
                    for path, text, finding in findings
                ],
            }
        ],
    }
    return json.dumps(log, indent=1) + "\n"


def artifact_location(path: str, folder: PurePath) -> dict[str, str]:
    """Return the location of a file: relative to `folder` if the file is in it, else its absolute URI."""
    whole = type(folder)(os.path.normpath(folder / path))
    try:
        return {"uri": _quoted(whole.relative_to(folder)), "uriBaseId": ROOT}
    except ValueError:
        return {"uri": whole.as_uri()}


def _folder_uri(folder: PurePath) -> str:
    return folder.as_uri().rstrip("/") + "/"


def _quoted(path: PurePath) -> str:
    """Return a relative path as a relative reference (RFC 3986), also if it is not UTF-8 or has a colon."""
    return quote_from_bytes(os.fsencode(path.as_posix()), safe="/")


def _rule(check: str) -> dict[str, Any]:
    description = DESCRIPTIONS[check]
    return {
        "id": check,
        "name": check.title().replace("-", ""),
        "shortDescription": {"text": description.what},
        "fullDescription": {"text": f"{description.what} {description.why}"},
        "help": {"text": f"{description.what} {description.why} {_KEEP}"},
        "defaultConfiguration": {"level": LEVELS[description.severity]},
    }


def _result(path: str, text: str, finding: Finding, rule: int) -> dict[str, Any]:
    line, column = line_and_column(text, finding.start)
    end_line, end_column = line_and_column(text, finding.end)
    payload = {"properties": {"payload": finding.payload}} if finding.payload else {}
    return {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": artifact_location(path, Path.cwd()),
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
        **payload,
    }
