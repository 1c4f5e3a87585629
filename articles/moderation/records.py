"""Records: what became of what an author wrote, what it holds, and the trust that it earned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.hidings import Hiding
from articles.revisions.linked_hosts import LinkedHost
from articles.revisions.renderings import IntroducedFinding
from articles.revisions.revisions import Revision
from articles.revisions.withholding import has_any, newest
from articles.text.content.sketches import MAX_SWAP

from .author_notes import AuthorNote
from .reviews import Review
from .risk import RECORD
from .standings import Standing

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_COUNTED = 1_000
MOST_REVISIONS = 500  # the newest ones, in whose findings swaps are looked for
MOST_FINDINGS = 5_000
MOST_SWAPS = 12
MOST_LIVE = 200  # the newest ones, whose hosts are counted
MOST_HOSTS = 12


@dataclass(frozen=True, slots=True)
class Trust:
    """How many of the author's versions were approved in a row, and how many have to be; 0 if none are enough."""

    approved_in_a_row: int
    needed: int


@dataclass(frozen=True, slots=True)
class SwapUse:
    """Characters that an author used instead of others: how often, and in how many articles."""

    found: str
    meant: str
    times: int
    articles: int

    @property
    def code_points(self) -> list[str]:
        return [f"U+{ord(char):04X}" for char in self.found]


@dataclass(frozen=True, slots=True)
class AuthorHost:
    """A host that live versions of an author link to: in how many articles, and in how many of everybody."""

    host: str
    theirs: int
    articles: int


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    """What is known of an author. Counts end at `MOST_COUNTED` + 1; `last` has the last decisions, newest first."""

    saves: int
    live: int
    waiting: int
    states: dict[str, int]
    last: tuple[str, ...]
    trust: Trust
    swaps: tuple[SwapUse, ...]
    hosts: tuple[AuthorHost, ...]

    @property
    def submitted(self) -> int:
        return sum(self.states.values())

    @property
    def approved(self) -> int:
        return self.states.get(Review.State.APPROVED, 0)

    @property
    def turned_down(self) -> int:
        return sum(self.states.get(state, 0) for state in _TURNED_DOWN)

    @property
    def turned_down_lately(self) -> int:
        return sum(state in _TURNED_DOWN for state in self.last)


_TURNED_DOWN = (Review.State.CHANGES_REQUESTED, Review.State.REJECTED)


def trust_of(account: User) -> Trust:
    """Return how far an account is on the way to trust by its record.

    Counts the approvals by others since the last version that was turned down, the last hold or suspension, and the
    last approval that was taken back. Takes three queries; none if `TRUST_AFTER` is 0.
    """
    needed = settings.TRUST_AFTER
    if not needed:
        return Trust(0, 0)
    decided = Review.objects.decided().of_author(account).exclude(decided_by=account)
    if since := _last_break(account):
        decided = decided.filter(decided_at__gt=since)
    states = decided.values_list("state", flat=True)[:needed]
    return Trust(sum(1 for _ in takewhile(lambda state: state == Review.State.APPROVED, states)), needed)


def may_publish_at_once(revision: Revision, *, by: User) -> bool:
    """Return whether the person publishes a revision without a review unless the text gives a cause for one.

    Who may publish does, and who is trusted by record if all since the live revision is their own.
    """
    if permissions.can_publish(by):
        return True
    if not settings.TRUST_AFTER:
        return False
    live = revision.article.published_revision
    unread = revision.article.revisions.filter(
        number__lte=revision.number, number__gt=live.number if live else 0
    )
    is_own = not unread.exclude(author=by).exists()
    return is_own and permissions.is_trusted(trust_of(by))


def gather_record(account: User, *, seen_by: permissions.Person) -> AuthorRecord:
    """Gather what is known of an author, in a constant number of queries.

    Leaves out what a hidden name keeps from the person.
    """
    decided = Review.objects.decided().of_author(account)
    return AuthorRecord(
        saves=_counted(Revision.objects.filter(author=account)),
        live=_counted(live_by(account, seen_by=seen_by)),
        waiting=_counted(waiting_by(account, seen_by=seen_by)),
        states=Review.objects.record_of(account.pk),
        last=tuple(decided.values_list("state", flat=True)[:RECORD]),
        trust=trust_of(account),
        swaps=_swaps_of(account, seen_by=seen_by),
        hosts=_hosts_of(account, seen_by=seen_by),
    )


def live_by(account: User, *, seen_by: permissions.Person) -> QuerySet[Any]:
    """Return the articles whose live revision the account saved, with `risk` of its review, newest revision first."""
    articles = Article.objects.filter(published_revision__author=account)
    if not permissions.can_hide(seen_by):
        articles = articles.exclude(Exists(_nameless("published_revision")))
    risk = newest(Review.objects.all(), F("risk"), revision="published_revision")
    return (
        articles.select_related("published_revision__publication")
        .annotate(risk=risk)
        .order_by("-published_revision")
    )


def waiting_by(account: User, *, seen_by: permissions.Person) -> QuerySet[Any]:
    """Return the pending reviews of the account's revisions, worst first."""
    reviews = Review.objects.visible_to(seen_by).named_for(seen_by).pending().of_author(account)
    return reviews.select_related("revision__article").worst_first()


def people_who_write(*, words: str = "", standing: str = "") -> QuerySet[Any]:
    """Return the accounts that saved a revision or have a standing, by name, with what the list of people shows.

    Each word must stand in the name of the account or of the person. `standing` keeps those with one in force.
    """
    in_force = Standing.objects.in_force(standing).filter(account=OuterRef("pk"))
    people = get_user_model().objects.order_by("username")
    if standing:
        people = people.filter(Exists(in_force))
    else:
        wrote = Revision.objects.filter(author=OuterRef("pk"))
        people = people.filter(has_any(wrote) | has_any(Standing.objects.filter(account=OuterRef("pk"))))
    for word in words.split():
        people = people.filter(
            Q(username__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return people.prefetch_related("standings")


def with_counts(people: Iterable[Any]) -> None:
    """Set `waiting`, `live`, `turned_down` and `last_save` of the accounts of one page. Takes four queries."""
    pks = [person.pk for person in people]
    reviews = Review.objects.filter(revision__author__in=pks).order_by()
    waiting = _by_author(reviews.pending(), "revision__author")
    down = _by_author(reviews.filter(state__in=_TURNED_DOWN), "revision__author")
    live = _by_author(
        Article.objects.filter(published_revision__author__in=pks), "published_revision__author"
    )
    saves = Revision.objects.filter(author__in=pks).order_by().values_list("author")
    last = dict(saves.annotate(last=Max("created_at")))
    for person in people:
        person.waiting, person.live = waiting.get(person.pk, 0), live.get(person.pk, 0)
        person.turned_down, person.last_save = down.get(person.pk, 0), last.get(person.pk)


def _by_author(rows: QuerySet[Any], author: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(author).annotate(n=Count("pk")))


def name_of_deleted(pk: int) -> str:
    """Return the last name of an account that is gone, as a standing or note recorded it; else an empty string."""
    for rows in (Standing.objects.filter(account=pk), AuthorNote.objects.filter(account=pk)):
        if name := rows.order_by("-pk").values_list("account_name", flat=True).first():
            return str(name)
    return ""


def _last_break(account: User) -> datetime | None:
    """Return when the trust of an account was last broken other than by a decision; None if it never was."""
    strict = account.standings.filter(kind__in=[Standing.Kind.HELD, Standing.Kind.SUSPENDED])
    imposed = strict.aggregate(last=Max("since"))["last"]
    taken_back = Review.objects.of_author(account).aggregate(last=Max("taken_back_at"))["last"]
    return max(filter(None, (imposed, taken_back)), default=None)


def _counted(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()


def _nameless(revision: str) -> QuerySet[Any]:
    return Hiding.objects.active().filter(author=True, revision=OuterRef(revision))


def _swaps_of(account: User, *, seen_by: permissions.Person) -> tuple[SwapUse, ...]:
    """Return the swaps in what the newest revisions of an account introduced, the most used first."""
    written = Revision.objects.visible_to(seen_by).filter(author=account)
    if not permissions.can_hide(seen_by):
        written = written.exclude(Exists(_nameless("pk")))
    newest_first = written.order_by("-pk").values_list("pk", flat=True)
    rows = IntroducedFinding.objects.filter(revision__in=list(newest_first[:MOST_REVISIONS]))
    found = rows.exclude(meant="").order_by().values_list("text", "meant", "revision__article")
    times: Counter[tuple[str, str]] = Counter()
    articles: dict[tuple[str, str], set[int]] = defaultdict(set)
    for text, meant, article in found[:MOST_FINDINGS]:
        if len(text) <= MAX_SWAP:
            times[text, meant] += 1
            articles[text, meant].add(article)
    most = sorted(times.items(), key=lambda item: (-item[1], item[0]))[:MOST_SWAPS]
    return tuple(SwapUse(*swap, n, len(articles[swap])) for swap, n in most)


def _hosts_of(account: User, *, seen_by: permissions.Person) -> tuple[AuthorHost, ...]:
    """Return the hosts that the newest live revisions of an account link to: what nobody else links to first."""
    newest_first = live_by(account, seen_by=seen_by).values_list("pk", flat=True)[:MOST_LIVE]
    rows = LinkedHost.objects.filter(article__in=list(newest_first)).order_by()
    theirs = Counter(rows.values_list("host", flat=True))
    counts = LinkedHost.objects.counts(list(theirs))
    hosts = [AuthorHost(host, n, max(n, counts.get(host, 0))) for host, n in theirs.items()]
    hosts.sort(key=lambda row: (row.articles - row.theirs, -row.theirs, row.host))
    return tuple(hosts[:MOST_HOSTS])
