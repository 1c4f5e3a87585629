"""What was written: articles, their versions, and which of these went live."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.codec import Codec, Stored, Undecodable, decode, encode
from articles.querysets.article import ArticleQuerySet, RevisionQuerySet
from articles.text.content import Content

from .base import DigestField, WriteOnce
from .event import Event


class Article(models.Model):
    """An address and two pointers into the revisions; all that is written stands in those."""

    slug = models.CharField(_("address"), max_length=200, unique=True)
    latest_revision = models.ForeignKey(
        "Revision", models.PROTECT, verbose_name=_("latest revision"), null=True, related_name="+"
    )
    published_revision = models.ForeignKey(
        "Revision",
        models.PROTECT,
        verbose_name=_("published revision"),
        null=True,
        related_name="+",
        db_index=False,
    )
    published_at = models.DateTimeField(_("published at"), null=True)  # the live revision's first time
    head_sha256 = DigestField(_("head of the chain"), max_length=32, blank=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", "Can publish without a reviewer, and unpublish")]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=models.Q(published_revision__isnull=False),
                name="article_public",
            )
        ]

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


class DamagedText(Exception):
    """A stored text that is not what was written. Names the article and the version; no other is harmed."""

    def __init__(self, revision: Revision, fault: str) -> None:
        self.revision = revision
        super().__init__(f"{revision.article.slug}: version {revision.number}: {fault}")


class Revision(WriteOnce):
    """One version of an article, exactly as written, chained to its predecessor by checksum."""

    article = models.ForeignKey(
        Article,
        models.PROTECT,
        verbose_name=_("article"),
        related_name="revisions",
        db_index=False,  # the constraint below begins with it
    )
    number = models.PositiveIntegerField(_("number"))
    based_on = models.ForeignKey(  # the version before, which the checksum continues
        "self", models.PROTECT, verbose_name=_("based on"), null=True, related_name="+", db_index=False
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.CharField(_("address asked for"), max_length=200)
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
    sha256 = DigestField(_("checksum"), max_length=32)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    withheld: frozenset[str] = frozenset()  # the hidden parts that this copy of the row lacks
    _as_written: tuple[str, str] | None = None  # summary and name, where this copy holds others

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
        ]
        indexes = [
            models.Index(fields=["slug"], name="revision_slug"),
            models.Index(fields=["language"], name="revision_language"),
        ]
        permissions = [
            ("review_revision", "Can decide on submitted revisions"),
            ("hide_revision", "Can hide parts of revisions, and see what is hidden"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("revision", args=[self.article.slug, self.number])

    @cached_property
    def source(self) -> str:
        """The text, proven by the checksum on every read; raises `DamagedText`. `with_text` fetches all it takes."""
        if fault := self.fault(self.based_on.sha256 if self.based_on else ""):
            raise DamagedText(self, fault)
        return self.body.text

    def fault(self, previous: str) -> str:
        """What is wrong with this version after one of that checksum ("" before the first); "" when it is whole."""
        try:
            text = self.body.text
        except ObjectDoesNotExist:
            return "has lost its text"
        except Undecodable as error:
            return f"cannot be read: {error}"
        if self.checksum(previous, text) != self.sha256:
            return "does not match its checksum and its predecessor's"
        return ""

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
        self._as_written = self._as_written or (self.summary, self.author_name)
        if "text" in self.withheld:
            self.title = gettext("(hidden)")
            self.slug, self.tags = "", []
            self.source = ""
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
        summary, author_name = self._as_written or (self.summary, self.author_name)
        content = [
            previous,
            self.article_id,
            self.number,
            self.based_on.number if self.based_on else None,
            self.title,
            self.slug,
            self.language,
            self.tags,
            summary,
            author_name,
            self.created_at.isoformat(timespec="microseconds"),
            source,
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


class Body(WriteOnce):
    """The text of a revision, apart from it so that a list of revisions reads no text.

    How it is stored is between this model, `codec` and the command `repack`, which alone may rewrite it: the
    checksum covers the text. A body leans on one other at most, and on none that leans itself.
    """

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="body")
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    codec = models.PositiveSmallIntegerField(choices=[(codec.value, codec.name) for codec in Codec])
    data = models.BinaryField()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return f"text of {self.revision_id}"

    @classmethod
    def holding(cls, text: str, *, revision: Revision, keyframe: Body | None) -> Body:
        """The body of a revision, not saved yet; it leans on the given one where that is worth it."""
        distance = revision.number - keyframe.revision.number if keyframe else 1
        stored = encode(text, keyframe=keyframe.stored if keyframe else None, distance=distance)
        base = keyframe if stored.codec == Codec.DELTA else None
        return cls(revision=revision, base=base, codec=stored.codec, data=stored.data)

    @property
    def keyframe(self) -> Body:
        """What the next version's text may lean on."""
        return self.base or self

    @property
    def stored(self) -> Stored:
        return Stored(self.codec, bytes(self.data))

    @cached_property
    def text(self) -> str:
        """The text as it was written, or `Undecodable`; to be read through `Revision.source`, which proves it."""
        return decode(self.stored, keyframe=self.base.stored if self.base else None)


class Repacking(models.Model):
    """Names the bodies that are being rewritten, from the first to the last statement of a transaction.

    To everybody but this transaction the table is empty. The triggers let nothing else touch a body.
    """

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="+")

    class Meta:
        verbose_name = _("text being rewritten")
        verbose_name_plural = _("texts being rewritten")

    def __str__(self) -> str:
        return f"{self.revision_id}"


class Publication(WriteOnce):
    """A revision went live, for the first time: from then on readers may see it while its article is public."""

    revision = models.OneToOneField(Revision, models.PROTECT, primary_key=True, related_name="publication")
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.published_at}"
