"""Attributing: each revision's share in the text of its article, stored as the revision is written or later."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max

from articles.text.diff import compare
from articles.text.diff.attribution import Origins, Step, make_step

from .articles import Article
from .attributions import STEPS, Attribution, digest_of
from .packing import pack_origins, pack_step
from .revisions import DamagedText, Revision

BATCH = 50  # revisions in one transaction, during which writers of the article wait


@dataclass(slots=True)
class Attributed:
    """The result: how many attributions were stored, the damaged texts, and whether the article has all of them."""

    revisions: int = 0
    damaged: list[DamagedText] = field(default_factory=list)
    is_complete: bool = False


class DamagedAttribution(Exception):
    """A stored attribution that cannot be read, so that no later one can be stored."""


def record_attribution(revision: Revision, before: Revision | None, *, source: str, step: Step) -> bool:
    """Store what a revision did to the text of the one before it, loaded by `to_write_on` or `latest_of`.

    Stores nothing, and returns False, if the one before has no readable attribution. Costs one query, two in every
    `STEPS`th revision. Costs four if the source is that of an earlier revision: then each character gets the origin
    that it had there.
    """
    attribution = attribution_of(revision, before, source=source, step=step)
    if attribution is None:
        return False
    attribution.save()
    return True


def attribution_of(
    revision: Revision, before: Revision | None, *, source: str, step: Step
) -> Attribution | None:
    """Return what `record_attribution` stores, unsaved; None if the one before has no readable attribution."""
    if before and not hasattr(before, "attribution"):
        return None
    data = _pack(revision, before, source, step)
    if data is None:
        return None
    digest = digest_of(source)
    return Attribution(revision=revision, added=step.added, removed=step.removed, digest=digest, data=data)


def attribute_missing(article: Article) -> Attributed:
    """Store the next `BATCH` attributions that an article lacks. Locks the article for one transaction.

    A damaged text counts as empty, so the one after it brings in everything. May be stopped at any moment and called
    again, while people read and write. Raises `DamagedAttribution`.
    """
    result = Attributed()
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        stored = Attribution.objects.filter(revision__article=article)
        last = stored.aggregate(last=Max("revision__number"))["last"] or 0
        missing = Revision.objects.filter(article=article, number__gt=last).with_text().order_by("number")
        for revision in missing[:BATCH]:
            source, damage = _readable_source(revision)
            before = Revision.objects.to_write_on(article, revision.number - 1, source=source)
            old = _readable_source(before)[0] if before else ""
            step = make_step(old, source, compare(old, source).changes)
            if not record_attribution(revision, before, source=source, step=step):
                raise DamagedAttribution(f"{article.slug}: version {last}: its attribution is damaged")
            result.revisions += 1
            if damage:
                result.damaged.append(damage)
        result.is_complete = result.revisions < BATCH
    return result


def _readable_source(revision: Revision) -> tuple[str, DamagedText | None]:
    """Return the source and None, or an empty string and the damage."""
    try:
        return revision.source, None
    except DamagedText as damage:
        return "", damage


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
    if not getattr(before, "is_source_known", False):
        return None
    earlier = Revision.objects.filter(article=before.article_id, number__lte=before.number).first_with(source)
    if earlier is None:
        return None
    try:
        is_equal = earlier.source == source
    except DamagedText:
        is_equal = False
    return Attribution.objects.origins(earlier.article_id, earlier.number) if is_equal else None
