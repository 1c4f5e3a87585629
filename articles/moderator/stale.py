"""The page of a decision that was refused because something changed since its page was drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from articles import permissions, workflow
from articles.models import Article, Review

from .common import url_after
from .filters import QueueFilter
from .forms import DECISIONS
from .reasons import keep_reason


def stale(
    request: HttpRequest, found: Review, error: workflow.WorkflowError, *, decision: Mapping[str, Any]
) -> HttpResponse:
    """Answer 409 with what the decision would have done, what changed since, and the reason, which is kept.

    `decision` has the values of its form: `seen`, and `decision` and `reason` if a person chose them.
    """
    seen, chosen, reason = decision["seen"], decision.get("decision", ""), decision.get("reason", "")
    article = Article.objects.select_related("published_revision").get(pk=found.revision.article_id)
    found.revision.article = article
    keep_reason(request, article, reason)
    now = workflow.see_now(article)
    by = permissions.signed_in(request)
    filters = QueueFilter(request.GET)
    approves = chosen in ("approve", "fix")
    context: dict[str, Any] = {
        "review": found,
        "revision": found.revision,
        "article": article,
        "seen": seen,
        "now": now,
        "sides": (seen, now),
        "is_over": isinstance(error, workflow.AlreadyDecided),
        "error": error,
        "decision_label": dict(DECISIONS).get(chosen),
        "returns": workflow.gather_returns(found.revision.content, article) if approves else [],
        "changes": workflow.changes_since(found, seen, now=now, seen_by=by),
        "reason": reason,
        "waiting": Review.objects.visible_to(by).pending().filter(pk=now.review).first(),
        "is_text_hidden": "text" in found.revision.withheld,
        "filters": filters,
        "next_url": url_after(found, filters, request),
    }
    return render(request, "moderation/stale.html", context, status=409)
