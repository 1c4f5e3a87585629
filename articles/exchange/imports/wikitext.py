"""MediaWiki's wikitext as Markdown: what Markdown can say is converted, the rest stays as text and is named.

Templates are not expanded: what they do stands in another page, or in a program. The bytes of the source are kept
beside the Markdown, so nothing is lost. Texts come from XML, which has no control characters: those mark places here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import mwparserfromhell

from .linking import image, link
from .wikitext_blocks import LIST, REFERENCE, REFERENCE_END, SPACE, VERBATIM, block, laid_out, table
from .wikitext_sections import is_deep, redirect_of, sections_of

MAX_CACHED = 4_000_000  # code points of sections
MAX_DEPTH = 40  # of tags and links inside each other
_NOT_IN_ANCHORS = re.compile(r"[^\w-]+")
_PICTURE_OPTION = re.compile(
    r"thumb(nail)?|frame(d|less)?|border|left|right|center|none|upright.*|\d*x?\d+px|\w+=.*", re.IGNORECASE
)
_CODE_LINE = re.compile(r"\n (?=[^\n]*\S)")
_SWITCH = re.compile(r"__[A-Z]+__")
_SIGNS = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|<(?=[A-Za-z/!?])|~(?=~)|&(?=#?\w+;)")
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "strike": "~~"}
_ALONE = {"br": "<br>", "hr": f"\n\n{VERBATIM}---\n\n"}
_KEPT_TAGS = frozenset("sub sup kbd var samp abbr cite dfn ins mark q s small u bdi time".split())
_CODE = frozenset("pre syntaxhighlight source math chem score timeline".split())
_DROPPED = frozenset("includeonly references templatestyles section".split())
_PASSED = frozenset("div span center font big noinclude onlyinclude p poem nowiki bdo table tr td th".split())


@dataclass(frozen=True, slots=True)
class Converted:
    """Markdown, the categories that become tags, and names of what was not converted, each once."""

    markdown: str
    categories: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class _Section:
    """A converted section: its references, by name or empty, stand in the text as places that are numbered later."""

    text: str
    references: list[tuple[str, str]]
    categories: list[str]
    left: list[str]


@dataclass
class Wikitext:
    """A converter for one wiki. `address_of` knows pages by title, and `picture_of` files by name; None is unknown.

    Sections are kept, since most of them are equal in the next version. `category` and `file` are the wiki's own words
    for these, in lower case.
    """

    address_of: Callable[[str], str | None]
    picture_of: Callable[[str], str | None]
    category: frozenset[str] = frozenset(("category",))
    file: frozenset[str] = frozenset(("file", "image"))
    _sections: dict[str, _Section] = field(default_factory=dict)
    _cached: int = 0

    def converted(self, wikitext: str) -> Converted:
        """Return a text as Markdown. Raises nothing; what is too deep stays as it is, as code."""
        if target := redirect_of(wikitext):
            address = self.address_of(target)
            return Converted(f"→ {link(target, address) if address else target}\n")
        sections = [self._section(each) for each in sections_of(wikitext)]
        texts, definitions = _numbered(sections)
        markdown = laid_out("".join(texts), definitions)
        categories = dict.fromkeys(name for each in sections for name in each.categories)
        left = dict.fromkeys(name for each in sections for name in each.left)
        return Converted(markdown, tuple(categories), tuple(left))

    def _section(self, wikitext: str) -> _Section:
        if (known := self._sections.get(wikitext)) is not None:
            return known
        section = _Converter(self, wikitext).section
        if self._cached > MAX_CACHED:
            self._sections.clear()
            self._cached = 0
        self._sections[wikitext] = section
        self._cached += len(wikitext)
        return section


def _numbered(sections: list[_Section]) -> tuple[list[str], list[str]]:
    """Return the texts of sections with their references numbered, and the definitions of these."""
    numbers: dict[str, int] = {}
    definitions: list[str] = []
    texts = []
    for section in sections:
        text = section.text
        for place, (name, content) in enumerate(section.references):
            number = numbers.get(name) if name else None
            if number is None:
                definitions.append(content)
                number = len(definitions)
                if name:
                    numbers[name] = number
            elif content and not definitions[number - 1]:
                definitions[number - 1] = content
            text = text.replace(f"{REFERENCE}{place}{REFERENCE_END}", f"[^{number}]")
        texts.append(text)
    return texts, [f"[^{number}]: {text or '…'}" for number, text in enumerate(definitions, start=1)]


class _Converter:
    """The conversion of one section."""

    def __init__(self, wiki: Wikitext, wikitext: str) -> None:
        self.wiki, self.wikitext = wiki, wikitext
        self.references: list[tuple[str, str]] = []
        self.categories: list[str] = []
        self.left: list[str] = []

    @cached_property
    def section(self) -> _Section:
        try:
            if is_deep(self.wikitext):
                raise _TooDeep
            nodes = mwparserfromhell.parse(self.wikitext, skip_style_tags=False).nodes
            text = self._text(nodes, 0)
            if self.wikitext.startswith(" "):
                text = SPACE + text[1:]
        except (mwparserfromhell.parser.ParserError, RecursionError, _TooDeep):
            self.left.append("a section that is too deep")
            text = block(self.wikitext, "wikitext")
        return _Section(text, self.references, self.categories, self.left)

    def _text(self, nodes: Any, depth: int) -> str:
        if depth > MAX_DEPTH:
            raise _TooDeep
        return "".join(self._node(node, depth + 1) for node in nodes)

    def _node(self, node: Any, depth: int) -> str:
        match type(node).__name__:
            case "Text":
                return _CODE_LINE.sub(f"\n{SPACE}", escaped(_SWITCH.sub("", str(node))))
            case "Heading":
                title = self._text(node.title.nodes, depth).strip()
                return f"\n\n{VERBATIM}{'#' * node.level} {' '.join(title.split())}\n\n"
            case "Wikilink":
                return self._wikilink(node, depth)
            case "ExternalLink":
                return self._external(node, depth)
            case "Tag":
                return self._tag(node, depth)
            case "HTMLEntity":
                return str(node)
            case "Comment":
                return ""
            case kind:  # templates and their arguments
                return self._kept(str(node), kind)

    def _kept(self, text: str, kind: str) -> str:
        """Return what is not converted as code."""
        name = text.strip("{} \n").partition("|")[0].strip()
        self.left.append(f"{kind.lower()} {' '.join(name.split())[:60]}")
        if "\n" in text:
            return block(text, "wikitext")
        return f"`` {text} ``" if "`" in text else f"`{text}`"

    def _wikilink(self, node: Any, depth: int) -> str:
        title = str(node.title).strip()
        space, colon, rest = title.partition(":")
        space = space.strip().lower()
        if colon and space in self.wiki.category:
            self.categories.append(" ".join(rest.replace("_", " ").split()))
            return ""
        if colon and space in self.wiki.file:
            return self._picture(node, rest.strip(), depth)
        text = self._text(node.text.nodes, depth) if node.text else escaped(title.lstrip(":"))
        page, mark, place = title.lstrip(":").partition("#")
        if not page:
            return text
        address = self.wiki.address_of(page)
        if address is None:
            return text
        anchor = _NOT_IN_ANCHORS.sub("-", place.strip().lower())
        return f"[{text}]({address}{mark}{anchor})"

    def _picture(self, node: Any, name: str, depth: int) -> str:
        parts = _parts(node.text) if node.text else []
        alt = next((part.partition("=")[2].strip() for part in parts if part.lower().startswith("alt=")), "")
        caption = next(
            (part.strip() for part in reversed(parts) if not _PICTURE_OPTION.fullmatch(part.strip())), ""
        )
        caption = self._text(mwparserfromhell.parse(caption).nodes, depth) if caption else ""
        address = self.wiki.picture_of(name)
        if address is None:
            self.left.append(f"picture {name[:60]}")
            shown = f"*{escaped(name)}*"
        else:
            shown = image(alt or name.rpartition(".")[0], address)
        is_block = any(part.strip().lower() in ("thumb", "thumbnail", "frame", "framed") for part in parts)
        if not is_block:
            return shown
        return f"\n\n{shown}\n\n{f'*{caption}*' if caption and '*' not in caption else caption}\n\n"

    def _external(self, node: Any, depth: int) -> str:
        url = str(node.url).strip()
        if not node.brackets:
            return url
        if node.title:
            text = self._text(node.title.nodes, depth).strip()
            return f"[{text}](<{url}>)" if re.search(r"[()\s]", url) else f"[{text}]({url})"
        return f"<{url}>"

    def _tag(self, node: Any, depth: int) -> str:
        name = str(node.tag).strip().lower()
        if name in ("li", "dt", "dd") and node.wiki_markup:
            return f"{LIST}{node.wiki_markup}"
        if name in _MARKS:
            return _marked(self._text(node.contents.nodes, depth), _MARKS[name])
        if name in _ALONE:
            return _ALONE[name]
        if name == "nowiki":
            return escaped(str(node.contents or ""))
        if name in _CODE:
            return self._code(node, name)
        convert = {
            "code": self._inline_code,
            "ref": self._reference,
            "table": self._table if node.wiki_markup else self._other,
            "blockquote": self._quotation,
            "gallery": self._gallery,
        }.get(name, self._other)
        return convert(node, depth)

    def _inline_code(self, node: Any, depth: int) -> str:
        return f"<code>{self._text(node.contents.nodes, depth)}</code>" if node.contents else ""

    def _quotation(self, node: Any, depth: int) -> str:
        lines = self._text(node.contents.nodes, depth).strip().split("\n") if node.contents else []
        return "\n\n" + "\n".join(f"{VERBATIM}> {line}" for line in lines) + "\n\n"

    def _gallery(self, node: Any, depth: int) -> str:
        shown = []
        for line in str(node.contents or "").splitlines():
            title, _, caption = line.partition("|")
            name = title.partition(":")[2].strip() or title.strip()
            address = self.wiki.picture_of(name) if name else None
            if name and address is None:
                self.left.append(f"picture {name[:60]}")
            shown.append(image(caption.strip() or name, address) if address else escaped(name))
        return "\n\n" + "\n\n".join(filter(None, shown)) + "\n\n"

    def _other(self, node: Any, depth: int) -> str:
        """Return a tag that Markdown has no signs for: as HTML that the site shows, or its content alone."""
        name = str(node.tag).strip().lower()
        if name in _DROPPED or node.self_closing or node.contents is None:
            if name == "includeonly":
                self.left.append("includeonly")
            return ""
        inner = self._text(node.contents.nodes, depth)
        if name in _KEPT_TAGS:
            return f"<{name}>{inner}</{name}>"
        if name not in _PASSED:
            self.left.append(f"tag {name[:30]}")
        return f"\n\n{inner.strip()}\n\n" if name in ("div", "center", "p", "poem") else inner

    def _code(self, node: Any, name: str) -> str:
        text = str(node.contents or "").strip("\n")
        named = (str(each.value) for each in node.attributes if str(each.name).strip() == "lang")
        language = next(named, "")
        if name in ("math", "chem"):
            return f"`{text}`" if "\n" not in text else block(text, "latex")
        return block(text, language.strip("\"' ") if name != "pre" else "")

    def _reference(self, node: Any, depth: int) -> str:
        named = [
            str(each.value).strip("\"' ") for each in node.attributes if str(each.name).strip() == "name"
        ]
        content = "" if node.self_closing else " ".join(self._text(node.contents.nodes, depth).split())
        place = len(self.references)
        self.references.append((named[0] if named else "", content))
        return f"{REFERENCE}{place}{REFERENCE_END}"

    def _table(self, node: Any, depth: int) -> str:
        rows: list[list[tuple[str, int, int, bool]]] = []
        caption = ""
        before = [each for each in node.contents.nodes if type(each).__name__ == "Tag"]
        cells: list[Any] = []
        for each in before:
            if str(each.tag) == "tr":
                rows.append([self._cell(cell, depth) for cell in each.contents.nodes if _is_cell(cell)])
            elif _is_cell(each):
                cells.append(each)
        if cells and str(cells[0].contents).startswith("+"):
            caption = self._cell(cells.pop(0), depth)[0].strip()[1:].strip()
        if cells:
            rows.insert(0, [self._cell(cell, depth) for cell in cells])
        return table(rows, caption)

    def _cell(self, node: Any, depth: int) -> tuple[str, int, int, bool]:
        spans = {"colspan": 1, "rowspan": 1}
        for each in node.attributes:
            name, value = str(each.name).strip().lower(), str(each.value or "").strip("\"' ")
            if name in spans and value.isdecimal():
                spans[name] = min(max(int(value), 1), 50)
        if max(spans.values()) > 1 and "a cell over several" not in self.left:
            self.left.append("a cell over several")
        text = self._text(node.contents.nodes, depth) if node.contents else ""
        return text, spans["colspan"], spans["rowspan"], str(node.tag) == "th"


class _TooDeep(Exception):
    pass


def _is_cell(node: Any) -> bool:
    return type(node).__name__ == "Tag" and str(node.tag) in ("td", "th")


def _parts(text: Any) -> list[str]:
    """Return the parts of a picture's link, which bars outside of links and templates divide."""
    parts, depth, held = [], 0, ""
    for piece in re.split(r"(\[\[|\]\]|\{\{|\}\}|\|)", str(text)):
        depth += (piece in ("[[", "{{")) - (piece in ("]]", "}}"))
        if piece == "|" and depth == 0:
            parts.append(held)
            held = ""
        else:
            held += piece
    return [*parts, held]


def _marked(text: str, mark: str) -> str:
    """Return a text between marks, the spaces at its ends outside of them; nothing for nothing."""
    inner = text.strip()
    if not inner or "\n\n" in inner:
        return text
    start = text[: len(text) - len(text.lstrip())]
    return f"{start}{mark}{inner}{mark}{text[len(text.rstrip()) :]}"


def escaped(text: str) -> str:
    """Return a text whose signs mean nothing in Markdown.

    >>> print(escaped("a_b *not* [[link]] <b> 1 < 2"))
    a_b \\*not\\* \\[\\[link\\]\\] \\<b> 1 < 2
    """
    return _SIGNS.sub(r"\\\g<0>", text)
