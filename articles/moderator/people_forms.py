"""Forms about people: what is imposed on somebody, notes, and the period that is taken back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.models import Standing, Sweep
from articles.workflow import MAX_REASON

from .forms import TELLABLE_DATES

ANY_STANDING = [("", gettext_lazy("everybody")), *Standing.Kind.choices]


class PeopleFilter(forms.Form):
    """A search among people; a field with an invalid value filters nothing."""

    q = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )
    standing = forms.ChoiceField(label=gettext_lazy("Who"), required=False, choices=ANY_STANDING)


class StandingForm(forms.Form):
    """What to impose on a person, why and how long."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"), choices=Standing.Kind.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("The person reads it where it stops them."),
    )
    until = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: until somebody ends it."),
    )

    def __init__(self, *args: Any, may_suspend: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [kind for kind in Standing.Kind.choices if may_suspend or kind[0] != Standing.Kind.SUSPENDED]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A note about a person for other moderators."""

    text = forms.CharField(
        label=gettext_lazy("Your note"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class PeriodForm(forms.Form):
    """A period, as whole days in the site's time zone, and what to take back of it."""

    first = forms.DateField(
        label=gettext_lazy("From"),
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    what = forms.MultipleChoiceField(
        label=gettext_lazy("What"), choices=Sweep.Kind.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            raise ValidationError(gettext_lazy("The last day comes before the first."))
        return cleaned

    @property
    def period(self) -> dict[str, Any]:
        """The valid form as keyword arguments of `plan_sweep`; the end is the start of the day after."""
        chosen = self.cleaned_data
        return {
            "since": _midnight(chosen["first"]),
            "until": _midnight(chosen["last"] + timedelta(days=1)),
            "kinds": [kind for kind in Sweep.Kind.values if kind in chosen["what"]],
        }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
