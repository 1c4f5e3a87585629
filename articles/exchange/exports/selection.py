"""What an export is of: which articles, and whether only what the public may read. Hidden parts are never in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import unicodedata2
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet

from articles.models import Article, DamagedText, Revision

CHUNK = 500  # rows in memory at a time, without texts
TEXTS = 20  # and with them
MOST_BYTES = 200  # of a slug in a file name: disks take 255 for all of it


@dataclass(frozen=True, slots=True)
class Selection:
    """The articles with these keys, or all; all that is not hidden of them, or only what is public now."""

    articles: tuple[int, ...] | None = None
    is_public: bool = False

    @property
    def kind(self) -> dict[str, Any]:
        """What an export of this selection says of itself."""
        keys = sorted(self.articles) if self.articles is not None else None
        return {"articles": keys, "public": self.is_public}

    def revisions(self) -> QuerySet[Revision, Any]:
        """Return the revisions, without their hidden parts."""
        rows = Revision.objects.withholding_from(None)
        if self.is_public:
            rows = rows.listed_for(AnonymousUser())
        rows = rows if self.articles is None else rows.filter(article__in=self.articles)
        return rows.annotate(based_on_number=F("based_on__number")).order_by("pk")

    def all_articles(self) -> QuerySet[Article]:
        """Return the articles, in the order of their keys; only the public ones if nothing else is selected."""
        if self.is_public:
            return self.live_articles()
        rows = Article.objects.order_by("pk")
        return rows if self.articles is None else rows.filter(pk__in=self.articles)

    def live_articles(self) -> QuerySet[Article]:
        """Return the public articles with their live revisions, without hidden parts, in the order of their keys."""
        rows = Article.objects.public().select_related("published_revision__publication").order_by("pk")
        return rows if self.articles is None else rows.filter(pk__in=self.articles)


def in_chunks(rows: QuerySet[Any, Any], *, size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield rows in the order of their keys, some at a time, by a query each: no cursor stays open."""
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield chunk
        last = chunk[-1].pk


def shown_texts(keys: Collection[int], warn: Callable[[str], None]) -> dict[int, Any]:
    """Return the revisions with these keys, each with its text, but those whose text is hidden or damaged. One query.

    A text may have been hidden since the keys were read. Warns of damaged ones.
    """
    shown = {}
    for revision in Revision.objects.withholding_from(None).with_text().filter(pk__in=keys).order_by():
        if "text" in revision.withheld:
            continue
        try:
            _verified = revision.source
        except DamagedText as damage:
            warn(f"{damage}; its text is left out")
        else:
            shown[revision.pk] = revision
    return shown


class FileNames:
    """The names of articles' files. No two are alike, also where a disk ignores case and the forms of letters."""

    def __init__(self) -> None:
        self._name: dict[int, str] = {}
        self._owner: dict[str, int] = {}

    def __getitem__(self, article: int) -> str | None:
        return self._name.get(article)

    def give(self, article: int, slug: str) -> str:
        """Return the name of an article's file without its extension: the slug, with the key if another has it.

        The name it had before is free then. A slug has no dot, so no other article has a name with its key.
        """
        self.drop(article)
        name = _cut(slug)
        if self._owner.get(_folded(name), article) != article:
            name = f"{name}.{article}"
        self._name[article] = name
        self._owner[_folded(name)] = article
        return name

    def drop(self, article: int) -> str | None:
        """Free the name of an article, and return it."""
        name = self._name.pop(article, None)
        if name is not None:
            del self._owner[_folded(name)]
        return name


def name_all(pairs: Iterable[tuple[int, str]]) -> dict[int, str]:
    """Return the names of many articles' files by their keys."""
    names = FileNames()
    return {article: names.give(article, slug) for article, slug in pairs}


def no_reply() -> str:
    """Return the address of authors in commits: that of nobody, on the site's host."""
    return f"noreply@{urlsplit(settings.SITE_URL).hostname or 'localhost'}"


def _folded(name: str) -> str:
    return str(unicodedata2.normalize("NFC", unicodedata2.normalize("NFD", name).casefold()))


def _cut(slug: str) -> str:
    """Return the beginning of a slug that fits into a file name, whole characters only."""
    return slug.encode()[:MOST_BYTES].decode(errors="ignore")
