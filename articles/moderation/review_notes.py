"""Notes that moderators write to each other about a review."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from articles import permissions


class ReviewNoteQuerySet(QuerySet["ReviewNote"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the notes that the person may read: those of moderators about the texts of others."""
        if not permissions.can_moderate(user):
            return self.none()
        return self.exclude(Q(review__revision__author=user.pk) | Q(review__submitted_by=user.pk))


class ReviewNote(models.Model):
    """What a moderator noted about a review; its words never change, and who wrote the version never sees them."""

    review = models.ForeignKey(
        "articles.Review", models.PROTECT, verbose_name=_("review"), related_name="notes"
    )
    text = models.TextField(_("text"))
    asks_opinion = models.BooleanField(_("asks for a second opinion"), default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    written_by_name = models.CharField(_("by"), max_length=150)
    written_at = models.DateTimeField(_("written at"))

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a review")
        verbose_name_plural = _("notes about reviews")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.review_id}: {self.written_by_name}"
