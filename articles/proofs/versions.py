"""Versions as their checksum covers them: which values, in which order, and how they are joined.

The same for the site, which writes versions, and for whoever verifies one without the site.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FORMAT = 1  # of the checksum
COLUMNS = (
    *("format", "previous", "article", "number", "based_on", "title", "slug", "language", "tags", "summary"),
    *("author", "created_at", "excerpt", "description", "cover", "change_kind", "software_share"),
    *("claimed_author", "claimed_at", "source"),
)
ENTRY = "palimpsest-seal/1"  # of the data of an entry in the log


def checksum(version: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of a version by `COLUMNS`; `previous` is the checksum of its predecessor."""
    values = [version[column] for column in COLUMNS]
    return sha256(json.dumps(values, separators=(",", ":")).encode()).hexdigest()


def entry_of(version: Mapping[str, Any], *, sha256: str, key: int, salt: str) -> bytes:
    """Return the data of the entry in the log that a version has; `key` is that of its row."""
    identity = (version["article"], version["number"], version["format"])
    return json.dumps([ENTRY, "revision", salt, key, *identity, sha256], separators=(",", ":")).encode()
