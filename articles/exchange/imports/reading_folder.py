"""Folders and zips of Markdown with front matter: Hugo, Jekyll, Obsidian, and whatever else writes such files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote

import unicodedata2
from django.conf import settings

from ..front_matter import FrontMatterFault
from .destination import PICTURES, Destination
from .folder_files import Files
from .linking import image, joined, link, relinked, rewritten_wiki_links
from .naming import has_hidden_order, one_line, slug_of, title_of
from .obsidian import as_markdown
from .page_facts import language_of, moment_of, most_public, page_stem, tags_of
from .page_fields import Fields, fields_of
from .reporting import Report
from .sources import SourcePage, SourceVersion

PAGES = frozenset((".md", ".markdown", ".mdown", ".mkd"))
MAX_EXCERPT, MAX_DESCRIPTION = 500, 300  # code points
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_REFERENCE = re.compile(r"""\{\{[<%]\s*(?:rel)?ref\s+["']([^"'\n]+)["']\s*[>%]\}\}""")
_SHORTCODE = re.compile(r"\{\{[<%]\s*/?\s*([\w-]+)|\{%-?\s*([\w-]+)")
_TAKEN = frozenset(
    "title slug date created publishdate draft published tags categories category author authors summary excerpt"
    " description lang language locale".split()
)


@dataclass(slots=True)
class Folder:
    """The files that were listed: pages and pictures by path, and the names by which links find them."""

    name: str
    files: Files
    report: Report
    encoding: str = ""
    pages_by_name: dict[str, list[str]] = field(default_factory=dict)
    pictures_by_name: dict[str, list[str]] = field(default_factory=dict)
    vaults: list[str] = field(default_factory=list)  # folders of Obsidian, each with a slash at its end
    paths: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for path in sorted(self.files.sizes, key=lambda path: (path.casefold(), path.swapcase())):
            parts = PurePosixPath(path).parts
            hidden = next((n for n, part in enumerate(parts) if part.startswith(".")), None)
            suffix = PurePosixPath(path).suffix.lower()
            if hidden is not None:
                if parts[hidden] == ".obsidian":
                    self.vaults.append("/".join(parts[:hidden]) + "/" if hidden else "")
                self.report.say(path, "left out: its name begins with a dot")
            elif suffix in PAGES:
                self.paths.append(path)
                for name in (path, str(PurePosixPath(path).with_suffix("")), page_stem(path)):
                    self.pages_by_name.setdefault(_folded(name), []).append(path)
            elif suffix in PICTURES:
                for name in (path, PurePosixPath(path).name):
                    self.pictures_by_name.setdefault(_folded(name), []).append(path)
            else:
                self.report.say(path, "left out: no page and no picture")

    @property
    def identity(self) -> str:
        """The folder by the name that it was given."""
        return one_line(f"folder:{self.name}", 200)

    @property
    def total(self) -> int:
        """The number of pages, each of one version."""
        return len(self.paths)

    def slugs(self) -> Iterator[tuple[str, str]]:
        """Yield each path, and the slug that the page asks for or its name gives. Reads each file."""
        for path in self.paths:
            text, _ = self._text(path)
            try:
                wished = fields_of(text).first("slug") if text else ""
            except FrontMatterFault:
                wished = ""
            yield path, slug_of(wished or page_stem(path))

    def pages(self, site: Destination) -> Iterator[SourcePage]:
        """Yield the pages. Drafts, and what is dated in the future, stay drafts."""
        for path in self.paths:
            page = self._page(path, site)
            if page:
                yield page
        pictures = {each for paths in self.pictures_by_name.values() for each in paths}
        for path in sorted(pictures - self.shown):
            self.report.say(path, "left out: no page shows it as a picture")

    def _page(self, path: str, site: Destination) -> SourcePage | None:
        text, faults = self._text(path)
        if text is None:
            self.report.leave_out(path, faults)
            return None
        try:
            fields = fields_of(text)
        except FrontMatterFault as fault:
            self.report.leave_out(path, [str(fault)])
            return None
        if not fields.text.strip():
            self.report.leave_out(path, ["it has no text"])
            return None
        notes = [*faults, *fields.notes]
        source = self._source(fields.text, path, site, notes)
        at = moment_of(fields, path, notes)
        state, why = most_public(fields, at)
        version = self._version(path, fields, source, at, notes)
        return SourcePage(path, path, [version], state, why)

    def _version(
        self, path: str, fields: Fields, source: str, at: datetime | None, notes: list[str]
    ) -> SourceVersion:
        data = self.files.read(path, most=settings.MAX_SOURCE_BYTES)
        if has_hidden_order(path):
            notes.append("signs that turn the direction of writing, or controls, left out of the title")
        others = [name for name in [*fields.values, *fields.others] if name not in _TAKEN]
        if others:
            notes.append(one_line(f"not taken from the front matter: {', '.join(others)}", 300))
        heading = _HEADING.search(fields.text)
        title = fields.first("title") or (heading[1] if heading else "") or page_stem(path)
        return SourceVersion(
            key=sha256(data).hexdigest(),
            title=title_of(title) or "(no name)",
            name=path,
            text=source,
            author=", ".join(fields.all("author", "authors")),
            at=at,
            tags=tags_of(fields, notes),
            language=language_of(fields, path),
            excerpt=one_line(fields.first("summary", "excerpt"), MAX_EXCERPT),
            description=one_line(fields.first("description"), MAX_DESCRIPTION),
            original=("markdown", data) if data != source.encode(errors="replace") else None,
            notes=tuple(notes),
        )

    def _text(self, path: str) -> tuple[str | None, list[str]]:
        """Return the text of a file with LF line ends, None with the reason if there is none."""
        data = self.files.read(path, most=settings.MAX_SOURCE_BYTES)
        if len(data) > settings.MAX_SOURCE_BYTES:
            return None, [f"it has more than {settings.MAX_SOURCE_BYTES:,} bytes"]
        is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        encodings = ["utf-16"] if is_utf16 else ["utf-8-sig", *([self.encoding] if self.encoding else [])]
        fault = ""
        for encoding in encodings:
            try:
                return data.decode(encoding).replace("\r\n", "\n"), []
            except UnicodeDecodeError as error:
                fault = (
                    fault
                    or f"no {encoding.removesuffix('-sig').upper()} at byte {error.start}; name another with --encoding"
                )
        return None, [fault]

    def _source(self, text: str, path: str, site: Destination, notes: list[str]) -> str:
        """Return a text as Markdown with the addresses of the site."""
        folder = PurePosixPath(path).parent
        if any(path.startswith(vault) for vault in self.vaults):
            text, said = as_markdown(text)
            notes += said
        text = _REFERENCE.sub(lambda match: match[1], text)
        codes = dict.fromkeys(match[1] or match[2] for match in _SHORTCODE.finditer(text))
        if codes:
            notes.append(one_line(f"shortcodes that stay text: {', '.join(codes)}", 300))

        def resolve(target: str) -> str | None:
            return self._address(target, folder, site) or self._picture(target, folder, site)

        def rewrite(is_embedded: bool, inside: str) -> str | None:  # noqa: FBT001
            target, _, text = (part.strip() for part in inside.partition("|"))
            text = text.split("|")[0] if text and not re.fullmatch(r"\d+(x\d+)?", text.split("|")[0]) else ""
            if address := self._picture(target, folder, site):
                return image(text or PurePosixPath(target).stem, address)
            page, mark, place = target.partition("#")
            address = self._address(page, folder, site) if page else None
            if address is None:
                if page:
                    notes.append(one_line(f"a link to {page} stays text: there is no such page", 200))
                return (text or target) if page else None
            if is_embedded:
                notes.append(one_line(f"the embedded {target} becomes a link", 200))
            anchor = (
                ""
                if not mark or place.startswith("^")
                else "#" + re.sub(r"[^\w-]+", "-", place.strip().lower())
            )
            return link(text or target.replace("#", " > "), address + anchor)

        return relinked(rewritten_wiki_links(text, rewrite), resolve)

    def _address(self, target: str, folder: PurePosixPath, site: Destination) -> str | None:
        """Return the address of a page by its path or name, whatever its case: the nearest of several."""
        plain = unquote(target).strip("/") if target else ""
        for name in (joined(folder, plain), plain, PurePosixPath(plain).name):
            if found := self.pages_by_name.get(_folded(name)) if name else None:
                return site.address(_nearest(found, folder))
        return None

    def _picture(self, target: str, folder: PurePosixPath, site: Destination) -> str | None:
        """Return the address of a picture by its path, by its path in a folder of static files, or by its name."""
        plain = unquote(target)
        if PurePosixPath(plain).suffix.lower() not in PICTURES:
            return None
        inner = plain.lstrip("/")
        around = [*reversed(folder.parents), folder]
        names = [joined(folder, plain)] if not plain.startswith("/") else []
        names += [str(each / part / inner) for each in around for part in ("", "static", "assets")]
        for name in [*names, PurePosixPath(inner).name]:
            if found := self.pictures_by_name.get(_folded(name)) if name else None:
                path = _nearest(found, folder)
                self.shown.add(path)
                read = partial(self.files.read, path, most=settings.MAX_IMAGE_BYTES)
                return site.picture(path, PurePosixPath(path).name, self.files.sizes[path], read)
        return None


def _folded(name: str) -> str:
    return str(unicodedata2.normalize("NFC", unicodedata2.normalize("NFC", name).casefold()))


def _nearest(paths: list[str], folder: PurePosixPath) -> str:
    """Return the path that shares most folders with one; of those, the shortest."""

    def distance(path: str) -> tuple[int, int, str]:
        parts = PurePosixPath(path).parent.parts
        shared = 0
        for one, other in zip(parts, folder.parts, strict=False):
            if one != other:
                break
            shared += 1
        return (-shared, len(parts), path)

    return min(paths, key=distance)
