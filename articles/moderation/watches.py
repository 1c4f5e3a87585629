"""Watches: which moderator watches which article, and by which secret a program reads their feed."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from articles import permissions
from articles.revisions.live_changes import LiveChangeQuerySet


class WatchQuerySet(QuerySet["Watch"]):
    def visible_to(self, user: permissions.Person) -> Self:
        """Keep the watches that the person may see: their own, whatever else they may do."""
        return self.filter(account=user.pk)

    def is_on(self, article: int, *, by: permissions.Person) -> bool:
        """Return whether the person watches an article."""
        return self.visible_to(by).filter(article=article).exists()


class Watch(models.Model):
    """A moderator's wish to hear of an article. Private: only they see it, and it is not in the log."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("account"),
        related_name="watches",
        db_index=False,  # the constraint below begins with it
    )
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, verbose_name=_("article"), related_name="watches"
    )
    since = models.DateTimeField(_("since"))

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["account", "article"], name="watch_once")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.article_id}"


def watched_by(changes: LiveChangeQuerySet, user: permissions.Person) -> LiveChangeQuerySet:
    """Keep the changes of articles that the person watches."""
    return changes.filter(article__in=Watch.objects.visible_to(user).values("article"))


class FeedTokenQuerySet(QuerySet["FeedToken"]):
    def account_of(self, token: str) -> Any:
        """Return the account whose feed a token opens; None if it opens none. One query."""
        digest = digest_of(token)
        found = self.filter(digest=digest).select_related("account").first()
        return found.account if found and hmac.compare_digest(found.digest, digest) else None


class FeedToken(models.Model):
    """The secret in the address of a person's feed, of which only the SHA-256 is stored."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("account"), related_name="feed_token"
    )
    digest = models.CharField(_("SHA-256 of the secret"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    objects = FeedTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed token")
        verbose_name_plural = _("feed tokens")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account_id)


def digest_of(token: str) -> str:
    """Return the SHA-256 of a token, in hexadecimal."""
    return sha256(token.encode(errors="replace")).hexdigest()
