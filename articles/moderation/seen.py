"""What a decision is bound to: the state that its page showed. A decision takes effect only while that state stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Self

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.revisions.events import Event
from articles.revisions.hidings import Hiding
from articles.revisions.revisions import Revision
from articles.revisions.schedules import Schedule
from articles.text.content import Content, findings

from .allowances import Allowance
from .covering import split_findings
from .errors import NotAsSeen
from .reviews import Review

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from articles.revisions.articles import Article

MOST_TOLD = 30  # changes that are listed
_NUMBER = re.compile(r"[0-9]{1,18}")
_ROWS = re.compile(r"([0-9]{1,9}):[0-9a-f]{16}|-")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page of a decision showed. `str()` makes the text that its form carries, and `read` reads it.

    `review` waits with version `number`; 0 for none, as in `live`. `newest` binds no decision, since drafts may follow.
    `hidden` stands for the hidings in force in the article, and `silenced` for the allowances that cover a finding of
    the version; `-` where the page shows no findings. `event` is the key of the article's last entry in the log, and
    `at` the moment in microseconds since 1970.
    """

    review: int
    number: int
    newest: int
    live: int
    is_archived: int
    schedule: int
    hidden: str
    silenced: str
    event: int
    at: int

    def __str__(self) -> str:
        return ".".join(map(str, astuple(self)))

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return what a form carries; None for anything else."""
        values = text.split(".")
        if len(values) != len(fields(cls)):
            return None
        read: list[int | str] = []
        for field, value in zip(fields(cls), values, strict=True):
            is_rows = field.name in ("hidden", "silenced")
            if not (_ROWS if is_rows else _NUMBER).fullmatch(value):
                return None
            read.append(value if is_rows else int(value))
        return cls(*read)  # type: ignore[arg-type]

    @property
    def moment(self) -> datetime:
        """When the page was drawn; the beginning of time if the form names no moment that there is."""
        try:
            return datetime.fromtimestamp(self.at / 1_000_000, UTC)
        except (OverflowError, ValueError, OSError):
            return datetime.fromtimestamp(0, UTC)

    @property
    def hidden_count(self) -> int:
        return _count(self.hidden)

    @property
    def silenced_count(self) -> int:
        return _count(self.silenced)

    def stands_as(self, now: Seen) -> bool:
        """Return whether nothing that binds a decision differs."""
        silenced = now.silenced if self.silenced == "-" else self.silenced
        return replace(now, newest=0, event=0, at=0) == replace(
            self, newest=0, event=0, at=0, silenced=silenced
        )


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened after a page was drawn, in a sentence, with the reason given; `at` None if unknown."""

    text: str
    at: datetime | None = None
    reason: str = ""


# See


def see(review: Review) -> Seen:
    """Return what the page of a review shows. Load the review with its texts. Takes at most six queries."""
    return _with_silenced(see_all([review])[review.pk], review.revision)


def see_all(reviews: Collection[Review]) -> dict[int, Seen]:
    """Return what a list shows of reviews, by their keys: no findings. Takes four queries for any number."""
    articles = {review.revision.article_id: review.revision.article for review in reviews}
    standing = _standing(articles)
    return {
        review.pk: replace(
            standing[review.revision.article_id], review=review.pk, number=review.revision.number
        )
        for review in reviews
    }


def see_now(article: Article) -> Seen:
    """Return what a page would show of an article now, whatever waits in it. Takes at most eight queries."""
    waiting = Review.objects.waiting_in(article.pk).first()
    if waiting is None:
        return _standing({article.pk: article})[article.pk]
    waiting.revision.article = article
    return see(waiting)


def _standing(articles: dict[int, Article]) -> dict[int, Seen]:
    """Return what is true of articles, with no review."""
    at = int(timezone.now().timestamp() * 1_000_000)
    pointers = [a.latest_revision_id for a in articles.values()]
    pointers += [a.published_revision_id for a in articles.values()]
    named = Revision.objects.filter(pk__in=[pk for pk in pointers if pk]).order_by()
    numbers: dict[int | None, int] = dict(named.values_list("pk", "number"))
    hidings: dict[int, list[int]] = {pk: [] for pk in articles}
    for pk, article in (
        Hiding.objects.active().filter(revision__article__in=articles).values_list("pk", "revision__article")
    ):
        hidings[article].append(pk)
    schedules = dict(Schedule.objects.open().filter(article__in=articles).values_list("article", "pk"))
    logged = Event.objects.filter(article__in=articles).order_by().values_list("article")
    events = dict(logged.annotate(last=Max("pk")))
    return {
        pk: Seen(
            review=0,
            number=0,
            newest=numbers.get(article.latest_revision_id, 0),
            live=numbers.get(article.published_revision_id, 0),
            is_archived=int(article.is_archived),
            schedule=schedules.get(pk, 0),
            hidden=_rows(hidings[pk]),
            silenced="-",
            event=events.get(pk, 0),
            at=at,
        )
        for pk, article in articles.items()
    }


def _with_silenced(seen: Seen, revision: Revision) -> Seen:
    reaching = Allowance.objects.reaching(revision.article_id, revision.language)
    content = revision.content
    near = [allowance for allowance in reaching if _is_in(allowance, content)]
    if not near:
        return replace(seen, silenced=_rows([]))
    split = split_findings(findings(content), content, article=revision.article_id, allowances=near)
    return replace(seen, silenced=_rows({allowance.pk for _item, allowance in split.allowed}))


def _is_in(allowance: Allowance, content: Content) -> bool:
    """Return whether the characters of an allowance stand in a content: quick, before anything is scanned."""
    texts = (content.title, content.slug, content.source, content.summary, *content.tags)
    value = allowance.value.lower()
    return any(value in text.lower() for text in (*texts, content.excerpt, content.description))


def _rows(keys: Iterable[int]) -> str:
    """Return a short text that stands for a set of rows: how many, and a checksum of their keys."""
    keys = sorted(keys)
    return f"{len(keys)}:{sha256(repr(keys).encode()).hexdigest()[:16]}"


def _count(rows: str) -> int:
    return int(rows.partition(":")[0]) if ":" in rows else 0


# Compare


def require_as_seen(review: Review, seen: Seen | None, *, by: User) -> None:
    """Raise `NotAsSeen` if something that the page showed has changed. Lock the article first. None is not bound."""
    if seen is None:
        return
    now = see(review)
    if not seen.stands_as(now):
        raise NotAsSeen(changes_since(review, seen, now=now, seen_by=by))


def changes_since(review: Review, seen: Seen, *, now: Seen, seen_by: User) -> tuple[Change, ...]:
    """Return what happened to the article of a review since a page showed it, the earliest first.

    Names that are hidden from the person stay hidden. At least one change, if a decision is refused. Takes two queries.
    """
    if seen.review != review.pk:
        return (Change(_("The form belongs to another version than the one that you decided on.")),)
    revision = review.revision
    events = Event.objects.for_log(seen_by).filter(article=revision.article_id, pk__gt=seen.event)
    told = [_told(event, seen) for event in events.exclude(action__in=_UNTOLD)[:MOST_TOLD]]
    is_told = now.review == seen.review and seen.silenced not in ("-", now.silenced)
    silenced = _allowed_since(revision, seen) if is_told else []
    changes = sorted([*told, *silenced], key=lambda change: change.at or seen.moment)
    return tuple(changes) or (Change(_("Something that this page showed is different now.")),)


_UNTOLD = (  # said by another entry, or by the allowance
    Event.Action.SUPERSEDE,
    Event.Action.CARRY_OVER,
    Event.Action.ALLOW,
    Event.Action.PROPOSE,
    Event.Action.CONFIRM,
    Event.Action.CONFIRM_OWN,
    Event.Action.DECLINE,
    Event.Action.REVOKE,
    Event.Action.EXPIRE,
    Event.Action.MEET_RULE,
)


def _told(event: Event, seen: Seen) -> Change:
    number = event.revision.number if event.revision else 0
    parts = event.detail.split(", ")
    text = str(_SENTENCES.get(Event.Action(event.action), _("%(name)s: %(action)s, version %(number)d.")))
    if event.action == Event.Action.SUBMIT and number > seen.number > 0:
        text = _("%(name)s submitted version %(number)d; it takes the place of %(old)d.")
    elif event.action == Event.Action.HIDE and Hiding.Part.TEXT in parts:
        if number == seen.live:
            text = _("%(name)s hid the text of live version %(number)d.")
        else:
            text = _("%(name)s hid the text of version %(number)d.")
    values = {
        "name": event.who,
        "number": number,
        "old": seen.number,
        "action": event.get_action_display(),
        "parts": ", ".join(str(Hiding.Part(part).label) for part in parts if part in Hiding.Part.values),
    }
    return Change(text % values, at=event.at, reason=event.reason)


_SENTENCES = {
    Event.Action.SAVE: gettext_lazy("%(name)s saved version %(number)d."),
    Event.Action.RESTORE: gettext_lazy("%(name)s saved version %(number)d from an earlier one."),
    Event.Action.SUBMIT: gettext_lazy("%(name)s submitted version %(number)d."),
    Event.Action.WITHDRAW: gettext_lazy("%(name)s took version %(number)d out of the queue."),
    Event.Action.APPROVE: gettext_lazy("%(name)s approved version %(number)d."),
    Event.Action.APPROVE_OWN: gettext_lazy("%(name)s approved version %(number)d, a text of their own."),
    Event.Action.FIX: gettext_lazy("%(name)s corrected the text in version %(number)d."),
    Event.Action.REQUEST_CHANGES: gettext_lazy("%(name)s requested changes in version %(number)d."),
    Event.Action.REJECT: gettext_lazy("%(name)s rejected version %(number)d."),
    Event.Action.UNDO: gettext_lazy("%(name)s took the decision on version %(number)d back."),
    Event.Action.APPEAL: gettext_lazy("%(name)s appealed; version %(number)d waits again."),
    Event.Action.TAKE_OVER: gettext_lazy("%(name)s took the review of version %(number)d over."),
    Event.Action.NOTE_REVIEW: gettext_lazy("%(name)s added a note about version %(number)d."),
    Event.Action.ASK_OPINION: gettext_lazy("%(name)s asked for a second opinion on version %(number)d."),
    Event.Action.PUBLISH: gettext_lazy("%(name)s published version %(number)d."),
    Event.Action.UNPUBLISH: gettext_lazy("%(name)s took version %(number)d offline."),
    Event.Action.SCHEDULE: gettext_lazy("%(name)s scheduled version %(number)d."),
    Event.Action.UNSCHEDULE: gettext_lazy("%(name)s cancelled the schedule of version %(number)d."),
    Event.Action.ARCHIVE: gettext_lazy("%(name)s put the article into the archive."),
    Event.Action.UNARCHIVE: gettext_lazy("%(name)s took the article out of the archive."),
    Event.Action.HIDE: gettext_lazy("%(name)s hid parts of version %(number)d: %(parts)s."),
    Event.Action.UNHIDE: gettext_lazy("%(name)s showed hidden parts of version %(number)d again: %(parts)s."),
    Event.Action.REMARK: gettext_lazy("%(name)s made a remark on version %(number)d."),
    Event.Action.ANSWER: gettext_lazy("%(name)s answered in the conversation, on version %(number)d."),
    Event.Action.RESOLVE: gettext_lazy("%(name)s settled a remark on version %(number)d."),
    Event.Action.REOPEN: gettext_lazy("%(name)s opened a remark on version %(number)d again."),
}


def _allowed_since(revision: Revision, seen: Seen) -> list[Change]:
    """Return which allowances that may cover a finding of a revision were made, revoked or over since."""
    content = revision.content
    found = []
    for allowance in Allowance.objects.touching(revision.article_id, revision.language, since=seen.moment):
        if not _is_in(allowance, content):
            continue
        value, scope = allowance.value, allowance.get_scope_display()
        if allowance.confirmed_at:  # it holds since then
            name, at = allowance.confirmed_by_name, allowance.confirmed_at
        else:
            name, at = allowance.allowed_by_name, allowance.allowed_at
        if at >= seen.moment:
            text = _("%(name)s allowed “%(value)s” %(scope)s.")
            values = {"name": name, "value": value, "scope": scope}
            found.append(Change(text % values, at=at, reason=allowance.reason))
        if allowance.revoked_at:
            text = _("%(name)s revoked the allowance of “%(value)s”.")
            values = {"name": allowance.revoked_by_name, "value": value}
            found.append(Change(text % values, at=allowance.revoked_at, reason=allowance.revoked_why))
        elif not allowance.is_active:
            found.append(Change(_("The allowance of “%(value)s” is over.") % {"value": value}))
    return found or [Change(_("Other findings of this version are silenced than the page showed."))]
