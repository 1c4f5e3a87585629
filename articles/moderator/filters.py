"""The filter and the order of the queue, as addresses carry them from the list to an item and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.http import paging
from articles.models import Review
from articles.moderation.reviews import ReviewQuerySet, Tally
from articles.templatetags.labels import CHECKS
from articles.text.markdown import host_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

WORST_FIRST = (paging.Key("risk"), paging.Key("pk", is_descending=False))  # as `ReviewQuerySet.worst_first`
ORDERS: Mapping[str, Sequence[paging.Key]] = {
    "oldest": (
        paging.Key("submitted_at", paging.instant, is_descending=False),
        paging.Key("pk", is_descending=False),
    ),
    "newest": (paging.Key("submitted_at", paging.instant), paging.Key("pk")),
}


def _older(reviews: ReviewQuerySet, days: int) -> ReviewQuerySet:
    return reviews.filter(submitted_at__lt=timezone.now() - timedelta(days=days))


# What each choice of a field keeps.
NARROWINGS: Mapping[str, Mapping[str, Callable[[ReviewQuerySet, User | AnonymousUser], ReviewQuerySet]]] = {
    "level": {
        "alert": lambda reviews, _user: reviews.filter(gravity="alert"),
        "warning": lambda reviews, _user: reviews.filter(gravity="warning"),
    },
    "kind": {
        "new": lambda reviews, _user: reviews.new_articles(),
        "change": lambda reviews, _user: reviews.changes(),
    },
    "claim": {
        "mine": lambda reviews, user: reviews.claimed(by=user),
        "nobody": lambda reviews, _user: reviews.unclaimed(),
        "opinion": lambda reviews, _user: reviews.filter(asks_opinion=True),
    },
    "age": {
        "new": lambda reviews, _user: reviews.filter(submitted_at__gt=timezone.now() - timedelta(days=1)),
        "day": lambda reviews, _user: _older(reviews, 1),
        "old": lambda reviews, _user: _older(reviews, 3),
    },
}


def query_of(chosen: Mapping[str, str]) -> str:
    """Return the end of an address with the fields that have a value, from the question mark on."""
    return f"?{urlencode({name: value for name, value in chosen.items() if value})}"


class QueueFilter(forms.Form):
    """A filter of the queue and its order; a field with an invalid value filters nothing."""

    CLAIMS = [
        ("", gettext_lazy("anybody or nobody")),
        ("mine", gettext_lazy("me")),
        ("nobody", gettext_lazy("nobody")),
        ("opinion", gettext_lazy("whoever has a second opinion")),
    ]
    AGES = [
        ("", gettext_lazy("any time")),
        ("new", gettext_lazy("less than a day")),
        ("day", gettext_lazy("more than a day")),
        ("old", gettext_lazy("more than three days")),
    ]

    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
        help_text=gettext_lazy("Words of titles, texts, addresses and authors' names."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Findings"),
        required=False,
        choices=[
            ("", gettext_lazy("any")),
            ("alert", gettext_lazy("serious")),
            ("warning", gettext_lazy("odd")),
        ],
    )
    check = forms.ChoiceField(
        label=gettext_lazy("Brings in"),
        required=False,
        choices=[("", gettext_lazy("anything")), *CHECKS.items()],
    )
    host = forms.CharField(
        label=gettext_lazy("Links to"),
        required=False,
        max_length=253,
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy("A domain; what is below it counts, too."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Articles"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("new", gettext_lazy("new ones")),
            ("change", gettext_lazy("changes of what is or was public")),
        ],
    )
    cause = forms.ChoiceField(label=gettext_lazy("Main cause"), required=False)
    language = forms.CharField(label=gettext_lazy("Language"), required=False, max_length=35)
    author = forms.CharField(label=gettext_lazy("Author"), required=False, max_length=150)
    article = forms.CharField(label=gettext_lazy("Address of the article"), required=False, max_length=200)
    claim = forms.ChoiceField(label=gettext_lazy("Claimed by"), required=False, choices=CLAIMS)
    age = forms.ChoiceField(label=gettext_lazy("Waiting for"), required=False, choices=AGES)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("", gettext_lazy("worst first")),
            ("oldest", gettext_lazy("oldest first")),
            ("newest", gettext_lazy("newest first")),
        ],
    )

    def __init__(self, *args: Any, tally: Tally | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        causes = [
            (cause.value, cause.label if tally is None else f"{cause.label} ({tally.causes[cause]})")
            for cause in Review.Cause
        ]
        self.fields["cause"].choices = [("", _("any")), *causes]  # type: ignore[attr-defined]

    def clean_host(self) -> str:
        """Return the host of an address, or the host itself, as links are read. Raises `ValidationError` for none."""
        typed = self.cleaned_data["host"].strip()
        if not typed:
            return ""
        host = host_of(typed if "//" in typed else f"https://{typed}")
        if not host:
            raise forms.ValidationError(gettext_lazy("Write a domain such as example.org."))
        return host

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The valid fields that have a value."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @cached_property
    def query(self) -> str:
        """The filter and the order as the end of an address, from the question mark on; empty without both."""
        return query_of(self.chosen) if self.chosen else ""

    @property
    def narrows(self) -> bool:
        """Whether it filters; an order alone does not."""
        return bool(self.chosen.keys() - {"order"})

    @property
    def keys(self) -> Sequence[paging.Key]:
        """The keys of the order that is asked for."""
        return ORDERS.get(self.chosen.get("order", ""), WORST_FIRST)

    @property
    def ordering(self) -> list[str]:
        """The order that is asked for, as `order_by` takes it."""
        return [f"{'-' if key.is_descending else ''}{key.name}" for key in self.keys]

    def query_with(self, **changes: str) -> str:
        """Return the end of an address with some fields changed; an empty value removes a field."""
        return query_of({**self.chosen, **changes})

    def apply(self, reviews: ReviewQuerySet, user: User | AnonymousUser) -> ReviewQuerySet:
        """Return the reviews that match, as far as the person may know."""
        chosen = self.chosen
        if chosen.keys() & {"q", "check", "host"}:
            reviews = reviews.search(
                chosen.get("q", ""), check=chosen.get("check", ""), host=chosen.get("host", "")
            )
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
        for name, narrowings in NARROWINGS.items():
            if name in chosen:
                reviews = narrowings[chosen[name]](reviews, user)
        return reviews
