"""Events of a block with exact places, made from those of the parser."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any, NamedTuple

from articles.text.markdown.autolinks import Autolink, find_autolinks
from articles.text.markdown.definitions import NOWHERE, Span, normal_label, parts_of_link

Raw = list[tuple[Any, Any]]  # events of pyromark, each with the bytes of the source that it covers

LEAVES = frozenset(
    "Text Code Html InlineHtml SoftBreak HardBreak Rule FootnoteReference TaskListMarker".split()
)


@dataclass(slots=True)
class Link:
    """A link or image: its target and title, decoded, and the spans of its parts. A missing part is at `NOWHERE`.

    `inner` is the span between the brackets. `label` is empty unless a reference definition gives the target.
    """

    target: str
    title: str
    label: str = ""
    is_bare: bool = False  # an address that is linked by itself, in <> or without
    span: Span = NOWHERE
    inner: Span = NOWHERE
    target_span: Span = NOWHERE
    title_span: Span = NOWHERE


class Event(NamedTuple):
    """An event of the parser. `kind` is pulldown-cmark's name, with a slash in front if a part ends.

    `value` is the text of a leaf, the level of a heading, the first number of a list, the info of a fence, the kind of
    an alert, the label of a footnote, the alignments of a table, whether a task is done, or a `Link`; otherwise None.
    """

    kind: str
    start: int
    end: int
    value: Any


def raw_html(text: str, events: Iterable[Event]) -> Iterator[tuple[int, str]]:
    """Yield each stretch of raw HTML in a block: where it starts, and its text, which is as long as in the source.

    Spaces replace the marks of quotations before its lines.
    """
    lines: list[Event] = []
    for event in events:
        if event.kind == "InlineHtml":
            yield event.start, _without_marks(text[event.start : event.end], event.value)
        elif event.kind == "Html":
            lines.append(event)
        elif event.kind == "/HtmlBlock" and lines:
            last = first = lines[0].start
            parts: list[str] = []
            for line in lines:
                parts += " " * (line.start - last), text[line.start : line.end]
                last = line.end
            yield first, "".join(parts)
            lines = []


def ticks(text: str, start: int, end: int) -> int:
    """Return how many backticks a code span begins and ends with."""
    return end - start - len(text[start:end].lstrip("`"))


def _without_marks(written: str, read: str) -> str:
    """Return inline HTML as the parser `read` it, padded with spaces to the length in which it is `written`."""
    if written == read:
        return read
    pairs = zip_longest(written.split("\n"), read.split("\n"), fillvalue="")
    return "\n".join(line if len(line) < len(end) else end.rjust(len(line)) for line, end in pairs)


def events_of(text: str, raw: Raw, first_byte: int, read: Callable[[str], str]) -> tuple[Event, ...]:
    """Return the events of a block, places counted from its start: links placed and bare addresses linked.

    `read` turns a text of the parser into that of the source.
    """
    events = list(_placed(text, raw, first_byte, read))
    _place_links(text, events)
    return tuple(_with_autolinks(text, events))


def _placed(text: str, raw: Raw, first_byte: int, read: Callable[[str], str]) -> Iterator[Event]:
    """Yield the events with their places in code points. Literal pieces of text that touch become one."""
    at = range(len(text) + 1) if text.isascii() else _code_points(text)
    last = len(at) - 1
    held = held_end = -1  # the span of the text that is not yielded yet
    for event, place in raw:
        # A block may end a byte before the last event in it does.
        start, end = place["start"] - first_byte, place["end"] - first_byte
        if start < 0 or end > last:
            start, end = min(max(start, 0), last), min(max(end, 0), last)
        start, end = at[start], at[end]
        name: str
        value: Any
        name, value = (event, None) if type(event) is str else next(iter(event.items()))
        is_literal = name == "Text" and len(value) == end - start > 0
        if is_literal and held_end == start:
            held_end = end
            continue
        if held >= 0:
            yield Event("Text", held, held_end, text[held:held_end])
            held = held_end = -1
        if is_literal:
            held, held_end = start, end
        elif name == "Start":
            kind, value = (value, None) if type(value) is str else next(iter(value.items()))
            yield Event(kind, start, end, _value(kind, value, read))
        elif name == "End":
            yield Event(f"/{value if type(value) is str else next(iter(value))}", start, end, None)
        else:
            yield Event(name, start, end, read(value) if type(value) is str else value)


def _value(kind: str, value: Any, read: Callable[[str], str]) -> Any:
    """Return the value of the event that begins a part."""
    if kind in ("Link", "Image"):
        target = f"mailto:{value['dest_url']}" if value["link_type"] == "Email" else value["dest_url"]
        is_bare = value["link_type"] in ("Autolink", "Email")
        label = normal_label(read(value["id"]))
        return Link(read(target), read(value["title"]), label, is_bare)
    if kind == "Heading":
        return int(value["level"][1])
    if kind == "CodeBlock":
        return None if value == "Indented" else read(value["Fenced"])
    return value


def _code_points(text: str) -> list[int]:
    """Return the index of the code point at each byte of the text in UTF-8; the last entry is its length."""
    data = text.encode()
    starts = data.translate(_STARTS)
    return [0, *accumulate(starts[1:], initial=1)] if data else [0]


_STARTS = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))


def _place_links(text: str, events: list[Event]) -> None:
    """Set the spans of each link and image, and of its text, target and title."""
    opened: list[tuple[Link, int]] = []
    for index, event in enumerate(events):
        if event.kind in ("Link", "Image"):
            opened.append((event.value, index))
        elif event.kind in ("/Link", "/Image"):
            link, first = opened.pop()
            link.span = event.start, event.end
            start = event.start + (1 if event.kind == "/Link" else 2)
            if link.is_bare:
                link.inner = link.target_span = start, event.end - 1
                continue
            inside = events[index - 1].end if first < index - 1 else start
            close = text.find("]", inside, event.end)
            link.inner = start, max(start, close)
            link.target_span, link.title_span = parts_of_link(text, close, event.end)


def _with_autolinks(text: str, events: list[Event]) -> Iterator[Event]:
    """Yield the events with bare addresses as links; an address may span text events that touch."""
    if not _MAY_HOLD_ADDRESS.search(text):
        yield from events
        return
    depth = 0  # of links, images and code blocks, in which no address is linked
    run: list[Event] = []
    for event in events:
        if event.kind == "Text" and not depth and event.end > event.start:
            if run and run[-1].end != event.start:
                yield from _linked(run)
                run = []
            run.append(event)
            continue
        yield from _linked(run)
        run = []
        depth += _DEPTH.get(event.kind, 0)
        yield event
    yield from _linked(run)


_MAY_HOLD_ADDRESS = re.compile(r"[Ww][Ww][Ww]\.|://|@")
_DEPTH = {"Link": 1, "Image": 1, "CodeBlock": 1, "/Link": -1, "/Image": -1, "/CodeBlock": -1}


def _linked(run: list[Event]) -> Iterable[Event]:
    """Return text events that touch, with the bare addresses in them as links."""
    if not run:
        return run
    whole = "".join(event.value for event in run)
    links = list(find_autolinks(whole))
    if not links:
        return run
    return _cut(run, whole, links)


def _cut(run: list[Event], whole: str, links: Iterable[Autolink]) -> Iterator[Event]:
    """Yield text events cut at the ends of the addresses in them."""
    starts = list(accumulate((len(event.value) for event in run), initial=0))

    def place(at: int) -> int:
        """Return where a code point of the whole text stands in the block."""
        index = bisect_right(starts, at) - 1
        if index >= len(run):
            return run[-1].end
        event, inside = run[index], at - starts[index]
        is_literal = event.end - event.start == len(event.value)
        return event.start + inside if is_literal else (event.end if inside else event.start)

    def texts(start: int, end: int) -> Iterator[Event]:
        """Yield the text events of a part of the whole text."""
        index = bisect_right(starts, start) - 1
        while start < end:
            stop = min(end, starts[index + 1])
            last = place(stop) if stop < starts[index + 1] else run[index].end
            yield Event("Text", place(start), last, whole[start:stop])
            start, index = stop, index + 1

    last = 0
    for found in links:
        yield from texts(last, found.start)
        span = place(found.start), place(found.end)
        link = Link(found.target, "", is_bare=True, span=span, inner=span, target_span=span)
        yield Event("Link", *span, link)
        yield from texts(found.start, found.end)
        yield Event("/Link", *span, None)
        last = found.end
    yield from texts(last, len(whole))
