"""Asking another host, for commands alone: bounded, without redirects, and given up soon.

No import of a page leads here: the server opens no address because somebody asked it to.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

MAX_BYTES = 100_000  # of an answer; a checkpoint has 200, a timestamp 6,000
SECONDS = 10.0  # of silence, after which a host is given up


def fetch(url: str, *, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """Return what a host answers, to a POST if there is `data`.

    Raises `OSError` or `ValueError` with a message if the URL is not one of HTTP, the host does not answer or leads
    elsewhere, or the answer is longer than `MAX_BYTES`.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("its address has to begin with http:// or https://")
    asked = urllib.request.Request(url, data=data, headers=dict(headers or {}))  # noqa: S310, looked at above
    with urllib.request.build_opener(_Stay).open(asked, timeout=SECONDS) as answer:
        found: bytes = answer.read(MAX_BYTES + 1)
    if len(found) > MAX_BYTES:
        raise ValueError(f"it answers with more than {MAX_BYTES:,} bytes")
    return found


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: another host would be another witness."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None
