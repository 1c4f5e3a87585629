"""Storing texts in another way; what they say, and so every checksum, stays."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from .articles import Article
from .bodies import Body, Repacking
from .codec import Codec
from .revisions import DamagedText, Revision

BATCH = 50  # texts in a transaction: writers of the article wait for so many at most


@dataclass(slots=True)
class Repacked:
    """What became of the texts that stood in full: how many are stored anew, their bytes, and the damaged ones."""

    texts: int = 0
    bytes_before: int = 0
    bytes_after: int = 0
    damaged: list[DamagedText] = field(default_factory=list)


def repack(article: Article, *, after: int = 0) -> tuple[Repacked, int | None]:
    """Compress the next texts of an article that stand in full, and say after which number to go on; None at the end.

    May be stopped at any moment and called again, while people read and write.
    """
    result = Repacked()
    with transaction.atomic():
        Article.objects.select_for_update().get(pk=article.pk)
        numbers = Revision.objects.filter(article=article, number__gt=after, body__codec=Codec.PLAIN)
        batch = list(numbers.order_by("number").values_list("pk", "number")[:BATCH])
        if not batch:
            return result, None
        leaning = Body.objects.filter(revision__article=article, base__isnull=False)
        leaned_on = set(leaning.values_list("base", flat=True))
        keyframe = _keyframe_before(article, batch[0][1])
        for pk, _number in batch:
            revision = Revision.objects.with_text().get(pk=pk)
            try:
                text = revision.source
            except DamagedText as damage:
                result.damaged.append(damage)
                continue
            before = len(revision.body.data)
            body = Body.holding(text, revision=revision, keyframe=None if pk in leaned_on else keyframe)
            _rewrite(body)
            keyframe = body.keyframe
            result.texts += 1
            result.bytes_before += before
            result.bytes_after += len(body.data)
    return result, batch[-1][1]


def _keyframe_before(article: Article, number: int) -> Body | None:
    older = Revision.objects.select_related("body__base__revision").filter(article=article, number__lt=number)
    revision = older.exclude(body__codec=Codec.PLAIN).order_by("-number").first()
    return revision.body.keyframe if revision else None


def _rewrite(body: Body) -> None:
    """Put other bytes in the place of a text, and prove that it reads as before; the triggers are told first."""
    Repacking.objects.create(revision=body.revision)
    anyway: QuerySet[Body] = QuerySet(Body)  # the model's own refuses
    anyway.filter(pk=body.pk).update(base=body.base, codec=body.codec, data=body.data)
    _ = Revision.objects.with_text().get(pk=body.pk).source  # raises where it does not read as before
    Repacking.objects.all().delete()
