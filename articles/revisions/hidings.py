"""Hidings: parts of revisions that only administrators see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class HidingQuerySet(QuerySet["Hiding"]):
    def active(self) -> Self:
        """Keep the hidings in force; a revision has at most one."""
        return self.filter(unhidden_at=None)

    def of_texts(self) -> Self:
        """Keep the hidings in force that hide a text."""
        return self.active().filter(text=True)

    def for_list(self) -> Self:
        """Sort for a list, those in force first, with their revisions and articles."""
        rows = self.annotate(in_force_until=Coalesce("unhidden_at", Value(datetime.max.replace(tzinfo=UTC))))
        return rows.select_related("revision__article").order_by("-in_force_until", "-pk")


class Hiding(models.Model):
    """Parts of a revision hidden from everybody but administrators, until unhidden; the revision stays as it is."""

    class Part(models.TextChoices):
        TEXT = "text", _("text")  # with title, tags and the address asked for
        SUMMARY = "summary", _("summary")
        AUTHOR = "author", _("author's name")

    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("revision"), related_name="hidings"
    )
    text = models.BooleanField(_("text"), default=False)
    summary = models.BooleanField(_("summary"), default=False)
    author = models.BooleanField(_("author's name"), default=False)
    reason = models.TextField(_("reason"))
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("hidden by"), null=True, related_name="+"
    )
    hidden_by_name = models.CharField(_("name of who hid"), max_length=150)
    hidden_at = models.DateTimeField(_("hidden at"))
    unhidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("shown again by"),
        null=True,
        related_name="+",
    )
    unhidden_by_name = models.CharField(_("name of who showed it again"), max_length=150, blank=True)
    unhidden_at = models.DateTimeField(_("shown again at"), null=True)

    objects = HidingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hiding")
        verbose_name_plural = _("hidings")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision"], condition=models.Q(unhidden_at__isnull=True), name="hiding_once"
            )
        ]
        indexes = [models.Index(fields=["unhidden_at"], name="hiding_unhidden")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {', '.join(self.parts)}"

    @property
    def parts(self) -> list[str]:
        return [part for part in self.Part.values if getattr(self, part)]

    @property
    def part_labels(self) -> list[str]:
        return [str(self.Part(part).label) for part in self.parts]
