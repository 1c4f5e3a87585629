"""The reading of a page as a tree.

A page is HTML of the sanitizer, so every element is closed and every tag is spelled one way. White space outside of
`pre` is collapsed, as browsers do it. Empty inline elements are left out.
"""

from __future__ import annotations

import re

from articles.text.markdown.tags import TAG, attributes_of, resolved
from articles.text.marked.tree import CELLS, Atom, Container, Inline, Leaf, Page, Stack
from articles.text.page.safelist import BLOCKS

_NEVER_LEAVES = frozenset("dl ol table tbody tfoot thead tr ul".split())
_ATOMS = {"br": "\N{LINE SEPARATOR}", "wbr": "\N{ZERO WIDTH SPACE}"}
_VOID_INLINE = frozenset(("br", "img", "input", "wbr"))
_NUMBERS = {
    "sup": "footnote-ref",
    "a": "footnote-backref",
}  # elements that hold only a footnote's number or arrow
_SPACE = re.compile(r"[ \t\n\f\r]+")
_SPARE = re.compile("[\U000f0000-\U000ffffd]")  # private use, plane 15


class StandIns:
    """Characters that stand for atoms: one for each kind of atom, none of which the pages themselves hold."""

    def __init__(self, *pages: str) -> None:
        taken = set().union(*(_SPARE.findall(page) for page in pages))
        self._free = (char for point in range(0xF0000, 0xFFFFE) if (char := chr(point)) not in taken)
        self._chars: dict[tuple[str, str], str] = {}

    def char(self, tag: str, key: str) -> str:
        """Return the character for atoms of this tag and key; U+FFFC once all are used up."""
        if tag in _ATOMS:
            return _ATOMS[tag]
        if (tag, key) not in self._chars:
            self._chars[tag, key] = next(self._free, "\N{OBJECT REPLACEMENT CHARACTER}")
        return self._chars[tag, key]


def read(html: str, stand_ins: StandIns) -> Page:
    """Return the tree of a page. Linear in the HTML."""
    reader = _Reader(html, stand_ins)
    reader.read()
    return Page(html, reader.root, reader.leaves, _flatten(reader.leaves))


def _flatten(leaves: list[Leaf]) -> str:
    """Return the texts of the leaves, a line each, and give the leaves their places.

    The cells of a row stand in one line, so that rows correspond as a whole.
    """
    parts: list[str] = []
    place = 0
    for number, leaf in enumerate(leaves):
        following = leaves[number + 1] if number + 1 < len(leaves) else None
        if leaf.tag in CELLS and following and following.tag in CELLS and following.parent is leaf.parent:
            separator = " | "
        else:
            separator = "" if leaf.text.endswith("\n") else "\n"
        parts += leaf.text, separator
        leaf.number, leaf.start = number, place
        place = leaf.end = place + len(leaf.text) + len(separator)
    return "".join(parts)


class _Run:
    """The inline content of a leaf that is being read."""

    __slots__ = ("atoms", "length", "parts", "spans", "start")

    def __init__(self, start: int) -> None:
        self.start = start  # in the HTML
        self.parts: list[str] = []
        self.length = 0
        self.spans: list[tuple[int, Stack]] = []
        self.atoms: dict[int, Atom] = {}

    def add(self, text: str, stack: Stack, *, is_code: bool) -> None:
        """Add text inside these inline elements."""
        if not is_code:
            text = _SPACE.sub(" ", text)
            if text[:1] == " " and (not self.parts or self.parts[-1][-1] in " \N{LINE SEPARATOR}"):
                text = text[1:]
        if text:
            if not self.spans or self.spans[-1][1] is not stack:
                self.spans.append((self.length, stack))
            self.parts.append(text)
            self.length += len(text)


class _Reader:
    """The reading of one page."""

    def __init__(self, html: str, stand_ins: StandIns) -> None:
        self.html, self.stand_ins = html, stand_ins
        self.root = Container("", {}, None)
        self.leaves: list[Leaf] = []
        self._at: Container = self.root
        self._stack: Stack = ()
        self._run = _Run(0)
        self._pre = 0  # open `pre` elements
        self._is_tidy = True  # no inline element holds a block, so parts of the HTML stand for themselves

    def read(self) -> None:
        """Read the whole page."""
        place = 0
        atom: tuple[int, str, dict[str, str]] | None = None  # a footnote's number being read
        depth = 0
        for match in TAG.finditer(self.html):
            start, end = match.span()
            if place < start and atom is None:
                self._text(place, start)
            place = end
            closing, tag, written = match.group(1, 2, 3)
            if atom is not None:
                depth += -1 if closing else 1
                if not depth:
                    self._atom(atom[1], atom[2], self.html[atom[0] : end])
                    atom = None
            elif closing:
                self._end(tag, start, end)
            else:
                known = {name: value or "" for _, name, value in attributes_of(written)} if written else {}
                if known.get("class") == _NUMBERS.get(tag, ""):
                    atom, depth = (start, tag, known), 1
                else:
                    self._begin(tag, known, start, end)
        self._text(place, len(self.html))
        while self._at is not self.root:
            self._end(self._at.tag, len(self.html), len(self.html))
        self._flush(len(self.html))
        if not self._is_tidy:
            for leaf in self.leaves:
                leaf.source = None

    def _text(self, start: int, end: int) -> None:
        """Read text."""
        text = self.html[start:end]
        if text == "\n" and not self._pre and not self._run.parts:
            return
        text = resolved(text)
        if self._at.tag == "pre" and self._run.start == start:
            text = text.removeprefix("\n")  # HTML ignores it
        self._run.add(text, self._stack, is_code=self._pre > 0)

    def _atom(self, tag: str, attributes: dict[str, str], html: str) -> None:
        """Add an atom. Those with the same stand-in correspond, however their other attributes differ."""
        if tag == "sup":
            link = TAG.search(html, 1)
            key = {name: value for _, name, value in attributes_of(link[3])}.get("href") if link else ""
        else:
            key = attributes.get("src")
        run = self._run
        char = self.stand_ins.char(tag, key or "")
        run.add(char, self._stack, is_code=True)
        run.atoms[run.length - 1] = Atom(tag, attributes, html)

    def _begin(self, tag: str, attributes: dict[str, str], start: int, end: int) -> None:
        """Read a start tag."""
        if tag in _VOID_INLINE:
            self._atom(tag, attributes, self.html[start:end])
        elif tag not in BLOCKS:
            self._stack = (*self._stack, Inline(tag, attributes))
        else:
            self._is_tidy &= not self._stack
            self._flush(start)
            if tag == "hr":
                self._begin_run(start)
                self._atom(tag, attributes, self.html[start:end])
                self._add_leaf("hr", {}, self._at, (start, end))
                self._begin_run(end)
                return
            parent = self._at
            self._at = Container(tag, attributes, parent, depth=parent.depth + 1, source=(start, end))
            parent.children.append(self._at)
            self._pre += tag == "pre"
            self._begin_run(end)

    def _end(self, tag: str, start: int, end: int) -> None:
        """Read an end tag."""
        if tag not in BLOCKS:
            for k in range(len(self._stack) - 1, -1, -1):
                if self._stack[k].tag == tag:
                    self._stack = self._stack[:k] + self._stack[k + 1 :]
                    break
            return
        node = self._at
        if node.tag != tag or node.parent is None or node.source is None:
            return
        self._is_tidy &= not self._stack
        source = node.source[0], end
        if node.children or tag in _NEVER_LEAVES:
            self._flush(start)
            node.source = source
        else:
            node.parent.children.pop()
            self._add_leaf(tag, node.attributes, node.parent, source)
        self._pre -= tag == "pre"
        self._at = node.parent
        self._begin_run(end)

    def _begin_run(self, start: int) -> None:
        """Begin to read inline content."""
        if self._run.parts:
            self._run = _Run(start)
        else:
            self._run.start = start

    def _flush(self, end: int) -> None:
        """Make a leaf of text that stands beside blocks, unless it is white space."""
        run = self._run
        if run.parts and "".join(run.parts).strip(" \t\n\f\r"):
            self._add_leaf("", {}, self._at, (run.start, end))

    def _add_leaf(
        self, tag: str, attributes: dict[str, str], parent: Container, source: tuple[int, int]
    ) -> None:
        """Add a leaf with the text read so far."""
        run = self._run
        text = "".join(run.parts)
        if not self._pre:
            text = text.rstrip(" ")
        spans, atoms = (run.spans, run.atoms) if run.parts else ([(0, ())], {})
        leaf = Leaf(tag, attributes, parent, text, spans, atoms, list(atoms), source)
        while len(leaf.spans) > 1 and leaf.spans[-1][0] >= len(text):
            leaf.spans.pop()
        parent.children.append(leaf)
        self.leaves.append(leaf)
