"""The events of a clipboard's HTML: start and end tags, texts and comments, in order and balanced.

lxml reports events instead of building a tree, so 10,000 nested elements cost no recursion and no text. A parser
after the HTML standard opens every `<b>` that was left open again in each later paragraph: 150 kB of that took 25
seconds and 7 GB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree

_HEADER = re.compile(r"\ufeff?Version:[0-9][^<]{0,2000}(?=<)")  # CF_HTML of Windows, with byte offsets
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")  # no parser takes them


class Part(Enum):
    START = "start"
    END = "end"
    TEXT = "text"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Event:
    """A part of the HTML. `value` is the tag in lower case, or the text."""

    part: Part
    value: str
    attributes: Mapping[str, str] = field(default_factory=dict)


class _Events:
    """Collects what lxml reports; its method names are those of `lxml.etree`'s parser targets."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.events.append(Event(Part.START, tag.lower(), dict(attributes)))

    def end(self, tag: str) -> None:
        self.events.append(Event(Part.END, tag.lower()))

    def data(self, text: str) -> None:
        self.events.append(Event(Part.TEXT, text))

    def comment(self, text: str) -> None:
        self.events.append(Event(Part.COMMENT, text))

    def close(self) -> list[Event]:
        return self.events


def events_of(html: str) -> list[Event]:
    """Return the events of the HTML, without a CF_HTML header and control characters. Linear in the HTML."""
    header = _HEADER.match(html)
    html = _CONTROL.sub("", html[header.end() if header else 0 :]).replace("\r\n", "\n")
    parser = etree.HTMLParser(target=_Events(), encoding="utf-8", huge_tree=True, recover=True)
    # With no tag at all lxml raises an error.
    parser.feed(b"<html>" + html.encode())
    events: list[Event] = parser.close()
    return events
