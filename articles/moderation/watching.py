"""Watching: moderators follow articles by mail and by a list, and what went live by a feed. Private, so not logged."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from articles import permissions
from articles.revisions.articles import Article
from articles.revisions.live_changes import LiveChange
from articles.revisions.steps import require

from .notifying import notify_of_live_change
from .watches import FeedToken, Watch, digest_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_TOLD = 1_000  # changes that one call tells of


def watch(article: Article, *, by: User) -> None:
    """Watch an article; a second time changes nothing."""
    require(permissions.can_watch(by))
    Watch.objects.get_or_create(account=by, article=article, defaults={"since": timezone.now()})


def unwatch(article: Article, *, by: User) -> None:
    """Watch an article no longer. Who may not moderate any more still may do this."""
    Watch.objects.visible_to(by).filter(article=article).delete()


def renew_feed(*, by: User) -> str:
    """Return a new secret for the person's feed. It is told only here; the one before opens nothing from now on."""
    require(permissions.can_watch(by))
    token = secrets.token_urlsafe(32)
    FeedToken.objects.update_or_create(
        account=by, defaults={"digest": digest_of(token), "made_at": timezone.now()}
    )
    return token


def end_feed(*, by: User) -> None:
    """Close the person's feed: its address opens nothing any more."""
    FeedToken.objects.filter(account=by.pk).delete()


@transaction.atomic
def tell_watchers(article: int | None = None) -> None:
    """Write the mail to those who watch what went live since the last call, in one article or in all.

    Call it in the transaction in which something went live. One query if nothing did.
    """
    untold = LiveChange.objects.filter(told_at__isnull=True)
    if article is not None:
        untold = untold.filter(article=article)
    rows = untold.select_for_update(of=("self",)).select_related("revision__article", "by")
    changes = list(rows.order_by("pk")[:MOST_TOLD])
    LiveChange.objects.filter(pk__in=[change.pk for change in changes]).update(told_at=timezone.now())
    for change in changes:
        watching = Watch.objects.filter(article=change.article_id, since__lte=change.at)
        notify_of_live_change(change, to=watching.values_list("account", flat=True))
