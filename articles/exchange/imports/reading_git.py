"""Git wikis: Gitea, Forgejo, GitHub, Gollum, Otter. Objects are read; nothing is checked out, run or followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import pygit2
from django.conf import settings

from articles.workflow import ImportState

from .destination import PICTURES, Destination
from .git_history import Change, History, Walk, walk_history
from .git_opening import heads_of
from .git_trees import LINK, SUBMODULE, Trees
from .linking import image, joined, link, relinked, rewritten_wiki_links
from .naming import has_hidden_order, is_encoding, slug_of, title_of
from .reporting import Report
from .sources import SourcePage, SourceRefused, SourceVersion

MARKDOWN = frozenset((".md", ".markdown", ".mdown", ".mkd", ".mkdn"))
KEPT = {  # formats that are kept as they are, and the names that highlighters know
    ".mediawiki": "mediawiki",
    ".wiki": "mediawiki",
    ".rst": "rst",
    ".rest": "rst",
    ".asciidoc": "asciidoc",
    ".adoc": "asciidoc",
    ".org": "org",
    ".textile": "textile",
    ".creole": "creole",
    ".pod": "pod",
    ".rdoc": "rdoc",
    ".txt": "text",
}
_FENCES = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def is_page(path: str) -> bool:
    """Return whether a file is a page of a wiki, by the end of its name."""
    return PurePosixPath(path).suffix.lower() in MARKDOWN or PurePosixPath(path).suffix.lower() in KEPT


def page_name(path: str) -> str:
    """Return what a page is called, by its file: hyphens are spaces unless Gitea's mark says otherwise.

    >>> page_name("keepers/Lamp-oil.md"), page_name("Well-known.-.md"), page_name("%D0%9C%D0%B0%D1%8F%D0%BA.md")
    ('Lamp oil', 'Well-known', 'Маяк')
    """
    stem = unquote(PurePosixPath(path).stem, errors="replace")
    return title_of(stem[:-2] if stem.endswith(".-") else stem.replace("-", " ")) or "(no name)"


def folder_name(path: str) -> str:
    """Return the name of a page with its folders, from which the address is made."""
    *folders, _ = path.split("/")
    return "/".join([*folders, page_name(path)])


@dataclass(slots=True)
class GitWiki:
    """A wiki in a repository that was walked over. `drafts` are changes that the main branch lacks."""

    repository: Any
    walk: Walk
    newest: Any  # the last commit of the main branch
    report: Report
    drafts: frozenset[str] = frozenset()  # commits
    by_name: dict[str, list[History]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)  # paths of pictures
    trees: Trees = field(init=False)

    def __post_init__(self) -> None:
        self.trees = Trees(self.repository)
        for history in self.walk.histories:
            for name in (history.path, page_name(history.path)):
                self.by_name.setdefault(name.casefold(), []).append(history)

    @property
    def identity(self) -> str:
        """The wiki by its first commit, whatever it is called and wherever it lies."""
        return f"git:{self.walk.root}"

    @property
    def total(self) -> int:
        """The number of versions."""
        return self.walk.total

    def slugs(self) -> Iterator[tuple[str, str]]:
        """Yield the key of each page, and the slug of its name."""
        for history in self.walk.histories:
            yield history.key, slug_of(folder_name(history.path))

    def pages(self, site: Destination) -> Iterator[SourcePage]:
        """Yield the pages. A page that was deleted in the end becomes a draft."""
        for history in self.walk.histories:
            is_gone = history.changes[-1].blob is None
            yield SourcePage(
                key=history.key,
                name=folder_name(history.path),
                versions=self._versions(history, site),
                most_public=ImportState.DRAFT if is_gone else ImportState.PUBLISHED,
                why="it was deleted in the wiki, so it stays a draft" if is_gone else "",
            )
        for path, _, entry in self.trees.changes(None, self.newest.tree_id):
            if entry and entry.mode not in (LINK, SUBMODULE) and not is_page(path) and path not in self.shown:
                self.report.leave_out(path, ["no page shows it as a picture"])

    def _versions(self, history: History, site: Destination) -> Iterator[SourceVersion]:
        ordered = sorted(history.changes, key=lambda change: str(change.commit) in self.drafts)
        current = next((each for each in reversed(ordered) if str(each.commit) not in self.drafts), None)
        for change in ordered:
            commit = self.repository[change.commit]
            # The wiki shows its newest pictures, also those that were exchanged after the page was written.
            tree = self.newest.tree_id if change is current else commit.tree_id
            text, data, notes = self._text(change, commit)
            suffix = PurePosixPath(change.path).suffix.lower()
            is_markdown = suffix in MARKDOWN
            if text:
                linked = self._linked(text, change.path, tree, site) if is_markdown else None
                text = fenced(text, KEPT[suffix]) if linked is None else linked
            at = _moment(commit.author)
            if at is None:
                notes.append(f"{change.commit}: no such time: {commit.author.time}")
            if has_hidden_order(change.path):
                notes.append("signs that turn the direction of writing, or controls, left out of the title")
            is_other = (
                data is not None and (text or "").replace("\r\n", "\n").encode(errors="replace") != data
            )
            yield SourceVersion(
                key=f"{change.commit}:{change.path}",
                title=page_name(change.path),
                name=folder_name(change.path),
                text=text,
                author=_text_of(commit.author.raw_name, commit),
                at=at,
                summary=_text_of(commit.raw_message, commit),
                original=("markdown" if is_markdown else KEPT[suffix], data or b"") if is_other else None,
                notes=tuple(notes),
                is_draft=str(change.commit) in self.drafts,
            )

    def _text(self, change: Change, commit: Any) -> tuple[str | None, bytes | None, list[str]]:
        """Return the text of a file, its bytes, and notes; no text if it is too long."""
        if change.blob is None:
            return "", None, []
        size = self.repository.odb.read_header(change.blob)[1]
        if size > settings.MAX_SOURCE_BYTES:
            limit = settings.MAX_SOURCE_BYTES
            return None, None, [f"{change.path} has {size:,} bytes; at most {limit:,} come in"]
        data = self.repository[change.blob].data
        try:
            return data.decode(), data, []
        except UnicodeDecodeError as error:
            text = _text_of(data, commit)
            return (
                text,
                data,
                [f"{change.path} is no UTF-8 at byte {error.start}; read as {_encoding(commit)}"],
            )

    def _bytes(self, blob: Any) -> bytes:
        return bytes(self.repository[blob].data)

    def _linked(self, text: str, path: str, tree: Any, site: Destination) -> str:
        """Return a text with the addresses of pages and pictures on the site in its links."""
        folder = PurePosixPath(path).parent

        def resolve(target: str) -> str | None:
            return self._page(target, folder, site) or self._picture(target, folder, tree, site)

        def rewrite(is_embedded: bool, inside: str) -> str | None:  # noqa: FBT001
            parts = [part.strip() for part in inside.split("|")]
            for target in reversed(parts[:2]):  # Gollum: the text first
                if address := self._picture(target, folder, tree, site):
                    alt = next((part[4:] for part in parts if part.startswith("alt=")), "")
                    return image(alt, address)
                page, mark, place = target.partition("#")
                if address := self._page(page, folder, site):
                    return link(parts[0], f"{address}{mark}{place}")
            return None

        return relinked(rewritten_wiki_links(text, rewrite), resolve)

    def _page(self, target: str, folder: PurePosixPath, site: Destination) -> str | None:
        """Return the address of the page that a target names: by its path, else by its name; the nearest one."""
        plain = unquote(target).strip("/")
        path = joined(folder, plain)
        for name in (path, plain, plain.replace("-", " "), PurePosixPath(plain).name.replace("-", " ")):
            found = [
                history
                for suffix in ("", ".md")
                for history in (self.by_name.get(f"{name}{suffix}".casefold(), ()) if name else ())
                if history.changes[-1].blob is not None
            ]
            if found:
                nearest = min(found, key=lambda each: (PurePosixPath(each.path).parent != folder, each.path))
                return site.address(nearest.key)
        return None

    def _picture(self, target: str, folder: PurePosixPath, tree: Any, site: Destination) -> str | None:
        """Return the address of the picture that a target names in the files of a tree, uploaded if need be."""
        plain = unquote(target)
        if PurePosixPath(plain).suffix.lower() not in PICTURES:
            return None
        for path in (joined(folder, plain), joined(PurePosixPath(), plain)):
            entry = self.trees.find(tree, path) if path else None
            if entry:
                self.shown.add(path)
                size = self.repository.odb.read_header(entry.id)[1]
                name = PurePosixPath(path).name
                return site.picture(str(entry.id), name, size, partial(self._bytes, entry.id))
        return None


def read_git_wiki(repository: Any, report: Report, *, branch: str = "", with_drafts: bool = False) -> GitWiki:
    """Walk over a repository, and return it as a source. `branch` is that of HEAD unless given.

    `with_drafts` adds what other branches have beyond it. Raises `SourceRefused`.
    """
    heads = heads_of(repository)
    if branch and branch not in heads:
        raise SourceRefused(f"there is no branch {branch!r}; there are: {', '.join(sorted(heads)) or 'none'}")
    if branch:
        main = heads[branch]
    elif repository.head_is_unborn:
        raise SourceRefused("the repository has no commit on its main branch; name one with --branch")
    else:
        main = _head(repository)
    beyond = _beyond(repository, main, heads.values())
    if beyond and not with_drafts:
        report.say(
            "branches",
            f"{len(beyond):,} commits of other branches stay out; --drafts brings them in as drafts",
        )
    walk = walk_history(repository, main, heads.values() if with_drafts else (), is_page)
    for path in sorted(walk.links):
        report.leave_out(path, ["a symbolic link, which is not followed"])
    for path in sorted(walk.submodules):
        report.leave_out(path, ["a repository inside the repository, which is not followed"])
    return GitWiki(repository, walk, repository[main], report, drafts=beyond if with_drafts else frozenset())


def fenced(text: str, language: str) -> str:
    """Return a text as a block of code, as it is.

    >>> fenced("== Range ==", "mediawiki")
    '```mediawiki\\n== Range ==\\n```\\n'
    """
    marks = max((len(fence) for fence in _FENCES.findall(text)), default=2) + 1
    fence = "`" * max(marks, 3)
    end = "" if text.endswith(("\n", "\r")) else "\n"
    return f"{fence}{language}\n{text}{end}{fence}\n"


def _head(repository: Any) -> Any:
    """Return the commit of HEAD. Raises `SourceRefused`."""
    try:
        return repository.head.peel(pygit2.Commit).id
    except (pygit2.GitError, KeyError, ValueError):
        raise SourceRefused("HEAD names no commit; name a branch with --branch") from None


def _beyond(repository: Any, main: Any, heads: Any) -> frozenset[str]:
    """Return the commits of other branches that the main one lacks."""
    walker = repository.walk(None, pygit2.enums.SortMode.NONE)
    for head in heads:
        walker.push(head)
    walker.hide(main)
    return frozenset(str(commit.id) for commit in walker)


def _encoding(commit: Any) -> str:
    """Return the encoding that a commit names, or Latin-1, in which any bytes are text."""
    encoding = commit.message_encoding or "latin-1"
    return str(encoding) if is_encoding(encoding) else "latin-1"


def _text_of(data: bytes, commit: Any) -> str:
    """Return bytes of a commit as text: UTF-8, else in the encoding that it names."""
    for encoding in ("utf-8", _encoding(commit)):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return data.decode("latin-1")


def _moment(signature: Any) -> datetime | None:
    """Return the time of a signature; None for one that no calendar has."""
    try:
        zone = timezone(timedelta(minutes=signature.offset))
        return datetime.fromtimestamp(signature.time, zone).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
