"""What was written: articles, their versions, and which of these went live."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.querysets import ArticleQuerySet, RevisionQuerySet
from articles.text.content import Content

from .base import WriteOnce
from .event import Event


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

    withheld: frozenset[str] = frozenset()  # the hidden parts that this copy of the row lacks

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
        ]
        permissions = [
            ("review_revision", "Can decide on submitted revisions"),
            ("hide_revision", "Can hide parts of revisions, and see what is hidden"),
        ]

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

    @cached_property
    def hiding(self) -> Any:
        """What of it is hidden from everybody but administrators, by whom and why; None where nothing is."""
        return self.hidings.active().first()

    def withhold(self, parts: Iterable[str]) -> None:
        """Replace hidden parts in this copy of the row, for a person who may not see them."""
        self.withheld = frozenset(parts)
        if "text" in self.withheld:
            self.title = gettext("(hidden)")
            self.slug, self.tags = "", []
            self.body = Body(revision=self, text="")
            nothing = {name: getattr(self, name).none() for name in ("findings", "renderings")}
            self._prefetched_objects_cache = {**getattr(self, "_prefetched_objects_cache", {}), **nothing}
        if "summary" in self.withheld:
            self.summary = gettext("(hidden)")
        if "author" in self.withheld:
            self.author, self.author_name = None, gettext("(name hidden)")

    def authors_since(self, live: Revision | None) -> set[int]:
        """The accounts that wrote this revision and those before it that the live one does not hold."""
        unread = self.article.revisions.filter(number__lte=self.number, number__gt=live.number if live else 0)
        return set(unread.exclude(author=None).order_by().values_list("author", flat=True).distinct())

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
