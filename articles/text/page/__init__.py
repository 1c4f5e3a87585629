"""What of a Markdown source reaches the page of an article, and what does not."""

from .elements import SourceRefused
from .fates import Fate, Piece
from .links import linked_hosts
from .reading import Length, length
from .removals import Remedy, Removal, Rewrite
from .sanitizer import MAX_SOURCE_BYTES, POLICY_VERSION, Sanitized, account, sanitize, shown_as_text
from .spelling import with_ids_apart

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
    "length",
    "linked_hosts",
    "sanitize",
    "shown_as_text",
    "with_ids_apart",
]
