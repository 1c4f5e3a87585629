"""Feeds of any kind: Atom whose time does not change by itself, JSON Feed, and what neither may hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import IO, Any

import regex
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from articles.text.cli.terminal import escape_controls

_NOT_IN_XML = regex.compile(r"[\ufffe\uffff]")
_NOT_IN_A_TEXT = regex.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SCHEMA = "https://schema.org/"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def plain(text: str) -> str:
    """Return a line with what XML forbids, and what turns the direction of the text beside it, as escapes."""
    escaped: str = _NOT_IN_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", escape_controls(text))
    return escaped


def allowed(text: str) -> str:
    """Return a text with U+FFFD for each character that XML forbids."""
    replaced: str = _NOT_IN_A_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    return replaced


class AtomFeed(Atom1Feed):
    """An Atom feed whose time is that of its newest entry; without one that of `since`.

    Entries may have a `content` in HTML, a `language`, and a `provenance`: properties of schema.org by their names.
    """

    def root_attributes(self) -> dict[str, str]:
        has_provenance = any(item.get("provenance") for item in self.items)
        return super().root_attributes() | ({"xmlns:schema": SCHEMA} if has_provenance else {})

    def latest_post_date(self) -> datetime:
        if self.items:
            return super().latest_post_date()
        empty: datetime = self.feed.get("since", NEVER)
        return empty

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        if item.get("content"):
            handler.addQuickElement("content", item["content"], {"type": "html"})
        for name, value in item.get("provenance", {}).items():
            handler.addQuickElement(f"schema:{name}", value)


class JsonFeed(SyndicationFeed):
    """A feed in version 1.1 of JSON Feed (jsonfeed.org), from the same entries as an `AtomFeed`."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile: IO[Any], encoding: str) -> None:
        document = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["subtitle"],
            "language": self.feed["language"],
        }
        kept = {name: value for name, value in document.items() if value}
        text = json.dumps(kept | {"items": [_as_json(item) for item in self.items]}, ensure_ascii=False)
        outfile.write(text.encode(encoding))


def _as_json(item: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "summary": item["summary"],
        "content_html": item["content"],
        "content_text": "" if item["content"] else item["summary"],  # one of the two must be there
        "date_published": rfc3339_date(item["pubdate"]),
        "date_modified": rfc3339_date(item["updateddate"]),
        "authors": [{"name": item["author_name"]}],
        "tags": list(item["categories"]),
        "language": item["language"],
        "image": item["image"],
        "_provenance": item.get("provenance"),  # an extension, as its name says
    }
    return {name: value for name, value in entry.items() if value}
