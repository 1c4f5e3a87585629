"""Forms of moderators: decisions, allowances, hidings and searches of the log. The operations check the rest."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import unquote

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from articles.http.parameters import parse_number
from articles.models import Allowance, Event, Hiding, ReasonTemplate
from articles.revisions.forms import ArticleForm
from articles.text.content import Content
from articles.workflow import MAX_REASON, MOST_AT_ONCE, Seen

MOST_SEEN = 200  # rows of a list that a decision on several is read from

DECISIONS = [
    ("approve", gettext_lazy("Approve")),
    ("request changes", gettext_lazy("Request changes")),
    ("reject", gettext_lazy("Reject")),
]


class NumbersField(forms.Field):
    """Several primary keys, as boxes of a list send them; what is none is left out."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> list[int]:
        numbers = map(parse_number, value or [])
        return [number for number in numbers if number is not None]


class ReasonedForm(forms.Form):
    """A decision with its reason. A template is the reason if none is written."""

    decision = forms.ChoiceField(
        choices=DECISIONS, error_messages={"required": gettext_lazy("Choose a decision.")}
    )
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

    def clean_reason(self) -> str:
        template = self.cleaned_data.get("template")
        return self.cleaned_data["reason"] or (template.text if template else "")


class DecisionForm(ReasonedForm):
    """A decision on one review, bound to what its page showed."""

    decision = forms.ChoiceField(
        choices=[*DECISIONS, ("fix", gettext_lazy("Fix"))],
        error_messages={"required": gettext_lazy("Choose a decision.")},
    )
    stay = forms.BooleanField(label=gettext_lazy("Stay on this page"), required=False)
    sure = forms.BooleanField(
        label=gettext_lazy("I have seen it, and it is to go live all the same"), required=False
    )
    leave_out = forms.BooleanField(label=gettext_lazy("Leave out what I changed in the text"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> Seen:
        seen = Seen.read(self.cleaned_data["seen"])
        if seen is None:
            raise forms.ValidationError(
                gettext_lazy("The form did not say what its page showed. Look at the version, then decide.")
            )
        return seen


class BulkForm(forms.Form):
    """What is selected in the list, and the decision that is meant: the rows, or with `all` what the filter finds."""

    decision = forms.ChoiceField(
        choices=DECISIONS, error_messages={"required": gettext_lazy("Choose a decision.")}
    )
    all = forms.BooleanField(required=False)
    review = NumbersField(required=False)

    @cached_property
    def seen(self) -> dict[int, Seen]:
        """What the list showed, by the keys of the reviews."""
        texts = self.data.getlist("seen") if isinstance(self.data, QueryDict) else []
        return {seen.review: seen for seen in map(Seen.read, texts[:MOST_SEEN]) if seen}

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("all") and not self.cleaned_data.get("review"):
            raise forms.ValidationError(gettext_lazy("Select at least one."))
        return self.cleaned_data


class BatchForm(ReasonedForm):
    """One decision on the reviews that its page listed: their primary keys, and what was shown of each, a line each."""

    reviews = forms.RegexField(r"^[0-9]{1,9}(,[0-9]{1,9})*\Z", widget=forms.HiddenInput)
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_reviews(self) -> list[int]:
        """Return the primary keys in order, each once."""
        return list(dict.fromkeys(map(int, self.cleaned_data["reviews"].split(","))))

    def clean_seen(self) -> dict[int, Seen]:
        """Return what was shown, by the keys of the reviews."""
        lines = self.cleaned_data["seen"].split()[: 2 * MOST_AT_ONCE]
        return {seen.review: seen for seen in map(Seen.read, lines) if seen}


class FixForm(ArticleForm):
    """A moderator's correction of a version under review, in the form of the decision; the text comes first."""

    field_order = ["title", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="fix-%s", **kwargs)

    def differs_from(self, content: Content) -> bool:
        """Return whether a field that was sent differs from a content; fields that were not sent do not."""
        shown = self.initial_from(content, base=0)
        sent = {name: self.data[name] for name in shown if name in self.data}
        return not self.typed(shown | sent).says_the_same(self.typed(shown))


class AllowanceForm(forms.Form):
    """An allowance. From a finding, the kinds are what it offers; without one, everything is typed."""

    kind = forms.ChoiceField(label=gettext_lazy("What is fine"), choices=Allowance.Kind.choices)
    value = forms.CharField(
        label=gettext_lazy("The character, word or domain"),
        max_length=253,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("A character may be written as U+0430, several with spaces between."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("Where"),
        choices=Allowance.Scope.choices,
        help_text=gettext_lazy(
            "What reaches further than one article, and what silences alerts, takes a second moderator."
        ),
    )
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
        required=False,  # of a preview; the operation demands it
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
                    label=self.fields[name].label,
                    choices=choices,
                    widget=forms.RadioSelect,
                    help_text=self.fields[name].help_text,
                )

    @property
    def reach(self) -> str:
        """What is to be allowed and where, as the hidden field of the preview carries it. Only of a valid form."""
        names = ("kind", "value", "scope", "article", "language")
        return json.dumps([self.cleaned_data.get(name, "") for name in names])

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


class PassageForm(forms.Form):
    """A passage, of which the versions that contain it are asked for."""

    passage = forms.CharField(
        label=gettext_lazy("Passage"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("Paste it from a page or from the source."),
    )


class HidingForm(forms.Form):
    """Which parts of which revisions to hide, and why."""

    revision = NumbersField(required=False)
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What to hide"), choices=Hiding.Part.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("The newsroom reads it, readers do not. Do not repeat what you hide."),
    )


class NoteForm(forms.Form):
    """A note among moderators."""

    text = forms.CharField(
        label=gettext_lazy("Your note"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=gettext_lazy("Moderators read it, the author never does."),
    )


class ReasonForm(forms.Form):
    """Why an allowance is revoked, confirmed or declined."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )


class AloneForm(ReasonForm):
    """Why somebody confirms what they proposed themselves, since nobody else may."""

    sure = forms.BooleanField(
        label=gettext_lazy("Nobody else can look at it. I answer for it alone, and the log says so."),
        required=False,  # the operation demands it
    )


# A day at the end of the calendar begins or ends outside it in some time zone.
TELLABLE_DATES = [MinValueValidator(date(2, 1, 1)), MaxValueValidator(date(9998, 12, 31))]


class LogForm(forms.Form):
    """A search of the log. A date is a whole day in the site's time zone."""

    person = forms.CharField(label=gettext_lazy("Who"), required=False, max_length=150)
    action = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("anything")), *Event.Action.choices],
    )
    article = forms.CharField(
        label=gettext_lazy("Article"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("Its address; any page of it may be pasted."),
    )
    first = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=TELLABLE_DATES,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("Words"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("In the reason or the details. A character may be written as U+0430."),
    )

    def clean_article(self) -> str:
        """Return the text percent-decoded, and with the characters that `U+0430` names."""
        text = from_code_points(unquote(self.cleaned_data["article"].strip()))
        if "\0" in text:
            raise forms.ValidationError(gettext_lazy("There is no such article."))
        return text
