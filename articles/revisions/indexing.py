"""Indexing: what a search in the newsroom finds of an article, written with the change that it describes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.search import index
from articles.search.words import Word, words_of
from articles.text.content.tags import fold_tag

from .articles import Article
from .hidings import Hiding
from .revisions import DamagedText, Revision

LATEST = 1  # the kind of key in the index: an article by its latest revision
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


def index_article(article: Article) -> DamagedText | None:
    """Index an article anew, as it stands. Lock the article first. Three queries.

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
    found = [index_article(article) for article in articles.order_by("pk")]
    return [damage for damage in found if damage]
