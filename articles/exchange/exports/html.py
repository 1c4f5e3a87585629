"""A static site that opens from disk: a page for each public article, lists, tags, the site's sheets and pictures.

No script and no other host is asked for. Links between articles are relative; links to what stands on the site alone
lead there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import localtime

from articles import workflow
from articles.models import Article, DamagedText, Facet, Rendering
from articles.text.content.tags import fold_tag
from articles.text.page.images import PREFIX, ImageName
from articles.text.page.targets import with_targets

from .pictures import FOLDER, Pictures
from .selection import Selection, in_chunks
from .site import SiteNames, drawn, link_writer
from .target import Target

SHEETS = ("tokens.css", "marks.css", "site.css", "finding.css")
FILES = (*SHEETS, "icon.svg")
CHUNK = 50  # articles in memory at a time, with their pages
A_PAGE = 50  # articles of a list


class SiteExport:
    """An export of the public articles of a selection as a static site. `warn` takes a line about what is damaged."""

    def __init__(self, target: Target, selection: Selection, *, warn: Callable[[str], None]) -> None:
        self.target, self.selection, self.warn = target, selection, warn
        self.pictures = Pictures(warn)
        self.made = 0

    def run(self, tell: Callable[[int], None]) -> int:
        """Write what differs, delete what is gone, and return the number of files that were written."""
        with translation.override(settings.LANGUAGE_CODE):
            self.names = SiteNames(self.selection)
            done = 0
            for articles in in_chunks(self.selection.live_articles(), size=CHUNK):
                self._write_articles(articles)
                done += len(articles)
                tell(done)
            self._write_lists()
        for name in FILES:
            path = finders.find(f"articles/{name}")
            assert isinstance(path, str)
            self._put(f"static/{name}", Path(path).read_bytes())
        self.target.finish()
        return self.made

    def _put(self, path: str, data: bytes) -> None:
        self.made += self.target.put(path, data)

    def _write_page(self, path: str, template: str, **context: Any) -> None:
        root = "../" * path.count("/")
        shared = {
            "root": root,
            "sheets": SHEETS,
            "site_name": settings.SITE_NAME,
            "site_owner": settings.SITE_OWNER,
            "site_licence": settings.SITE_LICENCE,
            "site_url": settings.SITE_URL,
        }
        self._put(path, render_to_string(f"export/{template}.html", {**shared, **context}).encode())

    def _write_articles(self, articles: list[Any]) -> None:
        """Write the pages of some articles and their pictures. Reads a chunk by a handful of queries."""
        live = [article.published_revision_id for article in articles]
        rows = (
            Rendering.objects.withholding_from(None).with_revision().filter(revision__in=live).order_by("pk")
        )
        renderings = {rendering.revision_id: rendering for rendering in rows}
        counts = {each.revision: each.flagged for each in renderings.values()}
        flagged = workflow.flagged(counts)
        names = self.names.authors(articles)
        for article in articles:
            rendering = renderings.get(article.published_revision_id)
            if rendering is None or "text" in rendering.revision.withheld:
                continue
            row = self._row(article, names.get(article.pk, []))
            address = settings.SITE_URL + article.get_absolute_url()
            try:
                page = drawn(with_targets(rendering.html, link_writer(self.names.articles, base=address)))
            except DamagedText as damage:
                self.warn(f"{damage}; its page is left out")
                continue
            self._write_page(
                self.names.path(article.pk),
                "article",
                row=row,
                revision=rendering.revision,
                address=address,
                drawn=page,
                flagged=flagged[rendering.revision_id],
            )
        self._write_pictures(live)

    def _write_pictures(self, revisions: Iterable[int]) -> None:
        """Write the pictures of some revisions, and their smaller copies."""
        for file in {file for files in self.pictures.of(set(revisions)).values() for file in files}:
            name = ImageName.of(PREFIX + file)
            assert name is not None
            for copy in name.files:
                path = f"{FOLDER}/{copy}"
                if not self.target.is_current(path, copy) and (data := self.pictures.read(copy)) is not None:
                    self.made += self.target.put(path, data, key=copy)

    def _write_lists(self) -> None:
        """Write the lists of all articles, of the tags, and of each tag's articles, the newest first."""
        rows = Article.objects.for_readers()
        if self.selection.articles is not None:
            rows = rows.filter(pk__in=self.selection.articles)
        self._write_list("index", rows, here="articles")
        self._write_page("tags/index.html", "tags", tags=self.names.tags.values(), here="tags")
        for value, tag in self.names.tags.items():
            with_tag = rows.filter(facets__kind=Facet.Kind.TAG, facets__value=value)
            self._write_list(tag.path.removesuffix(".html"), with_tag, label=tag.label, here="tags")

    def _write_list(self, stem: str, articles: Any, **context: Any) -> None:
        """Write a list, in pages of `A_PAGE` articles."""
        pages = self._pages(articles)
        rows, number = next(pages, []), 1
        while rows or number == 1:
            following = next(pages, [])
            paths = {
                n: f"{stem}.html" if n == 1 else f"{stem}.page-{n}.html"
                for n in range(number - 1, number + 2)
            }
            self._write_page(
                paths[number],
                "list",
                rows=rows,
                before=quote(paths[number - 1]) if number > 1 else "",
                after=quote(paths[number + 1]) if following else "",
                **context,
            )
            rows, number = following, number + 1

    def _pages(self, articles: Any) -> Iterator[list[dict[str, Any]]]:
        page: list[Any] = []
        for article in articles.iterator(chunk_size=A_PAGE):
            page.append(article)
            if len(page) == A_PAGE:
                yield self._rows(page)
                page = []
        if page:
            yield self._rows(page)

    def _rows(self, articles: list[Any]) -> list[dict[str, Any]]:
        names = self.names.authors(articles)
        return [self._row(article, names.get(article.pk, [])) for article in articles]

    def _row(self, article: Any, names: list[str]) -> dict[str, Any]:
        """Return what pages and lists show of an article beside its text."""
        live = article.published_revision
        is_shown = "text" not in live.withheld
        cover = ImageName.of(f"{PREFIX}{live.cover or live.publication.cover}") if is_shown else None
        folded = dict.fromkeys(fold_tag(tag) for tag in live.tags)
        return {
            "title": live.title,
            "language": live.language,
            "excerpt": (live.excerpt or live.publication.beginning) if is_shown else "",
            "href": quote(self.names.path(article.pk)),
            "names": names,
            "first_published_at": article.first_published_at,
            "published_at": article.published_at,
            "is_updated": localtime(article.published_at).date()
            != localtime(article.first_published_at).date(),
            "tags": [self.names.tags[tag] for tag in folded if tag in self.names.tags],
            "thumb": cover.thumbnail.lstrip("/") if cover else "",
        }
