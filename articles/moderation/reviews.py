"""Reviews: submissions of revisions with their decisions, and reasons that moderators give often."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.revisions.hidings import Hiding
from articles.revisions.publications import Publication
from articles.revisions.revisions import Revision
from articles.revisions.withholding import WithholdingQuerySet, hidden_texts, newest, text_of, unread_of
from articles.search import index
from articles.search.queries import parse_query
from articles.text.checks import Severity
from articles.text.content.facts import Fact, read_facts

WAITING = 3  # the kind of key in the index of words: a review that is pending
KEY = '"articles_review"."id"'

STALE_AFTER = timedelta(
    minutes=30
)  # of a claim without a decision; a page left open renews its claim for ever

_WITH_TEXT = text_of("revision")
_FOR_DECISION = (
    *("revision__author", "claimed_by", *_WITH_TEXT),
    *text_of("revision__article__published_revision"),
    *text_of("compared_with"),
)


_UNREAD = [
    column
    for revision in ("revision", "revision__article__published_revision", "compared_with")
    for column in unread_of(revision)
]


def check_label(check: str) -> str:
    """Return the label in the index of a pending review in whose revision a check found something new."""
    return f"check {check}"


def host_label(host: str) -> str:
    """Return the label in the index of a pending review whose revision links to a host, or to one below it."""
    return f"host {host}"


def with_review_state(rows: QuerySet[Any], *, revision: str) -> QuerySet[Any]:
    """Annotate rows with `review_state`: the state of the newest review of the named revision, or None."""
    state = newest(Review.objects.all(), F("state"), revision=revision)
    annotated: QuerySet[Any] = rows.annotate(review_state=state)
    return annotated


GRAVITIES = [
    (Severity.ALERT.value, _("serious")),
    (Severity.WARNING.value, _("odd")),
    (Severity.NOTICE.value, _("nothing odd")),
]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reviews are pending: in all, by main cause and gravity, for long, and claimed by a person."""

    total: int
    causes: Counter[str]
    serious: int
    odd: int
    over_a_day: int
    mine: int


class ReviewQuerySet(WithholdingQuerySet["Review"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Return the reviews of revisions whose text the person may read; hidden summaries and names are withheld."""
        rows = self.withholding_from(user)
        return rows if permissions.can_hide(user) else rows.exclude(hidden_texts("revision"))

    def pending(self) -> Self:
        """Return the reviews that wait for a decision, whether or not they are claimed."""
        return self.filter(state="pending")

    def to_count(self) -> Self:
        """Return the pending reviews whose risk is being counted anew, by index."""
        return self.pending().filter(counting__in=["record", "texts"])

    def decided(self) -> Self:
        """Return the reviews that a moderator decided, last decision first."""
        return self.filter(
            state__in=["approved", "changes requested", "rejected"], decided_at__isnull=False
        ).order_by("-decided_at", "-pk")

    def recently_decided(self) -> Self:
        """Return the reviews that ended, with or without a decision, last first."""
        ended = self.filter(decided_at__isnull=False)  # the column of the index
        return ended.select_related("revision__article").order_by("-decided_at", "-pk")

    def ended_in(self, article: int) -> Self:
        """Return the reviews of an article that ended, with or without a decision."""
        return self.filter(article=article, decided_at__isnull=False)

    def worst_first(self) -> Self:
        """Sort by risk; of equal risks, the review that has waited longest comes first."""
        return self.order_by("-risk", "pk")

    def oldest(self) -> datetime | None:
        """Return when the one of these reviews that waits longest was submitted; None without any."""
        return self.order_by("submitted_at", "pk").values_list("submitted_at", flat=True).first()

    def for_queue(self) -> Self:
        """Return the pending reviews with what the queue shows."""
        return self.pending().for_rows()

    def for_rows(self) -> Self:
        """Return reviews with what a line of a list shows of each."""
        return self.select_related("revision__article__published_revision", "claimed_by")

    def search(self, text: str = "", *, check: str = "", host: str = "") -> Self:
        """Keep the pending reviews with all words of a text, a finding of a check and a link to a host, by index.

        The words are looked for in the revision's title, slug, author's name and text; the last may be the beginning of
        one. None are kept if the text has signs only. Takes one query at once.
        """
        if text and not parse_query(text):
            return self.none()
        labels = [label(value) for label, value in ((check_label, check), (host_label, host)) if value]
        match = index.find(WAITING, text, labels=labels)
        kept: Self = match.keep(self, KEY) if match else self.all()  # type: ignore[assignment]
        return kept

    def new_articles(self) -> Self:
        """Return the reviews of articles that were never public."""
        return self.filter(article__first_published_at__isnull=True)

    def changes(self) -> Self:
        """Return the reviews of articles that are or were public."""
        return self.filter(article__first_published_at__isnull=False)

    def named_for(self, user: permissions.Person) -> Self:
        """Return reviews whose author's name the person may see, so that a search for a hidden name finds nothing."""
        if permissions.can_hide(user):
            return self
        hidings = Hiding.objects.active().filter(author=True)
        return self.exclude(Exists(hidings.filter(revision=OuterRef("revision"))))

    def claimable_by(self, user: permissions.Person | None) -> Self:
        """Return reviews with no claim, an expired claim or the person's own; without a person, the first two."""
        claimable = Q(claimed_by=None) | Q(claimed_until__lte=timezone.now())
        return self.filter(claimable | Q(claimed_by=user.pk) if user else claimable)

    def stale(self) -> Self:
        """Return the reviews that nobody claims now, or that somebody has held for `STALE_AFTER`."""
        now = timezone.now()
        return self.filter(
            Q(claimed_by=None) | Q(claimed_until__lte=now) | Q(claimed_since__lte=now - STALE_AFTER)
        )

    def open_to(self, user: permissions.Person) -> Self:
        """Return the pending reviews that the person may claim and decide. Takes up to two queries at once."""
        return self.pending().claimable_by(user).reviewable_by(user)

    def reviewable_by(self, user: permissions.Person) -> Self:
        """Return the reviews that the person may decide, as `permissions.can_review` says of one."""
        if not permissions.can_moderate(user):
            return self.none()
        rows = self
        if permissions.others_moderate(apart_from=user):
            rows = rows.exclude(appeals__decided_by=user.pk)
        if permissions.decides_on_own_work(user):
            return rows
        unread = Revision.objects.filter(
            article=OuterRef("article"),
            author=user.pk,
            number__lte=OuterRef("revision__number"),
            number__gt=Coalesce(OuterRef("article__published_revision__number"), 0),
        )
        return rows.filter(~Exists(unread))

    def claimed(self, *, by: permissions.Person) -> Self:
        """Return the reviews on which the person's claim lasts."""
        return self.filter(claimed_by=by.pk, claimed_until__gt=timezone.now())

    def let_go(self, *, by: permissions.Person) -> None:
        """End the person's claims on these reviews."""
        self.filter(claimed_by=by.pk).update(claimed_by=None, claimed_since=None, claimed_until=None)

    def unclaimed(self) -> Self:
        """Return the reviews that nobody claims now."""
        return self.claimable_by(None)

    def counted(self, most: int) -> int:
        """Count the reviews, but at most up to `most` + 1, since counting takes time for each row."""
        return self.order_by()[: most + 1].count()

    def tally(self, most: int, *, user: permissions.Person) -> Tally | None:
        """Count the reviews by what the queue filters for; None if there are more than `most`. One query."""
        columns = ("cause", "gravity", "submitted_at", "claimed_by", "claimed_until")
        rows = list(self.order_by("-risk", "pk").values_list(*columns)[: most + 1])
        if len(rows) > most:
            return None
        now = timezone.now()
        return Tally(
            total=len(rows),
            causes=Counter(row[0] for row in rows),
            serious=sum(row[1] == Severity.ALERT for row in rows),
            odd=sum(row[1] == Severity.WARNING for row in rows),
            over_a_day=sum(row[2] < now - timedelta(days=1) for row in rows),
            mine=sum(row[3] == user.pk and row[4] is not None and row[4] > now for row in rows),
        )

    def for_decision(self) -> Self:
        """Return reviews with the texts that a decision compares, in the same query."""
        return self.select_related(*_FOR_DECISION).defer(*_UNREAD)

    def record_of(self, author: int) -> dict[str, int]:
        """Count an author's reviews by state."""
        rows = self.filter(revision__author=author).order_by()
        return dict(rows.values_list("state").annotate(n=Count("pk")))

    def decisions_on(self, revision: Revision, *, since: Revision | None) -> Self:
        """Return the decisions on a revision and on those before it down to `since`, which is left out; last first."""
        return self.decided().filter(
            revision__article=revision.article_id,
            revision__number__gt=since.number if since else 0,
            revision__number__lte=revision.number,
        )

    def of_draft(self, revision: Revision, *, since: Revision | None) -> Self:
        """Return the reviews of a revision and of those before it down to `since`, which is left out; first first."""
        return self.filter(
            revision__article=revision.article_id,
            revision__number__gt=since.number if since else 0,
            revision__number__lte=revision.number,
        ).order_by("pk")

    def decisions_since_public(self, article: int | OuterRef) -> Self:
        """Return the decisions on an article's revisions that are newer than all that were public; last first."""
        public = Publication.objects.filter(
            revision__article=OuterRef("revision__article"),
            revision__number__gte=OuterRef("revision__number"),
        )
        return self.decided().filter(~Exists(public), revision__article=article)

    def turned_down(self) -> Self:
        """Return the reviews that ended with a request for changes or a rejection."""
        return self.decided().filter(state__in=["changes requested", "rejected"])

    def of_author(self, user: permissions.Person) -> Self:
        """Return the reviews of the person's own revisions."""
        return self.filter(revision__author=user.pk)

    def decisions_before(self, revision: Revision) -> Self:
        """Return the decisions on earlier revisions of the article, last first, with the texts."""
        earlier = self.decided().filter(
            revision__article=revision.article_id, revision__number__lt=revision.number
        )
        return earlier.select_related(*_WITH_TEXT)

    def waiting_in(self, article: int) -> Self:
        """Return the pending review of an article, if there is one."""
        return self.pending().filter(article=article).select_related("revision")

    def newer_than(self, revision: Revision) -> Self:
        """Return the pending reviews of newer revisions of the same article; at most one."""
        return self.waiting_in(revision.article_id).filter(revision__number__gt=revision.number)


class Review(models.Model):
    """One submission of a revision with its decision; the only row with a workflow state.

    `cause` is the first of `causes`, and `language` is the revision's. `risk` sorts the queue; `risk_parts` lists its
    parts, each with a count and its points (see `articles.moderation.risk`). Of these, `counts` are found in the texts,
    None in a row of an earlier release. `facts` has the worst that the edit did, at most three lists of values (see
    `articles.text.content`), and `gravity` how grave the gravest is. While it is pending, all of this is kept as it
    would be counted now; `counting` says of a row whose turn has not come yet what is out of date (see
    `articles.moderation.refreshing`). A claim tells other moderators who works on a review; it stops no decision.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        APPROVED = "approved", _("approved")
        CHANGES_REQUESTED = "changes requested", _("changes requested")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SUPERSEDED = "superseded", _("superseded by a newer version")

    class Cause(models.TextChoices):
        """Why a revision is pending, the most important cause first."""

        APPEAL = "appeal", _("its author appeals")
        SANITIZERS = "sanitizers", _("the sanitizers disagree")
        ALLOWANCE_ENDED = "allowance ended", _("an allowance that it went live under has ended")
        TURNED_DOWN = "turned down", _("a moderator turned it down before")
        HELD = "held", _("everything by its author is held")
        RETURNS = "returns", _("brings back what was taken from readers")
        RULE = "rule", _("a rule holds it")
        ALERT = "alert", _("brings in characters that deceive")
        WARNING = "warning", _("brings in suspicious characters")
        AUTHOR = "author", _("its author may not publish without a reviewer")
        SUBMITTED = "submitted", _("its author asked for a review")
        SETTLED = "settled", _("what it waited for is settled")

    class Counting(models.TextChoices):
        """What of a risk is being counted anew."""

        RECORD = "record", _("the author's record")
        TEXTS = "texts", _("everything")

    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="reviews")
    article = models.ForeignKey(  # the revision's, for the constraint below
        "articles.Article", models.PROTECT, related_name="reviews"
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.PENDING)
    causes = models.JSONField(_("why it waits"), default=list)
    cause = models.CharField(_("main cause"), max_length=20, choices=Cause, default=Cause.SUBMITTED)
    risk = models.PositiveIntegerField(_("risk"), default=0)
    risk_parts = models.JSONField(_("what the risk is made of"), default=list)
    counts = models.JSONField(_("what the risk counts in the texts"), null=True)
    facts = models.JSONField(_("the worst that it does"), default=list)
    counting = models.CharField(_("being counted"), max_length=10, choices=Counting, default="", blank=True)
    language = models.CharField(_("language"), max_length=35, default="")
    alerts = models.PositiveIntegerField(_("alerts brought in"), default=0)
    warnings = models.PositiveIntegerField(_("warnings brought in"), default=0)
    gravity = models.CharField(_("gravity"), max_length=10, choices=GRAVITIES, default=Severity.NOTICE)
    compared_with = models.ForeignKey(
        "articles.Revision",
        models.PROTECT,
        verbose_name=_("live when it was decided"),
        null=True,
        related_name="+",
        db_index=False,
    )
    appeals = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("appeals against the decision"),
        null=True,
        related_name="appealed_by",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("submitted by"), null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted at"))
    asks_opinion = models.BooleanField(_("somebody asks for a second opinion"), default=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("claimed by"), null=True, related_name="+"
    )
    claimed_since = models.DateTimeField(_("claimed since"), null=True)
    claimed_until = models.DateTimeField(_("claimed until"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("decided by"), null=True, related_name="+"
    )
    decided_by_name = models.CharField(_("name of who decided"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    taken_back_at = models.DateTimeField(_("approval taken back at"), null=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=models.Q(state="pending"), name="review_pending_once"
            ),
        ]
        indexes = [  # not partial: SQLite uses none for a condition whose value is a parameter
            models.Index(fields=["state", "-risk", "id"], name="review_queue"),
            models.Index(fields=["state", "cause", "-risk", "id"], name="review_queue_cause"),
            models.Index(fields=["state", "language", "-risk", "id"], name="review_queue_language"),
            models.Index(fields=["state", "submitted_at", "id"], name="review_queue_age"),
            models.Index(fields=["state", "asks_opinion", "-risk", "id"], name="review_queue_asks"),
            models.Index(fields=["-decided_at", "-id"], name="review_decided"),
            models.Index(fields=["counting", "id"], name="review_counting"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    def has_work_of(self, user: Any) -> bool:
        """Return whether approval would publish text of the person: any revision since the live one is theirs."""
        unread = self.revision.article.revisions.filter(number__lte=self.revision.number, author=user)
        live = self.revision.article.published_revision
        return (unread.filter(number__gt=live.number) if live else unread).exists()

    @property
    def is_decided(self) -> bool:
        """Whether a moderator decided; withdrawn and superseded reviews ended without a decision."""
        return self.state in (self.State.APPROVED, self.State.CHANGES_REQUESTED, self.State.REJECTED)

    @property
    def is_turned_down(self) -> bool:
        return self.state in (self.State.CHANGES_REQUESTED, self.State.REJECTED)

    @property
    def claimant(self) -> Any:
        """The moderator whose claim lasts; None without one."""
        return self.claimed_by if self.claimed_until and self.claimed_until > timezone.now() else None

    @property
    def is_stale(self) -> bool:
        """Whether a claim lasts that another moderator may take over."""
        since = self.claimed_since
        return bool(self.claimant and since and since <= timezone.now() - STALE_AFTER)

    @property
    def worst(self) -> tuple[Fact, ...]:
        """The worst that its version does, as it was stored."""
        return read_facts(self.facts)

    @property
    def cause_labels(self) -> list[str]:
        return [str(self.Cause(cause).label) for cause in self.causes]


TURNED_DOWN = (Review.State.CHANGES_REQUESTED, Review.State.REJECTED)
DECIDED = (Review.State.APPROVED, *TURNED_DOWN)


class ReasonTemplate(models.Model):
    """A reason that moderators give often. They pick it on the page of a review and may edit it there."""

    name = models.CharField(_("name"), max_length=60)
    text = models.TextField(_("text"), help_text=_("The author reads it."))

    class Meta:
        verbose_name = _("reason template")
        verbose_name_plural = _("reason templates")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
