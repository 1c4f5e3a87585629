"""Evidence: what other articles and the author's record tell a moderator about a submitted revision."""

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

MAX_ARTICLES = 10  # of each kind of resemblance


@dataclass(frozen=True, slots=True)
class Resembling:
    """A revision of another article with the same wording, even if disguised; `percent` is an estimate."""

    revision: Revision
    percent: int


@dataclass(frozen=True, slots=True)
class SameSwaps:
    """A revision of another article with the same swapped letters; `shared` has some of the swaps."""

    revision: Revision
    shared: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class HostUse:
    """A host that a revision links to; `articles` is how many public articles do, `is_new` if this one does not yet."""

    host: str
    articles: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """The author's number of reviews by state, and what the revision shares with other articles."""

    record: dict[str, int]
    resembling: tuple[Resembling, ...]
    same_swaps: tuple[SameSwaps, ...]
    hosts: tuple[HostUse, ...]


def gather_evidence(
    revision: Revision, *, html: str, found: Iterable[FieldFinding], seen_by: User
) -> Evidence:
    """Gather the evidence in a constant number of queries. `found` has the findings that the revision introduced."""
    sketches: dict[str, set[int]] = {kind: set() for kind in Sketch.Kind.values}
    for kind, value in Sketch.objects.filter(revision=revision).values_list("kind", "value"):
        sketches[kind].add(value)
    wording, letters = sketches[Sketch.Kind.WORDING], sketches[Sketch.Kind.SWAPS]
    limits = {"apart_from": revision.article_id, "most": MAX_ARTICLES}
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
    """Return the revision that first had each finding of this one, by field, check and characters.

    Leaves out revisions that the person may not list.
    """
    numbers = IntroducedFinding.objects.first_seen(revision)
    versions = Revision.objects.listed_for(seen_by).filter(
        article=revision.article_id, number__in=set(numbers.values())
    )
    by_number = {version.number: version for version in versions}
    return {kind: by_number[number] for kind, number in numbers.items() if number in by_number}


def _hosts_of(article: Article, html: str) -> tuple[HostUse, ...]:
    """Return the hosts that the HTML links to, new and rare ones first. Takes two queries."""
    hosts = linked_hosts(html)
    counts = LinkedHost.objects.counts(hosts)
    here = set(LinkedHost.objects.filter(article=article).values_list("host", flat=True))
    rows = [HostUse(host, counts.get(host, 0), host not in here) for host in hosts]
    return tuple(sorted(rows, key=lambda row: (not row.is_new, row.articles)))
