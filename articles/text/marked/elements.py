"""Elements of a marked page: tags with the classes and ids of changes, and what must stand around old nodes."""

from __future__ import annotations

import html
from collections.abc import Mapping

from articles.text.marked.tree import Container, Leaf, Node
from articles.text.page.spelling import line_end_after_pre

MAX_REPEATED = 200  # code points of the value of an attribute that is written more than once
_ITEMS = {"ol": "li", "ul": "li", "dl": "dd"}  # what a list holds
_INSIDE_TABLE = ("tbody", "tr", "td")
_HOLDS = {"table": 0, "thead": 1, "tbody": 1, "tfoot": 1, "tr": 2}  # the index above of what each holds
_RANKS = {"caption": 0, "thead": 0, "tbody": 0, "tfoot": 0, "tr": 1, "td": 2, "th": 2}


def write_tag(tag: str, attributes: Mapping[str, str]) -> str:
    """Return a start tag with its attributes, escaped, in order of their names."""
    written = (f' {name}="{html.escape(value)}"' for name, value in sorted(attributes.items()))
    return f"<{tag}{''.join(written)}>"


def repeatable(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of an element that is written once more: without its id and without long values."""
    return {name: value for name, value in attributes.items() if name != "id" and len(value) <= MAX_REPEATED}


def with_mark(attributes: dict[str, str], classes: str, number: int) -> dict[str, str]:
    """Return the attributes of a changed element; with a number, its id is that of its change."""
    marked = dict(attributes)
    if classes:
        marked["class"] = f"{attributes['class']} {classes}" if "class" in attributes else classes
    if number:
        marked["id"] = f"c{number}"
    return marked


def write_leaf(leaf: Leaf, inside: list[str], classes: str = "", number: int = 0) -> list[str]:
    """Return a leaf as HTML, an element for each piece of its content. Only the first has ids and long values.

    If the id of a change replaces that of the leaf, the latter stands on an empty element inside.
    """
    tag = leaf.tag or ("div" if classes else "")
    if not tag:
        return inside
    attributes = with_mark(leaf.attributes, classes, number)
    if tag == "hr":
        return [write_tag(tag, attributes)]
    anchor = ""
    if number and "id" in leaf.attributes:
        anchor = f"{write_tag('span', {'id': leaf.attributes['id']})}</span>"
    written = []
    for content in inside:
        content = anchor + content
        if tag == "pre":
            content = line_end_after_pre(content) + content
        written.append(f"{write_tag(tag, attributes)}{content}</{tag}>")
        attributes, anchor = repeatable(attributes), ""
    return written


def list_start(attributes: Mapping[str, str]) -> int:
    """Return the number of the first item of a list."""
    return int(attributes.get("start", 1))


def wrappers(node: Node, container: Container) -> tuple[str, ...]:
    """Return the tags that must stand around an old node so that a container may hold it."""
    if container.tag in _ITEMS:
        return () if node.tag in ("li", "dt", "dd") else (_ITEMS[container.tag],)
    if container.tag in _HOLDS:
        return _INSIDE_TABLE[_HOLDS[container.tag] : _RANKS.get(node.tag, len(_INSIDE_TABLE))]
    return ()
