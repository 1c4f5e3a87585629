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
        """The log, newest first. Where the name of a revision's author is hidden, `is_nameless` says not to show it."""
        events = self.select_related("article", "revision").order_by("-pk")
        if permissions.can_hide(user):
            return events.annotate(is_nameless=Value(False))
        hidings = apps.get_model("articles", "Hiding")._default_manager.active().filter(author=True)
        of_author = hidings.filter(
            revision=OuterRef("revision"), revision__author_name=OuterRef("actor_name")
        )
        return events.annotate(is_nameless=Exists(of_author))

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
        if article:
            found = found.filter(article__slug=article)
        if since:
            found = found.filter(at__gte=since)
        if until:
            found = found.filter(at__lt=until)
        for word in text.split():
            found = found.filter(Q(reason__icontains=word) | Q(detail__icontains=word))
        return found
