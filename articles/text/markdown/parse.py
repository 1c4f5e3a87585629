"""Markdown to HTML, and where in a Markdown source prose, code, links and attributes stand.

Both answers come from one parser, cmark-gfm. Its syntax tree says where each node stands, but the places of
inline nodes drift after constructs that span lines, so each is compared with the source before it is used.
Positions are code points, half-open. Time grows linearly with the source.
"""

import ctypes
import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cmarkgfm import cmark


class Where(StrEnum):
    """Where a stretch of text stands; the checks judge a character by it."""

    PROSE = "prose"
    CODE = "code"
    LINK_TEXT = "link text"
    HOST = "host"
    ATTRIBUTE = "attribute"
    TITLE = "title"
    SLUG = "slug"
    SUMMARY = "summary"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of Markdown source: code points from `start` up to, not including, `end`."""

    start: int
    end: int
    where: Where


Span = tuple[int, int]
NOWHERE: Span = (-1, -1)


@dataclass(slots=True)
class Node:
    """A node of the syntax tree with its place in the source.

    `text` is the literal of a leaf, `url` the target of a link or image as cmark reads it, `block` the block
    around the node. A place that is not certain is `NOWHERE`; `block` always is.
    """

    kind: str
    text: str
    url: str
    block: Span
    parent: "Node | None"
    span: Span = NOWHERE
    inner: Span = NOWHERE  # from the first to the last child with a certain place
    target: Span = NOWHERE
    title: Span = NOWHERE
    in_image: bool = False
    in_link: bool = False  # or image


EXTENSIONS = ("table", "strikethrough", "autolink", "tasklist")
RAW_HTML = (
    "<!-- raw HTML omitted -->"  # written by cmark for raw HTML and by nothing else, since text is escaped
)
_Options = cmark.Options

# The wrapper frees neither the tree nor what it renders (80 kB for a page of 12 kB) and cannot ask for
# places; the library inside it can.
_library = ctypes.CDLL(cmark._cmark.__file__)
_library.cmark_node_free.argtypes = [ctypes.c_void_p]
_library.cmark_render_html.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
_library.cmark_render_xml.argtypes = [ctypes.c_void_p, ctypes.c_int]
for _function in ("cmark_render_html", "cmark_render_xml", "cmark_get_default_mem_allocator"):
    getattr(_library, _function).restype = ctypes.c_void_p
_cast = cmark._cmark.ffi.cast
cmark.core_extensions_ensure_registered()


def render(source: str, *, mark_raw: bool = False) -> str:
    """GitHub-flavoured Markdown to HTML that still has to be sanitised.

    Raw HTML is let through. With `mark_raw` each stretch of it is `RAW_HTML` instead, link targets that cmark
    holds for dangerous are empty, and blocks say in `data-sourcepos` where they stand.
    """
    options = _Options.CMARK_OPT_SOURCEPOS if mark_raw else _Options.CMARK_OPT_UNSAFE
    with _parsed(source) as (root, extensions):
        return _taken(_library.cmark_render_html(root, options | _Options.CMARK_OPT_FOOTNOTES, extensions))


@contextmanager
def _parsed(source: str) -> Iterator[tuple[int, int]]:
    parser = cmark.parser_new(_Options.CMARK_OPT_FOOTNOTES)
    root = 0
    try:
        for name in EXTENSIONS:
            cmark.parser_attach_syntax_extension(parser, cmark.find_syntax_extension(name))
        cmark.parser_feed(parser, source)
        root = int(_cast("uintptr_t", cmark.parser_finish(parser)))
        yield root, int(_cast("uintptr_t", cmark.parser_get_syntax_extensions(parser)))
    finally:
        if root:
            _library.cmark_node_free(root)
        cmark.parser_free(parser)


def _taken(address: int) -> str:
    try:
        return ctypes.string_at(address).decode()
    finally:
        allocator = _cast("cmark_mem *", _library.cmark_get_default_mem_allocator())
        allocator.free(_cast("void *", address))


def plain(source: str) -> str:
    """The source in cmark's eyes, with the same length: one form of line end, no NUL, no lone surrogate."""
    text = source.replace("\r\n", " \n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text) if has_surrogate(text) else text


def has_surrogate(text: str) -> bool:
    """Whether it holds half of a surrogate pair; to encode it takes a tenth of the time of a search."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


_RUN = re.compile("([\0-\x7f]+)|([\x80-\u07ff]+)|([\u0800-\uffff]+)|([\U00010000-\U0010ffff]+)")


class Lines:
    """Turns cmark's places, a line and a column in bytes of UTF-8, both from 1, into code points."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        # Runs of characters of one width: where they start, in code points and in bytes, and the width.
        self._runs: list[tuple[int, int, int]] = []
        self._run_bytes: list[int] = []
        self._line_bytes = self.starts
        if not text.isascii():
            size = 0
            for match in _RUN.finditer(text):
                width = match.lastindex or 1
                self._runs.append((match.start(), size, width))
                self._run_bytes.append(size)
                size += width * (match.end() - match.start())
            self._line_bytes = [0, *(match.end() for match in re.finditer(b"\n", text.encode()))]

    def offset(self, line: int, column: int) -> int:
        """The code point there, or the end of the text."""
        if line > len(self.starts):
            return len(self.text)
        byte = self._line_bytes[line - 1] + column - 1
        if self._runs:
            start, start_byte, width = self._runs[bisect_right(self._run_bytes, byte) - 1]
            byte = start + (byte - start_byte) // width
        return min(byte, len(self.text))

    def span(self, first: int, last: int) -> Span:
        """From the start of line `first` to the end of line `last`, without its line end."""
        start = self.starts[min(first, len(self.starts)) - 1]
        end = self.starts[last] - 1 if last < len(self.starts) else len(self.text)
        return start, max(start, end)

    def number(self, offset: int) -> int:
        return bisect_right(self.starts, offset)


_NODE = re.compile(r'<(/?)(<unknown>|[a-z_]+)((?: [a-z:_]+="[^"]*")*+)( /)?>([^<]*)')
_PLACE = re.compile(r' sourcepos="(\d+):(\d+)-(\d+):(\d+)"')
_URL = re.compile(r' destination="([^"]*)"')
_LITERAL = frozenset(("text", "code", "html_inline"))
_LINK = frozenset(("link", "image"))
_BREAK = frozenset(("softbreak", "linebreak"))
_INLINE = _LITERAL | _LINK | _BREAK | {"emph", "strong", "strikethrough"}
_NEAR = 400  # code points searched for a literal that does not stand where it should


@lru_cache(maxsize=4)  # sanitising and scanning ask for the same text
def lines_of(text: str) -> Lines:
    return Lines(text)


@lru_cache(maxsize=64)  # people look at neighbouring versions, and each has two neighbours
def link_targets(source: str) -> tuple[str, ...]:
    """The targets of all links and images written in Markdown, in order, as cmark reads them."""
    return tuple(node.url for node in nodes(plain(source)) if node.kind in _LINK)


@lru_cache(maxsize=4)
def _tree(text: str) -> str:
    """The syntax tree of a `plain` text as XML, with the places that cmark knows."""
    with _parsed(text) as (root, _):
        return _taken(_library.cmark_render_xml(root, _Options.CMARK_OPT_SOURCEPOS))


@lru_cache(maxsize=4)
def nodes(text: str) -> tuple[Node, ...]:
    """The syntax tree of a `plain` text, in document order."""
    xml = _tree(text)
    lines = lines_of(text)
    found: list[Node] = []
    stack = [Node("", "", "", (0, len(text)), None)]
    cursor = shift = 0
    begins_line = False
    for closing, kind, attributes, empty, literal in _NODE.findall(xml, xml.index("<document")):
        parent = stack[-1]
        if closing:
            node = stack.pop()
            if node.kind in _LINK:
                _place_link(text, node)
                cursor = max(cursor, node.span[1])
            if node.parent:
                _widen(node.parent, node.inner if node.span == NOWHERE else node.span)
            continue
        url = _URL.search(attributes) if kind in _LINK else None
        literal = html.unescape(literal) if "&" in literal else literal
        node = Node(kind, literal, html.unescape(url[1]) if url else "", parent.block, parent)
        node.in_image = parent.in_image or parent.kind == "image"
        node.in_link = parent.in_link or parent.kind in _LINK
        place = _PLACE.match(attributes)
        first, first_column, last, last_column = map(int, place.groups()) if place else (0, 0, 0, 0)
        if kind in _BREAK:
            cursor, shift = text.find("\n", cursor) + 1 or cursor, 0
            begins_line = True
        elif kind in _LITERAL or kind in _LINK:
            # cmark loses count of lines here, and of columns (by the same number on the whole line) where a
            # quotation goes on without its mark. An address linked by itself has no place.
            line = lines.number(cursor)
            stated = lines.offset(line, first_column) + shift if place else -1
            if kind in _LINK:
                bracket = "[" if kind == "link" else "!["
                if stated >= cursor and text.startswith(bracket, stated):
                    node.inner = stated + len(bracket), stated + len(bracket)
            else:
                stated_end = lines.offset(line, last_column + 1) + shift
                node.span = _place_literal(text, node, -1 if begins_line else stated, stated_end, cursor)
                begins_line = False
                cursor = max(cursor, node.span[1])
                if stated >= 0 and node.span != NOWHERE:
                    shift += node.span[0] - stated
        elif place and kind == "table_cell":
            node.span = node.block = lines.offset(first, first_column), lines.offset(last, last_column + 1)
            cursor, shift, begins_line = node.span[0], 0, False
        elif place and kind not in _INLINE and not empty:
            node.block = lines.span(first, max(first, last if last_column else last - 1))
            node.span = min(lines.offset(first, first_column), node.block[1]), node.block[1]
            cursor, shift, begins_line = node.block[0], 0, False
            if kind in ("paragraph", "heading"):  # which may be underlined
                while definition := _DEFINITION.match(text, cursor, node.block[1]):
                    cursor = text.find("\n", definition.end()) + 1 or node.block[1]
        found.append(node)
        if not empty:
            stack.append(node)
    return tuple(found)


def _is_target(text: str, url: str) -> bool:
    return text in (url, url.removeprefix("http://"), url.removeprefix("mailto:"))


def _place_literal(text: str, node: Node, stated: int, stated_end: int, cursor: int) -> Span:
    """Where a literal stands: where cmark says or, if that is not so, the next place within reach."""
    if node.kind == "code":
        return _place_code(text, node.text, stated, cursor)
    if not node.text:
        return NOWHERE
    first, *others = node.text.split("\n")
    start = stated
    if start < cursor or not text.startswith(first, start):
        reach = min(node.block[1], cursor + len(first) + _NEAR)
        line_end = text.find("\n", cursor, reach)
        line_end = line_end if line_end >= 0 else reach
        start = text.find(first, cursor, line_end)
        is_written_otherwise = text.startswith(("\\", "&", first[0]), stated)  # with escapes or references
        if start < 0 and node.kind == "text" and cursor <= stated < line_end and is_written_otherwise:
            # Outside a link the stated end may include an address that is linked by itself.
            return stated, max(stated_end, stated + 1) if node.in_link else min(stated + len(first), line_end)
        if start < 0 and node.kind != "text":
            start = text.find(first, line_end, reach)
        if start < 0:
            return NOWHERE
    end = start + len(first)
    for line in others:  # each stands behind the marks of the quotes and lists around it
        line_start = text.find("\n", end) + 1
        line_end = text.find("\n", line_start)
        at = text.find(line, line_start, line_end if line_end >= 0 else len(text))
        if at < 0 or not line_start:
            return NOWHERE
        end = at + len(line)
    return start, end


def _place_code(text: str, literal: str, stated: int, cursor: int) -> Span:
    """What stands between the backticks of a code span."""
    reach = 2 * len(literal) + _NEAR
    word = literal.strip().partition(" ")[0].partition("|")[0]  # a bar may be written with a backslash
    head = re.escape(word[:20])
    opening = re.compile(rf"(?<!`)`+(?=\s*+{head})")
    before = min(stated, len(text))
    while before > cursor and text[before - 1 : before] == "`":
        before -= 1
    ticks = opening.match(text, before) if cursor <= before < stated else None
    ticks = ticks or opening.search(text, cursor, cursor + reach)
    if not ticks:
        return NOWHERE
    closing = re.compile(rf"(?<!`){ticks[0]}(?!`)").search(text, ticks.end(), ticks.end() + reach)
    return (ticks.end(), closing.start()) if closing else NOWHERE


def _widen(node: Node, span: Span) -> None:
    if span != NOWHERE:
        known = node.inner != NOWHERE
        node.inner = min(node.inner[0], span[0]) if known else span[0], max(node.inner[1], span[1])


_MARKS = "*_~`"
_CLOSE = re.compile(rf"[{_MARKS}]*+\]")
_TITLE = re.compile(
    r"""\s*+("(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|\((?:\\.|[^()\\])*+\))?\s*+\)""", re.DOTALL
)
_TURN = re.compile(r"\\.|[()\x00- ]", re.DOTALL)
_REFERENCE = re.compile(r"\[[^\[\]]{0,999}\]")


def _place_link(text: str, node: Node) -> None:
    """Sets `span`, `target` and `title` of a link from the place of what stands between its brackets."""
    start, end = node.inner
    if start < 0:
        return
    close = _CLOSE.match(text, end)
    after = close.end() if close else end
    if _is_target(text[start:end], node.url) and not text.startswith("(", after):
        node.span = node.target = start, end  # an autolink: the text is the target
        return
    before = start
    while text[before - 1 : before] and text[before - 1] in _MARKS:
        before -= 1
    if not close or text[before - 1 : before] != "[":
        return
    node.inner = before, after - 1
    node.span = before - (1 if node.kind == "link" else 2), after
    if text.startswith("(", after):
        opening = re.compile(r"\s*").match(text, after + 1)
        target = _target_end(text, opening.end()) if opening else 0
        title = _TITLE.match(text, target)
        if opening and title:
            node.target = opening.end(), target
            node.span = node.span[0], title.end()
            if title[1]:
                node.title = title.start(1) + 1, title.end(1) - 1
    elif reference := _REFERENCE.match(text, after):
        node.span = node.span[0], reference.end()


def _target_end(text: str, start: int) -> int:
    """The end of a link target: `<...>`, or up to a space or a closing bracket too many."""
    if text.startswith("<", start):
        return text.find(">", start) + 1 or start
    depth = 0
    for match in _TURN.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth < 0 or depth > 32 or match[0][0] <= " ":  # 32 is cmark's own limit
            return match.start()
    return len(text)


_NAME = r"[A-Za-z_:@][\w:.@-]*+"
_VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
ATTRIBUTE = re.compile(rf"\s+(?P<name>{_NAME})(?:\s*+=\s*+(?P<value>{_VALUE}))?+")
TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:\s+{_NAME}(?:\s*+=\s*+{_VALUE})?+)*+)\s*+/?>")
_HOST = re.compile(
    r"""(?:[A-Za-z][\w+.-]*+:)?//(?:[^/?#\s]*@)?(?P<authority>[^/?#:\\\s>]+)
      | (?:mailto:)?[^@/?#\s]*@(?P<mail>[^/?#:\\\s>]+)
      | (?P<bare>[Ww][Ww][Ww]\.[^/?#:\\\s>]+)""",
    re.VERBOSE,
)
_DEFINITION = re.compile(
    r"""^[ \t>]*+\[(?!\^)[^\[\]\n]++\]:[ \t]*+(?:\n[ \t>]*+)?(?P<target><[^<>\n]*+>|[^\s<]\S*+)
        (?:[ \t]++(?P<title>"[^"\n]*+"|'[^'\n]*+'|\([^()\n]*+\)))?""",
    re.MULTILINE | re.VERBOSE,
)


def regions(source: str) -> tuple[Region, ...]:
    """The whole source in order, cut where the context of a character changes.

    Code is what stands in a code block or span; link text what stands between the brackets of a link or
    image; host the host of any target; attribute the rest of a target, titles and the values of raw HTML
    attributes. The marks themselves belong to the prose around them.

    >>> [(r.start, r.end, str(r.where)) for r in regions("see `x`")]
    [(0, 5, 'prose'), (5, 6, 'code'), (6, 7, 'prose')]
    """
    text = plain(source)
    canvas = bytearray(len(text))
    for node in nodes(text) if _BESIDE_PROSE.search(_tree(text)) else ():  # to place nodes takes longest
        if node.kind == "code":
            _paint(canvas, node.span, Where.CODE)
        elif node.kind == "code_block":
            _paint_code_block(canvas, text, node, lines_of(text))
        elif node.kind in _LINK:
            if node.span != node.target and not node.in_image:
                _paint(canvas, node.inner, Where.LINK_TEXT)
            _paint_target(canvas, text, node.target)
            _paint(canvas, node.title, Where.ATTRIBUTE)
        elif node.kind in ("html_inline", "html_block") and node.span != NOWHERE:
            _paint_attributes(canvas, text, node)
    code = _KINDS.index(Where.CODE)
    for match in _DEFINITION.finditer(text) if "]:" in text else ():
        if canvas[match.start("target")] != code:
            _paint_target(canvas, text, match.span("target"))
            if match["title"]:
                _paint(canvas, (match.start("title") + 1, match.end("title") - 1), Where.ATTRIBUTE)
    return tuple(
        Region(run.start(), run.end(), _KINDS[canvas[run.start()]]) for run in _RUN_OF_A_KIND.finditer(canvas)
    )


_KINDS = tuple(Where)
_RUN_OF_A_KIND = re.compile(b"|".join(b"%c+" % index for index in range(len(_KINDS))))
_BESIDE_PROSE = re.compile("<(?:code|link|image|html_)")  # nodes that hold something else


def _paint(canvas: bytearray, span: Span, where: Where) -> None:
    start, end = span
    if 0 <= start < end:
        canvas[start:end] = bytes((_KINDS.index(where),)) * (end - start)


def _paint_target(canvas: bytearray, text: str, span: Span) -> None:
    start, end = span
    _paint(canvas, span, Where.ATTRIBUTE)
    if start >= 0 and (match := _HOST.match(text, start + text.startswith("<", start), end)):
        _paint(canvas, match.span(match.lastgroup or 0), Where.HOST)


def _paint_attributes(canvas: bytearray, text: str, node: Node) -> None:
    tags = (
        [node.span] if node.kind == "html_inline" else [tag.span() for tag in TAG.finditer(text, *node.span)]
    )
    for span in tags:
        for attribute in ATTRIBUTE.finditer(text, *span):
            start, end = attribute.span("value")
            if start >= 0:
                quoted = text[start] in "\"'"
                value = start + quoted, end - quoted
                _paint(canvas, value, Where.ATTRIBUTE)
                if attribute["name"].lower() in ("href", "src", "cite"):
                    _paint_target(canvas, text, value)


def _paint_code_block(canvas: bytearray, text: str, node: Node, lines: Lines) -> None:
    """Paints each line of the block's literal where it ends its line of the source."""
    if not node.text:
        return
    start = node.span[0]
    first = lines.number(start)
    if text.startswith(("```", "~~~"), start) and not text.startswith(
        node.text.partition("\n")[0] or "\n", start
    ):
        first += 1  # the fence
    start = lines.span(first, first)[0]
    if text.startswith(node.text, start):
        _paint(canvas, (start, start + len(node.text)), Where.CODE)
        return
    for number, literal in enumerate(node.text.removesuffix("\n").split("\n"), first):
        start, end = lines.span(number, number)
        if text.endswith(literal, start, end):
            _paint(canvas, (end - len(literal), end), Where.CODE)
