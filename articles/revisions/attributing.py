"""Attributing: each revision's share in the text of its article, stored as the revision is written or later."""

from __future__ import annotations

from articles.text.diff.attribution import Origins, Step

from .attributions import STEPS, Attribution, digest_of
from .packing import pack_origins, pack_step
from .revisions import DamagedText, Revision


def record_attribution(revision: Revision, before: Revision | None, *, source: str, step: Step) -> None:
    """Store what a revision did to the text of the one before it, loaded by `to_write_on` or `latest_of`.

    Stores nothing if the one before has no readable attribution. Costs one query; two in every `STEPS`th revision, and
    four if the source is that of an earlier revision: then each character gets the origin that it had there.
    """
    if before and not hasattr(before, "attribution"):
        return
    data = _pack(revision, before, source, step)
    if data is not None:
        digest = digest_of(source)
        Attribution(
            revision=revision, added=step.added, removed=step.removed, digest=digest, data=data
        ).save()


def _pack(revision: Revision, before: Revision | None, source: str, step: Step) -> bytes | None:
    """Return the step as bytes, or all origins where they are to be stored; None if those before are damaged."""
    origins: Origins | None = Origins()
    earlier = None
    if before:
        distance = before.attribution.distance
        earlier = _origins_of_equal(before, source) if step.added or step.removed else None
        if earlier is None and distance is not None and distance + 1 < STEPS:
            return pack_step(step, distance=distance + 1)
        origins = Attribution.objects.origins(before.article_id, before.number)
    if origins is None:
        return None
    origins = origins.after(step, revision.number)
    return pack_origins(origins.as_in(earlier) if earlier else origins)


def _origins_of_equal(before: Revision, source: str) -> Origins | None:
    """Return the origins in the first revision before that has this source; None if there is none."""
    number = getattr(before, "number_with_source", None)
    if number is None:
        return None
    earlier = Revision.objects.with_text().get(article=before.article_id, number=number)
    try:
        is_equal = earlier.source == source
    except DamagedText:
        is_equal = False
    return Attribution.objects.origins(earlier.article_id, earlier.number) if is_equal else None
