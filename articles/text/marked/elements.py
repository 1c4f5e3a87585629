"""Elements of a marked page: tags with the classes and ids of changes, and what must stand around old nodes."""

from __future__ import annotations

import html
from collections.abc import Collection, Mapping

from articles.text.marked.tree import Container, Leaf, Node
from articles.text.page.spelling import line_end_after_pre

_ITEMS = {"ol": "li", "ul": "li", "dl": "dd"}  # what a list holds
_INSIDE_TABLE = ("tbody", "tr", "td")
_HOLDS = {"table": 0, "thead": 1, "tbody": 1, "tfoot": 1, "tr": 2}  # the index above of what each holds
_RANKS = {"caption": 0, "thead": 0, "tbody": 0, "tfoot": 0, "tr": 1, "td": 2, "th": 2}


def write_tag(tag: str, attributes: Mapping[str, str], *, without: Collection[str] = ()) -> str:
    """Return a start tag with its attributes, escaped, in order of their names."""
    written = (
        f' {name}="{html.escape(value)}"' for name, value in sorted(attributes.items()) if name not in without
    )
    return f"<{tag}{''.join(written)}>"


def with_mark(attributes: dict[str, str], classes: str, number: int) -> dict[str, str]:
    """Return the attributes of a changed element; with a number, its id is that of its change."""
    marked = dict(attributes)
    if classes:
        marked["class"] = f"{attributes['class']} {classes}" if "class" in attributes else classes
    if number:
        marked["id"] = f"c{number}"
    return marked


def write_leaf(leaf: Leaf, inside: str, classes: str = "", number: int = 0) -> str:
    """Return a leaf as HTML. If the id of a change replaces its own, that stands on an empty element inside."""
    tag = leaf.tag or ("div" if classes else "")
    if not tag:
        return inside
    start = write_tag(tag, with_mark(leaf.attributes, classes, number))
    if tag == "hr":
        return start
    if number and "id" in leaf.attributes:
        inside = f"{write_tag('span', {'id': leaf.attributes['id']})}</span>{inside}"
    if tag == "pre":
        inside = line_end_after_pre(inside) + inside
    return f"{start}{inside}</{tag}>"


def edited_classes(*, has_insertion: bool, has_deletion: bool) -> str:
    """Return the class of an edited block."""
    if has_deletion:
        return "changed both" if has_insertion else "changed gone"
    return "changed"


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
