"""What a moderator should know about a submitted revision that its own text does not tell. Reads, changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.revisions.articles import Article
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision
from articles.revisions.sketches import Sketch
from articles.text.content import FieldFinding
from articles.text.content.sketches import ENOUGH_SWAPS, ENOUGH_WORDING, Swap, swaps
from articles.text.page import linked_hosts

from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST = 10  # resembling articles that are shown


@dataclass(frozen=True, slots=True)
class Resembling:
    """A revision of another article with the same wording, disguised or not; `percent` is estimated."""

    revision: Revision
    percent: int


@dataclass(frozen=True, slots=True)
class SameSwaps:
    """A revision of another article in which the same letters were swapped, and some of them."""

    revision: Revision
    shared: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class HostUse:
    """A host that a revision links to, how many public articles do, and whether the live version does."""

    host: str
    articles: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The author's decided and waiting submissions by state, and what other articles tell."""

    record: dict[str, int]
    resembling: tuple[Resembling, ...]
    same_swaps: tuple[SameSwaps, ...]
    hosts: tuple[HostUse, ...]


def gather_evidence(
    revision: Revision, *, html: str, found: Iterable[FieldFinding], seen_by: User
) -> Evidence:
    """Gather it in a number of queries that does not grow. `found` is what the revision brings in."""
    sketches: dict[str, set[int]] = {kind: set() for kind in Sketch.Kind.values}
    for kind, value in Sketch.objects.filter(revision=revision).values_list("kind", "value"):
        sketches[kind].add(value)
    wording, letters = sketches[Sketch.Kind.WORDING], sketches[Sketch.Kind.SWAPS]
    limits = {"apart_from": revision.article_id, "most": MOST}
    enough = -(-len(wording) // ENOUGH_WORDING)
    texts = Sketch.objects.resembling(Sketch.Kind.WORDING, wording, enough=enough, **limits)
    tools = Sketch.objects.resembling(Sketch.Kind.SWAPS, letters, enough=ENOUGH_SWAPS, **limits)
    visible = Revision.objects.visible_to(seen_by).select_related("article")
    revisions = {each.pk: each for each in visible.filter(pk__in={*texts, *tools})}
    pairs = swaps(found)
    shared: dict[int, list[Swap]] = defaultdict(list)
    rows = Sketch.objects.filter(kind=Sketch.Kind.SWAPS, revision__in=tools, value__in=letters)
    for pk, value in rows.values_list("revision", "value"):
        if value in pairs:
            shared[pk].append(pairs[value])
    return Evidence(
        record=Review.objects.record_of(revision.author_id) if revision.author_id else {},
        resembling=tuple(
            Resembling(revisions[pk], 100 * n // len(wording)) for pk, n in texts.items() if pk in revisions
        ),
        same_swaps=tuple(
            SameSwaps(revisions[pk], tuple(sorted(shared[pk]))) for pk in tools if pk in revisions
        ),
        hosts=_hosts_of(revision.article, html),
    )


def first_seen(revision: Revision, *, seen_by: User) -> dict[tuple[str, str, str], Revision]:
    """The version that first brought in what stands in this one, by field, check and characters."""
    numbers = IntroducedFinding.objects.first_seen(revision)
    versions = Revision.objects.listed_for(seen_by).filter(
        article=revision.article_id, number__in=set(numbers.values())
    )
    by_number = {version.number: version for version in versions}
    return {kind: by_number[number] for kind, number in numbers.items() if number in by_number}


def _hosts_of(article: Article, html: str) -> tuple[HostUse, ...]:
    hosts = linked_hosts(html)
    counts = LinkedHost.objects.counts(hosts)
    here = set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
    rows = [HostUse(host, counts.get(host, 0), host not in here) for host in hosts]
    return tuple(sorted(rows, key=lambda row: (not row.is_new, row.articles)))
