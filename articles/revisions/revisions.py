"""Revisions: what was written, once and for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.text.content import Content

from .codec import Undecodable
from .renderings import FLAGGED, NEWLY_FLAGGED, Rendering
from .withholding import WithholdingQuerySet, hidden_texts, newest, text_of
from .write_once import DigestField, WriteOnce, WriteOnceQuerySet

_LANGUAGES = """
    WITH RECURSIVE tags(tag) AS (
        SELECT MIN(language) FROM articles_revision
        UNION ALL
        SELECT (SELECT MIN(language) FROM articles_revision WHERE language > tag) FROM tags WHERE tag IS NOT NULL
    )
    SELECT tag FROM tags WHERE tag IS NOT NULL
"""


class RevisionQuerySet(WriteOnceQuerySet, WithholdingQuerySet):  # type: ignore[override]
    def languages(self) -> list[str]:
        """The language tags in use, sorted; found by jumping through the index from each to the next."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_LANGUAGES)
            return [language for (language,) in cursor.fetchall()]

    def visible_to(self, user: permissions.Person) -> Self:
        """Those that the person may read; a hidden summary or name is withheld."""
        rows = self.listed_for(user)
        return rows if permissions.can_hide(user) else rows.exclude(hidden_texts("pk"))

    def listed_for(self, user: permissions.Person) -> Self:
        """Those that the person may know of: also those whose text is hidden, without it."""
        rows = self.withholding_from(user)
        if permissions.can_see_drafts(user):
            return rows
        return rows.filter(publication__isnull=False, article__published_revision__isnull=False)

    def with_text(self) -> Self:
        """With all that it takes to read the text and to prove it."""
        return self.select_related("article", "publication", *text_of())

    def with_keyframe(self) -> Self:
        """With the text and all that it takes to write the next version's on top of it."""
        return self.select_related(*text_of(), "body__base__revision")

    def live_or_waiting(self, live: QuerySet, waiting: QuerySet) -> Self:
        return self.filter(Q(pk__in=live) | Q(pk__in=waiting))

    def in_language(self, tag: str) -> Self:
        """Written in a language, whatever region or script its tag adds."""
        return self.filter(Q(language__iexact=tag) | Q(language__istartswith=f"{tag}-"))

    def live_in(self, article: int) -> Self:
        """The published revision of an article, or none."""
        return self.filter(article=article, pk=F("article__published_revision"))

    def number_before(self, number: int) -> int | None:
        """The number of the newest of these revisions that is older."""
        older = self.order_by("-number").filter(number__lt=number)
        return older.values_list("number", flat=True).first()

    def for_history(self) -> Self:
        """Revisions with what a history shows, newest first."""
        return (
            self.select_related("publication")
            .annotate(
                flagged=newest(Rendering.objects.all(), FLAGGED, revision="pk"),
                newly_flagged=newest(Rendering.objects.all(), NEWLY_FLAGGED, revision="pk"),
            )
            .order_by("-number")
        )


class DamagedText(Exception):
    """A stored text that is not what was written. Names the article and the version; no other is harmed."""

    def __init__(self, revision: Revision, fault: str) -> None:
        self.revision = revision
        super().__init__(f"{revision.article.slug}: version {revision.number}: {fault}")


class Revision(WriteOnce):
    """One version of an article, exactly as written, chained to its predecessor by checksum."""

    article = models.ForeignKey(
        "articles.Article",
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
