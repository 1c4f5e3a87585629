"""The links that a source writes in Markdown and in raw HTML."""

from collections.abc import Iterator
from html import unescape
from itertools import groupby

from articles.text.markdown.parsing import Block, parse
from articles.text.markdown.tags import ATTRIBUTE, TAG

_ADDRESSES = frozenset(("href", "src", "cite"))  # attributes that hold one


def link_targets(source: str) -> tuple[str, ...]:
    """Return the targets of all links and images, in order: in Markdown as the parser reads them, and in HTML tags."""
    return tuple(target for _, block in parse(source).blocks for target in block.derived(_targets))


def _targets(block: Block) -> tuple[str, ...]:
    targets: list[str] = []
    for kind, events in groupby(block.events, key=lambda event: event.kind):
        if kind in ("Link", "Image"):
            targets += (event.value.target for event in events)
        elif kind in (
            "Html",
            "InlineHtml",
        ):  # a block of HTML has an event for each line, and tags go over lines
            targets += _in_html("".join(event.value for event in events))
    return tuple(targets)


def _in_html(html: str) -> Iterator[str]:
    for tag in TAG.finditer(html):
        for attribute in ATTRIBUTE.finditer(tag[3]):
            value = attribute["value"]
            if value and attribute["name"].lower() in _ADDRESSES:
                yield unescape(value[1:-1] if value[0] in "\"'" else value)
