"""Our own export in a git repository: every version comes back with the fields and the source that it had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pygit2
from django.conf import settings

from articles.text.page.images import PREFIX, ImageName
from articles.workflow import ImportState

from ..front_matter import FrontMatterFault
from ..front_matter import read as read_file
from ..trailers import State, Trailers, TrailersFault
from ..trailers import read as read_trailers
from .destination import Destination
from .git_opening import heads_of
from .git_trees import Trees
from .reporting import Report
from .sources import SourcePage, SourceRefused, SourceVersion

MAX_FRONT_MATTER = 64_000  # bytes, before the source


@dataclass(frozen=True, slots=True)
class Saved:
    """A version of an article: the commit that shows it, what the commit says, and its file."""

    commit: Any
    trailers: Trailers
    blob: Any | None


@dataclass(slots=True)
class Exported:
    """The versions of an article by their numbers, the number of the live one, and the last slug and path."""

    versions: dict[int, Saved] = field(default_factory=dict)
    live: int = 0
    slug: str = ""
    path: str = ""


@dataclass(slots=True)
class OwnExport:
    """An export that was walked over."""

    repository: Any
    root: str
    report: Report
    articles: dict[int, Exported]
    trees: Trees

    @property
    def identity(self) -> str:
        """The export by its first commit."""
        return f"git:{self.root}"

    def name(self, article: Exported) -> None:
        """Give an article the slug of its newest version that can be read."""
        for _, saved in sorted(article.versions.items(), reverse=True):
            try:
                article.slug = read_file(self._text(saved)).slug or article.slug
            except (FrontMatterFault, SourceRefused):
                continue
            return

    @property
    def total(self) -> int:
        """The number of versions."""
        return sum(len(article.versions) for article in self.articles.values())

    def slugs(self) -> Iterator[tuple[str, str]]:
        """Yield the key and slug of each article."""
        for key, article in self.articles.items():
            yield str(key), article.slug

    def pages(self, site: Destination) -> Iterator[SourcePage]:
        """Yield the articles. What is not live in the export stays a draft."""
        for key, article in self.articles.items():
            is_live = article.live > 0
            yield SourcePage(
                key=str(key),
                name=article.slug,
                versions=self._versions(article, site),
                most_public=ImportState.PUBLISHED if is_live else ImportState.DRAFT,
                why="" if is_live else "not live in the export, so it stays a draft",
            )

    def _versions(self, article: Exported, site: Destination) -> Iterator[SourceVersion]:
        for number, saved in sorted(article.versions.items()):
            trailers = saved.trailers
            version = partial(
                SourceVersion,
                key=f"{number}:{trailers.sha256}",
                title="",
                name="",
                author=trailers.claimed_author or trailers.author,
                at=trailers.claimed_at or trailers.written_at,
                summary=trailers.summary,
                is_draft=0 < article.live < number,
            )
            try:
                content = read_file(self._text(saved))
            except (FrontMatterFault, SourceRefused) as fault:
                yield version(text=None, notes=(f"version {number}: {fault}",))
                continue
            self._bring_pictures(saved, content.source + f" {PREFIX}{content.cover}", site)
            yield version(text=content.source, content=content)

    def _text(self, saved: Saved) -> str:
        if saved.blob is None or "text" in saved.trailers.hidden:
            raise SourceRefused("its text is hidden, or was damaged, in the export")
        size = self.repository.odb.read_header(saved.blob)[1]
        if size > settings.MAX_SOURCE_BYTES + MAX_FRONT_MATTER:
            raise SourceRefused(f"{size:,} bytes are more than a text may have")
        try:
            return str(self.repository[saved.blob].data.decode())
        except UnicodeDecodeError as error:
            raise SourceRefused(f"no UTF-8 at byte {error.start}") from None

    def _bring_pictures(self, saved: Saved, text: str, site: Destination) -> None:
        """Upload the pictures that a version shows under the names that they have, so that no text changes."""
        tree = self.repository[saved.commit].tree_id
        for name in ImageName.all_in(text):
            entry = self.trees.find(tree, PREFIX.strip("/") + "/" + name.file())
            if entry:
                size = self.repository.odb.read_header(entry.id)[1]
                read = partial(self._bytes, entry.id)
                site.picture_named(name, size, read)

    def _bytes(self, blob: Any) -> bytes:
        return bytes(self.repository[blob].data)


def read_own_export(repository: Any, report: Report) -> OwnExport | None:
    """Walk over an export of this program, and return it as a source; None if the repository is none.

    Versions come from the branch `drafts`, which has one commit for each; from `main` what is live, and in an export
    of what is public the versions, too. Raises `SourceRefused`.
    """
    heads = heads_of(repository)
    own = [heads[name] for name in ("drafts", "main") if name in heads]
    if not own or any(_trailers(repository[head]) is None for head in own):
        return None
    articles: dict[int, Exported] = {}
    trees = Trees(repository)
    root = ""
    for head in own:
        order = pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE
        for commit in repository.walk(head, order):
            root = root or str(commit.id)
            if (trailers := _trailers(commit)) is None:
                report.leave_out(str(commit.id)[:12], ["a commit that the export did not make"])
                continue
            _note(articles.setdefault(trailers.article, Exported()), repository, trees, commit, trailers)
    whole = {key: article for key, article in articles.items() if article.versions}
    export = OwnExport(repository, root, report, whole, trees)
    for article in whole.values():
        export.name(article)
    return export


def _note(article: Exported, repository: Any, trees: Trees, commit: Any, trailers: Trailers) -> None:
    """Take a commit into an article."""
    if trailers.state is State.OFFLINE:
        article.live = 0
        return
    parent = repository[commit.parent_ids[0]].tree_id if commit.parent_ids else None
    changed = [
        (path, new)
        for path, _, new in trees.changes(parent, commit.tree_id)
        if path.startswith("articles/") and path.endswith(".md") and new
    ]
    if trailers.state is State.LIVE:
        article.live = trailers.number
    if trailers.number not in article.versions:
        if changed:
            article.path = changed[0][0]
        # Without a change it is the same as the version before, or hidden.
        entry = trees.find(commit.tree_id, article.path) if article.path else None
        blob = entry.id if entry and len(changed) < 2 else None
        article.versions[trailers.number] = Saved(commit.id, trailers, blob)
    article.slug = article.slug or f"article-{trailers.article}"


def _trailers(commit: Any) -> Trailers | None:
    try:
        return read_trailers(commit.message)
    except (TrailersFault, LookupError, ValueError):  # or the encoding that it names is none
        return None
