"""Threads: the conversation about an article as one person sees it, in order of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from articles import permissions
from articles.moderation.reviews import Review
from articles.revisions.revisions import DamagedText, Revision
from articles.text.diff import Span, compare, follow

from .remarks import MAX_QUOTE, Remark, shown_name

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MAX_FOLLOWED = 1_000_000  # code points of the texts that are compared for one page
Key = tuple[str, int]  # what an entry is, and its key


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in the newest version; `span` is None if most of it is gone.

    `text` is what stands there, cut after `MAX_QUOTE` code points.
    """

    span: Span | None
    text: str = ""


@dataclass(slots=True)
class Entry:
    """A remark or a decision with the answers to it. `place` is None if there is no passage, or it was not followed."""

    remark: Remark | None = None
    decision: Review | None = None
    answers: list[Remark] = field(default_factory=list)
    place: Place | None = None

    @property
    def name(self) -> str:
        """What forms and addresses call it."""
        return f"remark-{self.remark.pk}" if self.remark else f"decision-{self.decision and self.decision.pk}"

    @property
    def revision(self) -> Revision:
        about = self.remark or self.decision
        assert about is not None
        return about.revision

    @property
    def who(self) -> str:
        """The name of who remarked or decided, as far as the person may know it."""
        if self.remark:
            return self.remark.who
        assert self.decision is not None
        return shown_name(self.decision.decided_by_name, self.revision)

    @property
    def at(self) -> datetime:
        if self.remark:
            return self.remark.created_at
        assert self.decision is not None
        assert self.decision.decided_at is not None
        return self.decision.decided_at

    @property
    def text(self) -> str:
        return self.remark.text if self.remark else self.decision.reason if self.decision else ""


class Thread:
    """The entries of an article's conversation, oldest first; none for who does not see drafts.

    Takes two queries, which read a short row for each entry and answer; `load` takes at most six more.
    """

    def __init__(self, article: int, *, seen_by: User) -> None:
        self._article, self._seen_by = article, seen_by
        self._answers: dict[Key, list[int]] = defaultdict(list)
        self._keys: list[Key] = []
        self.open = 0
        remarks = Remark.objects.visible_to(seen_by).filter(article=article)
        columns = ("created_at", "pk", "answers", "answers_review", "resolved_at")
        told: list[tuple[datetime, Key]] = []
        for at, pk, to, to_review, resolved_at in remarks.order_by("created_at", "pk").values_list(*columns):
            if to_review or to:
                self._answers["decision" if to_review else "remark", to_review or to].append(pk)
            else:
                told.append((at, ("remark", pk)))
                self.open += resolved_at is None
        if permissions.can_see_drafts(seen_by):
            ended = Review.objects.ended_in(article).order_by().values_list("pk", "decided_at")
            told += [(at, ("decision", pk)) for pk, at in ended if at]
        self._keys = [key for _at, key in sorted(told)]
        # A decision that was taken back waits again; what was answered to it stays, and stands first.
        shown = set(self._keys)
        for key in [key for key in self._answers if key not in shown]:
            self._keys[:0] = [("remark", pk) for pk in self._answers.pop(key)]

    def __len__(self) -> int:
        return len(self._keys)

    def load(self, newest: slice, *, latest: Revision | None) -> list[Entry]:
        """Return some entries, oldest first. `newest` counts them from the newest one.

        Passages of open remarks are followed to `latest`, which was loaded `with_text`; none is without it.
        """
        keys = self._keys[::-1][newest][::-1]
        pks = [pk for kind, pk in keys if kind == "remark"]
        pks += [pk for key in keys for pk in self._answers.get(key, ())]
        remarks = Remark.objects.visible_to(self._seen_by).in_bulk(pks) if pks else {}
        decided = [pk for kind, pk in keys if kind == "decision"]
        rows = Review.objects.select_related("revision").withholding_from(self._seen_by)
        decisions = rows.in_bulk(decided) if decided else {}
        entries = []
        for key in keys:
            kind, pk = key
            entry = Entry(remark=remarks[pk]) if kind == "remark" else Entry(decision=decisions[pk])
            entry.answers = [remarks[pk] for pk in self._answers.get(key, ())]
            entries.append(entry)
        if latest and "text" not in latest.withheld:
            _follow(entries, latest, self._seen_by)
        return entries


def _follow(entries: Sequence[Entry], latest: Revision, seen_by: User) -> None:
    """Set the places of the passages of open remarks, of the newest versions first.

    Compares at most `MAX_FOLLOWED` code points of texts.
    """
    by_revision: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        said = entry.remark
        if said and said.quote and not said.is_resolved:
            by_revision[said.revision_id].append(entry)
    if not by_revision:
        return
    texts = Revision.objects.visible_to(seen_by).with_text().filter(pk__in=by_revision).order_by("-number")
    left = MAX_FOLLOWED
    for revision in texts:
        try:
            old, new = revision.source, latest.source
        except DamagedText:
            continue
        left -= len(old) + len(new)
        if left < 0:
            return
        _place(by_revision[revision.pk], old, new)


def _place(entries: Iterable[Entry], old: str, new: str) -> None:
    changes = compare(old, new).changes
    for entry in entries:
        assert entry.remark is not None
        assert entry.remark.span is not None
        span = follow(entry.remark.span, changes)
        if span:
            span = _without_space(new, span)
        entry.place = Place(span, new[slice(*span)][:MAX_QUOTE] if span else "")


def _without_space(text: str, span: Span) -> Span:
    """Return a span without the white space at its ends; all of it if there is nothing else."""
    words = text[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip())
    return (start, start + len(words.strip())) if words.strip() else span
