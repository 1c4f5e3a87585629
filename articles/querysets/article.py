"""Articles and their revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.apps import apps
from django.db import connections
from django.db.models import (
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from articles import permissions

from .base import WithholdingQuerySet, WriteOnceQuerySet, hidden_texts, newest, text_of

if TYPE_CHECKING:
    pass


_LIVE_PAGE = """
    SELECT r.sha256,
        (SELECT MAX(id) FROM articles_rendering WHERE revision_id = r.id),
        (SELECT MAX(id) FROM articles_allowance), (SELECT MAX(revoked_at) FROM articles_allowance),
        (SELECT MAX(id) FROM articles_hiding), (SELECT MAX(lifted_at) FROM articles_hiding)
    FROM articles_article a JOIN articles_revision r ON r.id = a.published_revision_id
    WHERE a.slug = %s
"""


_LANGUAGES = """
    WITH RECURSIVE tags(tag) AS (
        SELECT MIN(language) FROM articles_revision
        UNION ALL
        SELECT (SELECT MIN(language) FROM articles_revision WHERE language > tag) FROM tags WHERE tag IS NOT NULL
    )
    SELECT tag FROM tags WHERE tag IS NOT NULL
"""


FLAGGED = F("alerts") + F("warnings")


NEWLY_FLAGGED = F("new_alerts") + F("new_warnings")


class LivePage(NamedTuple):
    """All that a published page is made of: equal ones make equal pages."""

    checksum: str  # of the version
    rendering: int  # its newest
    allowed: int | None  # the newest allowance, and when one was last revoked
    revoked_at: Any
    hidden: int | None  # the newest hiding, and when one was last lifted
    lifted_at: Any


class ArticleQuerySet(WithholdingQuerySet):
    def visible_to(self, user: permissions.Person) -> Self:
        return self.withholding_from(user) if permissions.can_see_drafts(user) else self.public()

    def public(self) -> Self:
        """What readers see, whoever asks."""
        return self.filter(published_revision__isnull=False).withholding_from(None)

    def with_title_for(self, user: permissions.Person) -> Self:
        """Those whose newest title this person may see, so that a search for hidden words finds nothing.

        The title is at hand as `newest_title`, looked up article by article: joined, PostgreSQL would read all
        revisions to find it.
        """
        revisions = apps.get_model("articles", "Revision")._default_manager
        newest_title = revisions.filter(pk=OuterRef("latest_revision")).order_by().values("title")
        rows = self.alias(newest_title=Subquery(newest_title))
        return rows if permissions.can_hide(user) else rows.exclude(hidden_texts("latest_revision"))

    def live_page(self, slug: str) -> LivePage | None:
        """What names the page at a slug.

        Asked at every visit, and in SQL because the ORM takes several times as long to put it together as the
        database takes to answer.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_LIVE_PAGE, [slug])
            row = cursor.fetchone()
        return LivePage(bytes(row[0]).hex(), *row[1:]) if row else None

    def with_live_number(self) -> Self:
        """With the number of the published version as `live`, or None."""
        return self.annotate(live=F("published_revision__number"))

    def for_readers(self) -> Self:
        """Public articles with what a list of them shows, latest publication first."""
        return (
            self.public()
            .select_related("published_revision")
            .annotate(flagged=newest("Rendering", FLAGGED, revision="published_revision"))
            .order_by("-published_at", "-pk")
        )

    def for_editors(self) -> Self:
        """Articles with the newest revision, its flags and where its latest review stands, last edited first."""
        return (
            self.select_related("latest_revision", "published_revision")
            .annotate(
                review_state=newest("Review", F("state"), revision="latest_revision"),
                flagged=newest("Rendering", FLAGGED, revision="latest_revision"),
            )
            .order_by("-latest_revision_id")
        )

    def formerly_at(self, slug: str) -> Self:
        """Articles that were published at this slug before they moved to another, most recent move first."""
        return (
            self.public()
            .filter(revisions__slug=slug, revisions__publication__isnull=False)
            .order_by("-revisions__publication__published_at")
        )


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
        articles = apps.get_model("articles", "Article")._default_manager.filter(pk=article)
        return self.filter(pk__in=articles.values("published_revision"))

    def number_before(self, number: int) -> int | None:
        """The number of the newest of these revisions that is older."""
        older = self.order_by("-number").filter(number__lt=number)
        return older.values_list("number", flat=True).first()

    def for_history(self) -> Self:
        """Revisions with what a history shows, newest first."""
        return (
            self.select_related("publication")
            .annotate(
                flagged=newest("Rendering", FLAGGED, revision="pk"),
                newly_flagged=newest("Rendering", NEWLY_FLAGGED, revision="pk"),
                review_state=newest("Review", F("state"), revision="pk"),
            )
            .order_by("-number")
        )
