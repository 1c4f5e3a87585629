"""Schedules: from when to when one version of an article is to be live."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ScheduleQuerySet(QuerySet["Schedule"]):
    def open(self) -> Self:
        """Keep the schedules with a boundary to come; an article has at most one."""
        return self.filter(due_at__isnull=False)

    def to_start(self) -> Self:
        """Keep the open schedules whose version is not live yet."""
        return self.open().filter(due_at=F("starts_at"))

    def due(self, now: datetime) -> Self:
        """Keep the schedules with a boundary that was reached and not carried out; the earliest first."""
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def next_boundary(self) -> datetime | None:
        """Return the earliest boundary that was not carried out; None if there is none. One entry of an index."""
        earliest: datetime | None = self.open().aggregate(earliest=Min("due_at"))["earliest"]
        return earliest

    def newest_of(self, article: int) -> Schedule | None:
        """Return the last schedule of an article, open or closed; None without one."""
        return self.filter(article=article).select_related("revision").order_by("-pk").first()


class Schedule(models.Model):
    """The interval in which readers see one version: written once, and bound to that version.

    `starts_at` is None for a version that was live when its end was set; without `ends_at` the version stays. `due_at`
    is the next boundary: the start, then the end, then None. A schedule that did not run its course has `closed_why`,
    unless a person cancelled or replaced it.
    """

    article = models.ForeignKey(
        "articles.Article", models.PROTECT, verbose_name=_("article"), related_name="schedules"
    )
    revision = models.ForeignKey(
        "articles.Revision",
        models.PROTECT,
        verbose_name=_("revision"),
        related_name="schedules",
        db_index=False,  # found by its article
    )
    starts_at = models.DateTimeField(_("goes live at"), null=True)
    ends_at = models.DateTimeField(_("goes offline at"), null=True)
    zone = models.CharField(_("time zone"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("scheduled by"), null=True, related_name="+"
    )
    made_by_name = models.CharField(_("name of who scheduled"), max_length=150)
    made_at = models.DateTimeField(_("scheduled at"))
    due_at = models.DateTimeField(_("next boundary"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    closed_why = models.TextField(_("why it was cancelled"), blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(due_at__isnull=False), name="schedule_open_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=False) | Q(ends_at__isnull=False), name="schedule_has_boundary"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="schedule_ends_after_start"),
        ]
        indexes = [models.Index(fields=["due_at"], name="schedule_due")]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.interval}"

    @property
    def is_open(self) -> bool:
        return self.due_at is not None

    @property
    def is_to_start(self) -> bool:
        """Whether the version is to go live."""
        return self.due_at is not None and self.due_at == self.starts_at

    @property
    def interval(self) -> str:
        """The interval for the log, in UTC, with the person's zone: from/until."""
        start, end = (
            moment.strftime("%Y-%m-%d %H:%MZ") if moment else "" for moment in (self.starts_at, self.ends_at)
        )
        return f"{start}/{end} ({self.zone})"

    def advance(self) -> None:
        """Go on to the boundary after the one that was carried out; close the schedule without one."""
        self.due_at = self.ends_at if self.due_at == self.starts_at else None
        if self.due_at is None:
            self.closed_at = timezone.now()
        self.save(update_fields=["due_at", "closed_at"])

    def close(self, *, why: str = "") -> None:
        """End the schedule before its time."""
        self.due_at, self.closed_at, self.closed_why = None, timezone.now(), why
        self.save(update_fields=["due_at", "closed_at", "closed_why"])
