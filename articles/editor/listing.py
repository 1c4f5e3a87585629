"""The list of articles in the admin: columns, filters and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import permissions, workflow
from articles.models import Article, Revision
from articles.revisions.indexing import LATEST
from articles.search.index import matching

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Article]
else:  # only the type stubs know a generic class
    ModelAdmin = admin.ModelAdmin


PUBLIC = "public"  # in the filter of states: readers see a version, whatever the state of the newest
MOST_LANGUAGES = 100  # that the filter offers


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        """Offer the first languages in use, and the one that the address names."""
        tags = Revision.objects.languages()
        offered = tags[:MOST_LANGUAGES]
        if self.value() in tags[MOST_LANGUAGES:]:
            offered.append(str(self.value()))
        return [(tag, tag) for tag in offered]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(latest_revision__language=self.value()) if self.value() in known else queryset


class StateFilter(admin.SimpleListFilter):
    """Filters by state; without a choice, what is in the archive is left out."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [(PUBLIC, _("public")), *workflow.State.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = self.value() or ""
        if chosen == PUBLIC:
            return queryset.public()
        if chosen in workflow.State.values:
            return workflow.in_state(queryset, workflow.State(chosen))
        return queryset.filter(archived_at=None)


class MineFilter(admin.SimpleListFilter):
    title = gettext_lazy("author")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> list[tuple[str, Any]]:
        return [("newest", _("newest version by me")), ("any", _("with a version by me"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "newest":
                return queryset.filter(latest_revision__author=request.user.pk)
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
                return queryset.filter(flagged__gt=0)
            case "no":
                return queryset.filter(flagged=0)
            case _other:
                return queryset


class ArticleList(ModelAdmin):
    list_display = ("title", "state", "language", "flags", "last_editor", "edited_at", "links")
    list_display_links = ("title",)
    list_filter = (StateFilter, LanguageFilter, MineFilter, FlagFilter)
    search_fields = ("slug",)  # shows the box; `get_search_results` asks the index
    search_help_text = gettext_lazy(
        "Finds words of title, text, tags, address and author in the newest versions, also if they are spelled with"
        " look-alike characters. The last word may be incomplete. Quotes make a phrase."
    )
    list_per_page = 50
    show_full_result_count = False
    actions = None
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return workflow.with_state(Article.objects.visible_to(request.user).for_editors())

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Keep the articles with all words of the search; none if it has signs only, all if it is empty."""
        if not search_term:
            return queryset, False
        keys = matching(LATEST, search_term)
        return queryset.none() if keys is None else queryset.filter(pk__in=keys), False

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-latest_revision_id",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.can_see_drafts(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.can_see_drafts(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.can_create(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return permissions.can_edit(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # an article is unpublished, never deleted

    @admin.display(description=gettext_lazy("title"), ordering="latest_revision__title")
    def title(self, article: Article) -> str:
        return format_html("<bdi>{}</bdi>", str(article))

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Any) -> str:
        """Name the state, and what readers see if that is another version than the newest."""
        state = workflow.State(article.state)
        live = article.published_revision
        if live is None or state == workflow.State.PUBLISHED:
            return str(state.label)
        facts = {"state": state.label, "number": live.number}
        return _("%(state)s; readers see version %(number)d") % facts

    @admin.display(description=gettext_lazy("language"), ordering="latest_revision__language")
    def language(self, article: Any) -> str:
        latest: Revision = article.latest_revision
        return latest.language

    @admin.display(description=gettext_lazy("flagged"))
    def flags(self, article: Any) -> str:
        flagged = article.flagged
        return ngettext("%(n)d character", "%(n)d characters", flagged) % {"n": flagged} if flagged else "0"

    @admin.display(description=gettext_lazy("last editor"), ordering="latest_revision__author_name")
    def last_editor(self, article: Any) -> str:
        latest: Revision = article.latest_revision
        return latest.author_name

    @admin.display(description=gettext_lazy("edited"), ordering="latest_revision__created_at")
    def edited_at(self, article: Any) -> Any:
        return article.latest_revision.created_at

    @admin.display(description=gettext_lazy("look at"))
    def links(self, article: Any) -> str:
        links = [(reverse("history", args=[article.slug]), _("history"))]
        number, live = article.latest_revision.number, article.published_revision
        if live and live.number < number:
            links.append(
                (reverse("compare", args=[article.slug, live.number, number]), _("compare with published"))
            )
        elif number > 1:
            links.append((reverse("compare", args=[article.slug, number - 1, number]), _("last change")))
        return format_html_join(" · ", '<a href="{}">{}</a>', links)
