"""The names of a static site's files, and where the links of its pages lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import regex
from django.utils.translation import gettext as _

from articles.models import Facet
from articles.prose import Drawn, Words, draw
from articles.text.page.images import PREFIX

from .selection import FileNames, Selection, name_all

_UNFIT = regex.compile(r"[^\p{L}\p{M}\p{N}_-]+")  # in a file name
_ARTICLE = regex.compile(r"/articles/([^/]+)/")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: as articles write it, its page's path, and how many articles have it."""

    label: str
    path: str
    number: int

    @property
    def href(self) -> str:
        return quote(self.path)


class SiteNames:
    """The paths of all pages of a selection; memory grows by some 200 bytes for each article and tag."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        slugs = dict(selection.live_articles().values_list("pk", "slug"))
        self._names = name_all(slugs.items())
        self.articles = {slugs[article]: name for article, name in self._names.items()}  # by slug
        self.tags: dict[str, Tag] = {}  # by their folded form, sorted
        names = FileNames()
        names.give(0, "index")
        for number, row in enumerate(self._facets().counted(Facet.Kind.TAG).order_by("value"), start=1):
            name = names.give(number, _UNFIT.sub("-", row.value).strip("-") or "tag")
            self.tags[row.value] = Tag(row.name, f"tags/{name}.html", row.n)

    def path(self, article: int) -> str:
        """Return the path of an article's page."""
        return f"articles/{self._names[article]}.html"

    def authors(self, articles: Iterable[Any]) -> dict[int, list[str]]:
        """Return the names of the authors of some articles, by key; without hidden ones. One query."""
        names: dict[int, list[str]] = {}
        rows = Facet.objects.filter(kind=Facet.Kind.AUTHOR, article__in=[article.pk for article in articles])
        for article, name in rows.order_by("pk").values_list("article", "name"):
            names.setdefault(article, []).append(name)
        return names

    def _facets(self) -> Any:
        keys = self.selection.articles
        return Facet.objects.all() if keys is None else Facet.objects.filter(article__in=keys)


def link_writer(articles: Mapping[str, str], *, base: str) -> Callable[[str], str]:
    """Return the function that writes the target of a link on an article's page. `articles` are file names by slug.

    `base` is the address of the page on the site.
    """
    host = urlsplit(base)[:2]

    def write(target: str) -> str:
        if target.startswith("#"):
            return target
        try:
            whole = urlsplit(urljoin(base, target))
        except ValueError:  # no address at all
            return target
        if whole[:2] != host:
            return target
        if whole.path.startswith(PREFIX):
            return f"..{whole.path}"
        match = _ARTICLE.fullmatch(whole.path)
        if match and (name := articles.get(unquote(match[1]))) is not None:
            fragment = f"#{whole.fragment}" if whole.fragment else ""
            return f"{quote(name)}.html{fragment}"
        return whole.geturl()

    return write


def drawn(page: str) -> Drawn:
    """Return the HTML of the sanitizer as pages draw it."""
    words = Words(
        table=_("Table"),
        code=_("Code"),
        done=_("Done"),
        to_do=_("To do"),
        no_picture=_("Picture removed"),
        anchor=_("Link to this part: %(heading)s"),
    )
    return draw(page, words)
