"""The log."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db.models import (
    Exists,
    OuterRef,
    Q,
    Value,
)

from articles import permissions

from .base import WriteOnceQuerySet

if TYPE_CHECKING:
    pass


class EventQuerySet(WriteOnceQuerySet):
    def for_log(self, user: permissions.Person) -> Self:
        """The log, newest first. Where the name of a revision's author is hidden, `is_nameless` says not to show it.

        Ordered by time, not by key: PostgreSQL would walk the keys to reach the entries of a past day, however many
        came since.
        """
        events = self.select_related("article", "revision").order_by("-at", "-pk")
        if permissions.can_hide(user):
            return events.annotate(is_nameless=Value(False))
        hidings = apps.get_model("articles", "Hiding")._default_manager.active().filter(author=True)
        of_author = hidings.filter(
            revision=OuterRef("revision"), revision__author_name=OuterRef("actor_name")
        )
        return events.annotate(is_nameless=Exists(of_author))

    def older_than(self, pk: int) -> Self:
        """Entries of `for_log` that come after this one; none where there is no such entry."""
        at = self.model._default_manager.filter(pk=pk).values_list("at", flat=True).first()
        return self.filter(at__lte=at).exclude(at=at, pk__gte=pk) if at else self.none()

    def matching(
        self,
        *,
        person: str = "",
        action: str = "",
        article: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        text: str = "",
    ) -> Self:
        """Entries of `for_log` to which all of it applies; a name that is not to be shown is not found either."""
        found = self
        if person:
            found = found.filter(actor_name=person, is_nameless=False)
        if action:
            found = found.filter(action=action)
        if article:  # by its key, of which the database knows how often it stands in the log
            articles = apps.get_model("articles", "Article")._default_manager.filter(slug=article)
            pk = articles.values_list("pk", flat=True).first()
            found = found.filter(article=pk) if pk else found.none()
        if since:
            found = found.filter(at__gte=since)
        if until:
            found = found.filter(at__lt=until)
        for word in text.split():
            found = found.filter(Q(reason__icontains=word) | Q(detail__icontains=word))
        return found
