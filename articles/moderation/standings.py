"""Standings: what moderators imposed on a person. Someone's edits are held, or they are muted or suspended."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StandingQuerySet(QuerySet["Standing"]):
    def in_force(self, kind: str = "") -> Self:
        """Keep the standings that were not ended and whose last day is not over; those of a kind, if one is given."""
        rows = self.filter(Q(until=None) | Q(until__gte=timezone.localdate()), ended_at=None)
        return rows.filter(kind=kind) if kind else rows

    def hold_a_part_of(self, article: int, *, first: int, last: int) -> bool:
        """Return whether edits are held of somebody who wrote a version between two numbers, both included."""
        written = {"account__revisions__article": article, "account__revisions__number__range": (first, last)}
        return self.in_force(Standing.Kind.HELD).filter(**written).exists()


class Standing(models.Model):
    """Something imposed on a person, with its reason, until it is ended or its last day is over; never deleted.

    When the account is deleted, `account_id` stays as it was, so that its page still finds the row.
    """

    class Kind(models.TextChoices):
        HELD = "held", _("every edit waits for a moderator")
        MUTED = "muted", _("may not write in conversations")
        SUSPENDED = "suspended", _("may not sign in")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("account"),
        related_name="standings",
        db_constraint=False,
    )
    account_name = models.CharField(_("account's name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    reason = models.TextField(_("reason"))
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("imposed by"), null=True, related_name="+"
    )
    imposed_by_name = models.CharField(_("name of who imposed it"), max_length=150)
    since = models.DateTimeField(_("since"))
    until = models.DateField(_("last day"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("ended by"), null=True, related_name="+"
    )
    ended_by_name = models.CharField(_("name of who ended it"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    end_reason = models.TextField(_("reason of the end"), blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_name}: {self.kind}"

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None and (self.until is None or self.until >= timezone.localdate())
