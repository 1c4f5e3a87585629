"""The targets of links, in Markdown and in HTML, and the hosts that targets lead to."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from urllib.parse import unquote, urlsplit

from articles.text.markdown.parsing import Block, parse
from articles.text.markdown.tags import TAG, attributes_of

MAX_HOSTS = 1_000  # of one text or page
MAX_HOST = 253  # characters, the longest name that DNS knows

_TARGETS = frozenset(("href", "src", "cite"))  # attributes that hold one
_TAG_OR_COMMENT = re.compile(rf"{TAG.pattern}|<!--(?s:.*?)(?:-->|\Z)")
# What a decoded host may not hold (WHATWG URL, "forbidden domain code point"); U+FFFD stands for broken UTF-8.
_FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f\ufffd]")


def link_targets(source: str) -> tuple[str, ...]:
    """Return the targets of all links and images, in order: in Markdown as the parser reads them, and in HTML tags."""
    return tuple(target for _, block in parse(source).blocks for target in block.derived(_targets))


def targets_in_html(html: str) -> Iterator[str]:
    """Yield the targets that HTML tags name, in order; comments hold none."""
    for match in _TAG_OR_COMMENT.finditer(html):
        for _, name, value in attributes_of(match[3]) if match[3] else ():
            if value and name in _TARGETS:
                yield value


def hosts_of(targets: Iterable[str]) -> tuple[str, ...]:
    """Return the hosts that some targets lead to, each once, in order; at most `MAX_HOSTS`."""
    hosts = dict.fromkeys(filter(None, map(host_of, targets)))
    return tuple(hosts)[:MAX_HOSTS]


def host_of(target: str) -> str:
    """Return the host that a target leads to, percent-decoded as browsers do, in lower case.

    At most `MAX_HOST` characters. Empty if the target names no host, or one that browsers refuse.

    >>> host_of("https://me@Ex%61mple.org:8080/x")
    'example.org'
    """
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.netloc.rpartition("@")[2].startswith("["):  # an IPv6 address
        return host
    host = unquote(host).lower()
    return "" if _FORBIDDEN.search(host) else host[:MAX_HOST]


def _targets(block: Block) -> tuple[str, ...]:
    """Return the targets in a block, for `Block.derived`."""
    targets: list[str] = []
    for kind, events in groupby(block.events, key=lambda event: event.kind):
        if kind in ("Link", "Image"):
            targets += (event.value.target for event in events)
        elif kind in ("Html", "InlineHtml"):
            # A block of HTML has an event for each line, and a tag may go over lines.
            targets += targets_in_html("".join(event.value for event in events))
    return tuple(targets)
