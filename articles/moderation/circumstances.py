"""Circumstances: what the risk of a submission counts of its author and of what else waits, without reading a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .reputations import floods, reputations_of
from .risk import MOST_SHARED, Part
from .traits import Trait


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Who submitted what and when. `review` is None until it waits; `new_hosts` are those new to the site."""

    author: int | None
    article: int
    at: datetime
    new_hosts: frozenset[str]
    review: int | None = None


def circumstances(submissions: Sequence[Submission]) -> list[dict[Part, int]]:
    """Return what the risk of each counts. Takes at most four queries, however many they are.

    The record and the flood of an account that is deleted are empty.
    """
    with_author = [(s.author, s.article, s.at) for s in submissions if s.author is not None]
    reputations = reputations_of({author for author, _, _ in with_author})
    numbers = iter(list(floods(with_author, reputations)))
    shared = _shared(submissions)
    counts = []
    for submission, others in zip(submissions, shared, strict=True):
        found = {Part.SHARED: others}
        if submission.author is not None:
            found |= {**reputations[submission.author].counts, Part.FLOOD: next(numbers)}
        counts.append({part: count for part, count in found.items() if count})
    return counts


def _shared(submissions: Sequence[Submission]) -> list[int]:
    """Return how many other reviews link to a host of each submission that is new to the site, to `MOST_SHARED`."""
    hosts = {host for submission in submissions for host in submission.new_hosts}
    if not hosts:
        return [0] * len(submissions)
    rare, common = Trait.objects.rare_hosts(hosts, MOST_SHARED + 1)
    by_host: dict[str, set[int]] = defaultdict(set)
    for host, review in Trait.objects.of_new_hosts(rare).values_list("value", "review") if rare else ():
        by_host[host].add(review)
    shared = []
    for submission in submissions:
        if not common.isdisjoint(submission.new_hosts):
            shared.append(MOST_SHARED)
            continue
        others = {review for host in submission.new_hosts & rare for review in by_host[host]}
        shared.append(min(MOST_SHARED, len(others - {submission.review})))
    return shared
