"""The page: the HTML of a Markdown source, the removals, and the fate of every character."""

from articles.text.page.elements import SourceRefused
from articles.text.page.fates import Fate, Piece
from articles.text.page.links import linked_hosts
from articles.text.page.places import element_places
from articles.text.page.reading import Length, length, visible_text
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.sanitizer import (
    MAX_SOURCE_BYTES,
    POLICY_VERSION,
    Sanitized,
    account,
    places_shown,
    sanitize,
    shown_as_text,
)
from articles.text.page.spelling import with_ids_apart

__all__ = [
    "MAX_SOURCE_BYTES",
    "POLICY_VERSION",
    "Fate",
    "Length",
    "Piece",
    "Remedy",
    "Removal",
    "Rewrite",
    "Sanitized",
    "SourceRefused",
    "account",
    "element_places",
    "length",
    "linked_hosts",
    "places_shown",
    "sanitize",
    "shown_as_text",
    "visible_text",
    "with_ids_apart",
]
