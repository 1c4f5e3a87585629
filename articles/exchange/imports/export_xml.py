"""MediaWiki's XML export as a stream of values, in constant memory, whatever the file holds.

Python's own `expat` reads it, since it is handed every piece and keeps none: mwxml stops at `<upload>` and at a time
that does not exist, and builds each revision before its size is known. A document type is refused, so there are no
entities but XML's own five.
"""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat  # nosec: no entities, and bounded below

from django.conf import settings

from .sources import SourceRefused

CHUNK = 65_536  # bytes
MAX_FIELD = 2_000  # code points of a title, a name, a time …
MAX_DEPTH = 12
MAX_TAG_BYTES = 1_000_000  # of a tag or comment: expat holds it whole, and reads it anew with every piece
MAX_UNKNOWN = 1_000  # elements that no export has, in one page
MOST_EXPANDED = 500  # bytes of XML for a byte of the file, beyond the first ten millions
FREE_BYTES = 10_000_000
NAMESPACE = "http://www.mediawiki.org/xml/export-"
_PICTURE = "contents"
_FIELDS = frozenset(
    "sitename dbname base namespace title ns id parentid timestamp username ip comment text model format sha1"
    " filename size contents".split()
)
_KNOWN = _FIELDS | frozenset(
    "mediawiki siteinfo generator case namespaces page redirect restrictions discussionthreadinginfo revision"
    " contributor minor origin upload src archivename rel content role logitem".split()
)


@dataclass(slots=True)
class Site:
    """What an export says of its wiki. `namespaces` are names by number."""

    name: str = ""
    database: str = ""
    base: str = ""
    namespaces: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """The head of a page."""

    title: str = ""
    namespace: int = 0
    id: str = ""
    is_redirect: bool = False


@dataclass(slots=True)
class Revision:
    """A revision. A part that is hidden in the wiki is None; `text` is None, too, if it is too long (`is_too_long`)."""

    id: str = ""
    timestamp: str = ""
    author: str | None = ""
    comment: str | None = ""
    text: str | None = ""
    model: str = "wikitext"
    sha1: str = ""
    is_too_long: bool = False
    is_stub: bool = False


@dataclass(slots=True)
class Upload:
    """A file of a page, base64, if the export includes it; None if not, or if it is too long."""

    name: str = ""
    timestamp: str = ""
    contents: str | None = None


class PageEnd:
    """The end of a page."""


Part = Site | Page | Revision | Upload | PageEnd


def parts_of(path: Path, *, with_texts: bool = True, with_files: bool = False) -> Iterator[Part]:
    """Yield the parts of an export, plain or packed by gzip or bzip2, in their order. Raises `SourceRefused`.

    The site comes first, a page before its revisions. Without `with_texts`, texts are only counted.
    """
    reader = _Reader(with_texts=with_texts, with_files=with_files)
    size = path.stat().st_size
    total = 0
    try:
        with _unpacked(path) as file:
            while chunk := file.read(CHUNK):
                total += len(chunk)
                if total > FREE_BYTES and total > MOST_EXPANDED * size:
                    raise SourceRefused(f"it unpacks to more than {MOST_EXPANDED} times its size")
                reader.feed(chunk)
                yield from reader.taken()
            reader.end()
            yield from reader.taken()
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code] if error.code in expat.errors.messages else str(error)
        raise SourceRefused(f"line {error.lineno}, column {error.offset + 1}: {what}") from None
    except EOFError:
        raise SourceRefused("the packed file is cut off") from None
    except (OSError, zlib.error, ValueError) as error:
        raise SourceRefused(f"the file cannot be unpacked: {error}") from None


def _unpacked(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        start = file.read(3)
    if start[:2] == b"\x1f\x8b":
        return gzip.open(path)  # type: ignore[return-value]
    return bz2.open(path) if start == b"BZh" else path.open("rb")


class _Reader:
    """The state between two pieces of a file: the open elements, and the part that is being read."""

    def __init__(self, *, with_texts: bool, with_files: bool) -> None:
        self.with_texts, self.with_files = with_texts, with_files
        self.open: list[str] = []
        self.parts: deque[Part] = deque()
        self.site, self.page = Site(), Page()
        self.part: Revision | Upload | None = None
        self.is_page_told = False
        self.held: list[str] = []
        self.length = self.unknown = 0
        self.namespace = self.fed = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = CHUNK
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, chunk: bytes) -> None:
        self.fed += len(chunk)
        self.parser.Parse(chunk, False)  # noqa: FBT003
        if self.fed - self.parser.CurrentByteIndex > MAX_TAG_BYTES:
            raise SourceRefused(
                f"line {self.parser.CurrentLineNumber}: a tag or comment of more than {MAX_TAG_BYTES:,} bytes"
            )

    def end(self) -> None:
        self.parser.Parse(b"", True)  # noqa: FBT003

    def taken(self) -> Iterator[Part]:
        while self.parts:
            yield self.parts.popleft()

    def _refuse_doctype(self, *_: Any) -> None:
        raise SourceRefused("an export of MediaWiki has no document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.open and (name != "mediawiki" or not attributes.get("xmlns", "").startswith(NAMESPACE)):
            raise SourceRefused(f"not a MediaWiki export: it begins with <{name[:40]}>")
        self.open.append(name)
        if len(self.open) > MAX_DEPTH:
            raise SourceRefused(f"line {self.parser.CurrentLineNumber}: elements {MAX_DEPTH} levels deep")
        if name not in _KNOWN:
            self.unknown += 1
            if self.unknown > MAX_UNKNOWN:
                raise SourceRefused(
                    f"more than {MAX_UNKNOWN:,} elements like <{name[:40]}>, which no export has"
                )
        self.held, self.length = [], 0
        if name == "page":
            self.page, self.is_page_told, self.unknown = Page(), False, 0
        elif name == "redirect":
            self.page.is_redirect = True
        elif name == "namespace":
            self.namespace = _number(attributes.get("key", ""))
        elif name in ("revision", "upload"):
            self._tell_page()
            self.part = Revision() if name == "revision" else Upload()
        elif isinstance(self.part, Revision):
            self._start_in_revision(self.part, name, attributes)

    def _start_in_revision(self, revision: Revision, name: str, attributes: dict[str, str]) -> None:
        """Note what is hidden in the wiki, and whether the text was left out of the export."""
        if "deleted" in attributes and name in ("text", "comment", "contributor"):
            setattr(revision, "author" if name == "contributor" else name, None)
        if name == "text":
            is_empty = attributes.get("bytes", "0") == "0"
            revision.is_stub = "location" in attributes or ("id" in attributes and not is_empty)

    def _text(self, data: str) -> None:
        name = self.open[-1]
        if (
            name not in _FIELDS
            or (name == "text" and not self.with_texts)
            or (name == _PICTURE and not self.with_files)
        ):
            return
        self.length += len(data)
        if self.length <= self._limit(name):
            self.held.append(data)
        elif name not in ("text", _PICTURE):
            raise SourceRefused(
                f"line {self.parser.CurrentLineNumber}: <{name}> has more than {MAX_FIELD:,} characters"
            )
        else:
            self.held = []

    def _limit(self, name: str) -> int:
        if name == "text":
            return int(settings.MAX_SOURCE_BYTES)
        return int(settings.MAX_IMAGE_BYTES) * 3 // 2 if name == _PICTURE else MAX_FIELD

    def _end(self, name: str) -> None:
        self.open.pop()
        parent = self.open[-1] if self.open else ""
        value = "".join(self.held)
        is_too_long = bool(self.length > self._limit(name))
        self.held, self.length = [], 0
        if name in ("revision", "upload") and self.part:
            self.parts.append(self.part)
            self.part = None
        elif name == "page":
            self._tell_page()
            self.parts.append(PageEnd())
        elif name == "siteinfo":
            self.parts.append(self.site)
        elif name in _FIELDS:
            self._set(parent, name, value, is_too_long=is_too_long)

    def _tell_page(self) -> None:
        if not self.is_page_told:
            self.is_page_told = True
            self.parts.append(self.page)

    def _set(self, parent: str, name: str, value: str, *, is_too_long: bool) -> None:
        match parent, name:
            case "siteinfo", "sitename":
                self.site.name = value
            case "siteinfo", "dbname":
                self.site.database = value
            case "siteinfo", "base":
                self.site.base = value
            case "namespaces", "namespace":
                self.site.namespaces[self.namespace] = value
            case "page", "title":
                self.page.title = value
            case "page", "ns":
                self.page.namespace = _number(value)
            case "page", "id":
                self.page.id = value
            case "contributor", "username" | "ip" if isinstance(self.part, Revision):
                self.part.author = value
            case "revision" | "upload", _ if self.part:
                self._set_in_part(self.part, name, value, is_too_long=is_too_long)

    def _set_in_part(self, part: Revision | Upload, name: str, value: str, *, is_too_long: bool) -> None:
        if name == "timestamp":
            part.timestamp = value
        elif isinstance(part, Upload):
            if name == "filename":
                part.name = value
            elif name == _PICTURE and value and not is_too_long:
                part.contents = value
        elif name == "text" and part.text is not None:
            part.text, part.is_too_long = (None, True) if is_too_long else (value, False)
        elif name == "comment" and part.comment is not None:
            part.comment = value
        elif name in ("id", "model", "sha1"):
            setattr(part, name, value)


def _number(text: str) -> int:
    try:
        return int(text[:10])
    except ValueError:
        return 0
