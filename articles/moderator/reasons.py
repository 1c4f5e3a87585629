"""Reasons of decisions that were refused: kept until the person decides in that article, so that no word is lost."""

from __future__ import annotations

from django.http import HttpRequest

from articles.models import Article
from articles.workflow import MAX_REASON

KEPT = "kept_reasons"
MOST_KEPT = 10  # articles, the last


def keep_reason(request: HttpRequest, article: Article, reason: str) -> None:
    """Keep a reason for the next page of the person on which a version of the article waits; an empty one drops it."""
    kept: dict[str, str] = request.session.get(KEPT, {})
    kept.pop(str(article.pk), None)
    if reason.strip():
        kept[str(article.pk)] = reason[:MAX_REASON]
    request.session[KEPT] = dict(list(kept.items())[-MOST_KEPT:])


def kept_reason(request: HttpRequest, article: Article) -> str:
    """Return the reason that was kept; empty if none was."""
    kept: dict[str, str] = request.session.get(KEPT, {})
    return kept.get(str(article.pk), "")
