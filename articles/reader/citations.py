"""Citing a version: what to copy, and whether a cited version or passage reads the same today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import regex
from django.conf import settings
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.models import Rendering, Revision
from articles.text.diff import Change, Op, Span, compare, follow
from articles.text.page import visible_text
from articles.text.unicode.boxes import INVISIBLE

from .twin import plain

MAX_QUOTE = 500  # code points
MAX_COMPARED = (
    1_000_000  # code points of both texts; a passage of longer ones is searched for, but not followed
)
_SHA256 = regex.compile(r"(?:sha-?256[:=\s]\s*)?([0-9a-f]{64})", regex.IGNORECASE)
# White space, and characters that show nothing, which a copied text may lack or have others of.
_GAP = regex.compile(rf"(?:\s|{INVISIBLE.pattern})+", regex.V1)
_LINES = regex.compile(r"[ \t]*\n\s*")
_SPACES = regex.compile(r"[ \t]+")
_IN_BIBTEX = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {char: f"\\{char}" for char in "{}$&%#_"}
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A version that was published, to be cited: in words, as BibTeX and as CSL-JSON, with its address for good."""

    text: str
    bibtex: str
    csl: str
    address: str
    sha256: str


class Hash(StrEnum):
    """What a cited hash says of the version at its address. The last two also if the version is another one's."""

    MATCHES = "matches"
    DIFFERS = "differs"
    NONE = "none"  # no SHA-256


class Passage(StrEnum):
    """What became of a cited passage."""

    TOO_LONG = "too-long"
    ABSENT = "absent"  # from the cited version
    LIVE = "live"  # the cited version is what readers see today
    OFFLINE = "offline"  # nothing is
    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class Piece(NamedTuple):
    """A stretch of a passage."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A cited hash and passage, compared; None where none was given.

    `other` is the version that has the hash, `live` the one that readers see today, None if there is none. `was` and
    `now` are the pieces of a passage that changed.
    """

    hash: Hash | None = None
    other: Revision | None = None
    passage: Passage | None = None
    quote: str = ""
    live: Revision | None = None
    was: Sequence[Piece] = ()
    now: Sequence[Piece] = ()


def citation_of(revision: Revision) -> Citation | None:
    """Return how to cite a version; None if it was never published. Makes no query if the publication is loaded."""
    if not revision.was_published or "text" in revision.withheld:
        return None
    address = settings.SITE_URL + revision.get_absolute_url()
    published = localtime(revision.publication.published_at)
    title = plain(revision.title, revision.language)
    author = "" if "author" in revision.withheld else plain(revision.author_name, "")
    values = {
        "author": author,
        "title": title,
        "site": settings.SITE_NAME,
        "number": revision.number,
        "date": date_format(published),
        "address": address,
        "sha256": revision.sha256,
    }
    if author:
        text = _(
            "%(author)s: “%(title)s”. %(site)s, version %(number)d, %(date)s. %(address)s SHA-256: %(sha256)s"
        )
    else:
        text = _("“%(title)s”. %(site)s, version %(number)d, %(date)s. %(address)s SHA-256: %(sha256)s")
    name = f"{regex.sub(r'[^a-z0-9-]', '', revision.article.slug) or 'article'}-{revision.number}"
    note = f"Version {revision.number}, SHA-256 {revision.sha256}"
    in_bibtex = {
        "author": f"{{{_escaped(author)}}}" if author else "",
        "title": f"{{{_escaped(title)}}}",
        "howpublished": _escaped(settings.SITE_NAME),
        "year": str(published.year),
        "month": str(published.month),
        "note": note,
        "url": address,
    }
    fields = "".join(f"  {key} = {{{value}}},\n" for key, value in in_bibtex.items() if value)
    in_csl = {
        "id": name,
        "type": "webpage",
        "title": title,
        "author": [{"literal": author}] if author else [],
        "container-title": settings.SITE_NAME,
        "issued": {"date-parts": [[published.year, published.month, published.day]]},
        "version": str(revision.number),
        "language": revision.language,
        "URL": address,
        "note": note,
    }
    csl = json.dumps([{key: value for key, value in in_csl.items() if value}], ensure_ascii=False, indent=1)
    return Citation(text % values, f"@misc{{{name},\n{fields}}}", csl, address, revision.sha256)


def is_checked(request: HttpRequest) -> bool:
    """Return whether a request for a version asks about a citation."""
    return bool({"sha256", "quote"} & request.GET.keys())


def check_citation(request: HttpRequest, cited: Rendering) -> Checked:
    """Return what `?sha256=` and `?quote=` say of a version and of what is live today. Four queries at most.

    Linear in the texts, but for the budget of their comparison.
    """
    revision = cited.revision
    claimed, quote = request.GET.get("sha256", "").strip(), request.GET.get("quote", "").strip()
    found, other = _check_hash(request, revision, claimed) if claimed else (None, None)
    if not quote:
        return Checked(found, other)
    if len(quote) > MAX_QUOTE:
        return Checked(found, other, Passage.TOO_LONG)
    live = _live_beside(revision)
    passage, was, now = _check_passage(quote, cited, live)
    return Checked(found, other, passage, quote, live.revision if live else None, was, now)


def _check_hash(request: HttpRequest, revision: Revision, claimed: str) -> tuple[Hash, Revision | None]:
    match = _SHA256.fullmatch(claimed)
    if match is None:
        return Hash.NONE, None
    sha256 = match[1].lower()
    if sha256 == revision.sha256:
        return Hash.MATCHES, None
    of_article = Revision.objects.visible_to(request.user).filter(article=revision.article_id)
    return Hash.DIFFERS, of_article.filter(sha256=sha256).first()


def _live_beside(revision: Revision) -> Rendering | None:
    """Return the page that readers see today of the article of a revision; None if none is public."""
    live = revision.article.published_revision_id
    if live is None:
        return None
    renderings = Rendering.objects.withholding_from(None).with_revision()
    found: Rendering | None = renderings.filter(revision=live).order_by("-pk").first()
    return found


def _check_passage(
    quote: str, cited: Rendering, live: Rendering | None
) -> tuple[Passage, Sequence[Piece], Sequence[Piece]]:
    text = _read(cited)
    place = _find(quote, text)
    if place is None:
        return Passage.ABSENT, (), ()
    if live is None:
        return Passage.OFFLINE, (), ()
    if live.revision_id == cited.revision_id:
        return Passage.LIVE, (), ()
    today = _read(live)
    is_long = len(text) + len(today) > MAX_COMPARED
    changes = [] if is_long else compare(text, today).changes
    span = None if is_long else follow(place, changes)
    if span is None:
        return (Passage.SAME if _find(quote, today) else Passage.GONE), (), ()
    first, last = _with_what_replaced(place, span, changes)
    was, now = text[slice(*place)], today[first:last]
    if _fold(now)[0] == _fold(was)[0]:
        return Passage.SAME, (), ()
    changes = compare(was, now).changes
    return Passage.CHANGED, tuple(_pieces(was, changes, old=True)), tuple(_pieces(now, changes, old=False))


def _find(passage: str, text: str) -> Span | None:
    """Return where a passage stands first in a text, whatever shows nothing in either. Linear."""
    sought = _fold(passage)[0].strip()
    folded, places = _fold(text)
    start = folded.find(sought) if sought else -1
    return None if start < 0 else (places[start], places[start + len(sought) - 1] + 1)


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with one space for each white space, without characters that show nothing; the place of each."""
    pieces: list[str] = []
    places: list[int] = []
    start = 0
    for gap in _GAP.finditer(text):
        pieces.append(text[start : gap.start()])
        places += range(start, gap.start())
        if any(map(str.isspace, gap[0])):
            pieces.append(" ")
            places.append(gap.start())
        start = gap.end()
    return "".join([*pieces, text[start:]]), [*places, *range(start, len(text))]


def _read(rendering: Rendering) -> str:
    """Return the text that readers see of a page, a line for each block."""
    text: str = _SPACES.sub(" ", _LINES.sub("\n", visible_text(rendering.html)))
    return text


def _with_what_replaced(passage: Span, found: Span, changes: Sequence[Change]) -> Span:
    """Return a place in the new text with what was put there for the passage's first and last words."""
    first, last = found
    for change in changes:
        is_of_passage = change.old[0] < passage[1] and change.old[1] > passage[0]
        if change.op is not Op.EQUAL and is_of_passage and change.new[0] <= last and change.new[1] >= first:
            first, last = min(first, change.new[0]), max(last, change.new[1])
    return first, last


def _pieces(text: str, changes: Sequence[Change], *, old: bool) -> Iterator[Piece]:
    """Yield the stretches of one side of a comparison, in order."""
    spans = sorted((change.old if old else change.new, change.op) for change in changes)
    for (start, end), op in spans:
        if start < end:
            yield Piece(text[start:end], op is not Op.EQUAL)


def _escaped(text: str) -> str:
    return text.translate(_IN_BIBTEX)
