"""The hosts that the HTML of a page leads to."""

from articles.text.markdown.links import hosts_of, targets_in_html


def linked_hosts(html: str) -> tuple[str, ...]:
    """Return the hosts that sanitized HTML leads to, each once, in order; see `host_of` for how they are read.

    Targets without a host, such as those within the site, are left out. Linear in the HTML.

    >>> linked_hosts('<a href="https://Shop.example/x">a</a> <a href="/about">b</a>')
    ('shop.example',)
    """
    return hosts_of(targets_in_html(html)) if "//" in html else ()
