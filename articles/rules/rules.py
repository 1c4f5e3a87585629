"""Rules: conditions on saves with an action, their versions, and the saves that met them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.moderation.reviews import Review, with_review_state
from articles.revisions.withholding import WithholdingQuerySet, has_any
from articles.revisions.write_once import WriteOnce, WriteOnceQuerySet

from .conditions import Conditions, Row

RECENT = timedelta(days=30)  # of the hits that the list counts


class RuleQuerySet(QuerySet["Rule"]):
    def for_list(self) -> Self:
        """Return the rules with both versions, those in force first, then the newest."""
        order = models.F("active").desc(nulls_last=True)
        return self.select_related("latest", "active").order_by(order, "-pk")


class Rule(models.Model):
    """A rule: its latest version, and the one in force. A newer version is in force only once it is switched on."""

    latest = models.ForeignKey(
        "articles.RuleVersion", models.PROTECT, verbose_name=_("latest version"), null=True, related_name="+"
    )
    active = models.ForeignKey(
        "articles.RuleVersion",
        models.PROTECT,
        verbose_name=_("version in force"),
        null=True,
        related_name="+",
    )
    switched_at = models.DateTimeField(_("switched at"), null=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        default_permissions = ()
        permissions = [("manage_rules", "Can write rules on saves, and switch them on and off")]

    def __str__(self) -> str:
        return self.latest.name if self.latest else ""

    def get_absolute_url(self) -> str:
        return reverse("rule", args=[self.pk])

    @property
    def is_on(self) -> bool:
        return self.active_id is not None

    @property
    def state(self) -> str:
        if self.is_on:
            return "on"
        return "off" if self.switched_at else "draft"

    @property
    def has_newer_draft(self) -> bool:
        """Whether the rule was changed since the version in force."""
        return self.is_on and self.active_id != self.latest_id


class RuleVersion(WriteOnce):
    """What a rule said from one change to the next."""

    class Needs(models.TextChoices):
        ALL = "all", _("all of these hold")
        ANY = "any", _("any of these holds")

    class Action(models.TextChoices):
        NOTE = "note", _("note it")
        HOLD = "hold", _("hold it for a moderator")
        REFUSE = "refuse", _("refuse the save, with a message")
        TAG = "tag", _("tag it")

    rule = models.ForeignKey(Rule, models.PROTECT, verbose_name=_("rule"), related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=100)
    needs = models.CharField(_("when"), max_length=3, choices=Needs)
    conditions = models.JSONField(_("conditions"))  # each a list: field, comparison, value as it was typed
    action = models.CharField(_("then"), max_length=10, choices=Action)
    message = models.CharField(_("what the author reads"), max_length=500, blank=True)
    tag = models.CharField(_("tag"), max_length=50, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    made_by_name = models.CharField(_("by"), max_length=150)
    made_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("version of a rule")
        verbose_name_plural = _("versions of rules")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(Row(*row) for row in self.conditions)

    @cached_property
    def read_conditions(self) -> Conditions:
        """The conditions, read. Raises `ValueFault` where this release does not know a field or comparison."""
        return Conditions.of(self.rows, needs_all=self.needs == self.Needs.ALL)


@dataclass(frozen=True, slots=True)
class HitCounts:
    """How many saves met a rule lately, and how many of these people approved and turned down."""

    met: int = 0
    approved: int = 0
    turned_down: int = 0

    @property
    def decided(self) -> int:
        return self.approved + self.turned_down


class RuleHitQuerySet(WriteOnceQuerySet["RuleHit"], WithholdingQuerySet["RuleHit"]):  # type: ignore[override]
    def for_list(self, user: permissions.Person) -> Any:
        """Return the hits with their versions, whose hidden parts are withheld from the person; newest first."""
        rows = self.withholding_from(user).select_related("revision__article", "article", "version")
        return with_review_state(rows, revision="revision").order_by("-pk")

    def recent_counts(self) -> dict[int, HitCounts]:
        """Count the hits of the last 30 days by the key of the rule. One query, by index."""
        reviews = Review.objects.filter(revision=OuterRef("revision")).order_by()
        is_approved = has_any(reviews.filter(state="approved"))
        is_turned_down = has_any(reviews.filter(state__in=("changes requested", "rejected")))
        rows = self.filter(at__gt=timezone.now() - RECENT).order_by().values_list("version__rule")
        counts = rows.annotate(
            met=Count("pk"),
            approved=Count("pk", filter=is_approved),
            turned_down=Count("pk", filter=is_turned_down & ~is_approved),
        )
        return {rule: HitCounts(*numbers) for rule, *numbers in counts}

    def labels(self, revisions: Iterable[int]) -> dict[int, list[str]]:
        """Return the tags, or else the names, of the rules that each of some revisions meets. One query."""
        labels: dict[int, list[str]] = {}
        for hit in self.on(list(revisions)):
            assert hit.revision_id is not None  # `on` leaves out the saves that were refused
            labels.setdefault(hit.revision_id, []).append(hit.version.tag or hit.version.name)
        return labels

    def on(self, revisions: Any) -> Self:
        """Return the hits on some revisions, with the versions of the rules; in order."""
        return self.filter(revision__in=revisions).select_related("version").order_by("pk")


class RuleHit(WriteOnce):
    """A save that met a rule, and what came of it. A refused save has no revision."""

    version = models.ForeignKey(
        RuleVersion, models.PROTECT, verbose_name=_("rule"), related_name="hits", db_index=False
    )
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("version"), null=True, related_name="rule_hits"
    )
    article = models.ForeignKey(
        "articles.Article",
        models.PROTECT,
        verbose_name=_("article"),
        null=True,
        related_name="+",
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("author"), null=True, related_name="+"
    )
    author_name = models.CharField(_("author's name"), max_length=150)
    action = models.CharField(_("what came of it"), max_length=10, choices=RuleVersion.Action)
    what = models.CharField(_("what met it"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    objects: ClassVar[Any] = RuleHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("hit of a rule")
        verbose_name_plural = _("hits of rules")
        default_permissions = ()
        indexes = [
            models.Index(fields=["version", "id"], name="rule_hit_version"),
            models.Index(fields=["at"], name="rule_hit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.what}"

    review_state: str | None = None  # annotated by `for_list`

    @property
    def decided(self) -> str:
        """How the newest review of the revision stands; empty without one."""
        return str(Review.State(self.review_state).label) if self.review_state else ""

    @property
    def shown(self) -> str:
        """What met the rule; empty if the text is hidden."""
        return "" if self.revision and "text" in self.revision.withheld else self.what

    @property
    def who(self) -> str:
        """The author's name as lists show it: one that is hidden with the revision stays so."""
        return self.revision.author_name if self.revision else self.author_name
