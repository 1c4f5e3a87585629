"""The history of a site as steps, one for each commit: a version was saved, went live, or was taken offline.

Steps are read from the rows of revisions and of the log alone; no text is read. So an export finds by them what is new.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Any

from articles.models import Event, Revision

from ..trailers import State, Trailers, message
from .selection import Selection, in_chunks, no_reply

_FORM = "1"  # of commits: change how they are made, change the number, and all are made anew
_APPROVALS = (Event.Action.APPROVE, Event.Action.APPROVE_OWN)
_MOVES = (Event.Action.PUBLISH, Event.Action.UNPUBLISH, Event.Action.UNDO, *_APPROVALS)


@dataclass(frozen=True, slots=True)
class Step:
    """A commit to be: of which revision, when, and all that its message says. `slug` is empty if the text is hidden."""

    at: datetime
    revision: int
    slug: str
    trailers: Trailers

    @property
    def is_shown(self) -> bool:
        """Whether the commit shows a text: not where it is hidden, or the article is taken offline."""
        return bool(self.slug) and self.trailers.state is not State.OFFLINE

    def digest(self) -> bytes:
        """Return 32 bytes that differ wherever the commit would; the text counts by its checksum."""
        told = (_FORM, no_reply(), self.at.isoformat(), self.slug, message(self.trailers))
        return hashlib.sha256("\0".join(told).encode()).digest()


def steps(selection: Selection) -> Iterator[Step]:
    """Yield the steps of a selection in the order of their time; those of an article in the order of its history.

    Memory grows by some 200 bytes for each article, whatever the number of its versions.
    """
    kinds: list[Iterable[Step]] = [_moves(selection)]
    if not selection.is_public:
        kinds.append(_saves(selection))
    # Rows come in the order of their keys, which is nearly that of time. The merge needs no more.
    return heapq.merge(*kinds, key=lambda step: (step.at, step.trailers.state is not State.SAVED))


def count_steps(selection: Selection) -> int:
    """Return the number of steps, as nearly as a count of rows tells it."""
    moves: int = _events(selection).exclude(action__in=_APPROVALS).count()
    return moves + (0 if selection.is_public else selection.revisions().count())


def _saves(selection: Selection) -> Iterator[Step]:
    for revisions in in_chunks(selection.revisions()):
        for revision in revisions:
            yield _step(revision, State.SAVED, revision.created_at)


def _events(selection: Selection) -> Any:
    rows = Event.objects.filter(action__in=_MOVES, revision__isnull=False)
    if selection.is_public:
        rows = rows.filter(article__published_revision__isnull=False)
    return rows if selection.articles is None else rows.filter(article__in=selection.articles)


def _moves(selection: Selection) -> Iterator[Step]:
    """Yield what went live and offline. Taking an approval back shows again what was live before it."""
    live: dict[int, int] = {}  # revisions by article
    replaced: dict[
        int, tuple[int, int | None]
    ] = {}  # by article: the approved revision, and what was live before
    for events in in_chunks(_events(selection).only("pk", "at", "action", "article", "revision")):
        moves = list(chain.from_iterable(_shown(event, live, replaced) for event in events))
        revisions = _revisions(selection, {revision for _at, _state, revision in moves})
        for at, state, revision in moves:
            if revision in revisions:
                yield _step(revisions[revision], state, at)


def _shown(
    event: Any, live: dict[int, int], replaced: dict[int, tuple[int, int | None]]
) -> Iterator[tuple[datetime, State, int]]:
    """Yield what readers see after an event, if that changed: when, whether it is live, and which revision."""
    article, revision = event.article_id, event.revision_id
    match event.action:
        case Event.Action.PUBLISH:
            live[article] = revision
            yield event.at, State.LIVE, revision
        case Event.Action.UNPUBLISH:
            live.pop(article, None)
            yield event.at, State.OFFLINE, revision
        case Event.Action.APPROVE | Event.Action.APPROVE_OWN:
            replaced[article] = revision, live.get(article)
        case Event.Action.UNDO:
            approved, before = replaced.pop(article, (None, None))
            shown = live.get(article)
            if approved != revision or shown is None or shown == before:
                return  # a refusal was taken back, or an approval by which nothing went live
            if before is None:
                del live[article]
                yield event.at, State.OFFLINE, shown
            else:
                live[article] = before
                yield event.at, State.LIVE, before


def _revisions(selection: Selection, keys: set[int]) -> dict[int, Revision]:
    """Return what was live by key, also of other times: a version that is to be published is shown by its events."""
    rows = replace(selection, is_public=False).revisions().filter(pk__in=keys)
    return {row.pk: row for row in rows}


def _step(revision: Any, state: State, at: datetime) -> Step:
    is_shown = "text" not in revision.withheld
    is_told = "summary" not in revision.withheld and state is not State.OFFLINE
    is_named = "author" not in revision.withheld
    trailers = Trailers(
        article=revision.article_id,
        number=revision.number,
        state=state,
        sha256=revision.sha256,
        written_at=revision.created_at,
        author=revision.author_name if is_named else "",
        summary=revision.summary if is_told else "",
        based_on=revision.based_on_number,
        claimed_author=revision.claimed_author,
        claimed_at=revision.claimed_at,
        hidden=tuple(sorted(revision.withheld)),
    )
    return Step(at=at, revision=revision.pk, slug=revision.slug if is_shown else "", trailers=trailers)
