"""What an import reads: a source has pages, a page has versions, and each reader makes these values of its format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from articles.text.content import Content
from articles.workflow import ImportState

if TYPE_CHECKING:
    from .destination import Destination


class SourceRefused(Exception):
    """A source that cannot be brought in. The message names the file and the reason, and nothing was written."""


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A version as its source has it, its text already Markdown. An empty text is a page that was emptied or deleted.
    Without a text it is left out for good; then `notes` say why.

    `key` tells it from the other versions of its page in every run. `name` is what the address is made from. `author`
    and `at` are claims, empty and None where the source names none. `original` is a format and bytes, where these
    differ from the text. `notes` say what did not fit.
    """

    key: str
    title: str
    name: str
    text: str | None
    author: str = ""
    at: datetime | None = None
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    excerpt: str = ""
    description: str = ""
    software_share: str = ""
    original: tuple[str, bytes] | None = None
    content: Content | None = None  # with all fields, slug included, in place of title, text and name
    notes: tuple[str, ...] = ()
    is_draft: bool = False  # follows the version that may become public


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page of a source. Its versions come in the order in which they are to be chained, and are read one by one.

    `key` tells it from other pages in every run; `name` is what the newest version is called. `most_public` is what it
    may become at most: a draft of the source stays one.
    """

    key: str
    name: str
    versions: Iterable[SourceVersion]
    most_public: ImportState = ImportState.PUBLISHED
    why: str = ""


class Source(Protocol):
    """A source that was looked at whole: only then is anything written."""

    @property
    def identity(self) -> str:
        """The name of the source, the same wherever it lies, at most `MAX_SOURCE` code points."""
        ...

    @property
    def total(self) -> int:
        """The number of versions."""
        ...

    def slugs(self) -> Iterable[tuple[str, str]]:
        """Return the key of each page, and the slug that its article gets if it is free."""
        ...

    def pages(self, site: Destination) -> Iterator[SourcePage]:
        """Yield the pages, with the addresses and pictures of the site in their texts."""
        ...
