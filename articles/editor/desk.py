"""The desk, which is the first page of the admin: what waits for a person's next step. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Allowance, Article, Review, ScratchCopy

MOST_SHOWN = 7  # rows of a section
MOST_COUNTED = 50
MOST_ASKED = 200  # open articles with a returned version, last edited first, whose state is asked for
WORST = 3  # reviews that a moderator sees here
MOST_PENDING = 1_000  # that are counted, as in the queue
LATELY = timedelta(days=30)
IN_THE_BAR = {"Article", "Image"}  # what the bar above links to


@dataclass(frozen=True, slots=True)
class Section:
    """The first rows of a list, and how many it has, counted up to `MOST_COUNTED` + 1. Takes one query."""

    rows: list[Any]
    total: int

    @classmethod
    def of(cls, found: QuerySet[Any]) -> Self:
        rows = list(found[: MOST_COUNTED + 1])
        return cls(rows[:MOST_SHOWN], len(rows))

    @property
    def count(self) -> str:
        return f"{MOST_COUNTED}+" if self.total > MOST_COUNTED else str(self.total)

    @property
    def has_more(self) -> bool:
        return self.total > len(self.rows)


def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk of the person; what else the admin offers stands below it. Guard it by `admin_view`."""
    user = request.user
    context = admin.site.each_context(request)
    models = {model["object_name"] for app in context["available_apps"] for model in app["models"]}
    context |= {"may_create": permissions.can_create(user), "has_more": not models <= IN_THE_BAR}
    if permissions.can_see_drafts(user):
        context |= own_work(user)
    if permissions.can_moderate(user):
        context |= queue(user)
    return render(request, "admin/desk.html", context)


def own_work(user: permissions.Person) -> dict[str, Section]:
    """Return the sections about the person's own texts, by name. Each takes one query, and one for what is hidden."""
    mine = workflow.with_state(Article.objects.visible_to(user).newest_by(user).open())
    sections: dict[str, QuerySet[Any]] = {
        "returned": returned_to(user),
        "waiting": waiting_for(user),
        "drafts": workflow.in_state(mine, workflow.State.DRAFT),
        "scheduled": Article.objects.visible_to(user).scheduled_of(user),
        "published": published_for(user),
        "unsaved": ScratchCopy.objects.visible_to(user).current().for_lists().select_related("article"),
    }
    return {name: Section.of(rows) for name, rows in sections.items()}


def returned_to(user: permissions.Person) -> QuerySet[Review]:
    """Return the decisions that turned down a version of the person and still wait for an answer, last one first.

    Takes two queries before the one that it returns.
    """
    turned_down = Review.objects.withholding_from(user).turned_down().of_author(user)
    # The keys first, by themselves: a database may else ask for the state of every open article of the site.
    articles = Article.objects.open().filter(pk__in=turned_down.order_by().values("revision__article"))
    keys = list(articles.order_by("-latest_revision_id").values_list("pk", flat=True)[:MOST_ASKED])
    last = Review.objects.decisions_since_public(OuterRef("pk"))
    asked = workflow.with_state(Article.objects.filter(pk__in=keys))
    returned = asked.filter(state=workflow.State.CHANGES_REQUESTED)  # few: they need no index of states
    decisions = returned.annotate(decision=Subquery(last.values("pk")[:1])).values_list("decision", flat=True)
    return turned_down.filter(pk__in=list(decisions)).select_related("revision__article")


def waiting_for(user: permissions.Person) -> QuerySet[Review]:
    """Return the pending reviews of the person's versions, with who claims them; the longest wait comes first."""
    pending = Review.objects.withholding_from(user).pending().of_author(user)
    return pending.select_related("revision__article__published_revision", "claimed_by").order_by("pk")


def published_for(user: permissions.Person) -> QuerySet[Article]:
    """Return the articles in which a version of the person went live lately, with who approved it."""
    approved = Review.objects.decided().filter(
        revision=OuterRef("published_revision"), state=Review.State.APPROVED
    )
    live = Article.objects.live_by(user, since=timezone.now() - LATELY)
    return live.withholding_from(user).annotate(approved_by=Subquery(approved.values("decided_by_name")[:1]))


def queue(user: permissions.Person) -> dict[str, Any]:
    """Return how many reviews wait, and the worst of those that the person may decide. Takes up to six queries."""
    number = Review.objects.pending().counted(MOST_PENDING)
    worst = Review.objects.visible_to(user).open_to(user).worst_first().select_related("revision__article")
    return {
        "pending": number,
        "pending_number": f"{MOST_PENDING}+" if number > MOST_PENDING else str(number),
        "worst": list(worst[:WORST]),
        "proposed": Allowance.objects.proposed().count(),
    }
