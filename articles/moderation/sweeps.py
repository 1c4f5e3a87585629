"""Sweeps: taking back all of a person's period as one operation, and its steps, one for each article or review."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class Sweep(models.Model):
    """What one moderator takes back of one account's period. `event` is its entry in the log; each step adds another.

    A sweep runs until `ended_at`; `undoing` says whether its steps are being taken back. `account_id` stays as it was
    when the account is deleted.
    """

    class Kind(models.TextChoices):
        REJECT = "reject", _("reject what waits")
        UNPUBLISH = "unpublish", _("take offline what went live")
        ROLL_BACK = "roll back", _("roll back edits")

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        verbose_name=_("account"),
        related_name="sweeps",
        db_constraint=False,
    )
    account_name = models.CharField(_("account's name"), max_length=150)
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("to"))  # not included
    kinds = models.JSONField(_("what"), default=list)
    reason = models.TextField(_("reason"))
    event = models.OneToOneField(
        "articles.Event", models.PROTECT, verbose_name=_("entry in the log"), related_name="sweep"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    made_by_name = models.CharField(_("by"), max_length=150)
    made_at = models.DateTimeField(_("made at"))
    undoing = models.BooleanField(_("is taken back"), default=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.account_name}: {', '.join(self.kinds)}"

    def get_absolute_url(self) -> str:
        return reverse("sweep", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of steps by state. Takes one query."""
        return dict(self.steps.order_by().values_list("state").annotate(n=Count("pk")))

    @property
    def kind_labels(self) -> list[str]:
        return [str(self.Kind(kind).label) for kind in self.kinds]


class SweepStepQuerySet(QuerySet["SweepStep"]):
    def to_do(self) -> Self:
        """Keep the steps that are not carried out yet, in order."""
        return self.filter(state=SweepStep.State.PLANNED).order_by("pk")

    def to_undo(self) -> Self:
        """Keep the steps that are carried out, the last one first."""
        return self.filter(state=SweepStep.State.DONE).order_by("-pk")


class SweepStep(models.Model):
    """One thing that a sweep does: with a review, or with the live or the newest version of an article.

    `revision` is the version that the step is about, and `made` the one that it saved. `why` says why a step was not
    carried out, or not taken back.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("to be done")
        DONE = "done", _("done")
        LEFT = "left", _("left to a person")
        UNDONE = "undone", _("taken back")
        KEPT = "kept", _("stays: could not be taken back")

    sweep = models.ForeignKey(Sweep, models.CASCADE, related_name="steps", db_index=False)
    kind = models.CharField(_("what"), max_length=10, choices=Sweep.Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="+", db_index=False)
    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="+", db_index=False)
    review = models.ForeignKey("articles.Review", models.PROTECT, null=True, related_name="+", db_index=False)
    before = models.ForeignKey(  # the text that a roll back returns to
        "articles.Revision", models.PROTECT, null=True, related_name="+", db_index=False
    )
    made = models.ForeignKey("articles.Revision", models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.CharField(_("why not"), max_length=500, blank=True)

    objects = SweepStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a sweep")
        verbose_name_plural = _("steps of a sweep")
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["sweep", "state", "id"], name="sweep_step")]

    def __str__(self) -> str:
        return f"{self.sweep_id}: {self.kind} {self.article_id}"
