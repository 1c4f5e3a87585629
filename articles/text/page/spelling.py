"""The spelling of a page's HTML: one form for each thing, so that no two parsers read it differently."""

import html
import re
from urllib.parse import quote

from articles.text.markdown.tags import TAG, attributes_of, resolved
from articles.text.page import safelist

CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # and noncharacters, which XML forbids
_TOKEN = re.compile(rf"{TAG.pattern}|[^<]++|<")
_OWN_ID = re.compile(rf' (id="|href="#){safelist.PREFIX}')
_PRE = re.compile("<pre[ >]")


def escape(text: str) -> str:
    """Escape text for HTML. Control characters become U+FFFD, since parsers read them differently."""
    if text.isalnum() or text == "\n":
        return text
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", html.escape(text, quote=False))


def quoted(value: str) -> str:
    """Escape the value of an attribute that stands between double quotes."""
    return escape(value).replace('"', "&quot;")


def as_address(target: str) -> str:
    """Return a link's target as CommonMark writes it: percent-encoded, except characters that URLs may hold."""
    return quote(target, safe="!#$%&'()*+,-./:;=?@_~")


def start_tag(tag: str, attributes: dict[str, str]) -> str:
    """Return a start tag with its attributes in order of their names."""
    written = [f' {name}="{quoted(value)}"' for name, value in sorted(attributes.items())]
    return f"<{tag}{''.join(written)}>"


def line_end_after_pre(text: str) -> str:
    """Return the line end to write before the text of a `pre`, since HTML ignores one directly after the tag."""
    return "\n" if text.startswith("\n") else ""


def begins_pre(written: str) -> bool:
    """Return whether a piece of HTML begins with the start tag of a `pre`."""
    return bool(_PRE.match(written))


def respelled(page: str) -> str:
    """Return HTML of a parser, which drops the line end after `pre`, in the spelling of this module."""
    written = [""]
    for match in _TOKEN.finditer(page):
        closing, tag, attributes = match.group(1, 2, 3)
        if tag:
            known = {name: value or "" for _, name, value in attributes_of(attributes)}
            written.append(f"</{tag}>" if closing else start_tag(tag, known))
        else:
            text = resolved(match[0])
            written.append((line_end_after_pre(text) if begins_pre(written[-1]) else "") + escape(text))
    return "".join(written)


def with_ids_apart(page: str, name: str) -> str:
    """Add a name to the ids of a page and to the links to them, so that a document can show two pages.

    >>> with_ids_apart('<b id="user-content-a">id="user-content-a"</b>', "old")
    '<b id="user-content-old-a">id="user-content-a"</b>'
    """
    return TAG.sub(
        lambda tag: _OWN_ID.sub(lambda match: f" {match[1]}{safelist.PREFIX}{name}-", tag[0]), page
    )
