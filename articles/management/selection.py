"""The articles that a command works on."""

from __future__ import annotations

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from articles.models import Article


def add_slugs(parser: CommandParser) -> None:
    """Add the argument `slugs`: any number of articles by slug."""
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="the articles to process (default: all)")


def select_articles(slugs: list[str]) -> QuerySet[Article]:
    """Return the articles with these slugs, all if there are no slugs.

    Raises `CommandError` (status 2) if no article has one of the slugs.
    """
    articles = Article.objects.all()
    if not slugs:
        return articles
    articles = articles.filter(slug__in=slugs)
    if missing := set(slugs) - set(articles.values_list("slug", flat=True)):
        raise CommandError(f"There is no article at {', '.join(sorted(missing))}.", returncode=2)
    return articles
