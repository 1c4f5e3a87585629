"""Notes that moderators write to each other about an author."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles import permissions


class AuthorNoteQuerySet(QuerySet["AuthorNote"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the notes that the person may read: those of moderators about anybody but the person."""
        return self.exclude(account=user.pk) if permissions.can_moderate(user) else self.none()


class AuthorNote(models.Model):
    """What a moderator noted about an author; its words never change, and the author never sees them.

    `account_id` stays as it was when the account is deleted.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("account"),
        related_name="notes",
        db_constraint=False,
    )
    account_name = models.CharField(_("account's name"), max_length=150)
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    written_by_name = models.CharField(_("by"), max_length=150)
    written_at = models.DateTimeField(_("written at"))

    objects = AuthorNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about an author")
        verbose_name_plural = _("notes about authors")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_name}: {self.written_by_name}"
