"""Drawing: the HTML of the sanitizer with what a page needs around and on its elements.

Wrappers, attributes and spans are added, and tags renamed. The text stays as it is, but for captions: the title of a
picture that stands alone is shown below it. Every value that is added is escaped.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from articles.text.markdown.tags import TAG, attributes_of
from articles.text.page import visible_text
from articles.text.page.images import SIZES

from .code import highlight
from .contents import LEAST, Entry, contents_of
from .words import Words

MAX_CODE = 40_000  # code points of a text that are highlighted
MAX_ANCHORS = 300  # headings of a text that have links and stand in its contents
# The widths of pictures, as `site.css` has them: alone at the top or in a text without contents, and in the column.
PAGE, COLUMN = "(min-width: 64rem) 57.5rem, 100vw", "(min-width: 40rem) 37rem, 100vw"

_BIGGEST = re.compile(r"<h1[ >]")
_HEADING = re.compile("h[1-6]")
_NOTE = re.compile(r'<sup class="footnote-ref">.*?</sup>', re.DOTALL)
_CAPTION = re.compile(r"\s*<caption[^>]*>(.*?)</caption>", re.DOTALL)
_CODE = re.compile(r'<code class="language-([^"]*)">([^<]*)</code></pre>')
_ALONE = re.compile(r"(?:<a [^>]*>)?<img [^>]*\bsrc=[^>]*>(?:</a>)?</p>")
_TITLE = re.compile(r' title="([^"]*)"')
_OPENING = re.compile(r"\s*<figure[^>]*>(?:(?!</?figure).)*</figure>", re.DOTALL)  # none inside of another
_LAZY = ' loading="lazy"'
_SIZES = f' sizes="{SIZES}"'
_HEADINGS = re.compile("<h[1-6][ >]")
_NO_ANCHOR = frozenset(("a", "summary"))  # an anchor is a link, and would be one inside of another
_NO_ENTRY = frozenset("blockquote li dd td th caption details figure".split())  # of the contents


@dataclass(frozen=True, slots=True)
class Drawn:
    """A text as a page draws it: the picture that it begins with or "", all that follows, and its contents."""

    lead: str
    html: str
    contents: tuple[Entry, ...]

    @property
    def whole(self) -> str:
        """All of the text."""
        return self.lead + self.html

    @property
    def has_code(self) -> bool:
        """Whether there is a block of code."""
        return '<div class="code">' in self.html


@dataclass(frozen=True, slots=True)
class _Heading:
    """An open heading: its level, its id, and where its text begins."""

    level: int
    id: str
    start: int
    has_anchor: bool


def draw(page: str, words: Words) -> Drawn:
    """Return sanitized HTML as a page draws it. Linear in the HTML.

    - Tables stand in a box that scrolls, and that box and code can be reached by key, to scroll them.
    - Headings move down by one level if there is one of level 1, which is the title's. h6 stays. A link to each stands
      beside it, outside of its name.
    - The first picture loads at once. A picture alone in a paragraph is a figure, with its title as caption. A picture
      without a source is a box with its words.
    - The boxes of tasks have names.
    - Code in a known language has its parts told apart.
    """
    drawing = _Drawing(page, words)
    drawn = drawing.drawn()
    opening = _OPENING.match(drawn)
    end = opening.end() if opening and "<img " in opening[0] else 0
    return Drawn(drawn[:end], drawn[end:], contents_of(drawing.entries))


def fit(pieces: Sequence[str], words: Words) -> list[str]:
    """Return the pieces of a marked page with what needs no box: attributes, levels of headings, removed pictures.

    Their blocks stay what they are, since the marks and styles of a comparison are on them.
    """
    shift = any(_BIGGEST.search(piece) for piece in pieces)
    return [_Fitting(piece, words, shift=shift).drawn() for piece in pieces]


class _Fitting:
    """What of a drawing needs no box around it."""

    def __init__(self, page: str, words: Words, *, shift: bool) -> None:
        self._page, self._words, self._shift = page, words, int(shift)

    def drawn(self) -> str:
        """Return the HTML."""
        return TAG.sub(self._tag, self._page)

    def _tag(self, match: re.Match[str]) -> str:
        """Return what is drawn for a tag."""
        written, is_end, tag = match[0], bool(match[1]), match[2]
        if _HEADING.fullmatch(tag):
            return written.replace(tag, f"h{self._level(tag)}", 1)
        if is_end:
            return written
        if tag == "table":
            return _with(written, tabindex="0")
        if tag == "pre":
            return self._pre(written)
        if tag == "input":
            is_done = "checked" in _attributes(match)
            return _with(written, aria_label=self._words.done if is_done else self._words.to_do)
        return self._picture(match) if tag == "img" else written

    def _level(self, heading: str) -> int:
        """Return the level at which a heading is drawn."""
        return min(6, int(heading[1]) + self._shift)

    def _pre(self, written: str) -> str:
        """Return the start of a block of code, reached by key."""
        return _with(written, tabindex="0", role="group", aria_label=self._words.code)

    def _picture(self, match: re.Match[str]) -> str:
        """Return a picture, or what stands for one without a source."""
        attributes = _attributes(match)
        if "src" in attributes:
            return match[0]
        name = ": ".join(filter(None, (self._words.no_picture, attributes.get("alt"))))
        return _with('<span class="no-picture">', role="img", aria_label=name, data_box=name) + "</span>"


class _Drawing(_Fitting):
    """The drawing of one text."""

    def __init__(self, page: str, words: Words) -> None:
        super().__init__(page, words, shift=bool(_BIGGEST.search(page)))
        self.entries: list[tuple[int, str, str]] = []  # level, id and text of headings
        self._anchors = 0
        self._has_picture = False
        self._is_railed = len(_HEADINGS.findall(page)) >= LEAST  # about
        self._open: Counter[str] = Counter()
        self._headings: list[_Heading] = []  # that are open; a table in one may hold another
        self._caption: str | None = None  # of the figure that is open; None outside of one
        self._code_left = MAX_CODE

    def drawn(self) -> str:
        """Return the HTML."""
        pieces: list[str] = []
        place = 0
        for match in TAG.finditer(self._page):
            if match.start() < place:  # inside code that is drawn
                continue
            pieces += self._page[place : match.start()], self._tag(match)
            place = match.end()
            if code := _CODE.match(self._page, place):
                pieces.append(self._code(code))
                place = code.end()
        return "".join([*pieces, self._page[place:]])

    def _tag(self, match: re.Match[str]) -> str:
        """Return what is drawn for a tag."""
        written, is_end, tag = match[0], bool(match[1]), match[2]
        if tag in _NO_ANCHOR or tag in _NO_ENTRY:
            self._open[tag] += -1 if is_end else 1
        if _HEADING.fullmatch(tag):
            return self._heading_end(match) if is_end else self._heading_start(match)
        if tag == "table":
            return f"{written}</div>" if is_end else self._table(match)
        if tag == "p":
            return self._paragraph(match)
        if tag == "pre":
            return f"{written}</div>" if is_end else f'<div class="code">{self._pre(written)}'
        return super()._tag(match)

    def _heading_start(self, match: re.Match[str]) -> str:
        """Return the start of a heading, in a box with its link if it has one."""
        level = self._level(match[2])
        anchor = _attributes(match).get("id", "")
        has_anchor = bool(anchor) and self._anchors < MAX_ANCHORS and not any(map(self._open.get, _NO_ANCHOR))
        self._anchors += has_anchor
        self._headings.append(_Heading(level, anchor, match.end(), has_anchor))
        start = match[0].replace(match[2], f"h{level}", 1)
        return f'<div class="heading">{start}' if has_anchor else start

    def _heading_end(self, match: re.Match[str]) -> str:
        """Return the end of a heading and the link to it."""
        heading = self._headings.pop()
        end = f"</h{heading.level}>"
        text = visible_text(_NOTE.sub("", self._page[heading.start : match.start()]))
        text = " ".join(text.split())
        if not heading.has_anchor:
            return end
        if text and not any(self._open[tag] for tag in _NO_ENTRY):
            self.entries.append((heading.level, heading.id, text))
        label = self._words.anchor % {"heading": text}
        anchor = _with('<a class="anchor">', href=f"#{heading.id}", aria_label=label)
        return f"{end}{anchor}</a></div>"

    def _table(self, match: re.Match[str]) -> str:
        """Return the start of a table in its box, which has the name of the table's caption."""
        caption = _CAPTION.match(self._page, match.end())
        name = " ".join(visible_text(caption[1]).split()) if caption else ""
        box = _with('<div class="scroll">', tabindex="0", role="region", aria_label=name or self._words.table)
        return box + match[0]

    def _paragraph(self, match: re.Match[str]) -> str:
        """Return the tag of a paragraph, or that of a figure if it holds nothing but a picture."""
        if match[1]:
            caption, self._caption = self._caption, None
            if caption is None:
                return match[0]
            below = f'<figcaption class="title">{caption}</figcaption>' if caption else ""
            return f"{below}</figure>"
        is_alone = match[0] == "<p>" and _ALONE.match(self._page, match.end())
        if not is_alone or self._open["figure"]:
            return match[0]
        title = _TITLE.search(is_alone[0], is_alone[0].index("<img"))
        self._caption = title[1] if title else ""
        return "<figure>"

    def _picture(self, match: re.Match[str]) -> str:
        """Return a picture as the page needs it, or what stands for one without a source."""
        written = super()._picture(match)
        if not written.startswith("<img"):
            return written
        written = _TITLE.sub("", written) if self._caption else written
        is_figure = self._caption is not None or self._open["figure"]
        is_wide = is_figure and not (self._has_picture and self._is_railed)
        written = written.replace(_SIZES, f' sizes="{PAGE if is_wide else COLUMN}"')
        if self._has_picture:
            return written
        self._has_picture = True
        return _with(written.replace(_LAZY, ""), fetchpriority="high")

    def _code(self, match: re.Match[str]) -> str:
        """Return the code of a block with its end, its parts told apart while that is cheap."""
        code = html.unescape(match[2])
        self._code_left -= len(code)
        if self._code_left < 0:
            return f"{match[0]}</div>"
        inner = highlight(code, html.unescape(match[1]))
        return f'<code class="language-{match[1]}">{inner}</code></pre></div>'


def _attributes(match: re.Match[str]) -> dict[str, str]:
    return {name: value for _, name, value in attributes_of(match[3]) if value is not None}


def _with(tag: str, **attributes: str) -> str:
    """Return a start tag with attributes added; underscores stand for hyphens."""
    added = "".join(f' {name.replace("_", "-")}="{html.escape(value)}"' for name, value in attributes.items())
    return f"{tag[:-1]}{added}>"
