"""Showing: change what readers see of an article, and count anew the risk of what waits and hangs on that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from articles.revisions import steps
from articles.revisions.articles import Article
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.revisions import Revision

from .refreshing import refresh_article, refresh_hosts

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def go_live(revision: Revision, *, by: User) -> None:
    """Publish a revision as `steps.go_live` does. Lock the article first."""
    with following(revision.article):
        steps.go_live(revision, by=by)


def show(article: Article, revision: Revision | None, *, by: User) -> None:
    """Set the revision that readers see as `steps.show` does. Lock the article first."""
    with following(article):
        steps.show(article, revision, by=by)


@contextmanager
def following(article: Article) -> Iterator[None]:
    """Count anew what hangs on what readers see of an article, if that has changed within. Takes two queries more."""
    before, live = _linked(article), article.published_revision_id
    yield
    after = _linked(article)
    moved = before ^ after
    elsewhere = LinkedHost.objects.filter(host__in=moved).exclude(article=article) if moved else ()
    known = {linked.host for linked in elsewhere}
    refresh_hosts(moved - known)
    if article.published_revision_id != live:
        refresh_article(article.pk)


def _linked(article: Article) -> set[str]:
    return set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
