"""Twins of hosts: names in ASCII that read like another name in common fonts, such as `rnuseum.example`.

Names with letters of other scripts are found by the check `host`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

MIN_NAME = 4  # letters of the label before the domain; most shorter names have a twin that is a name, too
MAX_LABEL = 40  # letters of a label that are swapped
MAX_LABELS = 4  # of a host that are looked at, the last ones
MAX_SPELLINGS = 150  # of a name

# What reads alike, in both directions. Letters that only resemble each other, such as "u" and "v" or "i" and "j", are
# missing: too many honest names differ in one. With these swaps, no two of 6,931 hosts that the documentation and the
# packages of a Debian machine link to read like each other or like a name below.
_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("l", "1"), ("l", "i"), ("i", "1"), ("o", "0"))
_SWAPS = (*_ALIKE, *((other, one) for one, other in _ALIKE))
# One letter at a time and always to the longer spelling, so that it does not matter where a name is read first.
_READING = str.maketrans({"m": "rn", "w": "vv", "d": "cl", "i": "l", "1": "l", "0": "o"})

# Sites that everybody knows, so that a name like theirs is trusted at a glance: searching, mail and accounts, money,
# post, encyclopedias and public bodies, in several countries. They count even if no article links to them.
WELL_KNOWN = frozenset(
    """
    adobe.com aliexpress.com alipay.com allegro.pl amazon.com amazon.co.uk amazon.de apple.com archive.org baidu.com
    binance.com booking.com coinbase.com dhl.com discord.com doi.org dropbox.com ebay.com europa.eu facebook.com
    gmail.com google.com github.com gitlab.com gosuslugi.ru icloud.com instagram.com linkedin.com live.com mail.ru
    mastercard.com mercadolibre.com microsoft.com mozilla.org netflix.com office.com outlook.com paypal.com
    postbank.de protonmail.com reddit.com revolut.com roblox.com sberbank.ru spotify.com steamcommunity.com
    steampowered.com stripe.com telegram.org tiktok.com twitter.com visa.com weibo.com whatsapp.com wikimedia.org
    wikipedia.org yahoo.com yandex.ru youtube.com zoom.us
    """.split()
)


@dataclass(frozen=True, slots=True)
class HostTwin:
    """A host, and the known name that it reads like."""

    host: str
    known: str


def find_twins(hosts: Iterable[str], known: Iterable[str]) -> tuple[HostTwin, ...]:
    """Return the hosts that read like a known host or one of `WELL_KNOWN`, and are neither.

    Linear in both numbers, with a bounded number of look-ups a host.

    >>> find_twins(["www.rnuseum.example", "paypa1.com", "modern.example"], ["museum.example"])
    (HostTwin(host='www.rnuseum.example', known='museum.example'), HostTwin(host='paypa1.com', known='paypal.com'))
    """
    names = {name for host in known for name in _names(host)} | WELL_KNOWN
    twins = ((host, _first(spellings(host), names)) for host in hosts if not _is_genuine(host, names))
    return tuple(HostTwin(host, name) for host, name in twins if name)


def _is_genuine(host: str, known: Collection[str]) -> bool:
    """Return whether a host is known, or a subdomain of a well-known one."""
    return host.removeprefix("www.") in known or not WELL_KNOWN.isdisjoint(_names(host))


def spellings(host: str) -> tuple[str, ...]:
    """Return the names that a host may be read as, the nearest first. Their number is bounded.

    Each is the host or a parent of it, without `www.`, with one or two swaps in its first label.

    >>> spellings("rnuseum.example")[:2]
    ('museum.example', 'rnuseurn.example')
    """
    found = [pair for name in _names(host) for pair in islice(_swapped(name), MAX_SPELLINGS)]
    return tuple(dict.fromkeys(name for _, name in sorted(found, key=itemgetter(0))))


def readings(host: str) -> tuple[str, ...]:
    """Return how a host and its parents read: two names read the same if swaps make one of the other.

    Each name that `spellings` returns reads like one of them.

    >>> readings("www.rnuseum.example") == readings("museum.example")
    True
    """
    return tuple(name.translate(_READING) for name in _names(host))


def _names(host: str) -> list[str]:
    """Return a host without `www.`, and its parents, if their first label is long enough; the domain is none."""
    labels = host.removeprefix("www.").split(".")[-MAX_LABELS:]
    return [".".join(labels[k:]) for k in range(len(labels) - 1) if len(labels[k]) >= MIN_NAME]


def _swapped(name: str) -> Iterator[tuple[int, str]]:
    """Yield the spellings of a name with their number of swaps: those with one, then those with two."""
    label, dot, rest = name.partition(".")
    once = dict.fromkeys(_swap_one(label[:MAX_LABEL]))
    for spelling in once:
        yield 1, spelling + label[MAX_LABEL:] + dot + rest
    for first in once:
        for spelling in _swap_one(first):
            if spelling != label:
                yield 2, spelling + label[MAX_LABEL:] + dot + rest


def _swap_one(label: str) -> Iterator[str]:
    """Yield the spellings of a label with one swap."""
    for one, other in _SWAPS:
        place = label.find(one)
        while place >= 0:
            yield label[:place] + other + label[place + len(one) :]
            place = label.find(one, place + 1)


def _first(spellings: Iterable[str], known: Collection[str]) -> str | None:
    return next((name for name in spellings if name in known), None)
