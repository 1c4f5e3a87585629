"""Reminders: mails to moderators that were sent, as rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """A mail to moderators that was sent. Reviews submitted until `up_to` cause no second mail of this kind.

    That of proposals counts allowances instead, and those proposed until `up_to`.
    """

    class Kind(models.TextChoices):
        ALERT = "alert", _("versions with serious changes wait")
        AGE = "age", _("versions wait too long")
        BURST = "burst", _("many versions came at once")
        PROPOSAL = "proposal", _("allowances wait for a second moderator")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    up_to = models.DateTimeField(_("submitted up to"))
    reviews = models.PositiveIntegerField(_("number of reviews"))
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.kind}: {self.reviews}"
