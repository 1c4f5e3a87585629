"""The authors' door: the list of articles and the editor. Every save ends in the workflow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import unquote_to_bytes

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from . import permissions, workflow
from .forms import ArticleForm, ChoicesForm
from .models import Article, Review, Revision
from .text.comparison import compare_contents
from .text.sanitizer import SourceRefused, sanitize

admin.site.site_header = admin.site.site_title = gettext_lazy("Palimpsest")
admin.site.index_title = gettext_lazy("Newsroom")
admin.site.enable_nav_sidebar = False  # one list needs no second way to it


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [(language, language) for language in Article.objects.visible_to(request.user).languages()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(latest_revision__language=self.value()) if self.value() in known else queryset


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        return [("published", _("published")), ("unpublished", _("not published")), *Review.State.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "published":
                return queryset.public()
            case "unpublished":
                return queryset.filter(published_revision=None)
            case state if state in Review.State.values:
                return queryset.filter(review_state=state)
            case _other:
                return queryset


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ("title", "state", "language", "flags", "last_editor", "edited_at", "links")
    list_display_links = ("title",)
    list_filter = (StateFilter, LanguageFilter)
    search_fields = ("slug", "latest_revision__title")
    list_per_page = 50
    show_full_result_count = False
    actions = None
    view_on_site = False
    change_form_template = "admin/articles/article/editor.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return Article.objects.visible_to(request.user).for_editors()

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return ("-latest_revision__created_at", "-pk")

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

    # The list

    @admin.display(description=gettext_lazy("title"), ordering="latest_revision__title")
    def title(self, article: Article) -> str:
        return format_html("<bdi>{}</bdi>", str(article))

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Any) -> str:
        published = article.published_revision_id is not None
        if published and article.published_revision_id == article.latest_revision_id:
            return _("published")
        waiting = Review.State(article.review_state).label if article.review_state else _("draft")
        return _("published; newer version: %(state)s") % {"state": waiting} if published else str(waiting)

    @admin.display(description=gettext_lazy("language"), ordering="latest_revision__language")
    def language(self, article: Any) -> str:
        return article.latest_revision.language

    @admin.display(description=gettext_lazy("flagged"))
    def flags(self, article: Any) -> str:
        flagged = article.flagged
        return ngettext("%(n)d character", "%(n)d characters", flagged) % {"n": flagged} if flagged else "0"

    @admin.display(description=gettext_lazy("last editor"), ordering="latest_revision__author_name")
    def last_editor(self, article: Any) -> str:
        return article.latest_revision.author_name

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

    # The editor

    def get_urls(self) -> list[URLPattern]:
        mine = [
            path("preview/", self.admin_site.admin_view(self.preview), name="articles_article_preview"),
            path(
                "<int:pk>/unpublish/",
                self.admin_site.admin_view(self.unpublish),
                name="articles_article_unpublish",
            ),
            path(
                "<int:pk>/withdraw/",
                self.admin_site.admin_view(self.withdraw),
                name="articles_article_withdraw",
            ),
            path(
                "<int:pk>/restore/<int:number>/",
                self.admin_site.admin_view(self.restore),
                name="articles_article_restore",
            ),
        ]
        return mine + super().get_urls()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The editor: one form, one call of the workflow; errors and conflicts come back with the text intact."""
        _refuse_broken_encoding(request)
        article = None
        if object_id is not None:
            article = _article(request, object_id)
        allowed = permissions.can_edit(request.user) if article else permissions.can_create(request.user)
        if not allowed:
            raise PermissionDenied
        latest = article.latest_revision if article else None
        initial = ArticleForm.initial_from(latest.content, base=latest.number) if latest else None
        form = ArticleForm(request.POST or None, initial=initial)
        conflict = choices = None
        if article and "_choose" in request.POST and form.is_valid():
            form, conflict, choices = self._choose(request, article, form)
        elif form.is_bound and form.is_valid():
            try:
                return self._save(request, article, form)
            except ValidationError as error:
                form.add_error(None, error)
            except workflow.EditConflict as error:
                conflict = error
                form.add_error(None, str(error))
                if error.merge and not error.merged:
                    choices = ChoicesForm(error.merge, initial={"theirs": error.latest.number})
                else:  # the next save says that the person saw the other text
                    form.data = {**form.data.dict(), "base": error.latest.number}  # type: ignore[attr-defined]
                    if error.merged:
                        form.data |= ArticleForm.initial_from(error.merged, base=error.latest.number)
        return self._editor(request, article, form, conflict, choices)

    def _choose(
        self, request: HttpRequest, article: Article, form: ArticleForm
    ) -> tuple[ArticleForm, workflow.EditConflict | None, ChoicesForm | None]:
        """What the author chose where two versions clash: in the form, for a save to confirm, or asked again.

        Until then the base stays what it was, so that no way leads past the other's text.
        """
        visible = Revision.objects.visible_to(request.user).with_text().filter(article=article)
        theirs = request.POST.get("theirs", "")
        if not (theirs.isdecimal() and len(theirs) < 10):
            raise Http404
        latest = get_object_or_404(visible, number=int(theirs))
        began = get_object_or_404(visible, number=form.cleaned_data["base"])
        mine = replace(form.content, source=workflow.with_lf(form.content.source))
        conflict = workflow.EditConflict(latest=latest, submitted=mine, base=began.content)
        assert conflict.merge is not None
        choices = ChoicesForm(conflict.merge, request.POST)
        if not choices.is_valid():
            form.add_error(None, _("Some places still need a choice."))
            return form, conflict, choices
        draft = ArticleForm({**form.data.dict(), **choices.chosen, "base": latest.number})  # type: ignore[attr-defined]
        if not draft.is_valid():
            return draft, None, None
        conflict.merged = replace(draft.content, source=workflow.with_lf(draft.content.source))
        return draft, conflict, None

    def _save(self, request: HttpRequest, article: Article | None, form: ArticleForm) -> HttpResponse:
        base = form.cleaned_data["base"]
        revision = workflow.save_revision(
            article, by=permissions.signed_in(request), content=form.content, base=base
        )
        if article and revision.number == base:
            messages.info(request, _("Nothing changed, so no new version was made."))
        else:
            self._report(request, revision)
        try:
            if "_submit" in request.POST:
                workflow.submit(revision, by=permissions.signed_in(request))
                messages.success(request, _("The version is waiting for a moderator."))
            elif "_publish" in request.POST:
                self._publish(request, revision)
        except (workflow.WorkflowError, ValidationError) as error:
            messages.error(request, _reason(error))
        return redirect("admin:articles_article_change", revision.article_id)

    def _report(self, request: HttpRequest, revision: Revision) -> None:
        """How many characters were flagged and what was removed."""
        rendering = revision.renderings.latest()
        flagged = rendering.flagged
        level = messages.WARNING if flagged or rendering.removals else messages.SUCCESS
        text = _("Version %(number)d is saved.") % {"number": revision.number}
        if flagged:
            text += " " + ngettext(
                "%(flagged)d character is flagged, %(new)d of them new in this version.",
                "%(flagged)d characters are flagged, %(new)d of them new in this version.",
                flagged,
            ) % {"flagged": flagged, "new": rendering.new_alerts + rendering.new_warnings}
        if rendering.removals:
            removed = ", ".join(dict.fromkeys(removal["what"] for removal in rendering.removals[:5]))
            text += " " + ngettext(
                "%(count)d thing did not reach the page: %(removed)s.",
                "%(count)d things did not reach the page: %(removed)s.",
                len(rendering.removals),
            ) % {"count": len(rendering.removals), "removed": removed}
        messages.add_message(request, level, text)

    def _publish(self, request: HttpRequest, revision: Revision) -> None:
        review = workflow.publish(revision, by=permissions.signed_in(request))
        if review is None:
            messages.success(request, _("The version is published."))
        else:
            messages.warning(
                request,
                _("The version waits for a moderator: %(why)s.") % {"why": ", ".join(review.cause_labels)},
            )

    def _editor(
        self,
        request: HttpRequest,
        article: Article | None,
        form: ArticleForm,
        conflict: workflow.EditConflict | None,
        choices: ChoicesForm | None,
    ) -> HttpResponse:
        latest = article.latest_revision if article else None
        rendering = latest.renderings.latest() if latest else None
        review = latest.reviews.order_by("-pk").first() if latest else None
        source = form["source"].value() or ""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edit article") if article else _("Write an article"),
            "subtitle": str(article) if article else None,
            "opts": self.opts,
            "article": article,
            "latest": latest,
            "review": review,
            "rendering": rendering,
            "findings": list(latest.findings.all()) if latest else [],
            "content": latest.content if latest else None,
            "last_unpublished": article.last_unpublished if article else None,
            "form": form,
            "media": self.media + form.media + (choices.media if choices else forms.Media()),
            "preview": _preview_html(source),
            "conflict": conflict,
            "choices": choices,
            "comparison": compare_contents(conflict.latest.content, conflict.merged or conflict.submitted)
            if conflict and not choices
            else None,
            "may_publish": permissions.can_publish(request.user),
            "may_withdraw": review is not None
            and review.state == Review.State.PENDING
            and permissions.can_withdraw(request.user, review),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, context, status=409 if conflict else 200)

    @method_decorator(require_POST)
    def preview(self, request: HttpRequest) -> HttpResponse:
        """The HTML that publishing the posted text would give, from the one function that makes it."""
        if not permissions.can_create(request.user) and not permissions.can_edit(request.user):
            raise PermissionDenied
        if "content" not in request.POST:
            return HttpResponse(_("Send the text as “content”."), status=400, content_type="text/plain")
        return HttpResponse(_preview_html(request.POST["content"]))

    @method_decorator(require_POST)
    def unpublish(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = _article(request, str(pk))
        try:
            workflow.unpublish(
                article, by=permissions.signed_in(request), reason=request.POST.get("reason", "")
            )
            messages.success(request, _("The article is no longer public. Everything is kept."))
        except (workflow.WorkflowError, ValidationError) as error:
            messages.error(request, _reason(error))
        return redirect("admin:articles_article_change", pk)

    @method_decorator(require_POST)
    def withdraw(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the newest version out of the queue."""
        latest = _article(request, str(pk)).latest_revision
        review = get_object_or_404(Review.objects.pending(), revision=latest)
        try:
            workflow.withdraw(review, by=permissions.signed_in(request))
            messages.success(request, _("The version no longer waits for a moderator."))
        except workflow.WorkflowError as error:
            messages.error(request, _reason(error))
        return redirect("admin:articles_article_change", pk)

    @method_decorator(require_POST)
    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        visible = Revision.objects.visible_to(request.user).with_text()
        revision = get_object_or_404(visible, article=pk, number=number)
        try:
            restored = workflow.restore(revision, by=permissions.signed_in(request))
        except (workflow.WorkflowError, ValidationError) as error:
            messages.error(request, _reason(error))
        else:
            messages.success(
                request,
                _("Version %(new)d now reads as version %(old)d does.")
                % {"new": restored.number, "old": number},
            )
        return redirect("admin:articles_article_change", pk)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("history", _article(request, object_id).slug)


def _article(request: HttpRequest, object_id: str) -> Article:
    """The article of an address of the admin, where the person may see it."""
    if not (object_id.isdecimal() and len(object_id) < 10):
        raise Http404
    articles = Article.objects.visible_to(request.user)
    return get_object_or_404(
        articles.select_related("latest_revision__body", "published_revision"), pk=int(object_id)
    )


def _refuse_broken_encoding(request: HttpRequest) -> None:
    """Django puts U+FFFD for bytes that are no UTF-8; here every character has to be the author's."""
    if request.method == "POST" and request.content_type == "application/x-www-form-urlencoded":
        try:
            unquote_to_bytes(request.body).decode()
        except UnicodeDecodeError as error:
            raise BadRequest(f"The form is not UTF-8: {error.reason}.") from None


def _preview_html(source: str) -> str:
    try:
        return sanitize(workflow.with_lf(source)).html
    except SourceRefused as refusal:
        return format_html('<p class="errornote">{}</p>', str(refusal))


def _reason(error: workflow.WorkflowError | ValidationError) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
