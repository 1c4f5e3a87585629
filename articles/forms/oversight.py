"""What is remembered, taken down and looked for in the log."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from articles.models import Allowance, Event, Hiding
from articles.workflow import MAX_REASON


class AllowanceForm(forms.Form):
    """A verdict that is remembered. From a finding, the kinds name what it offers; without one, all is typed in."""

    kind = forms.ChoiceField(label=_("What is fine"), choices=Allowance.Kind.choices)
    value = forms.CharField(
        label=_("The character, word or domain"),
        max_length=253,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("A character may be written as U+0430, several with spaces between."),
    )
    scope = forms.ChoiceField(label=_("Where"), choices=Allowance.Scope.choices)
    article = forms.CharField(
        label=_("Article"), required=False, help_text=_("Its address, where one article is meant.")
    )
    language = forms.CharField(
        label=_("Language"),
        required=False,
        max_length=35,
        help_text=_("A language tag such as ru, where texts of one language are meant."),
    )
    reason = forms.CharField(
        label=_("Why it is fine"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    until = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: it does not end."),
    )

    def __init__(self, *args: Any, offers: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        """`offers` are the kinds that a finding allows, each with what it would be; None where nothing is given."""
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
    """`U+0430 U+0435` as the characters they name; any other text as it is."""
    codes = [re.fullmatch(r"[Uu]\+([0-9A-Fa-f]{1,6})", word) for word in text.split()]
    if not codes or not all(codes):
        return text
    try:
        characters = "".join(chr(int(code[1], 16)) for code in codes if code)
        characters.encode()
    except (ValueError, UnicodeEncodeError):
        raise forms.ValidationError(_("There is no such character.")) from None
    if "\0" in characters:
        raise forms.ValidationError(_("There is no such character."))
    return characters


class HidingForm(forms.Form):
    """What of a version is taken down, and why."""

    parts = forms.MultipleChoiceField(
        label=_("What to hide"), choices=Hiding.Part.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The newsroom reads it, readers do not. Do not repeat what you hide."),
    )


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


# A day at the end of the calendar begins or ends outside it in some time zone.
_TELLABLE = [MinValueValidator(date(2, 1, 1)), MaxValueValidator(date(9998, 12, 31))]


class LogForm(forms.Form):
    """What to look for in the log. A date is a whole day in the site's time zone."""

    person = forms.CharField(label=_("Who"), required=False, max_length=150)
    action = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("anything")), *Event.Action.choices]
    )
    article = forms.CharField(label=_("Article"), required=False, max_length=200, help_text=_("Its address."))
    first = forms.DateField(
        label=_("From"),
        required=False,
        validators=_TELLABLE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("To"),
        required=False,
        validators=_TELLABLE,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=_("Words"), required=False, max_length=200, help_text=_("In the reason or the details.")
    )
