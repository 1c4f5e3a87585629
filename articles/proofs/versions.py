"""Versions as their checksum covers them, and their entries in the log: which values, in which order, how joined.

The same code for the site, which writes versions and seals them, and for whoever verifies one without the site.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

FORMAT = 1  # of the checksum: which columns it covers, and how they are joined
COLUMNS = (
    *("format", "previous", "article", "number", "based_on", "title", "slug", "language", "tags", "summary"),
    *("author", "created_at", "excerpt", "description", "cover", "change_kind", "software_share"),
    *("claimed_author", "claimed_at", "source"),
)
ENTRY = "palimpsest-seal/1"  # of the data of entries: which columns of which kinds, and how they are joined


def checksum(version: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of a version by `COLUMNS`; `previous` is the checksum of its predecessor."""
    return sha256(_joined([version[column] for column in COLUMNS])).hexdigest()


def entry(kind: str, salt: str, key: int, values: Sequence[object]) -> bytes:
    """Return the data of an entry: a list in JSON of format, kind, salt in hexadecimal, key of the row, and values."""
    return _joined([ENTRY, kind, salt, key, *values])


def entry_of(version: Mapping[str, Any], *, sha256: str, key: int, salt: str) -> bytes:
    """Return the data of the entry in the log that a version has; `key` is that of its row."""
    return entry("revision", salt, key, [version["article"], version["number"], version["format"], sha256])


def _joined(values: Sequence[object]) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode()
