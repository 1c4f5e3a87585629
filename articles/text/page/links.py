"""Where a page leads: the hosts of its links and images."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

MAX_HOSTS = 1_000  # of one page
MAX_HOST = 253  # characters, the longest name that DNS knows


class _Targets(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def linked_hosts(html: str) -> tuple[str, ...]:
    """The hosts that sanitized HTML links to, each once, in order, lower-case and with percent-encoding undone.

    Addresses without a host, such as those of the site itself, count for nothing.

    >>> linked_hosts('<a href="https://Shop.example/x">a</a> <a href="/about">b</a>')
    ('shop.example',)
    """
    if "//" not in html:
        return ()
    parser = _Targets()
    parser.feed(html)
    parser.close()
    hosts = dict.fromkeys(filter(None, map(_host, parser.found)))
    return tuple(hosts)[:MAX_HOSTS]


def _host(target: str) -> str:
    try:
        return unquote(urlsplit(target).hostname or "").replace("\0", "")[
            :MAX_HOST
        ]  # a database keeps no NUL
    except ValueError:
        return ""
