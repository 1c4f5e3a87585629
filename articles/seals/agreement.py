"""Agreement: what the log says was done, against the rows that keep where things stand.

The log is sealed, line by line; pointers, reviews and dates of articles change, so they are not. But all that changes
them is in the log, from which they follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Exists, OuterRef, Subquery

from articles.moderation.allowances import Allowance
from articles.moderation.reviews import Review
from articles.revisions.articles import Article
from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.live_changes import LiveChange
from articles.revisions.publications import Publication
from articles.revisions.revisions import Revision

AT_ONCE = 500  # articles
WITHIN = timedelta(hours=1)  # a transaction has logged what it did
_Action = Event.Action
_DECISIONS = {
    _Action.APPROVE: Review.State.APPROVED,
    _Action.APPROVE_OWN: Review.State.APPROVED,
    _Action.REQUEST_CHANGES: Review.State.CHANGES_REQUESTED,
    _Action.REJECT: Review.State.REJECTED,
    _Action.WITHDRAW: Review.State.WITHDRAWN,
    _Action.SUPERSEDE: Review.State.SUPERSEDED,
}
_CONFIRMATIONS = (_Action.CONFIRM, _Action.CONFIRM_OWN)
_MOVES = (*_DECISIONS, _Action.UNDO, _Action.PUBLISH, _Action.UNPUBLISH)
_Decision = tuple[int, str, datetime | None, str, str]  # revision, state, time, name, reason


@dataclass(slots=True)
class _Account:
    """What the log says of an article: its live revision, and the decisions that stand."""

    live: int | None = None
    decisions: dict[int, list[tuple[_Decision, int | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, event: Any) -> None:
        """Take the next event in."""
        match event.action:
            case _Action.PUBLISH:
                self.live = event.revision_id
            case _Action.UNPUBLISH:
                self.live = None
            case _Action.UNDO:
                if standing := self.decisions[event.revision_id]:
                    _said, self.live = standing.pop()  # taken back only while nothing else has happened
            case action:
                said = (event.revision_id, str(_DECISIONS[action]), event.at, event.actor_name, event.reason)
                self.decisions[event.revision_id].append((said, self.live))


def agreement_faults() -> Iterator[str]:
    """Yield a line for each article whose pointers, dates or decisions are not what the log says, and the like."""
    last = 0
    while articles := list(_articles().filter(pk__gt=last)[:AT_ONCE]):
        accounts, stored = _accounts(articles), _stored_decisions(articles)
        for article in articles:
            faults = _article_faults(article, accounts[article.pk], stored[article.pk])
            yield from (f"{article.slug}: {fault}" for fault in faults)
        last = articles[-1].pk
    yield from _hiding_faults()
    yield from _review_faults()
    yield from _publication_faults()
    yield from _allowance_faults()


def _articles() -> Any:
    """Return the articles by key, each with `first_at`, when the first of its publications was."""
    publications = Publication.objects.filter(revision__article=OuterRef("pk")).order_by("published_at")
    articles = Article.objects.select_related("published_revision__publication")
    return articles.annotate(first_at=Subquery(publications.values("published_at")[:1])).order_by("pk")


def _accounts(articles: Collection[Article]) -> dict[int, _Account]:
    """Return what the log says of each of some articles. One query."""
    accounts: dict[int, _Account] = defaultdict(_Account)
    events = Event.objects.filter(action__in=_MOVES, article__in=articles).order_by("pk")
    for event in events.only("article", "revision", "action", "at", "actor_name", "reason").iterator():
        assert event.article_id is not None  # the filter says so
        accounts[event.article_id].add(event)
    return accounts


def _stored_decisions(articles: Collection[Article]) -> dict[int, set[_Decision]]:
    """Return the decisions that the reviews of some articles hold. One query."""
    decisions: dict[int, set[_Decision]] = defaultdict(set)
    reviews = Review.objects.filter(article__in=articles, decided_at__isnull=False)
    columns = ("revision", "state", "decided_at", "decided_by_name", "reason")
    for article, *decision in reviews.values_list("article", *columns).iterator():
        decisions[article].add(cast(_Decision, tuple(decision)))
    return decisions


def _article_faults(article: Any, account: _Account, stored: set[_Decision]) -> Iterator[str]:
    live = article.published_revision
    if article.published_revision_id != account.live:
        yield f"readers get {_version(article.published_revision_id)}, but by the log it is {_version(account.live)}"
    if article.first_published_at != article.first_at:
        yield "its date of first publication is not that of its first publication"
    if live and hasattr(live, "publication"):
        if article.published_at != Publication.objects.of_last_change(live):
            yield "its date of publication is not that of its live version"
        if article.slug != live.slug:
            yield f"its address is not that of version {live.number}"
    elif live:
        yield f"version {live.number} is live and was never published"
    told = {said for standing in account.decisions.values() for said, _live in standing}
    for revision in sorted({revision for revision, *_said in told ^ stored}):
        yield f"{_version(revision)}: its reviews and the log tell of different decisions"


def _version(revision: int | None) -> str:
    if revision is None:
        return "no version"
    number = Revision.objects.filter(pk=revision).values_list("number", flat=True).first()
    return f"version {number}" if number else "a version that is lost"


def _hiding_faults() -> Iterator[str]:
    """Yield a line for each hiding that the log does not tell of, and for each that ended without a word in it."""
    told = Event.objects.filter(
        article=OuterRef("revision__article"),
        revision=OuterRef("revision"),
        action__in=(_Action.HIDE, _Action.UNHIDE),
    )
    standing = Hiding.objects.active().filter(revision=OuterRef("revision"))
    rows = Hiding.objects.select_related("revision__article").order_by("pk")
    hidings: Any = rows.annotate(
        told_last=Subquery(told.order_by("-pk").values("action")[:1]), is_hidden=Exists(standing)
    )
    for hiding in hidings.iterator():
        events = Event.objects.filter(
            article=hiding.revision.article_id,
            action=_Action.HIDE,
            revision=hiding.revision_id,
            at=hiding.hidden_at,
        )
        if not events.exists():
            where = f"{hiding.revision.article.slug}: version {hiding.revision.number}"
            yield f"{where}: is hidden, but the log does not tell of it"
        elif hiding.is_hidden != (hiding.told_last == _Action.HIDE):
            where = f"{hiding.revision.article.slug}: version {hiding.revision.number}"
            yield f"{where}: is {'hidden' if hiding.is_hidden else 'not hidden'}, but by the log it is otherwise"


def _review_faults() -> Iterator[str]:
    """Yield a line for each version that is said to have gone live after a review which the log does not tell of."""
    last = 0
    changes = LiveChange.objects.filter(how=LiveChange.How.REVIEW).select_related("revision__article")
    while batch := list(changes.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        events = Event.objects.filter(
            action=_Action.APPROVE, article__in={change.article_id for change in batch}
        )
        told = set(events.values_list("revision", "actor_name", "at"))
        for change in batch:
            if (change.revision_id, change.seen_by_name, change.seen_at) not in told:
                where = f"{change.revision.article.slug}: version {change.revision.number}"
                yield f"{where}: is said to be reviewed by {change.seen_by_name}, but the log tells of no such approval"
        last = batch[-1].pk


def _publication_faults() -> Iterator[str]:
    """Yield a line for each version that readers may have, though the log does not tell that it went live."""
    told = Event.objects.filter(
        article=OuterRef("revision__article"), revision=OuterRef("pk"), action=_Action.PUBLISH
    )
    rows = Publication.objects.filter(~Exists(told)).order_by("pk")
    for slug, number in rows.values_list("revision__article__slug", "revision__number").iterator():
        yield f"{slug}: version {number}: has a publication, but the log does not tell of it"


def _allowance_faults() -> Iterator[str]:
    """Yield a line for each step of an allowance that the log does not tell of. One query a step."""
    for allowance in Allowance.objects.order_by("pk").iterator():
        if allowance.needs_second and not allowance.is_proposed and not allowance.confirmed_at:
            yield f"(site): allowance {allowance.pk}: is in force, but nobody confirmed it"
        for step, name, at, actions in (
            ("made", allowance.allowed_by_name, allowance.allowed_at, (_Action.ALLOW, _Action.PROPOSE)),
            ("confirmed", allowance.confirmed_by_name, allowance.confirmed_at, _CONFIRMATIONS),
            ("ended", allowance.revoked_by_name, allowance.revoked_at, (_Action.REVOKE, _Action.DECLINE)),
        ):
            if at is None:
                continue
            told = Event.objects.filter(action__in=actions, actor_name=name, detail=allowance.detail[:500])
            told = told.filter(revision=allowance.revision_id, at__range=(at, at + WITHIN))
            if not (told if allowance.revision_id else told.filter(article=allowance.article_id)).exists():
                yield f"(site): allowance {allowance.pk}: was {step}, but the log does not tell of it"
