"""Markdown source to the HTML of a page, and what of the source did not reach it.

Raw HTML is taken apart by the grammar of tags and written anew: what is on the safelist and in its place as a
tag, everything else as text. Two unrelated HTML parsers, bleach's and nh3's, then get the same safelist and
have to agree on the result. Offsets are code points of the source, half-open. Cost grows linearly with it.
"""

import html
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import bleach
import nh3

from articles.text.markdown import parse as markup
from articles.text.messages import gettext_noop as _
from articles.text.page import images, safelist
from articles.text.page import writer as serialize
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.writer import MAX_TAGS, MIN_BYTES_PER_TAG, Page, SourceRefused

POLICY_VERSION = "2"
MAX_SOURCE_BYTES = 262_144  # of UTF-8, unless the caller says otherwise
PIECE = 768  # code points of a piece, on average
MAX_REMEMBERED = 8_192  # code points of a piece
TRIED_LENGTH = 131_072  # code points that trying out rewrites may read, one rewrite in any case

_UNFIT = re.compile("[\0\ud800-\udfff]")
_TAG = re.compile("<[^>]*>")  # of a page written here, where no other < or > stands
_WORDS_OF_IMAGE = re.compile(r'<img[^>]*? alt="([^"]*)"[^>]*>')


@dataclass(frozen=True, slots=True)
class Sanitized:
    """The page. `agreed` is false if the parsers differ: `html` is then nh3's result or the source shown."""

    html: str
    removals: tuple[Removal, ...]
    agreed: bool


def sanitize(source: str, *, max_bytes: int | None = MAX_SOURCE_BYTES) -> Sanitized:
    """The page of a Markdown source, or `SourceRefused`; for one of more than `max_bytes` of UTF-8 too.

    Equal sources give equal pages as long as `POLICY_VERSION` is the same. The page is a fixed point:
    sanitising it again would change nothing.

    >>> page = sanitize("*a* <script>")
    >>> page.html
    '<p><em>a</em> &lt;script&gt;</p>\\n'
    >>> [(removal.start, removal.end, removal.what, removal.reason) for removal in page.removals]
    [(4, 12, '<script>', 'shown as text; put backticks around code')]
    >>> page.removals[0].rewrite.text
    '`<script>`'
    """
    size = _guarded_size(source, max_bytes)
    text = markup.plain(source)
    max_tags = max(MAX_TAGS, size // MIN_BYTES_PER_TAG)
    blocks, found = _written(text, max_tags)
    result, agreed = _parsed_twice(blocks)
    if result != "".join(blocks) and _again(result) != result:
        result, agreed = shown_as_text(source), False
    controls = [
        Removal(
            match.start(), match.end(), f"U+{ord(match[0]):04X}", _("a control character, shown as U+FFFD")
        )
        for match in serialize.CONTROL.finditer(text)
    ]
    removals = sorted(
        [*_proven(text, blocks, found, max_tags), *controls], key=lambda removal: (removal.start, removal.end)
    )
    return Sanitized(result, tuple(removals), agreed)


def shown_as_text(source: str) -> str:
    """The page of a source that can be shown in no better way."""
    return f"<pre>{serialize.line_end_after_pre(source)}{serialize.escape(source)}</pre>\n"


def _written(text: str, max_tags: int) -> tuple[list[str], list[Removal]]:
    """The blocks of a page before any parser has seen them, and what did not reach it."""
    page = Page(text, _refusal, max_tags=max_tags)
    page.add_rendered(markup.render(text, mark_raw=True))
    return page.finish(), page.removals


def _proven(text: str, blocks: list[str], found: list[Removal], max_tags: int) -> Iterator[Removal]:
    """Removals, each with its rewrite only where trying it out removes less, and nothing that is seen.

    The first ones of a text are tried; the others are when those are gone.
    """
    if not found:
        return
    seen, kinds = _seen(blocks), Counter((removal.what, removal.reason) for removal in found)
    tried: dict[Rewrite, bool] = {}
    most = max(1, TRIED_LENGTH // max(1, len(text)))
    for removal in found:
        rewrite = removal.rewrite
        if rewrite and rewrite not in tried:
            tried[rewrite] = len(tried) < most and _helps(text, rewrite, removal, seen, kinds, max_tags)
        yield removal if not rewrite or tried[rewrite] else replace(removal, rewrite=None)


def _helps(
    text: str, rewrite: Rewrite, removal: Removal, seen: str, kinds: Counter[tuple[str, str]], max_tags: int
) -> bool:
    written = f"{images.PREFIX}a.png" if rewrite.remedy is Remedy.UPLOAD else rewrite.text
    try:
        blocks, found = _written(text[: rewrite.start] + written + text[rewrite.end :], max_tags)
    except SourceRefused:
        return False
    left = Counter((other.what, other.reason) for other in found)
    kind = (removal.what, removal.reason)
    return left < kinds and left[kind] < kinds[kind] and _seen(blocks) == seen


def _seen(blocks: list[str]) -> str:
    """The visible characters of a page, with the words in the place of images."""
    words = _WORDS_OF_IMAGE.sub(r"\1", "".join(blocks))
    return "".join(html.unescape(_TAG.sub("", words)).split())


def _guarded_size(source: str, max_bytes: int | None) -> int:
    """The bytes of a source that may be parsed."""
    data = source.encode("utf-8", "surrogatepass")
    if max_bytes is not None and len(data) > max_bytes:
        line = data.count(b"\n", 0, max_bytes) + 1
        message = f"Line {line}: the text gets longer than {max_bytes:,} bytes; it has {len(data):,}."
        raise SourceRefused("bytes", message)
    if "\0" in source or markup.has_surrogate(source):
        match = _UNFIT.search(source)
        assert match
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        name = "a NUL" if match[0] == "\0" else f"half a surrogate pair (U+{ord(match[0]):04X})"
        raise SourceRefused("characters", f"Line {line}: character {column} is {name}; remove it.")
    return len(data)


def _again(html_of_page: str) -> str:
    """The step from HTML to HTML on its own, for what is on a page already."""
    page = Page("", _refusal, max_tags=len(html_of_page))
    page.add_raw(html_of_page, None)
    return _parsed_twice(page.finish())[0]


def _parsed_twice(blocks: list[str]) -> tuple[str, bool]:
    """What nh3 makes of a page, and whether bleach makes the same of it but for spelling.

    bleach, which takes most of the time, gets it piece by piece and is asked once for each. Should an element be
    open at the end of a piece, bleach would close it there, and differ.
    """
    written = "".join(blocks)
    first = "".join(_bleached(piece) for piece in _pieces(blocks))
    second = _respelled(_NH3.clean(written), written)
    return second, first == second


def _pieces(blocks: list[str]) -> Iterator[str]:
    """A block or a few each. A piece ends by what its last block says, so most stay the same when a text is edited."""
    piece: list[str] = []
    for block in blocks:
        piece.append(block)
        if zlib.crc32(block.encode()) % PIECE < len(block):
            yield "".join(piece)
            piece = []
    yield "".join(piece)


def _respelled(parsed: str, written: str) -> str:
    return written if parsed == written else serialize.respelled(parsed)


def _refusal(tag: str, name: str, value: str) -> str:
    reason = safelist.refusal(tag, name, value)
    if not reason and name in safelist.TARGETS and not _is_address(value):
        return _("no browser takes this for an address")
    return reason


def _is_allowed(tag: str, name: str, value: str) -> bool:
    return not safelist.refusal(tag, name, html.unescape(value))


def _bleached(piece: str) -> str:
    return (_remembered if len(piece) <= MAX_REMEMBERED else _clean)(piece)


def _clean(piece: str) -> str:
    cleaner = bleach.Cleaner(
        tags=safelist.TAGS,
        attributes=_is_allowed,
        protocols=safelist.SCHEMES,
        strip=False,
        strip_comments=True,
    )
    return _respelled(cleaner.clean(piece), piece)


_remembered = lru_cache(maxsize=2048)(_clean)


_NH3 = nh3.Cleaner(
    tags=set(safelist.TAGS),
    clean_content_tags=set(),
    attributes={tag: set(safelist.GLOBAL) | set(safelist.ATTRIBUTES.get(tag, ())) for tag in safelist.TAGS}
    | {"*": set()},
    attribute_filter=lambda tag, name, value: None if safelist.refusal(tag, name, value) else value,
    link_rel=None,
    url_schemes=set(safelist.SCHEMES),
)


@lru_cache(maxsize=4096)
def _is_address(target: str) -> bool:
    """Whether the parser of addresses that browsers use (WHATWG) accepts one; nh3 brings it."""
    return "href" in _NH3.clean(serialize.start_tag("a", {"href": target}))
