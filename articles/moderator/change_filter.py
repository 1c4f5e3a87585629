"""The filter of what went live."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from articles import permissions
from articles.moderation.watches import watched_by
from articles.revisions.live_changes import LiveChangeQuerySet

from .forms import TELLABLE_DATES


class ChangeFilter(forms.Form):
    """A filter of what went live; a field with an invalid value filters nothing."""

    unseen = forms.BooleanField(label=gettext_lazy("Only what nobody looked at"), required=False)
    flagged = forms.BooleanField(label=gettext_lazy("Only with odd characters"), required=False)
    watched = forms.BooleanField(label=gettext_lazy("Only what I watch"), required=False)
    new = forms.BooleanField(label=gettext_lazy("Only new articles"), required=False)
    author = forms.CharField(label=gettext_lazy("Author"), required=False, max_length=150)
    language = forms.CharField(label=gettext_lazy("Language"), required=False, max_length=35)
    since = forms.DateField(
        label=gettext_lazy("Since"),
        required=False,
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """The valid fields that have a value."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @cached_property
    def query(self) -> str:
        """The filter as the end of an address, from the question mark on; empty without a filter."""
        said = {name: "on" if value is True else value for name, value in self.chosen.items()}
        return f"?{urlencode(said)}" if said else ""

    def apply(self, changes: LiveChangeQuerySet, user: permissions.Person) -> LiveChangeQuerySet:
        """Return the changes that match, as far as the person may know."""
        chosen = self.chosen
        if chosen.get("unseen"):
            changes = changes.unseen()
        if chosen.get("flagged"):
            changes = changes.with_findings()
        if chosen.get("watched"):
            changes = watched_by(changes, user)
        if chosen.get("new"):
            changes = changes.of_new_articles()
        if author := chosen.get("author"):
            changes = changes.by_author(author, asked_by=user)
        if language := chosen.get("language"):
            changes = changes.filter(language=language)
        if since := chosen.get("since"):
            changes = changes.filter(at__gte=timezone.make_aware(datetime.combine(since, time.min)))
        return changes
