"""Indexing: what a search finds of an article, written with the change that it describes.

The newsroom finds an article by its latest revision, as it was written. Readers find it by its live one, as they see
it, and only while it is public.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.search import index
from articles.search.queries import Phrase
from articles.search.spellings import record_spellings
from articles.search.words import Word, words_of
from articles.text.content.tags import fold_tag
from articles.text.page import visible_text

from .articles import Article
from .facets import Facet, drop_facets, record_facets
from .hidings import Hiding
from .revisions import DamagedText, Revision

LATEST = 1  # the kind of key in the index: an article by its latest revision
LIVE = 4  # and by its live revision
KEY = '"articles_article"."id"'


def index_revision(revision: Revision, *, words: Iterable[Word], hidden: Collection[str] = ()) -> None:
    """Index an article by its latest revision, without hidden parts. Lock the article first. One statement.

    `words` are those of the source; they may take a quarter of a second, so split them before the lock.
    """
    article = revision.article
    texts: list[Iterable[Word]] = []
    if Hiding.Part.TEXT not in hidden:
        addresses = dict.fromkeys((article.slug, revision.slug))
        texts += [*map(words_of, (revision.title, *addresses, *revision.tags)), words]
        texts += [[index.label(tag)] for tag in dict.fromkeys(map(fold_tag, revision.tags))]
    if Hiding.Part.AUTHOR not in hidden:
        texts += map(words_of, (revision.author_name, revision.claimed_author))
    index.put(LATEST, revision.article_id, texts)


def with_words(articles: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Keep the articles with all words of a search in their latest revisions; none if it has signs only."""
    match = index.find(LATEST, query)
    return match.keep(articles, KEY) if match else articles.none()


def with_tag(articles: QuerySet[Any], tag: str) -> QuerySet[Any]:
    """Keep the articles whose latest revision has an equal tag that is not hidden."""
    return index.labelled(LATEST, fold_tag(tag)).keep(articles, KEY)


def index_live(article: Article) -> DamagedText | None:
    """Index a public article by its live revision, or take it out of what readers find. Lock the article first.

    A damaged text is left out, and the damage is returned. A text of 256 kB takes up to half a second. About ten
    queries.
    """
    if article.published_revision_id is None:
        index.remove(LIVE, article.pk)
        drop_facets(article)
        return None
    revision: Revision = Revision.objects.with_text().get(pk=article.published_revision_id)
    try:
        text = visible_text(revision.renderings.latest().html)
    except DamagedText as damage:
        index_live_revision(article, revision, text="")
        return damage
    index_live_revision(article, revision, text=text)
    return None


def index_live_revision(article: Article, revision: Revision, *, text: str) -> None:
    """Index an article by its live revision, whose text readers see so. Lock the article first. Eight queries."""
    index_words(article, revision, record_facets(article, revision), text=text)
    record_spellings([revision.title, text])


def index_words(article: Article, revision: Revision, facets: Collection[Facet], *, text: str) -> None:
    """Index an article by the words of title, excerpt, address, tags, names and text, and by its facets. One query."""
    names = [facet.name for facet in facets if facet.kind in (Facet.Kind.TAG, Facet.Kind.AUTHOR)]
    lines = [revision.title, revision.excerpt, article.slug, *names]
    titled = map(index.in_titles, words_of(revision.title))
    labels = [[index.label(label_of(facet.kind, facet.value))] for facet in facets]
    index.put(LIVE, article.pk, [titled, *map(words_of, lines), words_of(text), *labels])


def label_of(kind: str, value: str) -> str:
    """Return the label of a facet in the index."""
    return f"{kind}:{value}"


def public_with(phrases: Iterable[Phrase], labels: Iterable[str] = ()) -> index.Match | None:
    """Return what finds the public articles with some phrases and facets; None if nothing is to be found."""
    return index.find_phrases(LIVE, phrases, labels=labels)


def index_article(article: Article) -> DamagedText | None:
    """Index an article anew by its latest revision, as it stands. Lock the article first. Three queries.

    If the text of its latest revision is damaged, it is left out, and the damage is returned.
    """
    assert article.latest_revision_id is not None
    revision: Revision = Revision.objects.with_text().get(pk=article.latest_revision_id)
    revision.article = article
    hidden = revision.hiding.parts if revision.hiding else ()
    try:
        words = words_of(revision.source)
    except DamagedText as damage:
        index_revision(revision, words=(), hidden=hidden)
        return damage
    index_revision(revision, words=words, hidden=hidden)
    return None


@transaction.atomic
def index_articles(keys: Collection[int]) -> list[DamagedText]:
    """Lock some articles and index them anew in one transaction; return the damaged texts that were left out."""
    articles = Article.objects.select_for_update().filter(pk__in=keys, latest_revision__isnull=False)
    found = [(index_article(article), index_live(article)) for article in articles.order_by("pk")]
    damages = {damage.revision.pk: damage for pair in found for damage in pair if damage}
    return list(damages.values())
