"""The versions of a history as its page shows them: formatted, by day, and with small saves folded.

Formatted in Python, because the template takes twice as long; the links of a version even as HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import permissions
from articles.models import ChangeKind, Review, Revision, SoftwareShare
from articles.moderation.reviewed import Reviewed
from articles.templatetags.labels import share_label

FOLDED_FROM = 3  # versions
SMALL = 50  # code points added and removed
NEAR = timedelta(minutes=30)
BAR_WIDTH, BAR_MOST = 96, 1_400  # of a size bar in its own units, and the code points that fill it
BAR_LEAST = 2


class Odd(NamedTuple):
    """A count of odd characters: what a badge shows, and the same in words."""

    shown: str
    words: str


class Size(NamedTuple):
    """Code points added and removed, as text; for the bar the start and the width of both parts."""

    added: str
    removed: str
    bars: tuple[str, str, str, str]


class Row(NamedTuple):
    """One version. A text that the person may not read has an empty `url`."""

    revision: Any
    number: str
    url: str
    written_at: str  # ISO 8601
    time: str
    badges: Sequence[str]
    odd: Sequence[Odd]
    links: SafeString
    size: Size | None
    is_old: bool
    is_new: bool
    reviewed: str  # by whom and when, before it went live; as HTML, empty without a review


class Group(NamedTuple):
    """Versions that stand one by one, or folded under `summary`."""

    rows: Sequence[Row]
    summary: str
    is_open: bool


class Day(NamedTuple):
    name: str
    date: str
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Choice:
    """The versions whose radio buttons are set. `asked` is the one that the address names, on this page or not."""

    asked: int | None
    old: int | None
    new: int | None


def choose(revisions: Iterable[Revision], asked: int | None) -> Choice:
    """Choose the version that was asked for and the newest other one; without it, the newest two of a page."""
    numbers = [
        revision.number for revision in revisions if not is_hidden(revision) and revision.number != asked
    ]
    return Choice(
        asked=asked,
        old=asked or next(iter(numbers[1:]), None),
        new=next(iter(numbers), None),
    )


def is_hidden(revision: Revision) -> bool:
    return "text" in revision.withheld


def days(
    revisions: Sequence[Any],
    article: Any,
    choice: Choice,
    *,
    user: permissions.Person,
    reviews: Mapping[int, Reviewed],
) -> Iterator[Day]:
    """Yield the days of a page of `for_history`, in its order. Makes no query. Linear in the revisions.

    `reviews` are those of the revisions that were published, by their keys.
    """
    rows = _rows(revisions, article, choice, user=user, reviews=reviews)
    for date, of_day in groupby(rows, key=lambda row: row.written_at[:10]):
        shown = list(of_day)
        written = localtime(shown[0].revision.created_at)
        name = _("%(weekday)s, %(date)s") % {
            "weekday": date_format(written, "l"),
            "date": date_format(written),
        }
        yield Day(name, date, list(_groups(shown)))


def _rows(
    revisions: Sequence[Any],
    article: Any,
    choice: Choice,
    *,
    user: permissions.Person,
    reviews: Mapping[int, Reviewed],
) -> Iterator[Row]:
    """Yield formatted versions. Translate once a page."""
    address, links_of = article.get_absolute_url(), _Links(article, choice, user=user)
    live, published = _("live"), _("was published") if permissions.can_see_drafts(user) else ""
    states = {value: str(label) for value, label in Review.State.choices}
    kinds = {value: str(label) for value, label in ChangeKind.choices}
    shares = {value: share_label(value) for value in SoftwareShare.values}
    for revision in revisions:
        hidden = is_hidden(revision)
        written_at = localtime(revision.created_at)
        if revision.pk == article.published_revision_id:
            state = live
        else:
            state = published if revision.was_published else states.get(revision.review_state, "")
        yield Row(
            revision=revision,
            number=str(revision.number),
            url="" if hidden else f"{address}revisions/{revision.number}/",
            written_at=written_at.isoformat(timespec="seconds"),
            time=date_format(written_at, "TIME_FORMAT"),
            badges=list(
                filter(None, (state, kinds.get(revision.change_kind), shares.get(revision.software_share)))
            ),
            odd=[] if hidden else list(_odd(revision)),
            links=links_of(revision, is_readable=not hidden),
            size=_size(revision) if not hidden and _follows(revision) else None,
            is_old=revision.number == choice.old,
            is_new=revision.number == choice.new,
            reviewed=_reviewed(reviews.get(revision.pk)),
        )


def _reviewed(reviewed: Reviewed | None) -> str:
    """Return by whom and on which day a version was reviewed, as HTML; empty without a review."""
    if reviewed is None or not reviewed.is_review or reviewed.at is None:
        return ""
    day = date_format(localtime(reviewed.at))
    if reviewed.name:
        name = format_html("<bdi>{}</bdi>", reviewed.name)
        return format_html(_("reviewed by {name}, {day}"), name=name, day=day)
    return format_html(_("reviewed by a moderator, {day}"), day=day)


class _Links:
    """Makes the links of a version. Builds URLs from strings: `reverse` would take a fifth of the page's time."""

    def __init__(self, article: Any, choice: Choice, *, user: permissions.Person) -> None:
        self.address, self.queue = article.get_absolute_url(), reverse("queue")
        self.may_hide = permissions.can_hide(user)
        self.current, self.asked = article.current, choice.asked
        self.cur, self.prev, self.other, self.hide = _("cur"), _("prev"), _("other"), _("hide")
        self.with_asked = _("with version %(n)d") % {"n": choice.asked or 0}
        self.with_number = _("%(word)s: compare version %(n)d with version %(other)d")
        self.with_another = _("%(word)s: compare version %(n)d with another one")
        self.hide_number = _("%(word)s parts of version %(n)d")

    def __call__(self, revision: Any, *, is_readable: bool) -> SafeString:
        """Return the links as HTML. Their labels say more, for who hears the words alone."""
        return format_html_join(
            " · ", '<a href="{}" aria-label="{}">{}</a>', self._links(revision, is_readable=is_readable)
        )

    def _links(self, revision: Any, *, is_readable: bool) -> Iterator[tuple[str, str, str]]:
        """Yield the address, label and word of each link."""
        number = revision.number
        if self.asked:
            pairs = [(self.asked, self.with_asked)]
        else:
            pairs = [(self.current, self.cur), (revision.before, self.prev)]
        if is_readable:
            for other, word in pairs:
                if other and other != number:
                    url = f"{self.address}compare/{min(other, number)}..{max(other, number)}/"
                    yield url, self.with_number % {"word": word, "n": number, "other": other}, word
            if not self.asked:
                yield f"?old={number}", self.with_another % {"word": self.other, "n": number}, self.other
        if self.may_hide:
            label = self.hide_number % {"word": self.hide, "n": number}
            yield f"{self.queue}hide/{revision.pk}/", label, self.hide


def _follows(revision: Any) -> bool:
    """Return whether the person may read the text that the counts of a version are counted against."""
    return bool(revision.number == 1 or revision.before == revision.number - 1)


def _odd(revision: Any) -> Iterator[Odd]:
    """Yield the flagged characters that a version brought in and took out; all of its text if that is not known.

    What was taken out is what stood before and was not kept; what was kept is what is flagged now and is not new. New
    ones of the summary are in no text. Not known where a count is missing or made with other Unicode data.
    """
    flagged, new = revision.flagged or 0, revision.newly_flagged or 0
    if not _follows(revision):
        if flagged:
            words = ngettext("%(n)d odd character in it", "%(n)d odd characters in it", flagged)
            yield Odd(str(flagged), words % {"n": flagged})
        return
    if new:
        words = ngettext("%(n)d odd character brought in", "%(n)d odd characters brought in", new)
        yield Odd(f"+{new}", words % {"n": new})
    in_summary = revision.flagged_in_summary if new else 0
    if revision.flagged_before is not None and in_summary is not None:
        taken = revision.flagged_before - (flagged - (new - in_summary))
        if taken > 0:
            words = ngettext("%(n)d odd character taken out", "%(n)d odd characters taken out", taken)
            yield Odd(f"\N{MINUS SIGN}{taken}", words % {"n": taken})


def _size(revision: Any) -> Size | None:
    """Return what a version added and removed; None if that is not stored, or nothing."""
    added, removed = revision.added or 0, revision.removed or 0
    if not added and not removed:
        return None
    unit = BAR_WIDTH / max(added + removed, BAR_MOST)
    plus, minus = (n and min(max(n * unit, BAR_LEAST), BAR_WIDTH - BAR_LEAST) for n in (added, removed))
    bars = tuple(f"{number:.1f}" for number in (BAR_WIDTH - plus - minus, minus, BAR_WIDTH - plus, plus))
    return Size(*_signed(added, removed), bars)  # type: ignore[arg-type]


def _signed(added: int, removed: int) -> tuple[str, str]:
    plus, minus = (number_format(n, force_grouping=True) for n in (added, removed))
    return f"+{plus}" if added else "", f"\N{MINUS SIGN}{minus}" if removed else ""


def _groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Yield a day's versions, with small saves that follow one another in one group."""
    start = 0
    while start < len(rows):
        end = start + 1
        while end < len(rows) and _continue(rows[end - 1], rows[end]):
            end += 1
        group = rows[start:end]
        if end - start >= FOLDED_FROM:
            yield Group(group, _summary(group), any(row.is_old or row.is_new for row in group))
        else:
            yield Group(group, "", is_open=False)
        start = end


def _continue(row: Row, older: Row) -> bool:
    """Return whether a small save follows another one by the same author, with nothing else to tell."""
    return (
        _is_small(row)
        and _is_small(older)
        and row.revision.before == older.revision.number
        and row.revision.author_name == older.revision.author_name
        and row.revision.created_at - older.revision.created_at <= NEAR
    )


def _is_small(row: Row) -> bool:
    """Return whether a version changed little, and has no state, flag or hidden part that a list must show."""
    revision = row.revision
    return (
        row.size is not None
        and revision.added + revision.removed <= SMALL
        and not (row.odd or revision.hiding)
        and len(row.badges)
        == (revision.change_kind == ChangeKind.TYPO) + bool(share_label(revision.software_share))
    )


def _summary(rows: Sequence[Row]) -> str:
    """Return the line of a fold, as HTML."""
    words = ngettext(
        "{n} small save by {name}, {first} to {last}",
        "{n} small saves by {name}, {first} to {last}",
        len(rows),
    )
    added, removed = (sum(getattr(row.revision, name) for row in rows) for name in ("added", "removed"))
    return format_html(
        '{}, <bdi dir="ltr">{}</bdi>',
        format_html(
            words,
            n=len(rows),
            name=format_html("<bdi>{}</bdi>", rows[0].revision.author_name),
            first=rows[-1].time,
            last=rows[0].time,
        ),
        " ".join(filter(None, _signed(added, removed))),
    )
