"""Forms of moderators: searches, decisions, allowances and hidings. The operations check permissions and states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Allowance, Event, Hiding, ReasonTemplate, Review
from articles.moderation.reviews import ReviewQuerySet
from articles.revisions.forms import ArticleForm
from articles.workflow import MAX_REASON

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class QueueFilter(forms.Form):
    """A filter of the queue; a field with an invalid value filters nothing."""

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

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The valid fields that have a value."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @cached_property
    def query(self) -> str:
        """The filter as the end of an address, from the question mark on; empty without a filter."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    def apply(self, reviews: ReviewQuerySet, user: User | AnonymousUser) -> ReviewQuerySet:
        """Return the reviews that match, as far as the person may know."""
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
    """A decision with its reason. The button pressed is the decision; a template is the reason if none is written."""

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
        help_text=gettext_lazy("The author reads it. Required unless you approve."),
    )
    stay = forms.BooleanField(label=gettext_lazy("Stay on this page"), required=False)

    def clean_reason(self) -> str:
        template = self.cleaned_data.get("template")
        return self.cleaned_data["reason"] or (template.text if template else "")


class BulkForm(DecisionForm):
    """One decision on several reviews."""

    review = forms.ModelMultipleChoiceField(
        Review.objects.all(), error_messages={"required": gettext_lazy("Select at least one.")}
    )


class FixForm(ArticleForm):
    """A moderator's correction of a version under review."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=MAX_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="fix-%s", **kwargs)  # beside the form of the decision


class AllowanceForm(forms.Form):
    """An allowance. From a finding, the kinds are what it offers; without one, everything is typed."""

    kind = forms.ChoiceField(label=gettext_lazy("What is fine"), choices=Allowance.Kind.choices)
    value = forms.CharField(
        label=gettext_lazy("The character, word or domain"),
        max_length=253,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("A character may be written as U+0430, several with spaces between."),
    )
    scope = forms.ChoiceField(label=gettext_lazy("Where"), choices=Allowance.Scope.choices)
    article = forms.CharField(
        label=gettext_lazy("Article"),
        required=False,
        help_text=gettext_lazy("Its address, where one article is meant."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=35,
        help_text=gettext_lazy("A language tag such as ru, where texts of one language are meant."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is fine"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: it does not end."),
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """Take the kinds that a finding offers, each with its label; None without a finding."""
        super().__init__(*args, **kwargs)
        if offers is None:
            self.fields["scope"].choices = [  # type: ignore[attr-defined]
                choice for choice in Allowance.Scope.choices if choice[0] != Allowance.Scope.HERE
            ]
        else:
            for name in ("value", "article", "language"):
                del self.fields[name]
            for name, choices in (("kind", offers), ("scope", Allowance.Scope.choices)):
                self.fields[name] = forms.ChoiceField(
                    label=self.fields[name].label, choices=choices, widget=forms.RadioSelect
                )

    def clean_value(self) -> str:
        return from_code_points(self.cleaned_data["value"])


def from_code_points(text: str) -> str:
    """Return the characters that `U+0430 U+0435` names; any other text as it is.

    Raises `ValidationError` for a code point that is none, a surrogate or NUL.
    """
    codes = [re.fullmatch(r"[Uu]\+([0-9A-Fa-f]{1,6})", word) for word in text.split()]
    if not codes or not all(codes):
        return text
    try:
        characters = "".join(chr(int(code[1], 16)) for code in codes if code)
        characters.encode()
    except (ValueError, UnicodeEncodeError):
        raise forms.ValidationError(
            gettext_lazy("There is no such character. Write a code point such as U+0430.")
        ) from None
    if "\0" in characters:
        raise forms.ValidationError(
            gettext_lazy("There is no such character. Write a code point such as U+0430.")
        )
    return characters


class HidingForm(forms.Form):
    """Which parts of a revision to hide, and why."""

    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What to hide"), choices=Hiding.Part.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("The newsroom reads it, readers do not. Do not repeat what you hide."),
    )


class ReasonForm(forms.Form):
    """Why an allowance is revoked."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


# A day at the end of the calendar begins or ends outside it in some time zone.
_TELLABLE = [MinValueValidator(date(2, 1, 1)), MaxValueValidator(date(9998, 12, 31))]


class LogForm(forms.Form):
    """A search of the log. A date is a whole day in the site's time zone."""

    person = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=150)
    action = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("anything")), *Event.Action.choices],
    )
    article = forms.CharField(
        label=gettext_lazy("Article"), required=False, max_length=200, help_text=gettext_lazy("Its address.")
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=_TELLABLE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=_TELLABLE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("In the reason or the details."),
    )
