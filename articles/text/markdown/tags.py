"""The grammar of HTML tags, as CommonMark has it, and the attributes of a tag."""

import html
import re
from collections.abc import Iterator

NAME = r"[A-Za-z_:@][\w:.@-]*+"
VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++)"""
ATTRIBUTE = re.compile(rf"\s+(?P<name>{NAME})(?:\s*+=\s*+(?P<value>{VALUE}))?+")
TAG = re.compile(rf"<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:\s+{NAME}(?:\s*+=\s*+{VALUE})?+)*+)\s*+/?>")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")


def attributes_of(written: str) -> Iterator[tuple[re.Match[str], str, str | None]]:
    """Yield each attribute of a tag: its match, its name in lower case, and its value or None.

    `written` is what stands between the tag's name and its end. Character references in values are resolved.
    """
    for match in ATTRIBUTE.finditer(written):
        value = match["value"]
        if value is not None:
            value = resolved(value[1:-1] if value[0] in "\"'" else value)
        yield match, match["name"].lower(), value


def resolved(text: str) -> str:
    """Return the text with its character references resolved, except those without a semicolon."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    """Return the character that a reference stands for."""
    # Python returns an empty string for a number that is no character.
    return html.unescape(reference[0]) or "\N{REPLACEMENT CHARACTER}"
