"""The filters of the list of articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import workflow
from articles.models import Rendering, Revision
from articles.revisions.indexing import with_tag
from articles.templatetags.languages import language_label

if TYPE_CHECKING:
    from django.contrib.admin.views.main import ChangeList

PUBLIC = "public"  # in the filter of states: readers see a version, whatever the state of the newest
MOST_LANGUAGES = 100  # that the filter offers
MOST_AUTHORS = 100  # whose names the field suggests; any name can be typed


class StateFilter(admin.SimpleListFilter):
    """Filters by state; without a choice, what is in the archive is left out, and the first choice says so."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(PUBLIC, _("public")), *workflow.State.choices]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("All but the archive")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        if chosen == PUBLIC:
            return queryset.public()
        if chosen in workflow.State.values:
            return workflow.in_state(queryset, workflow.State(chosen))
        return queryset.filter(archived_at=None)


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Offer the first languages in use, and the one that the address names."""
        tags = Revision.objects.languages()
        offered = tags[:MOST_LANGUAGES]
        if self.value() in tags[MOST_LANGUAGES:]:
            offered.append(str(self.value()))
        return [(tag, language_label(tag)) for tag in offered]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.whose_latest(language=self.value()) if self.value() in known else queryset


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("my articles")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("newest", _("newest version by me")), ("any", _("with a version by me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "newest":
                return queryset.whose_latest(author=request.user.pk)
            case "any":
                return queryset.filter(
                    pk__in=Revision.objects.filter(author=request.user.pk).values("article")
                )
            case _other:
                return queryset


class FlagFilter(admin.SimpleListFilter):
    title = gettext_lazy("odd characters")
    parameter_name = "flagged"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("yes", _("with flagged characters")), ("no", _("without"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "yes":
                ever = Rendering.objects.with_flagged().values(
                    "revision"
                )  # by index; the newest rendering counts
                return queryset.filter(flagged__gt=0, latest_revision__in=ever)
            case "no":
                return queryset.filter(flagged=0)
            case _other:
                return queryset


class TypedFilter(admin.SimpleListFilter):
    """A filter whose value is typed into a field, since there may be too many to list. A GET form of its own."""

    template = "admin/articles/article/typed_filter.html"
    max_length = 150

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(name, name) for name in self.suggestions()]

    def suggestions(self) -> Iterable[str]:
        """Return what the field suggests."""
        return ()

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield one dict: what is typed, what is suggested, and the rest of the address."""
        kept = changelist.get_query_string(remove=[str(self.parameter_name)])
        others = {
            key: values for key, values in changelist.filter_params.items() if key != self.parameter_name
        }
        yield {
            "selected": bool(self.value()),
            "typed": self.value() or "",
            "query_string": kept,
            "others": [(key, value) for key, values in others.items() for value in values],
            "max_length": self.max_length,
            "suggestions": [value for value, _label in self.lookup_choices],
        }


class AuthorFilter(TypedFilter):
    """Keeps the articles whose newest version somebody wrote, unless the name is hidden from the person who asks."""

    title = gettext_lazy("author of the newest version")
    parameter_name = "author"

    def suggestions(self) -> Iterable[str]:
        return Revision.objects.author_names(MOST_AUTHORS)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        name = self.value()
        return queryset.latest_by(name, asked_by=request.user) if name else queryset


class TagFilter(TypedFilter):
    title = gettext_lazy("tag")
    parameter_name = "tag"
    max_length = 50

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        tag = self.value()
        return with_tag(queryset, tag) if tag else queryset
