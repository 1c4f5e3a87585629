"""Live changes: each time a version went live, who let it live, and who has looked at it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import permissions

from .attributions import Attribution
from .events import Event
from .hidings import Hiding
from .renderings import IntroducedFinding, Rendering
from .revisions import ChangeKind, Revision
from .withholding import WithholdingQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .articles import Article

_DECISIONS = (
    Event.Action.APPROVE,
    Event.Action.APPROVE_OWN,
    Event.Action.REQUEST_CHANGES,
    Event.Action.REJECT,
    Event.Action.UNDO,
    Event.Action.FIX,
)


def _work_of(user: permissions.Person) -> Exists:
    """Return the condition that a change brought in work of the person: any revision since the one before is theirs."""
    since = Coalesce(OuterRef("before__number"), 0)
    brought = Revision.objects.filter(
        article=OuterRef("article"), number__gt=since, number__lte=OuterRef("revision__number")
    )
    return Exists(brought.filter(author=user.pk))


class LiveChangeQuerySet(WithholdingQuerySet["LiveChange"]):
    def for_list(self, user: permissions.Person) -> Self:
        """Load what a list shows, newest first, without what is hidden from the person; annotate `is_own`."""
        rows = self.select_related(
            "article__published_revision", "revision", "before", "worst"
        ).withholding_from(user)
        return rows.annotate(is_own=_work_of(user)).order_by("-at", "-pk")

    def unseen(self) -> Self:
        """Keep the changes that nobody but those who brought them has looked at."""
        return self.filter(seen_at__isnull=True)

    def not_by(self, user: permissions.Person) -> Self:
        """Keep the changes that brought in no work of the person."""
        return self.filter(~_work_of(user))

    def with_findings(self) -> Self:
        """Keep the changes that brought in an alert or a warning."""
        return self.filter(worst__isnull=False)

    def of_new_articles(self) -> Self:
        """Keep the changes before which no version of the article was ever public."""
        return self.filter(before__isnull=True)

    def by_author(self, name: str, *, asked_by: permissions.Person) -> Self:
        """Keep the changes to versions by an account, unless its name there is hidden from the asker."""
        account = None if "\0" in name else get_user_model().objects.filter(username=name).first()
        if account is None:
            return self.none()
        rows = self.filter(author=account)
        if permissions.can_hide(asked_by):
            return rows
        hidings = Hiding.objects.active().filter(author=True)
        return rows.exclude(Exists(hidings.filter(revision=OuterRef("revision"))))

    def up_to(self, change: LiveChange) -> Self:
        """Keep the changes of the same article up to a change, which is included."""
        earlier = Q(at__lt=change.at) | Q(at=change.at, pk__lte=change.pk)
        return self.filter(earlier, article=change.article_id)

    def corrections(self) -> Self:
        """Keep those by which a public text was corrected, in articles that are public today, the newest first."""
        rows = self.filter(change_kind=ChangeKind.CORRECTION, article__published_revision__isnull=False)
        return rows.order_by("-at", "-pk")

    def with_versions(self, user: permissions.Person) -> Self:
        """Load the versions before and after, and the live one, without what is hidden from the person."""
        rows = self.select_related("article__published_revision", "revision", "before")
        return rows.withholding_from(user)

    def in_brief(self, article: Article) -> QuerySet[LiveChange, Any]:
        """Return days and summaries of an article's corrections, the newest first; hidden ones are empty. One query."""
        hidings = Hiding.objects.active().filter(revision=OuterRef("revision"), summary=True)
        told = Case(When(Exists(hidings), then=Value("")), default=F("revision__summary"))
        return self.corrections().filter(article=article).values("at", "language", summary=told)

    def counted(self, most: int) -> int:
        """Count the changes, but at most up to `most` + 1, since counting takes time for each row."""
        return self.order_by()[: most + 1].count()


class LiveChange(models.Model):
    """One time that a revision went live. All but who looked at it, and when watchers were told, is written once.

    `before` is the revision that was public before it, None if none ever was. The counts are of everything brought in
    since then: alerts and warnings, and code points added and removed, None where they are not stored. `worst` is the
    gravest finding of it. `change_kind` is what the author says of the change, empty unless the revision went live for
    the first time and something was public before. `seen_at` is None while nobody but its authors has looked at it; a
    review by another person counts as a look.
    """

    class How(models.TextChoices):
        REVIEW = "review", _("reviewed")
        OWN = "own", _("approved by its own author")
        FIX = "fix", _("a moderator's own correction")
        SCHEDULE = "schedule", _("went live on schedule, without a review")
        DIRECT = "direct", _("published without a review")

    article = models.ForeignKey(
        "articles.Article",
        models.PROTECT,
        verbose_name=_("article"),
        related_name="live_changes",
        db_index=False,  # an index below begins with it
    )
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, verbose_name=_("revision"), related_name="live_changes"
    )
    before = models.ForeignKey(
        "articles.Revision",
        models.PROTECT,
        verbose_name=_("public before"),
        null=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(_("at"))
    how = models.CharField(_("how"), max_length=10, choices=How)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+"
    )
    by_name = models.CharField(_("name of who let it live"), max_length=150)
    author = models.ForeignKey(  # those of the revision, for the indexes
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("author"),
        null=True,
        related_name="+",
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=35)
    change_kind = models.CharField(_("kind of change"), max_length=10, choices=ChangeKind, blank=True)
    alerts = models.PositiveIntegerField(_("alerts brought in"))
    warnings = models.PositiveIntegerField(_("warnings brought in"))
    added = models.PositiveIntegerField(_("code points added"), null=True)
    removed = models.PositiveIntegerField(_("code points removed"), null=True)
    worst = models.ForeignKey(
        IntroducedFinding,
        models.SET_NULL,
        verbose_name=_("gravest finding"),
        null=True,
        related_name="+",
        db_index=False,
    )
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("looked at by"), null=True, related_name="+"
    )
    seen_by_name = models.CharField(_("name of who looked at it"), max_length=150, blank=True)
    seen_at = models.DateTimeField(_("looked at"), null=True)
    told_at = models.DateTimeField(_("watchers were told"), null=True)

    objects = LiveChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("live change")
        verbose_name_plural = _("live changes")
        default_permissions = ()
        indexes = [  # partial ones ask for null alone: SQLite uses none for a condition whose value is a parameter
            models.Index(fields=["-at", "-id"], name="live_change_at"),
            models.Index(fields=["article", "-at", "-id"], name="live_change_article"),
            models.Index(fields=["author", "-at", "-id"], name="live_change_author"),
            models.Index(fields=["language", "-at", "-id"], name="live_change_language"),
            models.Index(fields=["change_kind", "-at", "-id"], name="live_change_kind"),
            models.Index(fields=["-at", "-id"], condition=Q(seen_at__isnull=True), name="live_change_unseen"),
            models.Index(fields=["-at", "-id"], condition=Q(worst__isnull=False), name="live_change_flagged"),
            models.Index(fields=["-at", "-id"], condition=Q(before__isnull=True), name="live_change_new"),
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="live_change_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.at}"

    @property
    def is_marked(self) -> bool:
        """Whether somebody marked it as looked at, beside a review."""
        return self.seen_at is not None and self.how != self.How.REVIEW

    @property
    def is_text_hidden(self) -> bool:
        """Whether the text is hidden from who asked for this row."""
        return "text" in self.revision.withheld

    @property
    def is_comparable(self) -> bool:
        """Whether who asked for this row may compare it with what was public before."""
        return bool(self.before and not {"text"} & (self.before.withheld | self.revision.withheld))

    @property
    def who(self) -> str:
        """The name of who let it live, unless that is the author, whose name is hidden."""
        return gettext("(name hidden)") if self.by_name in self.revision.names_withheld else self.by_name

    def has_work_of(self, user: Any) -> bool:
        """Return whether it brought in work of the person: any revision since the one before is theirs. One query."""
        return LiveChange.objects.filter(_work_of(user), pk=self.pk).exists()


def record_live_change(
    revision: Revision,
    *,
    before: Revision | None,
    at: datetime,
    by: User | None,
    name: str,
    is_scheduled: bool,
    is_first: bool,
) -> None:
    """Add the row of a revision that went live. A decision on it has to be in the log. Takes five to seven queries.

    `before` is what was live; without it, the last older revision that ever was is taken. `is_first` if the revision
    went live for the first time.
    """
    if before is None:
        older = Revision.objects.filter(article=revision.article_id, number__lt=revision.number)
        before = older.filter(publication__isnull=False).order_by("-number").first()
    decision = Event.objects.filter(
        article=revision.article_id, revision=revision, action__in=_DECISIONS
    ).first()
    change = LiveChange(
        article_id=revision.article_id,
        revision=revision,
        before=before,
        at=at,
        how=_how(decision, is_scheduled=is_scheduled),
        by=by,
        by_name=name,
        author_id=revision.author_id,
        language=revision.language,
        change_kind=revision.change_kind if is_first and before else "",
    )
    if decision and change.how == LiveChange.How.REVIEW:
        change.seen_by_id, change.seen_by_name, change.seen_at = (
            decision.actor_id,
            decision.actor_name,
            decision.at,
        )
    _count(change)
    change.save()


def _how(decision: Event | None, *, is_scheduled: bool) -> LiveChange.How:
    """Return how a revision went live whose last decision this is."""
    match decision.action if decision else None:
        case Event.Action.APPROVE:
            return LiveChange.How.REVIEW
        case Event.Action.APPROVE_OWN:
            return LiveChange.How.OWN
        case Event.Action.FIX:
            return LiveChange.How.FIX
        case _none_that_lasts:
            return LiveChange.How.SCHEDULE if is_scheduled else LiveChange.How.DIRECT


def _count(change: LiveChange) -> None:
    """Set what the revision brought in since the one before, from stored counters.

    A finding that an unpublished revision brought in and a later one took out again counts no more than all that is
    left. Takes three queries, and one or two more if there is a finding.
    """
    revision, since = change.revision, change.before.number if change.before else 0
    brought = {
        "revision__article": revision.article_id,
        "revision__number__gt": since,
        "revision__number__lte": revision.number,
    }
    own = revision.renderings.latest()
    sums = Rendering.objects.filter(**brought).aggregate(
        alerts=Sum("new_alerts"), warnings=Sum("new_warnings")
    )
    change.alerts = max(own.new_alerts, min(own.alerts, sums["alerts"] or 0))
    change.warnings = max(own.new_warnings, min(own.warnings, sums["warnings"] or 0))
    size = Attribution.objects.filter(**brought).aggregate(added=Sum("added"), removed=Sum("removed"))
    change.added, change.removed = size["added"], size["removed"]
    for severity, number in (("alert", change.alerts), ("warning", change.warnings)):
        if number and change.worst is None:
            found = IntroducedFinding.objects.filter(**brought, severity=severity)
            change.worst = found.order_by("-revision__number", "pk").first()


def recount_live_changes(revision: Revision) -> None:
    """Count anew what the changes brought in that hold a revision, after its counters changed. Six queries for each."""
    number = revision.number
    since = Q(before__isnull=True) | Q(before__number__lt=number)
    changes = LiveChange.objects.filter(since, article=revision.article_id, revision__number__gte=number)
    for change in changes.select_related("revision", "before"):
        change.worst = None
        _count(change)
        change.save(update_fields=["alerts", "warnings", "added", "removed", "worst"])
