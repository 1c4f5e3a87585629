"""Forms of rules: what a rule says, its rows, and a text to try it on. The operations say what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from articles.models import RuleVersion
from articles.rules.conditions import FIELDS, MAX_CONDITIONS, Comparison, Condition, Row
from articles.rules.facts import Author, Found, SaveFacts
from articles.rules.ruling import MAX_MESSAGE, MAX_NAME, require_sound
from articles.text.content import Content
from articles.text.content.tags import MAX_TAG
from articles.workflow import RuleFaults, RuleText, with_lf

MAX_SAMPLE = 50_000  # code points of a text that a rule is tried on


class RuleForm(forms.Form):
    """What a rule says, apart from its conditions. `seen` is the number of the version that is changed."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": MAX_NAME}),
        help_text=gettext_lazy("Moderators read it beside what meets the rule."),
    )
    needs = forms.ChoiceField(
        label=gettext_lazy("When"),
        required=False,
        choices=RuleVersion.Needs.choices,
        widget=forms.RadioSelect,
    )
    action = forms.ChoiceField(
        label=gettext_lazy("Then"),
        required=False,
        choices=RuleVersion.Action.choices,
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=gettext_lazy("What the author reads"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": MAX_MESSAGE}),
        help_text=gettext_lazy("Where the save is refused: what is wrong, and what to do."),
    )
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto", "maxlength": MAX_TAG}),
        help_text=gettext_lazy("Moderators see it beside the version; readers do not."),
    )
    seen = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    @classmethod
    def showing(cls, text: RuleText | None, number: int | None) -> RuleForm:
        """Return the form of a rule, or of a new one."""
        text = text or RuleText("", RuleVersion.Needs.ALL, (), RuleVersion.Action.NOTE)
        return cls(initial={name: getattr(text, name) for name in _TEXTS} | {"seen": number})

    def text(self, rows: Sequence[Row]) -> RuleText:
        """Return what was typed, as a rule with these rows."""
        return RuleText(rows=tuple(rows), **{name: self.cleaned_data[name].strip() for name in _TEXTS})

    def add_faults(self, faults: RuleFaults) -> None:
        for field, fault in faults.by_field.items():
            self.add_error(field if field in self.fields else None, fault)


_TEXTS = ("name", "needs", "action", "message", "tag")


def _fields() -> list[tuple[str, Any]]:
    """Return the fields of a condition as choices, in their groups."""
    groups = groupby(FIELDS.items(), key=lambda item: item[1].group)
    return [
        ("", gettext_lazy("Choose …")),
        *((str(group), [(name, field.label) for name, field in items]) for group, items in groups),
    ]


class RowForm(forms.Form):
    """One condition: a row of the form. An empty one says nothing."""

    field = forms.ChoiceField(label=gettext_lazy("What"), required=False, choices=_fields)
    comparison = forms.ChoiceField(
        label=gettext_lazy("How"),
        required=False,
        choices=lambda: [(comparison.value, comparison.label) for comparison in Comparison],
    )
    value = forms.CharField(
        label=gettext_lazy("Value"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "spellcheck": "false"}),
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove"), required=False)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the form, with what is wrong with it."""

    number: int
    form: RowForm
    fault: str


class RuleRows:
    """The conditions of a rule as rows of a form, with an empty one for another condition."""

    def __init__(self, rows: Sequence[Row], *, empty: int = 1) -> None:
        self.rows = list(rows)
        self.faults: Mapping[int, str] = {}
        self._empty = empty

    @classmethod
    def posted(cls, data: Mapping[str, str]) -> RuleRows:
        """Return the rows that were typed, without the empty ones and those to be removed."""
        rows = []
        for place in range(MAX_CONDITIONS + 1):
            field, comparison, value = (
                data.get(f"{place}-{name}", "") for name in ("field", "comparison", "value")
            )
            value = with_lf(value).strip()
            if (field or value) and f"{place}-remove" not in data:
                rows.append(Row(field, comparison, value))
        return cls(rows)

    def add(self) -> None:
        """Show one more empty row."""
        self._empty += 1

    def __iter__(self) -> Iterator[ShownRow]:
        """Yield the rows to show."""
        empty = [Row("", Comparison.CONTAINS, "")] * self._empty
        for place, row in enumerate([*self.rows, *empty][:MAX_CONDITIONS]):
            initial = {"field": row.field, "comparison": row.comparison, "value": row.value}
            yield ShownRow(place + 1, RowForm(initial=initial, prefix=str(place)), self.faults.get(place, ""))

    @property
    def is_full(self) -> bool:
        return len(self.rows) + self._empty >= MAX_CONDITIONS

    @property
    def fitting(self) -> str:
        """As JSON for the script: which comparisons fit each field, and what its value looks like."""
        fields = {
            name: {"fit": list(field.kind.comparisons), "example": str(field.kind.example)}
            for name, field in FIELDS.items()
        }
        return json.dumps(fields)


class TrialForm(forms.Form):
    """A text to try a rule on."""

    sample = forms.CharField(
        label=gettext_lazy("A text to try it on"),
        required=False,
        max_length=MAX_SAMPLE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "spellcheck": "false"}),
        help_text=gettext_lazy("As a new article by an author without a record. Nothing is saved."),
    )


class _Sample(SaveFacts):
    """A pasted text, as if a newcomer saved it as a new article."""

    before = None
    is_new = True
    author = Author(approved=0, age=0, groups=frozenset({"authors"}))
    found = Found(frozenset(), alerts=0, warnings=0)

    def __init__(self, source: str) -> None:
        self._content = Content(title="", slug="", source=source)

    @property
    def written(self) -> Content:
        return self._content

    @property
    def source(self) -> str:
        return self._content.source

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.source), 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a rule: whether the text meets it, and each condition with what met it."""

    is_met: bool
    rows: Sequence[tuple[Row, bool, str]]


def try_rule(text: RuleText, sample: str) -> Trial:
    """Try a rule on a text. Raises `RuleFaults`."""
    require_sound(text)
    save = _Sample(with_lf(sample))
    found = [(row, Condition.of(row).met_by(save)) for row in text.rows]
    rows = [(row, what is not None, what or "") for row, what in found]
    together = all if text.needs == RuleVersion.Needs.ALL else any
    return Trial(together(is_met for _, is_met, _ in rows), rows)
