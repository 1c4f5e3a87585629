"""What moderators type in: a filter of the queue, and decisions. Rules stand in the workflow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import ReasonTemplate, Review
from articles.moderation.reviews import ReviewQuerySet
from articles.workflow import MAX_REASON

from .writing import ArticleForm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class QueueFilter(forms.Form):
    """What a moderator wants to see of the queue; a field that makes no sense filters nothing."""

    CLAIMS = [
        ("", gettext_lazy("anybody or nobody")),
        ("mine", gettext_lazy("me")),
        ("nobody", gettext_lazy("nobody")),
    ]
    AGES = [
        ("", gettext_lazy("any time")),
        ("new", gettext_lazy("less than a day")),
        ("old", gettext_lazy("more than three days")),
    ]

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
        help_text=gettext_lazy("In titles, addresses and authors' names."),
    )
    cause = forms.ChoiceField(label=gettext_lazy("Main cause"), required=False)
    language = forms.CharField(label=gettext_lazy("Language"), required=False, max_length=35)
    author = forms.CharField(label=gettext_lazy("Author"), required=False, max_length=150)
    article = forms.CharField(label=gettext_lazy("Address of the article"), required=False, max_length=200)
    claim = forms.ChoiceField(label=gettext_lazy("Who is on it"), required=False, choices=CLAIMS)
    age = forms.ChoiceField(label=gettext_lazy("Waiting for"), required=False, choices=AGES)

    def __init__(self, *args: Any, counts: Mapping[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = [
            (cause.value, cause.label if counts is None else f"{cause.label} ({counts.get(cause, 0)})")
            for cause in Review.Cause
        ]
        self.fields["cause"].choices = [("", _("any")), *causes]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """The fields that filter."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The filter as part of an address, "" or from the question mark on."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    def apply(self, reviews: ReviewQuerySet, user: User | AnonymousUser) -> ReviewQuerySet:
        chosen = self.chosen
        if text := chosen.get("q"):
            reviews = reviews.search(text)
        if chosen.keys() & {"q", "author"}:
            reviews = reviews.named_for(user)
        for name, lookup in (
            ("cause", "cause"),
            ("language", "language"),
            ("author", "revision__author__username"),
            ("article", "revision__article__slug"),
        ):
            if name in chosen:
                reviews = reviews.filter(**{lookup: chosen[name]})
        match chosen.get("claim"):
            case "mine":
                reviews = reviews.claimed(by=user)
            case "nobody":
                reviews = reviews.unclaimed()
        match chosen.get("age"):
            case "new":
                reviews = reviews.filter(submitted_at__gt=timezone.now() - timedelta(days=1))
            case "old":
                reviews = reviews.filter(submitted_at__lt=timezone.now() - timedelta(days=3))
        return reviews


DECISIONS = [
    ("approve", gettext_lazy("Approve")),
    ("request changes", gettext_lazy("Request changes")),
    ("reject", gettext_lazy("Reject")),
]


class DecisionForm(forms.Form):
    """A moderator's verdict; the button pressed is the decision. A template is the reason where none is written."""

    decision = forms.ChoiceField(choices=DECISIONS)
    template = forms.ModelChoiceField(
        ReasonTemplate.objects.all(),
        label=gettext_lazy("Reason, ready-made"),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("The author reads it. Needed for all but approval."),
    )
    stay = forms.BooleanField(label=gettext_lazy("Stay on this page"), required=False)

    def clean_reason(self) -> str:
        template = self.cleaned_data.get("template")
        return self.cleaned_data["reason"] or (template.text if template else "")


class BulkForm(DecisionForm):
    """One verdict on several reviews."""

    review = forms.ModelMultipleChoiceField(
        Review.objects.all(), error_messages={"required": gettext_lazy("Select at least one.")}
    )


class FixForm(ArticleForm):
    """A moderator's correction of a version under review."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=MAX_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="fix-%s", **kwargs)  # beside the form of the decision
