"""What is looked up across articles: where the live pages lead, and samples of what was submitted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.querysets.traces import LinkedHostQuerySet, SketchQuerySet

from .article import Article, Revision


class LinkedHost(models.Model):
    """A host that the live version of an article links to; written anew whenever that version changes."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="linked_hosts")
    host = models.CharField(_("host"), max_length=253)

    objects = LinkedHostQuerySet.as_manager()

    class Meta:
        verbose_name = _("linked host")
        verbose_name_plural = _("linked hosts")
        constraints = [models.UniqueConstraint(fields=["host", "article"], name="linked_host_once")]

    def __str__(self) -> str:
        return self.host


class Sketch(models.Model):
    """One hash of a sample of a submitted or published revision (see `articles.text.content.sketches`)."""

    class Kind(models.TextChoices):
        WORDING = "wording", _("wording")
        SWAPS = "swaps", _("swapped letters")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sketches")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    value = models.BigIntegerField(_("hash"))

    objects = SketchQuerySet.as_manager()

    class Meta:
        verbose_name = _("sketch")
        verbose_name_plural = _("sketches")
        constraints = [models.UniqueConstraint(fields=["kind", "value", "revision"], name="sketch_once")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.kind} {self.value}"
