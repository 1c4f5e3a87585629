"""MediaWiki's XML exports of any size: pages with their revisions, in the order of time, as Markdown."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from articles.text.content.tags import MAX_TAG
from articles.workflow import ImportState

from .destination import Destination
from .export_xml import Page, PageEnd, Part, Revision, Site, Upload, parts_of
from .naming import has_hidden_order, one_line, slug_of, title_of
from .reporting import Report
from .sources import SourcePage, SourceRefused, SourceVersion
from .wikitext import Wikitext

ARTICLES = frozenset((0, 4, 12, 14))  # namespaces of what a wiki shows: articles, project, help, categories
MOST_TAGS = 30
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_COMMA_OR_CONTROL = re.compile(r"[,\x00-\x1f\x7f-\x9f]+")


@dataclass(slots=True)
class Export:
    """An export that was read once: what it holds, and what its second reading needs."""

    path: Path
    report: Report
    site: Site = field(default_factory=Site)
    total: int = 0
    titles: list[tuple[str, str]] = field(default_factory=list)  # key and title of each page
    unordered: set[str] = field(default_factory=set)  # pages whose revisions do not come in the order of time
    has_files: bool = False
    pictures: dict[str, str] = field(default_factory=dict)  # addresses by the names of files
    folder: dict[str, Path] = field(default_factory=dict)  # files beside the export, by their names

    @property
    def identity(self) -> str:
        """The wiki by its name and address."""
        return one_line(f"mediawiki:{self.site.database or self.site.name}:{self.site.base}", 200)

    def slugs(self) -> Iterator[tuple[str, str]]:
        """Yield the key of each page, and the slug of its title."""
        for key, title in self.titles:
            yield key, slug_of(title)

    def pages(self, site: Destination) -> Iterator[SourcePage]:
        """Yield the pages. Talk, users, templates, files and redirects become drafts at most."""
        self._upload(site)
        keys = {_folded(title): key for key, title in self.titles}

        def address_of(title: str) -> str | None:
            key = keys.get(_folded(title))
            return site.address(key) if key else None

        def picture_of(name: str) -> str | None:
            return self._picture(_folded(name), site)

        names = self.site.namespaces
        wiki = Wikitext(
            address_of,
            picture_of,
            category=frozenset(("category", names.get(14, "category").lower())),
            file=frozenset(("file", "image", names.get(6, "file").lower())),
        )
        parts = parts_of(self.path)
        for part in parts:
            if isinstance(part, Page):
                versions = self._versions(part, parts, wiki)
                most_public, why = _most_public(part)
                yield SourcePage(_key(part), part.title, versions, most_public, why)
                for _ in versions:  # what a page that was given up has left
                    pass

    def _versions(self, page: Page, parts: Iterator[Part], wiki: Wikitext) -> Iterator[SourceVersion]:
        revisions = _revisions(parts)
        if _key(page) in self.unordered:
            self.report.say(page.title, "its versions are put in the order of their times")
            revisions = _ordered(revisions)
        is_said = False
        for revision in revisions:
            version = _version(page, revision, wiki, is_said=is_said)
            is_said = is_said or revision.model != "wikitext"
            yield version

    def _upload(self, site: Destination) -> None:
        """Upload the pictures that the export includes: the last one of each name."""
        if not self.has_files:
            return
        for part in parts_of(self.path, with_texts=False, with_files=True):
            if not isinstance(part, Upload) or part.contents is None:
                continue
            try:
                data = base64.b64decode(part.contents, validate=False)
            except (binascii.Error, ValueError):
                self.report.leave_out(part.name, ["its base64 is damaged"])
                continue
            digest = hashlib.sha256(data).hexdigest()
            address = site.picture(f"{part.name}:{digest}", part.name, len(data), lambda data=data: data)  # type: ignore[misc]
            if address:
                self.pictures[_folded(part.name)] = address

    def _picture(self, name: str, site: Destination) -> str | None:
        path = self.folder.get(name)
        if name not in self.pictures and path:
            return site.picture(str(path), path.name, path.stat().st_size, path.read_bytes)
        return self.pictures.get(name)


def read_export(path: Path, report: Report, *, pictures: Path | None = None) -> Export:
    """Read an export once, and return it as a source. Raises `SourceRefused` for whatever is wrong anywhere in it."""
    export = Export(path, report)
    keys: set[str] = set()
    last = ""
    for part in parts_of(path, with_texts=False):
        match part:
            case Site():
                export.site = part
            case Page():
                if (key := _key(part)) in keys:  # both would be one article
                    raise SourceRefused(
                        f"{one_line(part.title, 80)}: another page has its number or title, too"
                    )
                keys.add(key)
                export.titles.append((key, part.title))
                last = ""
            case Revision():
                export.total += 1
                if part.is_stub and part.text is not None:
                    raise SourceRefused(
                        f"{one_line(_last_title(export), 80)}: revision {part.id} has no text: this is a stub."
                        " Make the export with texts (dumpBackup.php --full)"
                    )
                if part.timestamp < last:
                    export.unordered.add(export.titles[-1][0])
                last = part.timestamp
            case Upload():
                export.has_files = True
    if pictures:
        export.folder = {_folded(each.name): each for each in _files(pictures)}
    return export


def _last_title(export: Export) -> str:
    return export.titles[-1][1] if export.titles else ""


def _files(folder: Path) -> Iterable[Path]:
    """Yield the files in a folder and those within; links are not followed."""
    for each in sorted(folder.iterdir()):
        if each.is_symlink():
            continue
        if each.is_dir():
            yield from _files(each)
        elif each.is_file():
            yield each


def _key(page: Page) -> str:
    return page.id or page.title


def _folded(title: str) -> str:
    """Return a title as the wiki compares it: spaces for underscores, the first letter upper case."""
    plain = " ".join(title.replace("_", " ").split())
    return plain[:1].upper() + plain[1:]


def _revisions(parts: Iterator[Part]) -> Iterator[Revision]:
    for part in parts:
        if isinstance(part, PageEnd):
            return
        if isinstance(part, Revision):
            yield part


def _ordered(revisions: Iterator[Revision]) -> Iterator[Revision]:
    """Yield revisions by time and number. They are kept on disk meanwhile, but for their places."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass") as file:
        places: list[tuple[str, int, int]] = []
        for revision in revisions:
            places.append(
                (revision.timestamp, int(revision.id) if revision.id.isdecimal() else 0, file.tell())
            )
            values = {name: getattr(revision, name) for name in Revision.__slots__}
            file.write(json.dumps(values) + "\n")
        for _, _, place in sorted(places):
            file.seek(place)
            yield Revision(**json.loads(file.readline()))


def _most_public(page: Page) -> tuple[ImportState, str]:
    if page.is_redirect:
        return ImportState.DRAFT, "a redirect, which stays a draft"
    if page.namespace not in ARTICLES:
        return ImportState.DRAFT, "no article of the wiki, so it stays a draft"
    return ImportState.PUBLISHED, ""


def _version(page: Page, revision: Revision, wiki: Wikitext, *, is_said: bool) -> SourceVersion:
    """Return a revision as a version. `is_said` is whether the page was named as none of wikitext."""
    notes: list[str] = []
    at = _moment(revision.timestamp)
    if at is None:
        notes.append(f"revision {revision.id}: no such time: {revision.timestamp[:40]!r}")
    if has_hidden_order(page.title):
        notes.append("signs that turn the direction of writing, or controls, left out of the title")
    text: str | None = None
    original: tuple[str, bytes] | None = None
    tags: tuple[str, ...] = ()
    if revision.model != "wikitext":
        notes = [] if is_said else [f"{revision.model[:40]}, which is no text"]
    elif revision.is_too_long:
        notes.append(f"revision {revision.id} is longer than a text may be")
    elif revision.text is None:
        notes.append(f"revision {revision.id}: its text is hidden in the wiki")
    else:
        if revision.sha1 and _base36_sha1(revision.text) != revision.sha1.rjust(31, "0"):
            notes.append(f"revision {revision.id}: its text does not fit the sha1 that the export states")
        converted = wiki.converted(revision.text)
        text, tags = converted.markdown, _tags(converted.categories)
        original = ("mediawiki", revision.text.encode("utf-8", "surrogatepass"))
        if converted.left:
            notes.append(f"revision {revision.id}: not converted: {', '.join(converted.left)[:300]}")
    return SourceVersion(
        key=revision.id or hashlib.sha256(f"{revision.timestamp}\0{revision.text}".encode()).hexdigest(),
        title=title_of(page.title) or "(no name)",
        name=page.title,
        text=text,
        author=revision.author or "",
        at=at,
        summary=revision.comment or "",
        tags=tags,
        original=original,
        notes=tuple(notes),
    )


def _tags(categories: Iterable[str]) -> tuple[str, ...]:
    """Return categories as tags, those that are too long cut, and none beyond what a text may have."""
    names = (_COMMA_OR_CONTROL.sub(" ", name).strip()[:MAX_TAG].strip() for name in categories)
    return tuple(dict.fromkeys(name for name in names if name and name not in (".", "..")))[:MOST_TAGS]


def _moment(timestamp: str) -> datetime | None:
    if not _TIME.fullmatch(timestamp):
        return None
    try:
        return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _base36_sha1(text: str) -> str:
    """Return the SHA-1 of a text as MediaWiki writes it: 31 digits to the base of 36."""
    number = int.from_bytes(
        hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    )
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(31, "0")
