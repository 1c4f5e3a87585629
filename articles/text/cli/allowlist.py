"""Allow-lists: findings that a project accepts, each with a reason (docs/scanning.md)."""

import re
from collections import Counter
from pathlib import Path

from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.checks.scanning import CHECKS, MAX_FINDINGS
from articles.text.cli.config import parse_toml
from articles.text.cli.globs import Globs
from articles.text.cli.running import Failure, read_text

_IDS = frozenset(check.__name__.replace("_", "-") for check in CHECKS)
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*allow[ \t]*\]\]", re.MULTILINE)
_CONDITIONS = ("text", "check", "path")


class Entry:
    """An entry of an allow-list. It allows the findings that meet all of its conditions."""

    def __init__(self, place: str, *, text: str | None, check: str | None, paths: Globs | None) -> None:
        self.place, self.text, self.check, self.paths = place, text, check, paths
        self.is_used = False

    def allows(self, path: str, source: str, finding: Finding) -> bool:
        """Return whether the entry allows a finding in the source of `path`."""
        return (
            self.check in (None, finding.check)
            and (self.text is None or finding.text == self.text or self._covers(source, finding))
            and (self.paths is None or self.paths.match(path))
        )

    def _covers(self, source: str, finding: Finding) -> bool:
        """Return whether the finding stands within an occurrence of the entry's text, such as its word."""
        text = self.text or ""
        return source.find(text, max(0, finding.end - len(text)), finding.start + len(text)) >= 0


class AllowList:
    """The entries of one file. Their paths are relative to `base`."""

    def __init__(self, path: Path, base: Path) -> None:
        """Read the file. Raises `Failure` that names the wrong entry, by its line if that is known."""
        text = read_text(str(path))
        table = parse_toml(text, path)
        entries = table.pop("allow", [])
        if table:
            raise Failure(f"{path}: {next(iter(table))} is unknown; entries begin with [[allow]]")
        if not isinstance(entries, list):
            raise Failure(f"{path}: allow is not a list; entries begin with [[allow]]")
        lines = [text.count("\n", 0, match.start()) + 1 for match in _HEADER.finditer(text)]
        self.entries = [
            _entry(
                f"{path}:{lines[number]}" if len(lines) == len(entries) else f"{path}: entry {number + 1}",
                entry,
                base,
            )
            for number, entry in enumerate(entries)
        ]

    def without_allowed(self, path: str, source: str, result: Scan) -> Scan:
        """Return the scan without allowed findings, with at most `MAX_FINDINGS`. `result` must have all findings."""
        remaining = [finding for finding in result.findings if not self._is_allowed(path, source, finding)]
        counts = Counter(finding.severity for finding in remaining)
        return Scan(
            tuple(remaining[:MAX_FINDINGS]),
            len(remaining),
            {severity: counts[severity] for severity in Severity},
        )

    def unused(self) -> list[str]:
        """Return the places of the entries that have allowed nothing so far."""
        return [entry.place for entry in self.entries if not entry.is_used]

    def _is_allowed(self, path: str, source: str, finding: Finding) -> bool:
        allowing = [entry for entry in self.entries if entry.allows(path, source, finding)]
        for entry in allowing:
            entry.is_used = True
        return bool(allowing)


def _entry(place: str, entry: object, base: Path) -> Entry:
    """Return an entry of the parsed file. Raises `Failure` with its place if it is wrong."""
    if not isinstance(entry, dict):
        raise Failure(f"{place}: entries begin with [[allow]]")
    for key, value in entry.items():
        if key not in (*_CONDITIONS, "reason"):
            raise Failure(f"{place}: {key} is unknown; an entry may have text, check, path and reason")
        if not isinstance(value, str) or not value.strip(" \t\n"):
            raise Failure(f"{place}: {key} must be a string that is not empty")
    if "reason" not in entry:
        raise Failure(f"{place}: the entry has no reason; say why the finding may stay")
    if not any(key in entry for key in _CONDITIONS):
        raise Failure(f"{place}: the entry allows everything; say which text, check or path")
    if (check := entry.get("check")) and check not in _IDS:
        raise Failure(f"{place}: there is no check {check}; the checks are {', '.join(sorted(_IDS))}")
    paths = Globs((entry["path"],), base) if "path" in entry else None
    return Entry(place, text=entry.get("text"), check=check, paths=paths)
