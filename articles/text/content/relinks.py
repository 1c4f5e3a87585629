"""Relinks: links whose text stayed and which lead to another site now."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from articles.text.checks.hosts import is_same_site
from articles.text.checks.links import link_parts
from articles.text.markdown import Block, host_of, parse
from articles.text.markdown.events import Link

MAX_LINKS = 2_000  # of a text, that are compared; those in blocks that stayed do not count
MAX_BEFORE = 40  # code points before a link that tell it from others with the same text
_IN_BRACKETS = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True)
class Relink:
    """A link that led to the host `old` and leads to `new`. `text` is what readers see."""

    text: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Link:
    """A link with a host. `text` is empty if it only names the host; `before` is what stands before it on its line."""

    text: str
    before: str
    host: str

    @property
    def key(self) -> str:
        """What makes two texts equal; capitals do not tell them apart."""
        return self.text.casefold()

    def place(self, unique: Collection[str]) -> tuple[str, str]:
        """Return by what the link is known: by its text alone if that is unique."""
        return "" if self.key in unique else self.before, self.key


def relinks(old: str, new: str) -> tuple[Relink, ...]:
    """Return the links whose text stayed while their host changed, in the order of the new text.

    A link stayed if its text occurs once in both texts, or if also the text before it on its line is the same. An
    address that stands for itself is known by the text before it. A subdomain is the same site. Linear in the texts.

    >>> relinks("[our museum](https://museum.example)", "[our museum](https://rnuseum.example)")
    (Relink(text='our museum', old='museum.example', new='rnuseum.example'),)
    """
    if "//" not in old or "//" not in new:
        return ()
    blocks = [[block for _, block in parse(source).blocks] for source in (old, new)]
    stayed = {block.text for block in blocks[0]} & {block.text for block in blocks[1]}
    was, now = (list(islice(_links(side, apart_from=stayed), MAX_LINKS)) for side in blocks)
    counts, others = (Counter(link.key for link in links) for links in (was, now))
    unique = {text for text, count in counts.items() if text and count == others[text] == 1} - _texts_in(
        stayed
    )
    before, after = _hosts_by_place(was, unique), _hosts_by_place(now, unique)
    named = {link.place(unique): link.text or link.before for link in now}
    return tuple(
        Relink(named[place], led_to, leads_to)
        for place, hosts in after.items()
        for led_to, leads_to in _pairs(before.get(place, ()), hosts)
    )


def _hosts_by_place(links: Sequence[_Link], unique: Collection[str]) -> Mapping[tuple[str, str], list[str]]:
    """Return the hosts of links by what stands before the link, unless its text is unique, and by its text."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in links:
        if any(place := link.place(unique)):
            places[place].append(link.host)
    return places


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the hosts of one place that are gone, each with one that came, unless they are of one site."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for one, other in zip(gone.elements(), come.elements(), strict=False):
        if not is_same_site(one, other):
            yield one, other


def _links(blocks: Iterable[Block], *, apart_from: Collection[str]) -> Iterator[_Link]:
    """Yield the links of some blocks, apart from those blocks whose text stayed and whose links need nothing else."""
    for block in blocks:
        if block.text not in apart_from or block.derived(_has_references):
            yield from block.derived(_links_of_block)


def _texts_in(blocks: Iterable[str]) -> set[str]:
    """Return what stands in brackets in some blocks, as `_Link.key` has it: it may be the text of a link."""
    return {" ".join(text.casefold().split()) for block in blocks for text in _IN_BRACKETS.findall(block)}


def _has_references(block: Block) -> bool:
    """Return whether a link of a block leads to where a definition elsewhere says, for `Block.derived`."""
    return any(isinstance(event.value, Link) and event.value.label for event in block.events)


def _links_of_block(block: Block) -> tuple[_Link, ...]:
    """Return the links of a block that name a host, for `Block.derived`. Pictures have none."""
    if "//" not in block.text and "[" not in block.text:
        return ()
    found: list[_Link] = []
    place, host, words = 0, "", ""
    for kind, start, _end, text in link_parts(block):
        if kind == "a":
            place, host, words = start, host_of(text), ""
        elif kind == "text":
            words += text
        elif host:
            words = "" if host in words.lower() else " ".join(words.split())
            line = block.text[max(0, place - MAX_BEFORE) : place].rpartition("\n")[2]
            found.append(_Link(words, " ".join(line.split()), host))
            host = ""
    return tuple(found)
