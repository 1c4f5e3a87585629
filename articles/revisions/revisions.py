"""Revisions: the saved states of articles, write-once and chained by checksum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.proofs.versions import FORMAT, checksum
from articles.text.content import Content

from .attributions import digest_of, has_source
from .codec import Undecodable
from .withholding import WithholdingQuerySet, hidden_texts, text_of, unread_of
from .write_once import DigestField, MomentField, WriteOnce, WriteOnceQuerySet

if TYPE_CHECKING:
    from .articles import Article

_LANGUAGES = """
    WITH RECURSIVE tags(tag) AS (
        SELECT MIN(language) FROM articles_revision
        UNION ALL
        SELECT (SELECT MIN(language) FROM articles_revision WHERE language > tag) FROM tags WHERE tag IS NOT NULL
    )
    SELECT tag FROM tags WHERE tag IS NOT NULL
"""


class RevisionQuerySet(WriteOnceQuerySet["Revision"], WithholdingQuerySet["Revision"]):  # type: ignore[override]
    def languages(self) -> list[str]:
        """Return the language tags in use, sorted. One query, which reads one index entry for each tag."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_LANGUAGES)
            return [language for (language,) in cursor.fetchall()]

    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the revisions that the person may read, and withhold hidden summaries and names."""
        return self.listed_for(user).with_texts_shown_to(user)

    def with_texts_shown_to(self, user: permissions.Person) -> Self:
        """Keep the revisions whose text is not hidden from the person."""
        return self if permissions.can_hide(user) else self.exclude(hidden_texts("pk"))

    def listed_for(self, user: permissions.Person) -> Self:
        """Keep the revisions that the person may know of, also if the text is hidden. Hidden parts are withheld."""
        rows = self.withholding_from(user)
        if permissions.can_see_drafts(user):
            return rows
        return rows.filter(publication__isnull=False, article__published_revision__isnull=False)

    def with_text(self) -> Self:
        """Load what reading and verifying the source needs, in the same query."""
        return self.select_related("article", "publication", *text_of()).defer(*unread_of())

    def to_write_on(self, article: Article | None, number: int | None, *, source: str) -> Any:
        """Return a revision with its text and what writing `source` after it needs; None if there is no such revision.

        Annotates `is_source_known`: whether the article seems to have a revision with this source. One query, or none
        without an article and a number.
        """
        if article is None or number is None:
            return None
        rows = self.filter(article=article, number=number).select_related(*text_of()).defer(*unread_of())
        rows = rows.annotate(is_source_known=has_source(source, article=article.pk))
        return next(iter(rows.to_follow().order_by()), None)

    def to_follow(self) -> Self:
        """Load the attributions, and annotate `keyframe_number`: that of the revision whose text is a whole one."""
        keyframe_number = Coalesce("body__base__revision__number", "number")
        return self.select_related("attribution").annotate(keyframe_number=keyframe_number)

    def first_with(self, source: str) -> Any:
        """Return the first revision whose source seems to be this one, by its hash; None if there is none.

        A hidden text counts as none: who guesses it must not learn that from the origins.
        """
        rows = self.filter(attribution__digest=digest_of(source)).exclude(hidden_texts("pk"))
        return rows.with_text().order_by("number").first()

    def live_or_waiting(self, live: QuerySet[Any, Any], waiting: QuerySet[Any, Any]) -> Self:
        """Keep the revisions whose keys one of two querysets yields."""
        return self.filter(Q(pk__in=live) | Q(pk__in=waiting))

    def in_language(self, tag: str) -> Self:
        """Keep the revisions in a language, whatever region or script their tags add."""
        return self.filter(Q(language__iexact=tag) | Q(language__istartswith=f"{tag}-"))

    def live_in(self, article: int) -> Self:
        """Keep the live revision of an article, if it has one."""
        return self.filter(article=article, pk=F("article__published_revision"))

    def author_names(self, most: int) -> list[str]:
        """Return the first names of accounts with a revision, sorted. One query, by index."""
        accounts = get_user_model().objects.filter(Exists(Revision.objects.filter(author=OuterRef("pk"))))
        return list(accounts.order_by("username").values_list("username", flat=True)[:most])

    def number_before(self, number: int) -> int | None:
        """Return the highest number below this one; None if there is none."""
        older = self.order_by("-number").filter(number__lt=number)
        return older.values_list("number", flat=True).first()


class ChangeKind(models.TextChoices):
    """What an author says of a change; empty if nothing was said."""

    CORRECTION = "correction", _("correction")
    UPDATE = "update", _("update")
    TYPO = "typo", _("typo")


class SoftwareShare(models.TextChoices):
    """What an author says of the part that software had in the text; empty if nothing was said."""

    NONE = "none", _("none")
    ASSISTED = "assisted", _("assisted by software")
    GENERATED = "generated", _("generated by software")

    @property
    def disclosure(self) -> str:
        """The share as W3C's community draft "AI Content Disclosure" calls it."""
        return "none" if self == self.NONE else f"ai-{self}"


class DamagedText(Exception):
    """A stored text that fails verification. The message names the article and the number of the revision."""

    def __init__(self, revision: Revision, fault: str) -> None:
        self.revision = revision
        super().__init__(f"{revision.article.slug}: version {revision.number}: {fault}")


class UnknownFormat(DamagedText):
    """A revision whose checksum has a format of another release, which this one cannot verify."""


class Revision(WriteOnce):
    """One saved state of an article, exactly as written; its checksum covers that of its predecessor."""

    article = models.ForeignKey(
        "articles.Article",
        models.PROTECT,
        verbose_name=_("article"),
        related_name="revisions",
        db_index=False,  # the constraint below begins with it
    )
    number = models.PositiveIntegerField(_("number"))
    based_on = models.ForeignKey(  # the predecessor, whose checksum this one covers
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
    created_at = MomentField(_("written at"))
    excerpt = models.CharField(_("excerpt"), max_length=500, blank=True)  # for lists
    description = models.CharField(_("description"), max_length=300, blank=True)  # for search engines
    cover = models.CharField(_("cover"), max_length=60, blank=True)  # the file name of an uploaded image
    change_kind = models.CharField(_("kind of change"), max_length=10, choices=ChangeKind, blank=True)
    software_share = models.CharField(
        _("share of software in the text"), max_length=10, choices=SoftwareShare, blank=True
    )
    claimed_author = models.CharField(_("author, as an import says"), max_length=150, blank=True)
    claimed_at = models.DateTimeField(_("written at, as an import says"), null=True)
    format = models.PositiveSmallIntegerField(_("version of the checksum"), default=FORMAT)
    sha256 = DigestField(_("checksum"), max_length=32)

    objects: ClassVar[Any] = RevisionQuerySet.as_manager()

    withheld: frozenset[str] = frozenset()  # the hidden parts that this copy of the row lacks
    names_withheld: frozenset[str] = frozenset()  # and the names that rows about it must not show either
    _as_written: tuple[str, str, str] | None = None  # summary and names, set if this copy holds replacements

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
        """The source, verified on its first read; load it by `with_text`. Raises `DamagedText` or `UnknownFormat`."""
        if fault := self.fault(self.based_on.sha256 if self.based_on else ""):
            raise (DamagedText if self.has_known_format else UnknownFormat)(self, fault)
        return self.body.text

    def fault(self, previous: str) -> str:
        """Return why verification fails, or an empty string. `previous` is the predecessor's checksum, "" if none."""
        if not self.has_known_format:
            return f"unknown: its checksum has format {self.format}, and this release knows format {FORMAT}"
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
    def has_known_format(self) -> bool:
        return self.format == FORMAT

    @cached_property
    def keyframe_number(self) -> int:
        """The number of the revision whose whole text this one's is stored beside; its own if its text is whole.

        Costs queries unless `to_follow` loaded it.
        """
        return self.body.keyframe.revision.number

    @property
    def content(self) -> Content:
        """All that the author decided, as one value. Reads the source, and raises what that raises."""
        return Content(
            title=self.title,
            slug=self.slug,
            source=self.source,
            language=self.language,
            tags=tuple(self.tags),
            summary=self.summary,
            excerpt=self.excerpt,
            description=self.description,
            cover=self.cover,
            change_kind=self.change_kind,
            software_share=self.software_share,
        )

    @property
    def ai_disclosure(self) -> str:
        """What the author says of software in the text, in W3C's words for `ai-disclosure`; empty if nothing."""
        return SoftwareShare(self.software_share).disclosure if self.software_share else ""

    @property
    def was_published(self) -> bool:
        """Whether the revision is or was live. Costs a query unless the publication is loaded."""
        return hasattr(self, "publication")

    @cached_property
    def hiding(self) -> Any:
        """The `Hiding` in force; None if nothing is hidden. Costs a query unless `withholding_from` loaded it."""
        return self.hidings.active().first()

    def withhold(self, parts: Iterable[str]) -> None:
        """Replace hidden parts in this copy of the row, for a person who may not see them."""
        self.withheld = frozenset(parts)
        self._as_written = self._as_written or (self.summary, self.author_name, self.claimed_author)
        if "text" in self.withheld:
            self.title = gettext("(hidden)")
            self.slug, self.tags = "", []
            self.excerpt = self.description = self.cover = ""
            self.source = ""
            nothing = {name: getattr(self, name).none() for name in ("findings", "renderings")}
            self._prefetched_objects_cache = {**getattr(self, "_prefetched_objects_cache", {}), **nothing}
        if "summary" in self.withheld:
            self.summary = gettext("(hidden)")
        if "author" in self.withheld:
            self.names_withheld = frozenset(filter(None, self._as_written[1:]))
            self.author, self.author_name = None, gettext("(name hidden)")
            self.claimed_author = ""

    def authors_since(self, live: Revision | None) -> set[int]:
        """Return the authors of this revision and of those after the live one; of all before it if `live` is None."""
        revisions = self.article.revisions.filter(
            number__lte=self.number, number__gt=live.number if live else 0
        )
        return set(revisions.exclude(author=None).order_by().values_list("author", flat=True).distinct())

    def checksum(self, previous: str, source: str) -> str:
        """Return the SHA-256, in hexadecimal, of the revision and of the predecessor's checksum, "" if none.

        It covers every column except `author`, which becomes null when an account is deleted; it covers the recorded
        name. `format` numbers the list of columns and how they are joined: change the list, change the number.
        """
        return checksum(self.covered(previous, source))

    def covered(self, previous: str, source: str) -> dict[str, object]:
        """Return the values that the checksum covers, by the names of `articles.proofs.versions.COLUMNS`."""
        summary, author_name, claimed_author = self._as_written or (
            self.summary,
            self.author_name,
            self.claimed_author,
        )
        return {
            "format": self.format,
            "previous": previous,
            "article": self.article_id,
            "number": self.number,
            "based_on": self.based_on.number if self.based_on else None,
            "title": self.title,
            "slug": self.slug,
            "language": self.language,
            "tags": self.tags,
            "summary": summary,
            "author": author_name,
            "created_at": self.created_at.isoformat(timespec="microseconds"),
            "excerpt": self.excerpt,
            "description": self.description,
            "cover": self.cover,
            "change_kind": self.change_kind,
            "software_share": self.software_share,
            "claimed_author": claimed_author,
            "claimed_at": self.claimed_at.isoformat(timespec="microseconds") if self.claimed_at else None,
            "source": source,
        }


def readable_content(revision: Revision) -> Content | None:
    """Return the content of a revision; None if its text is damaged, so that the next one can be written."""
    try:
        return revision.content
    except DamagedText:
        return None
