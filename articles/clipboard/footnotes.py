"""Footnotes in HTML: a link to a note, and in the note a link back. Every program writes them that way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from articles.clipboard.events import Event, Part

_NOTE = re.compile(r"_?(?:ftn|edn|fn|sd(?:foot|end)note|(?:foot|end)?note)[\w:.-]{0,20}", re.IGNORECASE)


@dataclass(slots=True)
class Notes:
    """The footnotes of a list of events, by the index of the start tag.

    `marks` are the links in the text, `bodies` the elements of the notes, both with the number of the note; `backs`
    are the links that lead back.
    """

    marks: dict[int, int] = field(default_factory=dict)
    bodies: dict[int, int] = field(default_factory=dict)
    backs: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Link:
    index: int
    target: str
    names: tuple[str, ...]  # that lead to the link: its own and those of the element around it
    body: int  # the index of the block around it, or -1


def notes_of(events: list[Event], *, first: int) -> Notes:
    """Return the footnotes, numbered from `first` in the order of their marks. Linear in the events."""
    links, bodies = _links_and_bodies(events)
    notes = Notes()
    back_links = {(link.body, link.target): link.index for link in links if link.body >= 0}
    for link in links:
        body = bodies.get(link.target, -1)
        if body < 0 or body == link.body or link.index in notes.backs:
            continue
        back = next((back_links[body, name] for name in link.names if (body, name) in back_links), None)
        if back is not None:
            notes.marks[link.index] = notes.bodies.setdefault(body, first + len(notes.bodies))
            notes.backs.add(back)
    return notes


def _links_and_bodies(events: list[Event]) -> tuple[list[_Link], dict[str, int]]:
    """Return the links inside the clipboard, and for each name the block that it leads to."""
    links: list[_Link] = []
    bodies: dict[str, int] = {}
    around: list[tuple[int, tuple[str, ...]]] = [(-1, ())]  # the body and the names of each open element
    for index, event in enumerate(events):
        if event.part is Part.END and len(around) > 1:
            around.pop()
        if event.part is not Part.START:
            continue
        body, outer_names = around[-1]
        identifier = event.attributes.get("id", "")
        is_note = event.value == "div" and bool(_NOTE.fullmatch(identifier))
        is_item = event.value in ("li", "dd") and (body < 0 or events[body].value != "div")
        if is_note or is_item or (event.value == "p" and body < 0):
            body = index
        names = tuple(name for name in (identifier, event.attributes.get("name", "")) if name)
        for name in names:
            bodies.setdefault(name, body)
        _before, mark, target = event.attributes.get("href", "").partition("#")
        if event.value == "a" and mark and target:
            links.append(_Link(index, target, names + outer_names, body))
        around.append((body, names))
    return links, bodies
