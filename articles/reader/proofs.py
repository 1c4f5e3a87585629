"""Proofs of versions, for readers who want to show one without the site (docs/proofs.md)."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from articles.http.parameters import parse_number
from articles.models import Revision
from articles.seals.entries import SealedCheckpoint
from articles.seals.proving import NotSealed, proof_of

from .answering import unlisted
from .finding import follows_moves, readable_revision

SECONDS_KNOWN = 60


def gives_proofs() -> bool:
    """Return whether the site seals its history. One query, at most every `SECONDS_KNOWN`."""
    return bool(cache.get_or_set("gives-proofs", SealedCheckpoint.objects.exists, SECONDS_KNOWN))


@require_safe
@unlisted
@follows_moves
def proof(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Return the proof of one revision as a file, under the newest checkpoint or, with `?size=`, that of this size.

    404 with the reason if there is none: no checkpoint covers the revision, or a part of it or of the one before is
    hidden from anybody. The proof holds the checksum of the one before, by which guesses could be tested.
    """
    revision = readable_revision(request, slug, number)
    if revision.hiding or (revision.based_on and revision.based_on.hiding):
        return _none(request, revision, why="hidden")
    asked = request.GET.get("size")
    size = parse_number(asked)
    if asked is not None and size is None:
        return _none(request, revision, why="size")
    try:
        found = proof_of(revision, size=size)
    except NotSealed:
        return _none(request, revision, why="later" if asked is None else "size")
    response = HttpResponse(bytes(found), content_type="application/json")
    name = f"{slug}-{number}.proof.json"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _none(request: HttpRequest, revision: Revision, *, why: str) -> HttpResponse:
    """Answer that there is no proof: a part is "hidden", no checkpoint has this "size", or it comes "later"."""
    context = {"article": revision.article, "revision": revision, "why": why}
    return render(request, "articles/no_proof.html", context, status=404)
