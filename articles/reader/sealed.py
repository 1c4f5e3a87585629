"""The log of seals for whoever watches it: its newest checkpoint, its tiles, and its key (C2SP tlog-tiles).

Tiles hold hashes alone. Entries are private, so there are no bundles of them: a hidden text must not be found by
guessing, and what stands in the log of the newsroom is for the newsroom.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from articles.seals.entries import SealedCheckpoint
from articles.seals.tiles import WIDTH, read_tile

from .answering import revalidated

TILE = r"(?P<level>[0-9]|[1-5][0-9]|6[0-3])/(?P<place>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"


@require_safe
@revalidated
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Return the newest checkpoint; 404 if nothing is sealed. One query."""
    return _text(_newest().note)


@require_safe
@revalidated
def key(request: HttpRequest) -> HttpResponse:
    """Return the key that verifies the newest checkpoint; 404 if nothing is sealed. One query."""
    return _text(f"{_newest().key}\n")


@require_safe
def tile(request: HttpRequest, level: str, place: str, width: str | None = None) -> HttpResponse:
    """Return the hashes of a tile, all 256 or the first `width`; 404 where the tree has fewer. One query.

    A full tile never changes, so it may be kept for ever.
    """
    groups = place.replace("x", "").split("/")
    if (len(groups) > 1 and groups[0] == "000") or int(width or 1) >= WIDTH:
        raise Http404  # each tile has one address
    hashes = read_tile(int(level), int("".join(groups)), int(width or WIDTH))
    if hashes is None:
        raise Http404
    response = HttpResponse(hashes, content_type="application/octet-stream")
    response["Cache-Control"] = _FOR_NOW if width else _FOR_EVER
    return response


def _newest() -> SealedCheckpoint:
    found = SealedCheckpoint.newest()
    if found is None:
        raise Http404
    return found


def _text(text: str) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
