"""The rows: articles and what was written, rendered, found, reviewed and done."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .querysets import (
    ArticleQuerySet,
    ReviewQuerySet,
    RevisionQuerySet,
    WriteOnceError,
    WriteOnceQuerySet,
)
from .text.checks import Finding as FoundAnomaly
from .text.checks import Severity
from .text.content import Content
from .text.markup import Where


class WriteOnce(models.Model):
    """A row that is added and never changed. A database trigger says the same to everybody else."""

    objects: ClassVar[models.Manager[Any]] = WriteOnceQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is written once; add a new one")
        super().save(*args, force_insert=True, **{k: v for k, v in kwargs.items() if k == "using"})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self._meta.verbose_name} {self.pk} is kept; it cannot be deleted")


class Article(models.Model):
    """An address and two pointers into the revisions; all that is written stands in those."""

    slug = models.CharField(_("address"), max_length=200, unique=True)
    latest_revision = models.ForeignKey(
        "Revision", models.PROTECT, verbose_name=_("latest revision"), null=True, related_name="+"
    )
    published_revision = models.ForeignKey(
        "Revision", models.PROTECT, verbose_name=_("published revision"), null=True, related_name="+"
    )
    head_sha256 = models.CharField(_("head of the chain"), max_length=64, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", "Can publish without a reviewer, and unpublish")]

    def __str__(self) -> str:
        return self.latest_revision.title if self.latest_revision else self.slug

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def last_unpublished(self) -> Event | None:
        """Why an article that was public is not: the entry in the log; None where it is public or never was."""
        if self.is_public:
            return None
        return self.events.filter(action=Event.Action.UNPUBLISH).first()

    @property
    def is_public(self) -> bool:
        return self.published_revision_id is not None


class Revision(WriteOnce):
    """One version of an article, exactly as written, chained to its predecessor by checksum."""

    article = models.ForeignKey(Article, models.PROTECT, verbose_name=_("article"), related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    based_on = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("based on"), null=True, related_name="+"
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(_("address asked for"), max_length=200, db_index=True)
    language = models.CharField(_("language"), max_length=35)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    summary = models.CharField(_("summary of the change"), max_length=500, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("author"),
        null=True,
        related_name="revisions",
    )
    author_name = models.CharField(_("author's name"), max_length=150)
    created_at = models.DateTimeField(_("written at"))
    sha256 = models.CharField(_("checksum"), max_length=64)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
        ]
        permissions = [("review_revision", "Can decide on submitted revisions")]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("revision", args=[self.article.slug, self.number])

    @property
    def source(self) -> str:
        return self.body.text

    @property
    def content(self) -> Content:
        """What its author decided about it, as plain text; reads the body."""
        return Content(
            title=self.title,
            slug=self.slug,
            source=self.source,
            language=self.language,
            tags=tuple(self.tags),
            summary=self.summary,
        )

    @property
    def was_published(self) -> bool:
        return hasattr(self, "publication")

    def checksum(self, previous: str, source: str) -> str:
        """SHA-256, in hexadecimal, of all that was written and of the predecessor's checksum ("" for the first).

        Covers every column but `author`, which an account's deletion empties; the recorded name is covered.
        """
        content = [
            previous,
            self.article_id,
            self.number,
            self.based_on.number if self.based_on else None,
            self.title,
            self.slug,
            self.language,
            self.tags,
            self.summary,
            self.author_name,
            self.created_at.isoformat(timespec="microseconds"),
            source,
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


class Body(WriteOnce):
    """The text of a revision, apart from it so that a list of revisions reads no text."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="body")
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"{self.text[:40]}…"


class Publication(WriteOnce):
    """A revision went live, for the first time: from then on readers may see it while its article is public."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="publication")
    published_at = models.DateTimeField(_("published at"), db_index=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.published_at}"


class Rendering(models.Model):
    """What sanitising and scanning made of a revision, under one policy and one version of the Unicode data.

    The newest counts. The counters tell the findings in all that readers get, and apart from these what the
    revision brought in, its summary included; they are true totals, while rows of `Finding` stop at a thousand.
    """

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="renderings")
    html = models.TextField(_("sanitised HTML"))
    removals = models.JSONField(_("removals"), default=list)
    agreed = models.BooleanField(_("both sanitisers agreed"))
    alerts = models.PositiveIntegerField(_("alerts"))
    warnings = models.PositiveIntegerField(_("warnings"))
    new_alerts = models.PositiveIntegerField(_("alerts brought in"))
    new_warnings = models.PositiveIntegerField(_("warnings brought in"))
    policy_version = models.CharField(_("version of the policy"), max_length=20)
    unicode_version = models.CharField(_("version of the Unicode data"), max_length=20)

    class Meta:
        verbose_name = _("rendering")
        verbose_name_plural = _("renderings")
        get_latest_by = "pk"

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.policy_version}"

    @property
    def flagged(self) -> int:
        """Findings at warning or above in the whole revision."""
        return self.alerts + self.warnings


class Finding(models.Model):
    """An anomaly that a revision brought in, at a half-open span of code points of one of its fields."""

    class Field(models.TextChoices):
        SOURCE = "source", _("text")
        TITLE = "title", _("title")
        SLUG = "slug", _("address")
        SUMMARY = "summary", _("summary")
        TAG = "tag", _("tag")

    class Severity(models.TextChoices):
        NOTICE = "notice", _("notice")
        WARNING = "warning", _("warning")
        ALERT = "alert", _("alert")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="findings")
    field = models.CharField(_("field"), max_length=10, choices=Field)
    check_id = models.CharField(_("check"), max_length=40)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))
    text = models.CharField(_("characters"), max_length=100)
    meant = models.CharField(_("probably meant"), max_length=100, blank=True)
    payload = models.CharField(_("hidden content"), max_length=500, blank=True)
    where = models.CharField(_("where"), max_length=20)
    message = models.CharField(_("message"), max_length=300)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.field} {self.start}..{self.end}: {self.message}"

    @property
    def finding(self) -> FoundAnomaly:
        """The row as the value that `scan` gave; `text` is cut after 100 code points."""
        return FoundAnomaly(
            check=self.check_id,
            severity=Severity(self.severity),
            start=self.start,
            end=self.end,
            text=self.text,
            meant=self.meant or None,
            payload=self.payload or None,
            where=Where(self.where),
            message=self.message,
        )


class Review(models.Model):
    """Where a submitted revision stands in moderation; the only row with a workflow state."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Cause(models.TextChoices):
        """Why a revision waits; the order is that of importance."""

        SANITISERS = "sanitisers", _("the sanitisers disagree")
        TURNED_DOWN = "turned down", _("a moderator turned it down before")
        ALERT = "alert", _("brings in characters that deceive")
        WARNING = "warning", _("brings in suspicious characters")
        AUTHOR = "author", _("its author may not publish without a reviewer")
        SUBMITTED = "submitted", _("its author asked for a review")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="reviews")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    causes = models.JSONField(_("why it waits"), default=list)
    alerts = models.PositiveIntegerField(_("alerts brought in"), default=0)
    warnings = models.PositiveIntegerField(_("warnings brought in"), default=0)
    compared_with = models.ForeignKey(
        Revision, models.PROTECT, verbose_name=_("live when it was decided"), null=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("submitted by"), null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_by_name = models.CharField(_("name of who decided"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["revision"], condition=models.Q(state="pending"), name="review_pending_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-alerts", "-warnings", "id"],
                condition=models.Q(state="pending"),
                name="review_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    def has_work_of(self, user: Any) -> bool:
        """Whether any revision that approval would make public first is the person's own."""
        unread = self.revision.article.revisions.filter(number__lte=self.revision.number, author=user)
        live = self.revision.article.published_revision
        return (unread.filter(number__gt=live.number) if live else unread).exists()

    @property
    def cause_labels(self) -> list[str]:
        return [str(self.Cause(cause).label) for cause in self.causes]


class Event(WriteOnce):
    """The log: one row a state change, never altered."""

    class Action(models.TextChoices):
        SAVE = "save", _("saved")
        RESTORE = "restore", _("restored")
        SUBMIT = "submit", _("submitted")
        WITHDRAW = "withdraw", _("withdrew")
        APPROVE = "approve", _("approved")
        REQUEST_CHANGES = "request changes", _("requested changes")
        REJECT = "reject", _("rejected")
        PUBLISH = "publish", _("published")
        UNPUBLISH = "unpublish", _("unpublished")

    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    actor_name = models.CharField(_("by"), max_length=150)
    action = models.CharField(_("action"), max_length=20, choices=Action)
    article = models.ForeignKey(Article, models.PROTECT, verbose_name=_("article"), related_name="events")
    revision = models.ForeignKey(Revision, models.PROTECT, verbose_name=_("revision"), related_name="events")
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.get_action_display()} {self.revision}"
