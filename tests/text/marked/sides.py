"""What a marked page says of its two versions, read by another parser than the one that made it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from articles.text.marked import MarkedPage, mark_page

_VOID = frozenset("br hr img input wbr".split())


def old_text(html: str) -> str:
    """Return the visible text of the old version: without insertions, and without what moved to its new place."""
    return _read(html, "old")


def new_text(html: str) -> str:
    """Return the visible text of the new version: without deletions, which moved text at its old place is in, too."""
    return _read(html, "new")


def visible_text(html: str) -> str:
    """Return the visible text of a page without marks."""
    return _read(html, "")


def whole(old: str, new: str) -> tuple[str, list[MarkedPage]]:
    """Return all parts of the opened page as one, and the parts."""
    pages = [mark_page(old, new, opened=True)]
    pages += (mark_page(old, new, opened=True, part=part) for part in range(2, pages[0].parts + 1))
    return "\n".join(piece.html for page in pages for piece in page.pieces), pages


def ids(html: str) -> list[str]:
    """Return all ids of a page."""
    return re.findall(r'<[^<>]* id="([^"]*)"', html)


def _read(html: str, side: str) -> str:
    reader = _Side(side)
    reader.feed(html)
    reader.close()
    assert not reader.open, reader.open
    return "".join("".join(reader.seen).split())


class _Side(HTMLParser):
    """The visible text of a version, with pictures and boxes as words; numbers of footnotes are left out."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.side = side
        self.seen: list[str] = []
        self.open: list[tuple[str, bool]] = []  # with whether what stands inside is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        is_out = any(is_out for _, is_out in self.open[-1:])
        if tag in _VOID:
            if tag in ("img", "input") and not is_out:
                self.seen.append(f"[{tag}]")
            return
        if self.side == "old":
            is_out |= (tag == "ins" and "change" in classes and "format" not in classes) or "moved" in classes
        elif self.side == "new":
            is_out |= tag == "del" and "change" in classes
        is_out |= "footnote-ref" in classes or "footnote-backref" in classes
        self.open.append((tag, is_out))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.seen.append(data)


class Tags(HTMLParser):
    """The tags of a page, each attribute with its tag, name and value, and all classes and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str, str]] = set()
        self.classes: set[str] = set()
        self.ids: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "class":
                self.classes.update((value or "").split())
            elif name == "id":
                self.ids.add(value or "")
            else:
                self.attributes.add((tag, name, value or ""))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)
