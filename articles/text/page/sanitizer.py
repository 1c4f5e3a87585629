"""The sanitizer: from a Markdown source to HTML, its removals, and the fate of each character.

Two unrelated HTML parsers, those of bleach and nh3, read the HTML with the same safelist and must agree on the result.
Spans are half-open, in code points of the source. Linear in the source.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate

import bleach
import nh3

from articles.text.markdown.parsing import has_surrogate
from articles.text.messages import gettext_noop as _
from articles.text.page import images, safelist
from articles.text.page.assembly import Assembly, Draft
from articles.text.page.elements import Elements, SourceRefused
from articles.text.page.fates import CODES, Fate, Piece, pieces
from articles.text.page.raw import RawHtml, RawWriter
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.spelling import escape, line_end_after_pre, respelled, start_tag

POLICY_VERSION = "3"
MAX_SOURCE_BYTES = 262_144  # of UTF-8, unless the caller says otherwise
MAX_TAGS = 12_000  # of a page; a source beyond 144 kB may have a tag for each 12 bytes, as dense prose has
MIN_BYTES_PER_TAG = 12
MAX_REMEMBERED = 8_192  # code points of a piece that is cached
MAX_TRIED = 5_000  # removals; with more of them no rewrite is offered
TRIED_LENGTH = 131_072  # code points that are read to try rewrites; one rewrite is always tried

_UNFIT = re.compile("[\0\ud800-\udfff]")
_TAG = re.compile("<[^>]*>")  # in HTML written here, which holds no other < or >
_WORDS_OF_IMAGE = re.compile(r'<img[^>]*? alt="([^"]*)"[^>]*>')


@dataclass(frozen=True, slots=True)
class Sanitized:
    """The HTML and the removals. If the parsers differ, `agreed` is false and `html` is nh3's or the escaped source.

    `parts` says where parts of the HTML come from: pairs of a place in the source and one in the HTML, both ascending.
    At each such place of the HTML no element is open. Empty where it is not known.
    """

    html: str
    removals: tuple[Removal, ...]
    agreed: bool
    parts: tuple[tuple[int, int], ...] = field(default=(), compare=False)


def sanitize(source: str, *, max_bytes: int | None = MAX_SOURCE_BYTES) -> Sanitized:
    """Return the HTML of a Markdown source. Raises `SourceRefused` beyond a limit, such as `max_bytes` of UTF-8.

    Equal sources give equal HTML as long as `POLICY_VERSION` is the same. The HTML is a fixed point: sanitizing it
    again changes nothing.

    >>> page = sanitize("*a* <script>")
    >>> page.html
    '<p><em>a</em> &lt;script&gt;</p>\\n'
    >>> [(removal.start, removal.end, removal.what, removal.reason) for removal in page.removals]
    [(4, 12, '<script>', 'shown as text; put backticks around code')]
    >>> page.removals[0].rewrite.text
    '`<script>`'
    """
    max_tags = _max_tags(source, max_bytes)
    draft = Assembly(source, _refusal, max_tags=max_tags).draft()
    result, agreed = _parsed_twice(draft.pieces)
    parts: tuple[tuple[int, int], ...] = ()
    if result == "".join(draft.pieces):
        parts = tuple(zip(draft.starts, accumulate(map(len, draft.pieces), initial=0), strict=False))
    elif _again(result) != result:
        result, agreed = shown_as_text(source), False
    return Sanitized(result, tuple(_proven(source, draft, max_tags)), agreed, parts)


def account(source: str, *, max_bytes: int | None = MAX_SOURCE_BYTES) -> tuple[Piece, ...]:
    """Return the fate of each character as pieces that tile the source. Raises `SourceRefused` as `sanitize` does.

    >>> [(piece.start, piece.end, str(piece.fate)) for piece in account("*a* <!--b-->")]
    [(0, 1, 'markup'), (1, 2, 'shown'), (2, 3, 'markup'), (3, 4, 'shown'), (4, 12, 'removed')]
    """
    draft = _draft_if_shown(source, max_bytes)
    return pieces(draft.canvas if draft else CODES[Fate.SHOWN] * len(source))


def places_shown(source: str, *, max_bytes: int | None = MAX_SOURCE_BYTES) -> list[int]:
    """Return the places of the characters that are shown, in the order of the page. Raises `SourceRefused`.

    >>> places_shown("a[^n] b\\n\\n[^n]: c\\n") == [0, 5, 6, 15]
    True
    """
    draft = _draft_if_shown(source, max_bytes)
    if draft is None:
        return list(range(len(source)))
    shown = CODES[Fate.SHOWN][0]
    return [
        place for start, end in draft.order for place in range(start, end) if draft.canvas[place] == shown
    ]


def _draft_if_shown(source: str, max_bytes: int | None) -> Draft | None:
    """Return the draft of a page; None if the page shows the source as it is instead. Raises `SourceRefused`."""
    draft = Assembly(source, _refusal, max_tags=_max_tags(source, max_bytes)).draft()
    result, _agreed = _parsed_twice(draft.pieces)
    return draft if result == "".join(draft.pieces) or _again(result) == result else None


def shown_as_text(source: str) -> str:
    """Return HTML that shows a source as it is, for want of anything better."""
    return f"<pre>{line_end_after_pre(source)}{escape(source)}</pre>\n"


def _proven(text: str, draft: Draft, max_tags: int) -> Iterator[Removal]:
    """Yield the removals. A removal keeps its rewrite only if a trial shows that the rewrite helps.

    Only the first rewrites of a long source are tried; the others follow once those are applied.
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
    """Return whether a rewrite avoids its removal, causes no other one, and keeps the visible text."""
    written = f"{images.PREFIX}a.png" if rewrite.remedy is Remedy.UPLOAD else rewrite.text
    changed = text[: rewrite.start] + written + text[rewrite.end :]
    try:
        after = Assembly(changed, _refusal, max_tags=max_tags).draft()
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
    """Return the visible characters without white space and `signs`; an image counts as its alternative text."""
    words = _WORDS_OF_IMAGE.sub(r"\1", "".join(written))
    seen = "".join(html.unescape(_TAG.sub("", words)).split())
    return seen.replace(signs, "") if signs else seen


def _tags(written: Sequence[str]) -> list[str]:
    """Return the tags of a page."""
    return _TAG.findall("".join(written))


def _max_tags(source: str, max_bytes: int | None) -> int:
    """Return how many tags the page of a source may hold. Raises `SourceRefused` if the source must not be parsed."""
    data = source.encode("utf-8", "surrogatepass")
    if max_bytes is not None and len(data) > max_bytes:
        line = data.count(b"\n", 0, max_bytes) + 1
        message = _(
            "Line %(line)d: the text gets longer than %(limit)d bytes; it has %(bytes)d.",
            line=line,
            limit=max_bytes,
            bytes=len(data),
        )
        raise SourceRefused("bytes", message)
    if "\0" in source or has_surrogate(source):
        match = _UNFIT.search(source)
        assert match
        line = source.count("\n", 0, match.start()) + 1
        column = match.start() - source.rfind("\n", 0, match.start())
        place = {"line": line, "column": column}
        message = (
            _("Line %(line)d: character %(column)d is a NUL; remove it.", **place)
            if match[0] == "\0"
            else _(
                "Line %(line)d: character %(column)d is half a surrogate pair (%(code)s); remove it.",
                **place,
                code=f"U+{ord(match[0]):04X}",
            )
        )
        raise SourceRefused("characters", message)
    return max(MAX_TAGS, len(data) // MIN_BYTES_PER_TAG)


def _again(html_of_page: str) -> str:
    """Sanitize HTML again, to prove that the result is a fixed point."""
    elements = Elements(gives_ids=False)  # a heading that holds only a footnote's number has none
    writer = RawWriter("", elements, [], bytearray(len(html_of_page)), _refusal, frozenset())
    writer.add(RawHtml([(0, html_of_page)]), is_inline=False)
    elements.close_down_to(0)
    return _parsed_twice(["".join(elements.out.written)])[0]


def _parsed_twice(written: Sequence[str]) -> tuple[str, bool]:
    """Return the HTML that nh3 makes of a page, and whether bleach makes the same, spelling apart.

    bleach takes most of the time and gets the page piece by piece. If an element were open at the end of a piece,
    bleach would close it there, and the results would differ.
    """
    page = "".join(written)
    first = "".join(map(_bleached, written))
    second = _respelled(_NH3.clean(page), page)
    return second, first == second


def _respelled(parsed: str, written: str) -> str:
    """Return parsed HTML in the spelling of `written`."""
    return written if parsed == written else respelled(parsed)


def _refusal(tag: str, name: str, value: str) -> str:
    """Return why an attribute is not allowed, or an empty string; a target must be an address for browsers, too."""
    reason = safelist.refusal(tag, name, value)
    if not reason and name in safelist.TARGETS and not _is_address(value):
        return _("no browser takes this for an address")
    return reason


def _is_allowed(tag: str, name: str, value: str) -> bool:
    """Return whether bleach may keep an attribute."""
    return not safelist.refusal(tag, name, html.unescape(value))


# What bleach makes of a piece depends on its structure and not on its words: on the places of white space and odd
# characters in text, on the beginning of plain addresses, and not on the number of equal siblings. So bleach reads a
# piece with stand-ins first. Only if it would change these does it read the piece itself.
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
    """Return the stand-in for an attribute with a plain value."""
    name = match[0]
    return _STAND_INS.get(name[1]) or _STAND_INS[name[1:3]]


def _bleached(piece: str) -> str:
    """Return the HTML that bleach makes of a piece, at whose ends no element is open."""
    return (_remembered if len(piece) <= MAX_REMEMBERED else _cleaned)(piece)


def _cleaned(piece: str) -> str:
    """Return the HTML that bleach makes of a piece; bleach reads only its structure if it would not change that."""
    structure = _structure(piece)
    if len(structure) <= MAX_REMEMBERED and _cleaned_structure(structure) == structure:
        return piece
    return _clean(piece)


def _clean(piece: str) -> str:
    """Let bleach parse a piece."""
    cleaner = bleach.Cleaner(
        tags=safelist.TAGS,
        attributes=_is_allowed,
        protocols=safelist.SCHEMES,
        strip=False,
        strip_comments=True,
    )
    return _respelled(cleaner.clean(piece), piece)


_remembered = lru_cache(maxsize=4096)(_cleaned)
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
    """Return whether a target is a URL for browsers, by the WHATWG parser in nh3."""
    return "href" in _NH3.clean(start_tag("a", {"href": target}))
