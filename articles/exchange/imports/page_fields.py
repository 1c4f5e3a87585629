"""Front matter of other programs, in YAML, TOML or JSON: each field as the texts that stand there.

No value is typed: the title `no` is the word no, and 0755 is no number. So nothing overflows, no date fails, and no tag
of YAML is obeyed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..front_matter import MAX_BLOCK, MAX_DEPTH, FrontMatterFault

MOST_VALUES = 2_000  # of one file, each alias counted as often as it stands
_YAML = re.compile(r"---[ \t]*\n(?:(.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n+|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(?:(.*?)\n)??\+\+\+[ \t]*(?:\n+|\Z)", re.DOTALL)
_JSON = re.compile(r"\{\s*[\"}]")  # not a shortcode, nor another text that begins with a brace
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = frozenset(
    f"tag:yaml.org,2002:{name}" for name in "str null bool int float timestamp seq map".split()
)
_NULL = "tag:yaml.org,2002:null"


@dataclass(slots=True)
class Fields:
    """The fields of a file by their names in lower case, what follows them, and notes."""

    text: str
    values: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)  # names whose values are no texts
    notes: list[str] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """Return the first text under these names; empty if there is none."""
        return next((value for name in names for value in self.values.get(name, ()) if value), "")

    def all(self, *names: str) -> list[str]:
        """Return all texts under these names."""
        return [value for name in names for value in self.values.get(name, ())]


def fields_of(text: str) -> Fields:
    """Return the fields of a text with LF line ends. Raises `FrontMatterFault` for what cannot be read.

    A list in place of fields, and front matter that does not end, count as text, with a note.
    """
    if match := _YAML.match(text):
        return _from_yaml(match[1] or "", text, match.end())
    if match := _TOML.match(text):
        return _filled(Fields(text[match.end() :]), _toml(match[1] or ""))
    if _JSON.match(text):
        found, end = _json(text)
        return _filled(Fields(text[end:].lstrip("\n")), found) if found is not None else Fields(text)
    fields = Fields(text)
    if re.match(r"(---|\+\+\+)[ \t]*\n", text):
        fields.notes.append("its front matter does not end, so all of it is text")
    return fields


def _from_yaml(block: str, text: str, end: int) -> Fields:
    node = _composed(block)
    fields = Fields(text[end:])
    if node is None:
        return fields
    if not isinstance(node, yaml.MappingNode):
        return Fields(text, notes=["its front matter is no list of names with values, so all of it is text"])
    count = 0
    for name, value in node.value:
        key = str(name.value).strip().lower() if isinstance(name, yaml.ScalarNode) else ""
        if key in fields.values or key in fields.others:
            fields.notes.append(f"{key[:40]} stands twice; the last one counts")
        texts = []
        is_plain = True
        for each, depth in _nodes(value, 0):
            count += 1
            if count > MOST_VALUES or depth > MAX_DEPTH:
                raise FrontMatterFault(
                    f"The front matter has more than {MOST_VALUES:,} values, or is too deep."
                )
            if isinstance(each, yaml.ScalarNode) and each.tag != _NULL:
                is_plain = is_plain and depth <= 1
                texts.append(str(each.value))
        if key and is_plain and not isinstance(value, yaml.MappingNode):
            fields.values[key] = texts
        else:
            fields.others.append(key)
    return fields


def _composed(block: str) -> Any:
    """Return the nodes of YAML, nothing built of them. Depth is bounded first: composing recurses."""
    if len(block) > MAX_BLOCK:
        raise FrontMatterFault(
            f"The front matter has {len(block):,} characters; at most {MAX_BLOCK:,} are read."
        )
    depth = 0
    try:
        for event in yaml.parse(block, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise FrontMatterFault(f"The front matter is more than {MAX_DEPTH} levels deep.")
        return yaml.compose(block, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 2}" if mark else ""
        raise FrontMatterFault(f"The front matter is no YAML{where}.") from None
    except RecursionError:
        raise FrontMatterFault("The front matter is too deep.") from None


def _nodes(node: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """Yield a node and those in it with their depth. An alias that holds itself ends at `MAX_DEPTH`."""
    if node.tag not in _PLAIN:
        line = node.start_mark.line + 2
        raise FrontMatterFault(f"Line {line}: the tag {node.tag[:60]} of YAML is not obeyed. Write a text.")
    yield node, depth
    if isinstance(node, yaml.ScalarNode):
        return
    if depth > MAX_DEPTH:
        raise FrontMatterFault("The front matter is too deep, or a list in it holds itself.")
    for each in node.value:
        for part in each if isinstance(each, tuple) else (each,):
            yield from _nodes(part, depth + 1)


def _toml(block: str) -> dict[str, Any]:
    if len(block) > MAX_BLOCK:
        raise FrontMatterFault(
            f"The front matter has {len(block):,} characters; at most {MAX_BLOCK:,} are read."
        )
    try:
        return tomllib.loads(block, parse_float=str)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise FrontMatterFault(f"The front matter is no TOML: {str(error)[:200]}") from None


def _json(text: str) -> tuple[dict[str, Any] | None, int]:
    """Return the object that a text begins with, and where it ends; None if it begins with none."""
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
    try:
        found, end = decoder.raw_decode(text[:MAX_BLOCK])
    except json.JSONDecodeError as error:
        raise FrontMatterFault(f"The front matter is no JSON in line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise FrontMatterFault("The front matter is too deep.") from None
    return (found, end) if isinstance(found, dict) else (None, 0)


def _filled(fields: Fields, found: dict[str, Any]) -> Fields:
    for name, value in found.items():
        values = value if isinstance(value, list) else [value]
        if any(isinstance(each, dict | list) for each in values):
            fields.others.append(name.lower())
        else:
            fields.values[name.lower()] = [_as_text(each) for each in values if each is not None]
    return fields


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
