"""Pictures of a clipboard: those that have an address, signs of feelings, and those that only spy or cannot be had."""

from __future__ import annotations

import re
from collections.abc import Mapping

from articles.clipboard import styles
from articles.clipboard.blocks import Fate, Look, Picture, Span
from articles.clipboard.links import written

_SIGN = re.compile("emoji|emoticon|wp-smiley", re.IGNORECASE)
_TINY = re.compile(r"\s*[0-2](?:\.\d+)?(?:px|pt)?\s*")


def picture_in(
    attributes: Mapping[str, str], declared: styles.Styles, look: Look
) -> tuple[Span | None, Fate | None]:
    """Return the span of an `img` element; instead of it why there is none, or nothing for a sign without a name."""
    alt = " ".join(attributes.get("alt", "").split())
    marks = attributes.get("class", "") + attributes.get("data-stringify-type", "")
    if _SIGN.search(marks):
        return (Span(alt, look) if alt else None), None
    sizes = [attributes.get(name, "") or declared.get(name, "") for name in ("width", "height")]
    if any(_TINY.fullmatch(size) for size in sizes) or styles.is_gone(declared):
        return None, Fate.TRACKER
    address = attributes.get("src", "").strip()
    if not re.match("https?://[^/]", address, re.IGNORECASE):
        return None, Fate.PICTURE
    return Span("", look, picture=Picture(written(address), alt)), None
