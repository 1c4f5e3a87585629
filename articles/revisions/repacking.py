"""Repacking: plain bodies are compressed. The texts stay, and so do the checksums."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from .articles import Article
from .bodies import Body, Repacking
from .codec import Codec
from .revisions import DamagedText, Revision

BATCH = 50  # texts in one transaction, during which writers of the article wait


@dataclass(slots=True)
class Repacked:
    """The result: how many texts were compressed, their stored bytes before and after, and the damaged texts."""

    texts: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    damaged: list[DamagedText] = field(default_factory=list)


def repack(article: Article, *, after: int = 0) -> tuple[Repacked, int | None]:
    """Compress the next `BATCH` plain texts of an article after a number.

    Returns the result, and the number to go on after, or None at the end. Locks the article for one transaction.
    May be stopped at any moment and called again, while people read and write.
    """
    result = Repacked()
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        numbers = Revision.objects.filter(article=article, number__gt=after, body__codec=Codec.PLAIN)
        batch = list(numbers.order_by("number").values_list("pk", "number")[:BATCH])
        if not batch:
            return result, None
        deltas = Body.objects.filter(revision__article=article, base__isnull=False)
        base_keys = set(deltas.values_list("base", flat=True))
        keyframe = _keyframe_before(article, batch[0][1])
        for pk, _number in batch:
            revision = Revision.objects.with_text().get(pk=pk)
            try:
                text = revision.source
            except DamagedText as damage:
                result.damaged.append(damage)
                continue
            before = len(revision.body.data)
            if keyframe is None or pk in base_keys:
                body = Body.holding(text, revision=revision)
            else:
                number = keyframe.revision.number
                body = Body.holding(text, revision=revision, keyframe=keyframe, keyframe_number=number)
            _rewrite(body)
            keyframe = body.keyframe
            result.texts += 1
            result.bytes_before += before
            result.bytes_after += len(body.data)
    return result, batch[-1][1]


def _keyframe_before(article: Article, number: int) -> Body | None:
    """Return the keyframe of the nearest older revision that is compressed; None if there is none."""
    older = Revision.objects.select_related("body__base__revision").filter(article=article, number__lt=number)
    revision = older.exclude(body__codec=Codec.PLAIN).order_by("-number").first()
    return revision.body.keyframe if revision else None


def _rewrite(body: Body) -> None:
    """Replace the stored bytes of a text, and verify the text afterwards. Raises `DamagedText`.

    The row of `Repacking` makes the triggers let the update pass.
    """
    Repacking.objects.create(revision=body.revision)
    bodies: QuerySet[Body] = QuerySet(Body)  # the model's own queryset refuses updates
    bodies.filter(pk=body.pk).update(base=body.base, codec=body.codec, data=body.data)
    _ = Revision.objects.with_text().get(pk=body.pk).source  # raises if it does not match its checksum
    Repacking.objects.all().delete()
