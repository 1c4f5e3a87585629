"""Work for the background, in this process as moderators ask for it: decisions on many versions, periods taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from articles import workflow
from articles.models import Event, Review
from articles.text.content import Content

ARTICLES = 8  # of a job


@dataclass
class Job:
    """What one author wrote, and what is done with it: approved in one decision, or taken offline in one sweep."""

    action: Event.Action
    revisions: list[int]


def ask_for_job(number: int, *, by: User) -> Job:
    """Write articles as an author of its own, and ask for one piece of work about all of them."""
    author = User.objects.create_user(f"job{number}", email=f"job{number}@example.org", is_staff=True)
    author.groups.add(Group.objects.get(name="authors"))
    start = timezone.now()
    reviews = []
    for n in range(ARTICLES):
        content = Content(
            title=f"Job {number} {n}", slug=f"job-{number}-{n}", source="The gate is shut.\n", language="en"
        )
        reviews.append(workflow.submit(workflow.save_revision(None, by=author, content=content), by=author))
    revisions = [review.revision_id for review in reviews]
    if number % 2:
        rows = list(Review.objects.for_queue().filter(pk__in=[review.pk for review in reviews]))
        seen = {key: str(value) for key, value in workflow.see_all(rows).items()}
        workflow.decide_many(rows, by=by, decision="approve", seen=seen)
        return Job(Event.Action.APPROVE, revisions)
    for review in reviews:
        workflow.approve(review, by=by)
    period: dict[str, Any] = {
        "since": start,
        "until": timezone.now() + timedelta(seconds=1),
        "kinds": ["unpublish"],
    }
    plan = workflow.plan_sweep(author, by=by, **period)
    workflow.sweep(author, by=by, reason="A test.", seen=workflow.digest_of(plan), **period)
    return Job(Event.Action.UNPUBLISH, revisions)
