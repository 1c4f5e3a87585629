"""Sketches: hashes sampled from submitted and published texts, to find articles that resemble each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from articles.text.content import FieldFinding
from articles.text.content.sketches import swaps, wording

if TYPE_CHECKING:
    from .revisions import Revision


class SketchQuerySet(QuerySet["Sketch"]):
    def resembling(
        self, kind: str, values: Collection[int], *, enough: int, apart_from: int, most: int
    ) -> dict[int, int]:
        """Return the revisions of other articles that share at least `enough` of these hashes, and how many each.

        One for each article, the best; at most `most`, most shared first. Costs a query if there are hashes.
        """
        if not values:
            return {}
        others = self.filter(kind=kind, value__in=values).exclude(revision__article=apart_from)
        counts = others.order_by().values("revision", "revision__article").annotate(shared=Count("pk"))
        rows = counts.filter(shared__gte=max(enough, 1)).order_by("-shared", "revision")
        best: dict[int, tuple[int, int]] = {}
        for row in rows[: 5 * most]:
            best.setdefault(row["revision__article"], (row["revision"], row["shared"]))
        return dict(list(best.values())[:most])


class Sketch(models.Model):
    """One hash of a sample of a submitted or published revision (see `articles.text.content.sketches`)."""

    class Kind(models.TextChoices):
        WORDING = "wording", _("wording")
        SWAPS = "swaps", _("swapped letters")

    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="sketches")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.BigIntegerField(_("hash"))

    objects = SketchQuerySet.as_manager()

    class Meta:
        verbose_name = _("sketch")
        verbose_name_plural = _("sketches")
        constraints = [models.UniqueConstraint(fields=["kind", "value", "revision"], name="sketch_once")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.kind} {self.value}"


def record_sketches(
    revision: Revision, findings: Iterable[FieldFinding], *, words: tuple[int, ...] | None = None
) -> None:
    """Store the sketches of a revision: hashes of its wording and of its swapped letters.

    Reads the source, unless `words` has the hashes of its wording. A second call adds nothing.
    """
    words = wording(revision.source) if words is None else words
    samples = {Sketch.Kind.WORDING: words, Sketch.Kind.SWAPS: tuple(swaps(findings))}
    Sketch.objects.bulk_create(
        (
            Sketch(revision=revision, kind=kind, value=value)
            for kind, sketch in samples.items()
            for value in sketch
        ),
        ignore_conflicts=True,
    )
