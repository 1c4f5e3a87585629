"""JSON lines: `versions.jsonl` with a line for each version and its source, `articles.jsonl` with one for each article.

Lines of versions stand in the order in which these were saved, so that the next export adds to the end. Where a line
would be another one by now, as after a hiding, it and all that follow are written anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import IO, Any

from .pictures import FOLDER, Pictures
from .selection import TEXTS, Selection, in_chunks, shown_texts
from .target import Target

VERSIONS, ARTICLES = "versions.jsonl", "articles.jsonl"
_OF_TEXT = ("title", "slug", "tags", "excerpt", "description", "cover")  # are hidden with it

_LINE_ENDS = {
    ord(char): json.dumps(char)[1:-1] for char in "\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
}


class LinesExport:
    """An export of a selection as JSON lines. `warn` takes a line about each text that is left out."""

    def __init__(self, target: Target, selection: Selection, *, warn: Callable[[str], None]) -> None:
        self.target, self.selection, self.warn = target, selection, warn
        self.pictures = Pictures(warn)

    def run(self, tell: Callable[[int], None]) -> int:
        """Write what is new, and return the number of versions that were written."""
        made = done = 0
        rows = self.selection.revisions().select_related("publication")
        with self.target.opened(VERSIONS) as file:
            is_new = False
            for revisions in in_chunks(rows):
                heads = [_head(revision) for revision in revisions]
                same = 0 if is_new else _count_same(file, heads, revisions)
                if same < len(heads):
                    is_new = True
                    file.truncate()
                    sources = self._sources(revisions[same:])
                    file.writelines(
                        head + sources[row.pk]
                        for head, row in zip(heads[same:], revisions[same:], strict=True)
                    )
                made += len(heads) - same
                done += len(heads)
                self._write_pictures(row.pk for row in revisions if "text" not in row.withheld)
                tell(done)
            file.truncate()
        self.target.put(ARTICLES, "".join(self._articles()).encode())
        self.target.finish()
        return made

    def _sources(self, revisions: list[Any]) -> dict[int, bytes]:
        """Return the ends of the lines of some revisions by key: the source, null if it is hidden or damaged."""
        keys = [revision.pk for revision in revisions if "text" not in revision.withheld]
        ends = {revision.pk: b"null}\n" for revision in revisions}
        for start in range(0, len(keys), TEXTS):
            for key, revision in shown_texts(keys[start : start + TEXTS], self.warn).items():
                ends[key] = f"{_json(revision.source)}}}\n".encode()
        return ends

    def _articles(self) -> Iterable[str]:
        rows = self.selection.all_articles().select_related("published_revision", "latest_revision")
        for articles in in_chunks(rows):
            for article in articles:
                live, latest = article.published_revision, article.latest_revision
                line = {
                    "article": article.pk,
                    "slug": article.slug,
                    "live": live.number if live else None,
                    "latest": latest.number if latest and not self.selection.is_public else None,
                    "first_published_at": _moment(article.first_published_at),
                    "archived_at": _moment(article.archived_at),
                }
                yield f"{_json(line)}\n"

    def _write_pictures(self, revisions: Iterable[int]) -> None:
        for file in {file for files in self.pictures.of(set(revisions)).values() for file in files}:
            path = f"{FOLDER}/{file}"
            if not self.target.is_current(path, file) and (data := self.pictures.read(file)) is not None:
                self.target.put(path, data, key=file)


def _head(revision: Any) -> bytes:
    """Return the line of a revision up to its source. The checksum covers the source, so equal heads, equal lines."""
    hidden = revision.withheld
    line = {
        "article": revision.article_id,
        "number": revision.number,
        "based_on": revision.based_on_number,
        **{name: None if "text" in hidden else getattr(revision, name) for name in _OF_TEXT},
        "language": revision.language,
        "summary": None if "summary" in hidden else revision.summary,
        "change_kind": revision.change_kind,
        "software_share": revision.software_share,
        "author": None if "author" in hidden else revision.author_name,
        "written_at": _moment(revision.created_at),
        "claimed_author": None if "author" in hidden else revision.claimed_author,
        "claimed_at": _moment(revision.claimed_at),
        "published_at": _moment(revision.publication.published_at) if revision.was_published else None,
        "hidden": sorted(hidden),
        "format": revision.format,
        "sha256": revision.sha256,
    }
    return f'{_json(line)[:-1]}, "source": '.encode()


def _count_same(file: IO[bytes], heads: list[bytes], revisions: list[Any]) -> int:
    """Return how many of the next lines begin so and are whole. The file stands behind these afterwards.

    A line that lacks a damaged text is not whole: the text may have been repaired.
    """
    for count, (head, revision) in enumerate(zip(heads, revisions, strict=True)):
        place = file.tell()
        line = file.readline()
        lacks_text = line == head + b"null}\n" and "text" not in revision.withheld
        if not line.startswith(head) or not line.endswith(b"}\n") or lacks_text:
            file.seek(place)
            return count
    return len(heads)


def _json(value: object) -> str:
    """Return a value on one line, whatever a program takes for the end of one."""
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)


def _moment(moment: datetime | None) -> str | None:
    return (
        moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z") if moment else None
    )
