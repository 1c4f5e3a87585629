"""Markdown source to the HTML of a page, and what became of each character of the source.

Two unrelated HTML parsers, bleach's and nh3's, get what was written with the same safelist and have to agree on the
result. Offsets are code points of the source, half-open. Cost grows linearly with it.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import bleach
import nh3

from articles.text.markdown.parsing import has_surrogate
from articles.text.messages import gettext_noop as _
from articles.text.page import images, safelist
from articles.text.page.assembly import Draft, Page
from articles.text.page.elements import Elements, SourceRefused
from articles.text.page.fates import CODES, Fate, Piece, pieces
from articles.text.page.raw import RawHtml, RawWriter
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.spelling import escape, line_end_after_pre, respelled, start_tag

POLICY_VERSION = "3"
MAX_SOURCE_BYTES = 262_144  # of UTF-8, unless the caller says otherwise
MAX_TAGS = 12_000  # or one for so many bytes of source, where that is more: dense prose has one for twelve
MIN_BYTES_PER_TAG = 12
MAX_REMEMBERED = 8_192  # code points of a piece
MAX_TRIED = 5_000  # removals of a text; nobody mends more of them one by one
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
    """Return the page of a Markdown source. Raises `SourceRefused` beyond a limit, `max_bytes` of UTF-8 among them.

    Equal sources give equal pages as long as `POLICY_VERSION` is the same. The page is a fixed point:
    sanitizing it again would change nothing.

    >>> page = sanitize("*a* <script>")
    >>> page.html
    '<p><em>a</em> &lt;script&gt;</p>\\n'
    >>> [(removal.start, removal.end, removal.what, removal.reason) for removal in page.removals]
    [(4, 12, '<script>', 'shown as text; put backticks around code')]
    >>> page.removals[0].rewrite.text
    '`<script>`'
    """
    max_tags = _max_tags(source, max_bytes)
    draft = Page(source, _refusal, max_tags=max_tags).draft()
    result, agreed = _parsed_twice(draft.pieces)
    if result != "".join(draft.pieces) and _again(result) != result:
        result, agreed = shown_as_text(source), False
    return Sanitized(result, tuple(_proven(source, draft, max_tags)), agreed)


def account(source: str, *, max_bytes: int | None = MAX_SOURCE_BYTES) -> tuple[Piece, ...]:
    """Return what became of each character: pieces that tile the source. Raises `SourceRefused` as `sanitize` does.

    >>> [(piece.start, piece.end, str(piece.fate)) for piece in account("*a* <!--b-->")]
    [(0, 1, 'markup'), (1, 2, 'shown'), (2, 3, 'markup'), (3, 4, 'shown'), (4, 12, 'removed')]
    """
    draft = Page(source, _refusal, max_tags=_max_tags(source, max_bytes)).draft()
    written = "".join(draft.pieces)
    result, _agreed = _parsed_twice(draft.pieces)
    if result != written and _again(result) != result:
        return pieces(CODES[Fate.SHOWN] * len(source))
    return pieces(draft.canvas)


def shown_as_text(source: str) -> str:
    """Return the page of a source that can be shown in no better way."""
    return f"<pre>{line_end_after_pre(source)}{escape(source)}</pre>\n"


def _proven(text: str, draft: Draft, max_tags: int) -> Iterator[Removal]:
    """Yield removals, each with its rewrite only where trying it out removes less, and nothing that is seen.

    The first ones of a text are tried; the others are when those are gone.
    """
    found = draft.removals
    if not any(removal.rewrite for removal in found):
        yield from found
        return
    if len(found) > MAX_TRIED:
        yield from (removal.without_rewrite() for removal in found)
        return
    tried: dict[Rewrite, bool] = {}
    most = max(1, TRIED_LENGTH // max(1, len(text)))
    for removal in found:
        rewrite = removal.rewrite
        if rewrite and rewrite not in tried:
            tried[rewrite] = len(tried) < most and _helps(text, draft, removal, rewrite, max_tags)
        yield removal if not rewrite or tried[rewrite] else removal.without_rewrite()


def _helps(text: str, draft: Draft, removal: Removal, rewrite: Rewrite, max_tags: int) -> bool:
    """Return whether a rewrite takes its removal away, adds none, and leaves the page as it reads."""
    written = f"{images.PREFIX}a.png" if rewrite.remedy is Remedy.UPLOAD else rewrite.text
    changed = text[: rewrite.start] + written + text[rewrite.end :]
    try:
        after = Page(changed, _refusal, max_tags=max_tags).draft()
    except SourceRefused:
        return False
    kinds, left = (Counter((other.what, other.reason) for other in page.removals) for page in (draft, after))
    kind = (removal.what, removal.reason)
    if not (left < kinds and left[kind] < kinds[kind]):
        return False
    signs = "~" if rewrite.remedy is Remedy.SUBSCRIPT else ""
    if _seen(draft.pieces, signs) != _seen(after.pieces, signs):
        return False
    return rewrite.remedy is not Remedy.REMOVE or _tags(draft.pieces) == _tags(after.pieces)


def _seen(written: Sequence[str], signs: str = "") -> str:
    """Return the visible characters of a page but for some signs, with the words in the place of images."""
    words = _WORDS_OF_IMAGE.sub(r"\1", "".join(written))
    seen = "".join(html.unescape(_TAG.sub("", words)).split())
    return seen.replace(signs, "") if signs else seen


def _tags(written: Sequence[str]) -> list[str]:
    return _TAG.findall("".join(written))


def _max_tags(source: str, max_bytes: int | None) -> int:
    """Return how many tags the page of a source may hold. Raises `SourceRefused` if it may not be parsed."""
    data = source.encode("utf-8", "surrogatepass")
    if max_bytes is not None and len(data) > max_bytes:
        line = data.count(b"\n", 0, max_bytes) + 1
        message = f"Line {line}: the text gets longer than {max_bytes:,} bytes; it has {len(data):,}."
        raise SourceRefused("bytes", message)
    if "\0" in source or has_surrogate(source):
        match = _UNFIT.search(source)
        assert match
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        name = "a NUL" if match[0] == "\0" else f"half a surrogate pair (U+{ord(match[0]):04X})"
        raise SourceRefused("characters", f"Line {line}: character {column} is {name}; remove it.")
    return max(MAX_TAGS, len(data) // MIN_BYTES_PER_TAG)


def _again(html_of_page: str) -> str:
    """Sanitize HTML again, to prove that the result is a fixed point."""
    elements = Elements(gives_ids=False)  # as a heading that holds nothing but a footnote's number has none
    writer = RawWriter("", elements, [], bytearray(len(html_of_page)), _refusal, frozenset())
    writer.add(RawHtml([(0, html_of_page)]), is_inline=False)
    elements.close_down_to(0)
    return _parsed_twice(["".join(elements.out.written)])[0]


def _parsed_twice(written: Sequence[str]) -> tuple[str, bool]:
    """Return what nh3 makes of a page, and whether bleach makes the same of it but for spelling.

    bleach, which takes most of the time, gets it piece by piece. Should an element be open at the end of a piece,
    bleach would close it there, and differ.
    """
    page = "".join(written)
    first = "".join(map(_bleached, written))
    second = _respelled(_NH3.clean(page), page)
    return second, first == second


def _respelled(parsed: str, written: str) -> str:
    return written if parsed == written else respelled(parsed)


def _refusal(tag: str, name: str, value: str) -> str:
    reason = safelist.refusal(tag, name, value)
    if not reason and name in safelist.TARGETS and not _is_address(value):
        return _("no browser takes this for an address")
    return reason


def _is_allowed(tag: str, name: str, value: str) -> bool:
    return not safelist.refusal(tag, name, html.unescape(value))


# What bleach says of a piece depends on its structure and not on its words: on text only by where white space and odd
# characters are, on addresses of the plainest kind only by how they begin, on equal siblings not by how many there are.
# So a piece is asked with a word in the place of each, and only if bleach would change that, with its own words.
_ODD = r"<>&\x00-\x09\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
_WORDS = re.compile(rf"(?<=>)([ \n]*)(?!\s)(?:[^{_ODD}]|&(?:lt|gt|amp);)+(?=<)")
_PLAIN_VALUE = re.compile(
    rf' id="{safelist.PREFIX}[\w.-]+"| (?:title|alt)="[\w][\w .-]*"| aria-label="Back to reference [0-9-]+"'
)
_STAND_INS = {
    "i": f' id="{safelist.PREFIX}x"',
    "t": ' title="x"',
    "al": ' alt="x"',
    "ar": ' aria-label="Back to reference 1"',
}
_PLAIN_ADDRESS = re.compile(r' href="(https?://|/|#)[A-Za-z0-9][A-Za-z0-9./_-]*"')
_SIBLINGS = re.compile(r"(<(li|tr|p|td|th)\b[^>]*>(?:(?!</?\2\b).)*+</\2>\n)\1+", re.DOTALL)
_INLINE_SIBLINGS = re.compile(
    r"(<(a|b|code|del|em|i|kbd|strong|sup)\b[^>]*>(?:(?!</?\2\b)[^\n])*+</\2>[ x]*+)\1+"
)


def _structure(piece: str) -> str:
    """Return a piece with stand-ins for its words."""
    piece = _WORDS.sub(r"\1x", piece)
    if '="' in piece:
        piece = _PLAIN_VALUE.sub(_stand_in, piece)
        piece = _PLAIN_ADDRESS.sub(r' href="\1x"', piece)
    return _SIBLINGS.sub(r"\1", _INLINE_SIBLINGS.sub(r"\1", piece))


def _stand_in(match: re.Match[str]) -> str:
    name = match[0]
    return _STAND_INS.get(name[1]) or _STAND_INS[name[1:3]]


def _bleached(piece: str) -> str:
    """Return what bleach makes of a piece in which no element is open at either end."""
    return (_remembered if len(piece) <= MAX_REMEMBERED else _asked)(piece)


def _asked(piece: str) -> str:
    structure = _structure(piece)
    if len(structure) <= MAX_REMEMBERED and _cleaned_structure(structure) == structure:
        return piece
    return _clean(piece)


def _clean(piece: str) -> str:
    cleaner = bleach.Cleaner(
        tags=safelist.TAGS,
        attributes=_is_allowed,
        protocols=safelist.SCHEMES,
        strip=False,
        strip_comments=True,
    )
    return _respelled(cleaner.clean(piece), piece)


_remembered = lru_cache(maxsize=4096)(_asked)
_cleaned_structure = lru_cache(maxsize=1024)(_clean)


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
    """Return whether the parser of addresses that browsers use (WHATWG) accepts one; nh3 brings it."""
    return "href" in _NH3.clean(start_tag("a", {"href": target}))
