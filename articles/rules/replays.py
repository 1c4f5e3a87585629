"""Replays: what a version of a rule would have met in the history, and what people decided on it then."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.revisions.withholding import WithholdingQuerySet

from .rules import RuleVersion


class ReplayQuerySet(QuerySet["Replay"]):
    def newest_of(self, version: int | None) -> Replay | None:
        """Return the newest replay of a version of a rule; None if there is none."""
        return self.filter(version=version).order_by("-pk").first()

    def has_finished(self, version: int | None) -> bool:
        return self.filter(version=version, state=Replay.State.DONE).exists()


class Replay(models.Model):
    """One run of a version of a rule over the revisions that were there when it began, the newest first.

    `next` is the key of the revision at which it goes on: what lies above is looked at, whoever stops it.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("is running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    version = models.ForeignKey(RuleVersion, models.PROTECT, verbose_name=_("rule"), related_name="replays")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RUNNING)
    next = models.PositiveBigIntegerField(_("goes on at"))
    total = models.PositiveIntegerField(_("versions in all"))
    looked = models.PositiveIntegerField(_("versions looked at"), default=0)
    unreadable = models.PositiveIntegerField(_("versions that cannot be read"), default=0)
    approved = models.PositiveIntegerField(_("met and approved"), default=0)
    turned_down = models.PositiveIntegerField(_("met and turned down"), default=0)
    undecided = models.PositiveIntegerField(_("met and never decided"), default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    started_by_name = models.CharField(_("by"), max_length=150)
    started_at = models.DateTimeField(_("started at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = ReplayQuerySet.as_manager()

    class Meta:
        verbose_name = _("replay of a rule")
        verbose_name_plural = _("replays of rules")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.version}: {self.looked} of {self.total}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def met(self) -> int:
        return self.approved + self.turned_down + self.undecided

    @property
    def decided(self) -> int:
        return self.approved + self.turned_down


class ReplayHitQuerySet(WithholdingQuerySet["ReplayHit"]):
    def for_list(self, user: permissions.Person) -> Any:
        """Return the hits with their revisions, whose hidden parts are withheld from the person."""
        return self.withholding_from(user).select_related("revision__article")


class ReplayHit(models.Model):
    """A revision that a rule would have met, and what met it. Only the newest of each outcome are kept."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        TURNED_DOWN = "turned down", _("turned down")
        UNDECIDED = "undecided", _("never decided")

    replay = models.ForeignKey(
        Replay, models.CASCADE, verbose_name=_("replay"), related_name="hits", db_index=False
    )
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("version"), related_name="+", db_index=False
    )
    outcome = models.CharField(_("decided then"), max_length=11, choices=Outcome)
    what = models.CharField(_("what met it"), max_length=300)

    objects: ClassVar[Any] = ReplayHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("hit of a replay")
        verbose_name_plural = _("hits of replays")
        default_permissions = ()
        indexes = [
            models.Index(fields=["replay", "id"], name="replay_hit"),
            models.Index(fields=["replay", "outcome", "id"], name="replay_hit_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.what}"

    @property
    def shown(self) -> str:
        """What met the rule; empty if the text is hidden."""
        return "" if "text" in self.revision.withheld else self.what
