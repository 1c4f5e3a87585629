"""Attributions: what each revision did to the text before it, from which follows who wrote what."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from articles.text.diff.attribution import Origins, Step

from .codec import Undecodable
from .packing import distance_of, unpack_origins, unpack_step
from .write_once import RevisionKey, WriteOnce, WriteOnceQuerySet

STEPS = 256  # the longest way from stored origins to those of a revision


class AttributionQuerySet(WriteOnceQuerySet["Attribution"]):
    def origins(self, article: int, number: int) -> Origins | None:
        """Return the origins of a revision's characters; None without a readable row. One query, at most `STEPS` rows.

        Linear in the length of the text and in the steps since the last stored origins.
        """
        near = self.filter(revision__article=article, revision__number__range=(number - STEPS, number))
        rows = near.order_by("-revision__number").values_list("revision__number", "data")
        steps: list[tuple[int, Step]] = []
        try:
            for expected, (found, stored) in zip(range(number, 0, -1), rows, strict=False):
                if found != expected:
                    return None
                data = bytes(stored)
                if distance_of(data) == 0:
                    origins = unpack_origins(data)
                    for later, step in reversed(steps):
                        origins = origins.after(step, later)
                    return origins
                steps.append((found, unpack_step(data)))
        except Undecodable:
            pass
        return None


class Attribution(WriteOnce):
    """What a revision did to the text of the revision numbered one less.

    A revision has a row only if all before it have one: `attribute --missing` writes what an older release left out.
    Moves count as neither added nor removed. The data are a step, or in every `STEPS`th row all origins.
    """

    revision = RevisionKey("articles.Revision", models.PROTECT, primary_key=True, related_name="attribution")
    added = models.PositiveIntegerField(_("code points added"))
    removed = models.PositiveIntegerField(_("code points removed"))
    digest = models.IntegerField(_("hash of the text"))  # finds earlier revisions with an equal text
    data = models.BinaryField()

    objects: ClassVar[Any] = AttributionQuerySet.as_manager()

    class Meta:
        verbose_name = _("attribution")
        verbose_name_plural = _("attributions")
        indexes = [models.Index(fields=["digest"], name="attribution_digest")]

    def __str__(self) -> str:
        return f"{self.revision_id}: +{self.added} -{self.removed}"

    @property
    def distance(self) -> int | None:
        """How many steps lie between the last stored origins and this row, its own included; None if damaged."""
        try:
            return distance_of(bytes(self.data))
        except Undecodable:
            return None


def digest_of(source: str) -> int:
    """Return a hash of 32 bits of a source, signed as databases store it, and the same in every process."""
    return int.from_bytes(blake2b(source.encode(), digest_size=4).digest(), signed=True)


def has_source(source: str, *, article: int) -> Exists:
    """Return the condition that a revision of the article has this source, by its hash."""
    return Exists(Attribution.objects.filter(digest=digest_of(source), revision__article=article))
