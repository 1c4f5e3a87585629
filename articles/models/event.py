"""The log."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import WriteOnce


class Event(WriteOnce):
    """The log: one row a state change, never altered."""

    class Action(models.TextChoices):
        SAVE = "save", _("saved")
        RESTORE = "restore", _("restored")
        SUBMIT = "submit", _("submitted")
        WITHDRAW = "withdraw", _("withdrew")
        APPROVE = "approve", _("approved")
        APPROVE_OWN = "approve own", _("approved their own text")
        FIX = "fix", _("fixed")
        REQUEST_CHANGES = "request changes", _("requested changes")
        REJECT = "reject", _("rejected")
        CARRY_OVER = "carry over", _("carried a decision over")
        UNDO = "undo", _("took a decision back")
        PUBLISH = "publish", _("published")
        UNPUBLISH = "unpublish", _("unpublished")
        RESANITIZE = "resanitize", _("made the page anew")

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    actor_name = models.CharField(_("by"), max_length=150)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    article = models.ForeignKey(
        "articles.Article", models.PROTECT, verbose_name=_("article"), related_name="events"
    )
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("revision"), related_name="events"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_action_display()} {self.revision}"
