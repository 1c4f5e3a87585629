"""Every question asked of the database, by the name of its answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.apps import apps
from django.db import connections
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from . import permissions

if TYPE_CHECKING:
    from .models import Review, Revision


class WriteOnceError(TypeError):
    """An attempt to change or delete what is written once."""


class WriteOnceQuerySet(QuerySet):
    """Rows that are added and read, never changed and never deleted."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise WriteOnceError(f"{self.model._meta.verbose_name_plural} are written once; add a new one")

    update = delete = bulk_update = update_or_create = _refuse


class WithholdingQuerySet(QuerySet):
    """Rows for a person: the revisions among them, those reached by `select_related` too, lack what is hidden.

    The one place that withholds hidden parts. It costs one query for each query that gave rows, and every revision
    then knows its `hiding`.
    """

    _withholds: bool | None = None  # None: rows as they are, for the workflow

    def withholding_from(self, user: permissions.Person | None) -> Self:
        """What is hidden is withheld, unless this person may see it; None stands for readers at large."""
        rows = self.all()
        rows._withholds = user is None or not permissions.can_hide(user)
        return rows

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._withholds = self._withholds
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._withholds is not None:
            _apply_hidings(self._result_cache or [], withhold=self._withholds)


def _apply_hidings(rows: list[Any], *, withhold: bool) -> None:
    revisions: dict[int, list[Revision]] = {}
    for row in rows:
        for revision in _revisions(row):
            revision.hiding = None
            revisions.setdefault(revision.pk, []).append(revision)
    if not revisions:
        return
    hidings = apps.get_model("articles", "Hiding")._default_manager.active()
    for hiding in hidings.filter(revision__in=revisions):
        for revision in revisions[hiding.revision_id]:
            revision.hiding = hiding
            if withhold:
                revision.withhold(hiding.parts)


def _revisions(row: Any, seen: set[int] | None = None) -> Iterator[Revision]:
    """The revisions that were loaded with a row; nothing more is loaded for it."""
    seen = set() if seen is None else seen
    if not isinstance(row, Model) or id(row) in seen:
        return
    seen.add(id(row))
    if row._meta.model_name == "revision":
        yield row  # type: ignore[misc]
    for related in list(row._state.fields_cache.values()):
        yield from _revisions(related, seen)


def _hidden_texts(revision: str) -> Exists:
    """Whether the text of the revision that the outer query names is hidden."""
    hidings = apps.get_model("articles", "Hiding")._default_manager.of_texts()
    return Exists(hidings.filter(revision=OuterRef(revision)))


def newest(model: str, expression: F | CombinedExpression, *, revision: str) -> Subquery:
    """A value from the newest row of a model that belongs to the revision of the outer query."""
    rows = apps.get_model("articles", model)._default_manager.filter(revision=OuterRef(revision))
    return Subquery(rows.order_by("-pk").values(value=expression)[:1])


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


def text_of(revision: str = "") -> tuple[str, str]:
    """The relations that reading the text of a revision follows."""
    prefix = f"{revision}__" if revision else ""
    return f"{prefix}body__base", f"{prefix}based_on"


def _publications(article: str) -> QuerySet:
    publications = apps.get_model("articles", "Publication")._default_manager
    return publications.filter(revision__article=OuterRef(article))


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
        """Those whose newest title this person may see, so that a search for hidden words finds nothing."""
        return self if permissions.can_hide(user) else self.exclude(_hidden_texts("latest_revision"))

    def live_page(self, slug: str) -> LivePage | None:
        """What names the page at a slug.

        Asked at every visit, and in SQL because the ORM takes several times as long to put it together as the
        database takes to answer.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_LIVE_PAGE, [slug])
            row = cursor.fetchone()
        return LivePage(bytes(row[0]).hex(), *row[1:]) if row else None

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
        return rows if permissions.can_hide(user) else rows.exclude(_hidden_texts("pk"))

    def listed_for(self, user: permissions.Person) -> Self:
        """Those that the person may know of: also those whose text is hidden, without it."""
        rows = self.withholding_from(user)
        if permissions.can_see_drafts(user):
            return rows
        return rows.filter(publication__isnull=False, article__published_revision__isnull=False)

    def with_text(self) -> Self:
        """With all that it takes to read the text and to prove it."""
        return self.select_related("article", "publication", *text_of())

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


class RenderingQuerySet(WithholdingQuerySet):
    def with_revision(self) -> Self:
        """With all that a page of the revision shows."""
        return self.select_related("revision__article", "revision__publication", *text_of("revision"))

    def drop_pages(self) -> int:
        """Let go of the HTML; the counters stay, and the page is made again when asked for."""
        return self.filter(kept_page__isnull=False).update(kept_page=None, kept_removals=None)


class ReviewQuerySet(WithholdingQuerySet):
    def visible_to(self, user: permissions.Person) -> Self:
        """Those of revisions whose text the person may read."""
        rows = self.withholding_from(user)
        return rows if permissions.can_hide(user) else rows.exclude(_hidden_texts("revision"))

    def pending(self) -> Self:
        return self.filter(state="pending")

    def decided(self) -> Self:
        """Reviews that a moderator decided, last decision first."""
        return self.filter(
            state__in=["approved", "changes requested", "rejected"], decided_at__isnull=False
        ).order_by("-decided_at", "-pk")

    def recently_decided(self) -> Self:
        """What is no longer pending, withdrawn or decided, last first."""
        done = self.filter(decided_at__isnull=False)  # said so, since the index is on that
        return done.select_related("revision__article").order_by("-decided_at", "-pk")

    def worst_first(self) -> Self:
        """By risk; of equals, who has waited longest comes first."""
        return self.order_by("-risk", "pk")

    def for_queue(self) -> Self:
        """Pending reviews with what a queue shows, worst first."""
        return (
            self.pending()
            .select_related("revision__article__published_revision", "claimed_by")
            .annotate(was_public=Exists(_publications("revision__article")))
            .worst_first()
        )

    def search(self, text: str) -> Self:
        """Whose title, address asked for or author's name holds a text."""
        return self.filter(
            Q(revision__title__icontains=text)
            | Q(revision__slug__icontains=text)
            | Q(revision__author_name__icontains=text)
        )

    def named_for(self, user: permissions.Person) -> Self:
        """Those whose author's name the person may see, so that a search for a hidden one finds nothing."""
        if permissions.can_hide(user):
            return self
        hidings = apps.get_model("articles", "Hiding")._default_manager.active().filter(author=True)
        return self.exclude(Exists(hidings.filter(revision=OuterRef("revision"))))

    def behind(self, risk: int, pk: int) -> Self:
        """The rows after this place, in the order of the queue."""
        return self.filter(risk__lte=risk).exclude(risk=risk, pk__lte=pk)

    def ahead(self, risk: int, pk: int) -> Self:
        """The rows before this place."""
        return self.filter(risk__gte=risk).exclude(risk=risk, pk__gte=pk)

    def open_to(self, user: permissions.Person) -> Self:
        """What a person may take next: not the last word on text of their own, and nobody else is on it."""
        free = Q(claimed_by=None) | Q(claimed_by=user.pk) | Q(claimed_until__lte=timezone.now())
        return self.pending().filter(free).exclude(revision__author=user.pk)

    def claimed(self, *, by: permissions.Person) -> Self:
        return self.filter(claimed_by=by.pk, claimed_until__gt=timezone.now())

    def unclaimed(self) -> Self:
        return self.filter(Q(claimed_by=None) | Q(claimed_until__lte=timezone.now()))

    def counted(self, most: int) -> int:
        """How many there are; `most` + 1 where there are more, since to count on would take ever longer."""
        return self.order_by()[: most + 1].count()

    def causes(self, most: int) -> dict[str, int] | None:
        """How many there are for each main cause; None where there are more than `most` in all."""
        found = Counter(self.worst_first().values_list("cause", flat=True)[: most + 1])
        return None if found.total() > most else dict(found)

    def for_decision(self) -> Self:
        return self.select_related(
            "revision__author",
            "claimed_by",
            *text_of("revision"),
            *text_of("revision__article__published_revision"),
            *text_of("compared_with"),
        )

    def record_of(self, author: int) -> dict[str, int]:
        """How many of an author's submissions stand in which state."""
        rows = self.filter(revision__author=author).order_by()
        return dict(rows.values_list("state").annotate(n=Count("pk")))

    def decisions_on(self, revision: Revision, *, since: Revision | None) -> Self:
        """What moderators decided on a revision and those before it back to the given one, last decision first."""
        return self.decided().filter(
            revision__article=revision.article_id,
            revision__number__gt=since.number if since else 0,
            revision__number__lte=revision.number,
        )

    def decisions_before(self, revision: Revision) -> Self:
        """What moderators decided on earlier revisions of the article, last decision first, with the texts."""
        earlier = self.decided().filter(
            revision__article=revision.article_id, revision__number__lt=revision.number
        )
        return earlier.select_related(*text_of("revision"))

    def newer_than(self, review: Review) -> Self:
        """Pending reviews of later revisions of the same article."""
        return self.pending().filter(
            revision__article=review.revision.article_id, revision__number__gt=review.revision.number
        )


class ImageQuerySet(QuerySet):
    def unused(self) -> Self:
        """Images that no revision ever named."""
        return self.filter(uses__isnull=True)

    def of_article(self, article: int) -> Self:
        """Images that any version of an article names."""
        uses = apps.get_model("articles", "ImageUse")._default_manager
        return self.filter(pk__in=uses.filter(revision__article=article).values("image"))


class ImageUseQuerySet(WriteOnceQuerySet):
    def places(self, user: permissions.Person) -> QuerySet:
        """Each image and article whose versions name it, with the first, the last and the count of these."""
        title = F("revision__article__latest_revision__title")
        is_hidden = _hidden_texts("revision__article__latest_revision")
        hidden = When(is_hidden, then=Value(gettext("(hidden)")))
        return (
            self.values(
                "image",
                "revision__article",
                slug=F("revision__article__slug"),
                title=title if permissions.can_hide(user) else Case(hidden, default=title),
            )
            .annotate(first=Min("revision__number"), last=Max("revision__number"), count=Count("pk"))
            .order_by("image", "-last", "revision__article")
        )


class FindingQuerySet(QuerySet):
    def first_seen(self, revision: Revision) -> dict[tuple[str, str, str], int]:
        """Which version of the article first brought in what stands in this one, by field, check and characters."""
        rows = self.filter(revision__article=revision.article_id, revision__number__lte=revision.number)
        kinds = rows.order_by().values_list("field", "check_id", "text")
        return {tuple(kind): first for *kind, first in kinds.annotate(first=Min("revision__number"))}


class SketchQuerySet(QuerySet):
    def resembling(
        self, kind: str, values: Collection[int], *, enough: int, apart_from: int
    ) -> QuerySet[Any, dict[str, Any]]:
        """Revisions of other articles that share so many of these hashes, most shared first, with how many."""
        others = self.filter(kind=kind, value__in=values).exclude(revision__article=apart_from)
        shared = others.order_by().values("revision", "revision__article").annotate(shared=Count("pk"))
        return shared.filter(shared__gte=enough).order_by("-shared", "revision")


class LinkedHostQuerySet(QuerySet):
    def counts(self, hosts: Collection[str]) -> dict[str, int]:
        """How many articles that are public now link to each of these hosts."""
        rows = self.filter(host__in=hosts).order_by()
        return dict(rows.values_list("host").annotate(n=Count("pk")))


class HidingQuerySet(QuerySet):
    def active(self) -> Self:
        return self.filter(lifted_at=None)

    def of_texts(self) -> Self:
        return self.active().filter(text=True)

    def for_list(self) -> Self:
        """All of them, those in force first."""
        rows = self.annotate(in_force_until=Coalesce("lifted_at", Value(datetime.max.replace(tzinfo=UTC))))
        return rows.select_related("revision__article").order_by("-in_force_until", "-pk")


def reach_of(language: str) -> list[str]:
    """The tags under which an allowance holds for a language: its own, and that without region and script."""
    tag = language.lower()
    return [tag, tag.partition("-")[0]]


class AllowanceQuerySet(QuerySet):
    def active(self) -> Self:
        today = timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=today), revoked_at=None)

    def ended(self) -> Self:
        return self.exclude(pk__in=self.active().values("pk"))

    def reaching(self, article: int, language: str) -> Self:
        """Those in force that may silence something in an article of this language."""
        everywhere = Q(scope="language", language__in=reach_of(language)) | Q(scope="site")
        return self.active().filter(Q(article=article) | everywhere)

    def reaching_any(self, revisions: list[Revision]) -> Self:
        everywhere = Q(scope__in=["language", "site"])
        return self.active().filter(Q(article__in={r.article_id for r in revisions}) | everywhere)

    def matching(self, words: str) -> Self:
        """Those whose characters, reason, article or person hold all of the words; U+0430 stands for its character."""
        found = self
        for word in words.split():
            code = re.fullmatch(r"[Uu]\+([0-9A-Fa-f]{4,6})", word)
            if code and 0 < int(code[1], 16) < 0x110000 and not 0xD800 <= int(code[1], 16) < 0xE000:
                found = found.filter(value__contains=chr(int(code[1], 16)))
            else:
                found = found.filter(
                    Q(value__icontains=word)
                    | Q(reason__icontains=word)
                    | Q(article__slug__icontains=word)
                    | Q(allowed_by_name__icontains=word)
                )
        return found


class EventQuerySet(WriteOnceQuerySet):
    def for_log(self, user: permissions.Person) -> Self:
        """The log, newest first. Where the name of a revision's author is hidden, `is_nameless` says not to show it."""
        events = self.select_related("article", "revision").order_by("-pk")
        if permissions.can_hide(user):
            return events.annotate(is_nameless=Value(False))
        hidings = apps.get_model("articles", "Hiding")._default_manager.active().filter(author=True)
        of_author = hidings.filter(
            revision=OuterRef("revision"), revision__author_name=OuterRef("actor_name")
        )
        return events.annotate(is_nameless=Exists(of_author))

    def matching(
        self,
        *,
        person: str = "",
        action: str = "",
        article: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        text: str = "",
    ) -> Self:
        """Entries of `for_log` to which all of it applies; a name that is not to be shown is not found either."""
        found = self
        if person:
            found = found.filter(actor_name=person, is_nameless=False)
        if action:
            found = found.filter(action=action)
        if article:
            found = found.filter(article__slug=article)
        if since:
            found = found.filter(at__gte=since)
        if until:
            found = found.filter(at__lt=until)
        for word in text.split():
            found = found.filter(Q(reason__icontains=word) | Q(detail__icontains=word))
        return found
