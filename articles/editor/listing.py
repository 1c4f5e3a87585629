"""The list of articles in the admin: columns, filters, actions and permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import permissions, workflow
from articles.http.parameters import parse_number
from articles.models import Article
from articles.revisions.indexing import with_words
from articles.revisions.language_names import name_of

from .bulk import OFFERED
from .changelist import ArticleChangeList
from .filters import AuthorFilter, FlagFilter, LanguageFilter, MineFilter, StateFilter, TagFilter

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Article]
else:  # only the type stubs know a generic class
    ModelAdmin = admin.ModelAdmin

State = workflow.State


class ArticleList(ModelAdmin):
    list_display = ("title", "state", "language", "flags", "last_editor", "edited_at", "next_step")
    list_display_links = ("title",)
    list_filter = (StateFilter, LanguageFilter, MineFilter, FlagFilter, AuthorFilter, TagFilter)
    search_fields = ("slug",)  # shows the box; `get_search_results` asks the index
    search_help_text = gettext_lazy(
        "Finds words of title, text, tags, address and author in the newest versions, also if they are spelled with"
        " look-alike characters. The last word may be incomplete. Quotes make a phrase."
    )
    list_per_page = 50
    show_full_result_count = False
    actions = OFFERED
    show_facets = admin.ShowFacets.NEVER  # they count the whole site for each choice
    view_on_site = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ArticleChangeList]:
        return ArticleChangeList

    def get_queryset(self, request: HttpRequest) -> Any:
        return workflow.with_named_versions(Article.objects.visible_to(request.user).for_editors())

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Keep the articles with all words of the search; none if it has signs only, all if it is empty."""
        if not search_term:
            return queryset, False
        return with_words(queryset, search_term), False

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

    @admin.display(description=gettext_lazy("title"))
    def title(self, article: Article) -> str:
        return format_html("<bdi>{}</bdi>", str(article))

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Any) -> str:
        return workflow.state_text(article)

    @admin.display(description=gettext_lazy("language"))
    def language(self, article: Any) -> str:
        return format_html("<bdi>{}</bdi>", name_of(article.latest_revision.language))

    @admin.display(description=gettext_lazy("flagged"))
    def flags(self, article: Any) -> str:
        flagged = article.flagged
        return ngettext("%(n)d character", "%(n)d characters", flagged) % {"n": flagged} if flagged else "0"

    @admin.display(description=gettext_lazy("last editor"))
    def last_editor(self, article: Any) -> str:
        return format_html("<bdi>{}</bdi>", article.latest_revision.author_name)

    @admin.display(description=gettext_lazy("edited"), ordering="latest_revision_id")
    def edited_at(self, article: Any) -> Any:
        return article.latest_revision.created_at

    @admin.display(description=gettext_lazy("next step"))
    def next_step(self, article: Any) -> str:
        """Link to the one thing that comes next, for whoever looks; the history has all the rest."""
        return format_html('<a href="{}">{}</a>', *_next_step(article))

    # Actions

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return permissions.can_upload(request.user)

    def has_tag_permission(self, request: HttpRequest) -> bool:
        return permissions.can_edit(request.user)

    def has_unpublish_permission(self, request: HttpRequest) -> bool:
        return permissions.can_publish(request.user)

    def has_archive_permission(self, request: HttpRequest) -> bool:
        return permissions.can_archive(request.user)

    def response_action(
        self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Refuse keys that are no numbers, which Django would pass on to the database."""
        if not all(map(parse_number, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise BadRequest("A selected article is named by no number.")
        return super().response_action(request, queryset, *args, **kwargs)


def _next_step(article: Any) -> tuple[str, str]:
    """Return address and words of what comes next."""
    editor = reverse("admin:articles_article_change", args=[article.pk])
    number, live = workflow.named_number(article), article.published_revision
    match State(article.state):
        case State.WAITING if live:
            return reverse("compare", args=[article.slug, live.number, number]), _("See what waits")
        case State.WAITING:
            return reverse("revision", args=[article.slug, number]), _("See what waits")
        case State.CHANGES_REQUESTED:
            return editor, _("Answer the reason")
        case State.APPROVED:
            return editor, _("Publish it")
        case State.SCHEDULED:
            return editor, _("See when it goes live")
        case State.PUBLISHED:
            return article.get_absolute_url(), _("Read it")
        case State.ARCHIVED:
            return reverse("history", args=[article.slug]), _("See its history")
        case _draft:
            return editor, _("Continue writing")
