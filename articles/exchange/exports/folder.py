"""A folder of Markdown files with front matter and pictures: what is live, and in `drafts` what is newer than that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from articles.models import Article, Revision

from ..front_matter import written
from .pictures import FOLDER, Pictures
from .selection import FileNames, Selection, in_chunks, shown_texts
from .target import Target

LIVE, DRAFTS = "articles", "drafts"
_FORM = "1"  # of files: change how they are made, change the number, and all are made anew


class FolderExport:
    """An export of a selection into a folder of files. `warn` takes a line about each text that is left out."""

    def __init__(self, target: Target, selection: Selection, *, warn: Callable[[str], None]) -> None:
        self.target, self.selection, self.warn = target, selection, warn
        self.pictures = Pictures(warn)
        self.names = {LIVE: FileNames(), DRAFTS: FileNames()}
        self.made = 0

    def run(self, tell: Callable[[int], None]) -> int:
        """Write what is new, delete what is gone, and return the number of files that were written."""
        done = 0
        for articles in in_chunks(self.selection.all_articles()):
            revisions = self._revisions(articles)
            files = {
                path: revision for article in articles for path, revision in self._files(article, revisions)
            }
            self._write(files)
            self._write_pictures(revision.pk for revision in files.values())
            done += len(articles)
            tell(done)
        self.target.finish()
        return self.made

    def _revisions(self, articles: Iterable[Article]) -> dict[int, Any]:
        """Return the live and the newest revisions of some articles by key, without hidden parts and texts."""
        keys = {
            key for each in articles for key in (each.published_revision_id, each.latest_revision_id) if key
        }
        rows = Revision.objects.withholding_from(None).filter(pk__in=keys).select_related("publication")
        return {revision.pk: revision for revision in rows.order_by()}

    def _files(self, article: Article, revisions: dict[int, Any]) -> Iterable[tuple[str, Any]]:
        """Yield path and revision of each file of an article; none whose text is hidden."""
        live, newest = article.published_revision_id, article.latest_revision_id
        kinds = [(LIVE, live)]
        if not self.selection.is_public and newest != live:
            kinds.append((DRAFTS, newest))
        for folder, key in kinds:
            revision = revisions.get(key) if key else None
            if revision and "text" not in revision.withheld:
                yield f"{folder}/{self.names[folder].give(article.pk, revision.slug)}.md", revision

    def _write(self, files: dict[str, Any]) -> None:
        """Write those of some files that are not there yet. Reads the texts of these alone, in one query."""
        keys = {path: _key(revision) for path, revision in files.items()}
        due = {
            path: revision for path, revision in files.items() if not self.target.is_current(path, keys[path])
        }
        texts = shown_texts({revision.pk for revision in due.values()}, self.warn)
        for path, revision in due.items():
            if text := texts.get(revision.pk):
                data = written(text.content, **_facts(revision)).encode()
                self.made += self.target.put(path, data, key=keys[path])

    def _write_pictures(self, revisions: Iterable[int]) -> None:
        for file in {file for files in self.pictures.of(set(revisions)).values() for file in files}:
            path = f"{FOLDER}/{file}"
            # A stored picture never changes, so its name is its key.
            if not self.target.is_current(path, file) and (data := self.pictures.read(file)) is not None:
                self.made += self.target.put(path, data, key=file)


def _facts(revision: Any) -> dict[str, Any]:
    """Return what the front matter says of a revision beside its content."""
    is_named = "author" not in revision.withheld
    return {
        "author": (revision.claimed_author or revision.author_name) if is_named else "",
        "date": (revision.claimed_at or revision.created_at).isoformat(),
        "published": revision.publication.published_at.isoformat() if revision.was_published else "",
        "version": revision.number,
        "sha256": revision.sha256,
    }


def _key(revision: Any) -> str:
    """Return the key of a revision's file: the checksum covers the text, and what may be withheld stands beside it."""
    told = json.dumps([_FORM, _facts(revision)])
    return hashlib.sha256(told.encode()).hexdigest()
