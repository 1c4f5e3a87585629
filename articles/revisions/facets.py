"""Facets: by what readers find a public article besides its words: a tag, its language, a name or a month.

One row for each facet of each public article, written when it goes live and removed when it goes offline. So a list
of tags or of a tag's articles tells of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import connections, models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from articles.text.content.tags import MAX_FOLDED, fold_tag, unique_tags

from .histories import author_names, named_for
from .renderings import FLAGGED, Rendering
from .revisions import ChangeKind, Revision
from .withholding import WithholdingQuerySet, newest

if TYPE_CHECKING:
    from .articles import Article

MOST_NAMES = 100  # of one article
_VALUES = """
    WITH RECURSIVE known(value) AS (
        SELECT MIN(value) FROM articles_facet WHERE kind = %s
        UNION ALL
        SELECT (SELECT MIN(value) FROM articles_facet WHERE kind = %s AND value > known.value)
            FROM known WHERE value IS NOT NULL
    )
    SELECT value FROM known WHERE value IS NOT NULL
"""


class FacetQuerySet(WithholdingQuerySet["Facet"]):
    def of(self, kind: str, value: str) -> Self:
        """Keep the rows of one facet."""
        return self.filter(kind=kind, value=value)

    def for_readers(self) -> Self:
        """Load the articles, as `ArticleQuerySet.for_readers` does; annotate `flagged`."""
        return (
            self.filter(article__published_revision__isnull=False)
            .withholding_from(None)
            .select_related("article__published_revision__publication")
            .annotate(
                flagged=newest(Rendering.objects.all(), FLAGGED, revision="article__published_revision")
            )
        )

    def values_of(self, kind: str) -> list[str]:
        """Return the values of a kind, sorted. One query, which reads one index entry for each value."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_VALUES, [kind, kind])
            return [value for (value,) in cursor.fetchall()]

    def counted(self, kind: str) -> QuerySet[Any, Any]:
        """Return the facets of a kind as rows of `value`, `name` and the number `n` of their articles.

        The name is that of the article first published last. Linear in the index entries of the facets that are shown.
        """
        newest = Facet.objects.filter(kind=kind, value=OuterRef("value")).order_by("-at", "-article")
        counts = self.filter(kind=kind).order_by().values("value").annotate(n=Count("*"))
        named = counts.annotate(name=Subquery(newest.values("name")[:1]))
        return named.values_list("value", "name", "n", named=True)


class Facet(models.Model):
    """One facet of a public article. Equal ones have the same `value`; `name` is as the article writes it."""

    class Kind(models.TextChoices):
        TAG = "tag", _("tag")
        LANGUAGE = "language", _("language")
        AUTHOR = "author", _("author")
        MONTH = "month", _("month")

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="facets")
    kind = models.CharField(max_length=10, choices=Kind)
    value = models.CharField(max_length=MAX_FOLDED)
    name = models.CharField(max_length=150)
    at = models.DateTimeField()  # when the article was first published

    objects = FacetQuerySet.as_manager()

    class Meta:
        verbose_name = _("facet")
        verbose_name_plural = _("facets")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "kind", "value"], name="facet_once")]
        indexes = [models.Index(fields=["kind", "value", "-at", "-article"], name="facet_value")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


def record_facets(article: Article, revision: Revision) -> list[Facet]:
    """Write the facets of an article whose live revision this is, in place of others. Lock the article first.

    Its authors are those whose names its page may show. Returns the rows. Up to five queries.
    """
    assert article.first_published_at is not None
    rows = [
        Facet(article=article, kind=kind, value=value, name=name, at=article.first_published_at)
        for kind, value, name in dict.fromkeys(_facets(article, revision))
    ]
    standing = {(row.kind, row.value, row.name): row for row in Facet.objects.filter(article=article)}
    wanted = {(row.kind, row.value, row.name) for row in rows}
    if gone := [row.pk for key, row in standing.items() if key not in wanted]:
        Facet.objects.filter(pk__in=gone).delete()
    Facet.objects.bulk_create([row for row in rows if (row.kind, row.value, row.name) not in standing])
    return rows


def drop_facets(article: Article) -> None:
    """Remove the facets of an article that is not public. One statement."""
    Facet.objects.filter(article=article).delete()


def month_of(moment: datetime) -> str:
    """Return the month of a time in the site's time zone, such as `2026-11`."""
    return localtime(moment).strftime("%Y-%m")


def language_values(tag: str) -> tuple[str, ...]:
    """Return what a language tag is found by: itself and its language without region or script.

    >>> language_values("de-AT"), language_values("de")
    (('de', 'de-at'), ('de',))
    """
    folded = tag.lower()
    return tuple(dict.fromkeys((folded.partition("-")[0], folded)))


def _facets(article: Article, revision: Revision) -> Iterator[tuple[str, str, str]]:
    """Yield kind, value and name of each facet."""
    for tag in unique_tags(revision.tags):
        yield Facet.Kind.TAG, fold_tag(tag), tag
    for value in language_values(revision.language):
        yield Facet.Kind.LANGUAGE, value, value
    for name in _names(article, revision):
        yield Facet.Kind.AUTHOR, name, name
    assert article.first_published_at is not None
    month = month_of(article.first_published_at)
    yield Facet.Kind.MONTH, month, month


def _names(article: Article, revision: Revision) -> list[str]:
    """Return the names of who wrote a version that readers got, for more than a typo; else of the live one's author.

    Those with the most versions first, without names that are hidden. One query, or two.
    """
    published = named_for(
        Revision.objects.filter(article=article, publication__isnull=False), AnonymousUser()
    )
    names = author_names(published.exclude(change_kind=ChangeKind.TYPO), most=MOST_NAMES)
    return names or author_names(published.filter(pk=revision.pk), most=1)
