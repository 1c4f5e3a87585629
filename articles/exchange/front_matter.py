"""Front matter: the fields of a version as YAML before its source, written so that every text comes back exactly.

A file is a line `---`, one line `name: value` for each field that is not empty, a line `---`, an empty line, and the
source as it is stored: no line end is added or changed. A value is written as JSON writes it, which YAML reads as well;
characters that are invisible, or that YAML does not take, are escapes. The importer reads its own files by `read`, and
those of other programs by `split` and `values`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from articles.text.content import Content
from articles.text.unicode.boxes import INVISIBLE

FENCE = "---"
FIELDS = (
    "title",
    "slug",
    "language",
    "tags",
    "excerpt",
    "description",
    "cover",
    "change_kind",
    "software_share",
)
MAX_BLOCK = 64_000  # code points: 30 tags, title, excerpt and description take a tenth, all of it escapes
MAX_DEPTH = 20  # of lists and mappings inside each other

_BLOCK = re.compile(r"---[ \t]*\n(?:(.*?)\n)??---[ \t]*(?:\n\n?|\Z)", re.DOTALL)
_ESCAPES = {"\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is installed


class FrontMatterFault(ValueError):
    """Front matter that cannot be read. The message says what is wrong, and where."""


def written(content: Content, **more: object) -> str:
    """Return a content as a file with front matter. `more` are further fields, written last; empty ones are left out.

    The summary is not written: it describes a change, and stands in the message of a commit.
    """
    fields = {name: getattr(content, name) for name in FIELDS} | more
    lines = (
        f"{name}: {as_yaml(value)}\n" for name, value in fields.items() if value not in ("", (), [], None)
    )
    return f"{FENCE}\n{''.join(lines)}{FENCE}\n\n{content.source}"


def read(text: str) -> Content:
    """Return the content that `written` was given, without summary. Other fields are passed over.

    Raises `FrontMatterFault` if there is no front matter, or if a field is not text.
    """
    block, source = split(text)
    if block is None:
        raise FrontMatterFault(
            "The file does not begin with front matter: a line “---”, fields, and a line “---”."
        )
    found = values(block)
    fields: dict[str, Any] = {name: found.get(name, "") for name in FIELDS if name != "tags"}
    for name, value in fields.items():
        if not isinstance(value, str):
            raise FrontMatterFault(f"{name}: {value!r:.100} is no text. Write it between quotes.")
    tags = found.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise FrontMatterFault(
            f"tags: {tags!r:.100} is no list of texts. Write them between quotes and brackets."
        )
    return Content(source=source, tags=tuple(tags), **fields)


def split(text: str) -> tuple[str | None, str]:
    """Return the YAML of a text's front matter and what follows it; None and the text if it has none.

    One empty line after the front matter belongs to neither. Line ends are LF. Linear in the text.
    """
    match = _BLOCK.match(text)
    return (match[1] or "", text[match.end() :]) if match else (None, text)


def values(block: str) -> Mapping[str, Any]:
    """Return the fields of front matter, as YAML types them.

    Raises `FrontMatterFault` for what is no YAML or no mapping of names, for more than `MAX_BLOCK` code points or
    `MAX_DEPTH` levels, and for aliases, by which a few lines could stand for gigabytes.
    """
    if len(block) > MAX_BLOCK:
        raise FrontMatterFault(
            f"The front matter has {len(block):,} characters; at most {MAX_BLOCK:,} are read."
        )
    try:
        _require_plain(block)
        found = yaml.load(block, Loader=_LOADER)  # noqa: S506, a safe loader
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # a date that does not exist
        if isinstance(error, FrontMatterFault):
            raise
        raise FrontMatterFault(f"The front matter is no YAML{_place(error)}.") from None
    if found is None:
        return {}
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        raise FrontMatterFault("The front matter is no list of names with values.")
    return found


def as_yaml(value: object) -> str:
    """Return a text, number or list on one line, as JSON with the escapes of YAML.

    >>> print(as_yaml(["a\N{ZERO WIDTH SPACE}b", "\N{TAG LATIN SMALL LETTER A}"]))
    ["a\\u200Bb", "\\U000E0061"]
    """
    return str(INVISIBLE.sub(_escape, json.dumps(value, ensure_ascii=False)))


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or (
        f"\\u{ord(match[0]):04X}" if ord(match[0]) < 0x10000 else f"\\U{ord(match[0]):08X}"
    )


def _require_plain(block: str) -> None:
    """Raise `FrontMatterFault` for aliases and for lists too deep, before anything is built of them."""
    depth = 0
    for event in yaml.parse(block, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FrontMatterFault(
                "The front matter has an anchor or alias (& or *). Write the value itself."
            )
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise FrontMatterFault(f"The front matter is more than {MAX_DEPTH} levels deep.")


def _place(error: Exception) -> str:
    """Return the line where YAML stopped, counted in the file; empty if it does not say."""
    mark = getattr(error, "problem_mark", None)
    return f" in line {mark.line + 2}" if mark else ""
