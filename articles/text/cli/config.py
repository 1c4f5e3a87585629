"""Configuration: the table `[tool.palimpsest]` of the nearest `pyproject.toml` (docs/scanning.md)."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.text.cli.running import Failure, read_text

FAIL_ON = ("notice", "warning", "alert", "never")
# Markdown and plain text.
INCLUDED = ("*.md", "*.markdown", "*.mdown", "*.mkd", "*.txt", "*.text")


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of a project for its scans. Patterns and paths are relative to `base`, the folder of the file."""

    base: Path
    language: str = "en"
    include: tuple[str, ...] = INCLUDED
    exclude: tuple[str, ...] = ()
    fail_on: str = "warning"
    allow_list: Path | None = None


def config_for(folder: Path) -> Config:
    """Return the configuration of a folder: from the folder itself or the nearest one above that has a table.

    Folders outside of the Git repository are not read. Raises `Failure` with the file and the wrong key.
    """
    for place in (folder, *folder.parents):
        path = place / "pyproject.toml"
        if os.path.isfile(path) and (table := _table(path)) is not None:  # noqa: PTH113
            return _config(path, table)
        if os.path.exists(place / ".git"):  # noqa: PTH110 - these never raise
            break
    return Config(base=folder)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """Return the content of a TOML file. Raises `Failure` if it is not TOML."""
    import tomllib  # here, since most scans read no TOML

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Failure(f"{path}: not TOML: {error}") from None


def _table(path: Path) -> dict[str, Any] | None:
    text = read_text(str(path))
    if "palimpsest" not in text:  # to parse the file takes longer than to scan a page
        return None
    tools = parse_toml(text, path).get("tool")
    table = tools.get("palimpsest") if isinstance(tools, dict) else None
    if table is not None and not isinstance(table, dict):
        raise Failure(f"{path}: tool.palimpsest is not a table; write [tool.palimpsest]")
    return table


def _config(path: Path, table: dict[str, Any]) -> Config:
    settings: dict[str, Any] = {}
    for key, value in table.items():
        place = f"{path}: tool.palimpsest.{key}"
        match key, value:
            case "language", str():
                settings["language"] = value
            case (("include" | "exclude"), list()) if all(isinstance(item, str) for item in value):
                settings[key] = tuple(value)
            case "fail-on", str() if value in FAIL_ON:
                settings["fail_on"] = value
            case "allow-list", str():
                settings["allow_list"] = path.parent / value
            case "language" | "allow-list", _:
                raise Failure(f"{place} must be a string")
            case "include" | "exclude", _:
                raise Failure(f"{place} must be a list of strings")
            case "fail-on", _:
                raise Failure(f"{place} must be one of {', '.join(FAIL_ON)}")
            case _:
                known = "language, include, exclude, fail-on and allow-list"
                raise Failure(f"{place} is unknown; the keys are {known}")
    return Config(base=path.parent, **settings)
