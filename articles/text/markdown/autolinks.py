"""Bare addresses that GFM turns into links: `www.`, `http://`, `https://`, `ftp://`, and mail addresses.

The rules are those of GitHub Flavored Markdown 0.29, "Autolinks (extension)". Closing punctuation ends an address in
any script, as it does in ASCII ("soft" characters of UTS #58).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import regex


class Autolink(NamedTuple):
    """A bare address: its span in code points, half-open, and the target of its link."""

    start: int
    end: int
    target: str


_HINT = re.compile(r"www\.|://|@", re.IGNORECASE)
_WEB = re.compile(r"(?<![A-Za-z])(?:https?|ftp)://(?=[^\s<])|(?<![^\s*_~(])www\.(?=[^\s<])", re.IGNORECASE)
_REST = re.compile(r"[^\s<]+")
_DOMAIN = regex.compile(r"(?:[^\s\p{P}\p{S}]|[-_.])+")
_MAIL = re.compile(r"(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]++@(?:[A-Za-z0-9_-]+\.)+[A-Za-z0-9_-]*[A-Za-z]")
_MAIL_GOES_ON = re.compile(r"[A-Za-z0-9]|[-_]")
_SOFT = regex.compile(r"""[\p{Terminal_Punctuation}\p{Quotation_Mark}?!.,:*_~'"]""")
_REFERENCE = re.compile(r"&[A-Za-z0-9]+;\Z")
_CLOSING = {")": "(", "\N{FULLWIDTH RIGHT PARENTHESIS}": "\N{FULLWIDTH LEFT PARENTHESIS}"}


def find_autolinks(text: str) -> Iterator[Autolink]:
    """Yield the bare addresses of a stretch of plain text, in order. Linear in its length.

    >>> [text.target for text in find_autolinks("see www.example.org/a_(b), or me@example.org.")]
    ['http://www.example.org/a_(b)', 'mailto:me@example.org']
    """
    if not _HINT.search(text):
        return
    last = 0
    for link in sorted([*_webs(text), *_mails(text)]):
        if link.start >= last:
            yield link
            last = link.end


def _webs(text: str) -> Iterator[Autolink]:
    """Yield the addresses of sites."""
    place = 0
    while match := _WEB.search(text, place):
        link, place = _web(text, match)
        if link:
            yield link


def _mails(text: str) -> Iterator[Autolink]:
    """Yield the mail addresses."""
    for match in _MAIL.finditer(text):
        if not _MAIL_GOES_ON.match(text, match.end()):
            yield Autolink(*match.span(), f"mailto:{match[0]}")


def _web(text: str, match: re.Match[str]) -> tuple[Autolink | None, int]:
    """Return the address that begins with a match, or None, and where the next address may begin."""
    has_scheme = match[0].endswith("/")
    domain = _DOMAIN.match(text, match.end() if has_scheme else match.start())
    if not domain:
        return None, match.end()
    parts = domain[0].rstrip(".").split(".")
    if not any(parts) or any("_" in part for part in parts[-2:]) or not (has_scheme or len(parts) > 1):
        return None, max(
            domain.end(), match.end()
        )  # an address that begins in this domain would have the same last parts
    rest = _REST.match(text, match.end())
    end = _end(text, match.end(), rest.end() if rest else match.end())
    if end <= match.end():
        return None, match.end()
    address = text[match.start() : end]
    return Autolink(match.start(), end, address if has_scheme else f"http://{address}"), end


def _end(text: str, start: int, end: int) -> int:
    """Return the end of an address without closing punctuation and without brackets that it did not open."""
    surplus = {
        closing: text.count(closing, start, end) - text.count(opening, start, end)
        for closing, opening in _CLOSING.items()
    }
    while end > start:
        last = text[end - 1]
        if last in _CLOSING:
            if surplus[last] <= 0:
                break
            surplus[last] -= 1
        elif last == ";" and (reference := _REFERENCE.search(text, max(start, end - 34), end)):
            end = reference.start()
            continue
        elif not _SOFT.match(last):
            break
        end -= 1
    return end
