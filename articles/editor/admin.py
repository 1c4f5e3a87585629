"""The editor page of the admin: one form, whose save is one call of the workflow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import permissions, workflow
from articles.http.limits import await_turn
from articles.http.parameters import error_text, parse_number
from articles.http.talk import talk_context
from articles.images.decoding import WISHED_SIDE
from articles.models import Article, Review, Revision, Schedule, Standing
from articles.revisions.forms import ArticleForm
from articles.revisions.revisions import readable_content
from articles.templatetags.labels import listed
from articles.text.content import Content, ContentComparison, compare_contents

from .bulk import carry_out
from .covers import covers_for
from .forms import ChoicesForm
from .linking import find_to_link
from .live import Beside, answer_while_typing
from .operations import archive, duplicate, find_article, restore, unarchive, unpublish, unschedule, withdraw
from .pasting import convert_pasted
from .scheduling import schedule
from .scratch import (
    Offer,
    Tokens,
    account,
    discard,
    keep,
    look,
    posted_tokens,
    present,
    unsaved_list,
    used_copy,
)
from .tags import find_tags
from .talk import say

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Article]
else:  # only the type stubs know a generic class
    ModelAdmin = admin.ModelAdmin


MOST_DAMAGED = 20  # revisions that are tried for a text to start with
NEWS_FOR = timedelta(days=14)  # how long the editor says that a schedule was cancelled by something else


class ArticleEditor(ModelAdmin):
    change_form_template = "admin/articles/article/editor.html"

    def get_urls(self) -> list[URLPattern]:
        def guarded(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(view), name=f"articles_article_{name}")

        def unguarded(address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
            """Return the path of a view that answers errors in JSON, or serves those who lost their rights, too."""
            return path(address, view, name=f"articles_article_{name}")

        return [
            unguarded("live/", answer_while_typing, "live"),
            unguarded("find/", find_to_link, "find"),
            unguarded("tags/", find_tags, "tags"),
            unguarded("paste/", convert_pasted, "paste"),
            unguarded("account/", account, "account"),
            unguarded("<int:pk>/present/", present, "present"),
            unguarded("unsaved/", unsaved_list, "unsaved"),
            unguarded("unsaved/keep/", keep, "keep"),
            unguarded("unsaved/<int:pk>/", look, "look"),
            unguarded("unsaved/<int:pk>/discard/", discard, "discard"),
            guarded("bulk/<str:name>/", carry_out, "bulk"),
            guarded("<int:pk>/unpublish/", unpublish, "unpublish"),
            guarded("<int:pk>/schedule/", schedule, "schedule"),
            guarded("<int:pk>/unschedule/", unschedule, "unschedule"),
            guarded("<int:pk>/withdraw/", withdraw, "withdraw"),
            unguarded("<int:pk>/talk/", say, "talk"),
            guarded("<int:pk>/archive/", archive, "archive"),
            guarded("<int:pk>/unarchive/", unarchive, "unarchive"),
            guarded("<int:pk>/duplicate/", duplicate, "duplicate"),
            guarded("<int:pk>/restore/<int:number>/", restore, "restore"),
            *super().get_urls(),
        ]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """Show the editor and save its form. After an error or a conflict, show it again with the author's text."""
        article = None
        if object_id is not None:
            article = find_article(request, object_id)
        allowed = permissions.can_edit(request.user) if article else permissions.can_create(request.user)
        if not allowed:
            raise PermissionDenied
        latest = article.latest_revision if article else None
        saved = _readable(request, latest) if latest else None
        copy = used_copy(request, article)
        initial = ArticleForm.initial_from(saved, base=latest.number) if latest and saved else None
        form = ArticleForm(request.POST or None, initial=copy.fields if copy else initial)
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
                else:  # the page shows the latest version, so the next save may be based on it
                    form.data = {**form.data.dict(), "base": error.latest.number}  # type: ignore[attr-defined]
                    if error.merged:
                        form.data |= ArticleForm.initial_from(error.merged, base=error.latest.number)
            except workflow.WorkflowError as error:
                form.add_error(None, str(error))
        tokens = Tokens.of_new_page(request, copy)
        offer = Offer.to(request, article, saved=saved, without=tokens.contained)
        context = {"tokens": tokens, "used": copy, "offer": offer}
        return self._editor(request, article, form, conflict, choices, context)

    def _choose(
        self, request: HttpRequest, article: Article, form: ArticleForm
    ) -> tuple[ArticleForm, workflow.EditConflict | None, ChoicesForm | None]:
        """Put the author's choices between two clashing versions into the form, or ask for missing choices again.

        The base stays the old one until every choice is made, so no save can skip the other version.
        Returns the form, the conflict and the choices still to make; the last two may be None.
        """
        visible = Revision.objects.visible_to(request.user).with_text().filter(article=article)
        latest = get_object_or_404(visible, number=parse_number(request.POST.get("theirs")))
        began = get_object_or_404(visible, number=form.cleaned_data["base"])
        conflict = workflow.EditConflict(latest=latest, submitted=form.content, base=began.content)
        assert conflict.merge is not None
        choices = ChoicesForm(conflict.merge, request.POST)
        if not choices.is_valid():
            form.add_error(None, _("Some places still need a choice."))
            return form, conflict, choices
        draft = ArticleForm({**form.data.dict(), **choices.chosen, "base": latest.number})  # type: ignore[attr-defined]
        if not draft.is_valid():
            return draft, None, None
        conflict.merged = draft.content
        return draft, conflict, None

    def _save(self, request: HttpRequest, article: Article | None, form: ArticleForm) -> HttpResponse:
        base = form.cleaned_data["base"]
        await_turn(request, form.content.source)
        revision = workflow.save_revision(
            article,
            by=permissions.signed_in(request),
            content=form.content,
            base=base,
            scratch=posted_tokens(request),
        )
        if not article or revision.number != base:
            self._report(request, revision)
        else:
            if not {"_submit", "_publish"} & request.POST.keys():  # else a message below says what happened
                messages.info(request, _("Nothing changed, so no new version was made."))
            if workflow.is_news(form.content.summary, revision) and permissions.can_talk(
                request.user, revision
            ):
                messages.info(request, _("What you wrote about it stands in the conversation."))
        try:
            if "_submit" in request.POST:
                workflow.submit(revision, by=permissions.signed_in(request))
                messages.success(request, _("The version is waiting for a moderator."))
            elif "_publish" in request.POST:
                self._publish(request, revision)
        except (workflow.WorkflowError, ValidationError) as error:
            messages.error(request, error_text(error))
        return redirect("admin:articles_article_change", revision.article_id)

    def _report(self, request: HttpRequest, revision: Revision) -> None:
        """Tell the author that the version is saved, how many characters are flagged, and what was removed."""
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
            removed = listed(dict.fromkeys(removal["what"] for removal in rendering.removals[:5]))
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
                _("The version waits for a moderator: %(why)s.") % {"why": listed(review.cause_labels)},
            )

    def _editor(
        self,
        request: HttpRequest,
        article: Article | None,
        form: ArticleForm,
        conflict: workflow.EditConflict | None,
        choices: ChoicesForm | None,
        extra_context: dict[str, Any],
    ) -> HttpResponse:
        latest = article.latest_revision if article else None
        typed = ArticleForm.typed({name: form[name].value() or "" for name in form.fields})
        await_turn(request, typed.source)
        beside = Beside.of(typed)
        form.offer_covers(covers_for(request, beside.covers))
        form.show_defaults(beside.defaults)
        context = {
            **self.admin_site.each_context(request),
            **extra_context,
            **(_standing(request, article) if article else {}),
            **(talk_context(request, article, latest) if article else {}),
            "talks": "talk" in request.GET,
            "title": _("Edit article") if article else _("Write an article"),
            "subtitle": str(article) if article else None,
            "opts": self.opts,
            "article": article,
            "latest": latest,
            "is_damaged": latest is not None and _is_damaged(latest),
            "beside": beside,
            "max_bytes": settings.MAX_SOURCE_BYTES,
            "form": form,
            "media": form.media + (choices.media if choices else forms.Media()),
            "conflict": conflict,
            "choices": choices,
            "comparison": _comparison(conflict) if conflict and not choices else None,
            "max_image_bytes": settings.MAX_IMAGE_BYTES,
            "wished_side": WISHED_SIDE,
            "held": Standing.objects.filter(account=request.user.pk).in_force(Standing.Kind.HELD).first(),
            "may_publish": permissions.can_publish(request.user)
            or permissions.is_trusted(workflow.trust_of(permissions.signed_in(request))),
            "may_create": permissions.can_create(request.user),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.change_form_template, context, status=409 if conflict else 200)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return redirect("history", find_article(request, object_id).slug)


def _standing(request: HttpRequest, article: Article) -> dict[str, Any]:
    """Return what stands between the newest version and its readers: the state, what waits, what was returned and why.

    A reason stays in view through all newer drafts, until a version is approved or public.
    """
    waiting = Review.objects.waiting_in(article.pk).first()
    planned = Schedule.objects.newest_of(article.pk)
    decision = Review.objects.decisions_since_public(article.pk).select_related("revision").first()
    if waiting:
        waiting.revision.article = article
    return {
        "state": workflow.state_of(article),
        "waiting": waiting,
        "may_withdraw": waiting is not None and permissions.can_withdraw(request.user, waiting),
        "returned": decision if decision and decision.state != Review.State.APPROVED else None,
        "last_unpublished": article.last_unpublished,
        "may_archive": permissions.can_archive(request.user)
        and not (waiting or article.is_public or (planned and planned.is_open)),
        "planned": planned if planned and planned.is_open else None,
        "unplanned": planned if planned and _is_news(planned) else None,
        "may_schedule": permissions.can_schedule(request.user) and not article.is_archived,
    }


def _is_news(schedule: Schedule) -> bool:
    """Return whether a schedule was cancelled by another operation lately."""
    return bool(schedule.closed_why and schedule.closed_at and schedule.closed_at > timezone.now() - NEWS_FOR)


def _comparison(conflict: workflow.EditConflict) -> ContentComparison:
    """Return what a merge added to the author's text, or without a merge how that differs from the other version."""
    if conflict.merged:
        return compare_contents(conflict.submitted, conflict.merged)
    return compare_contents(conflict.theirs, conflict.submitted)


def _readable(request: HttpRequest, latest: Revision) -> Content:
    """Return what the editor starts with: the newest of the last revisions whose text is neither hidden nor damaged."""
    if "text" not in latest.withheld and (content := readable_content(latest)):
        return content
    shown = Revision.objects.visible_to(request.user).with_text().filter(article=latest.article_id)
    contents = map(
        readable_content, shown.filter(number__lt=latest.number).order_by("-number")[:MOST_DAMAGED]
    )
    return next(filter(None, contents), Content(title="", slug=latest.article.slug, source=""))


def _is_damaged(latest: Revision) -> bool:
    """Return whether the text of the latest revision cannot be read, and the editor starts from an older one."""
    return "text" not in latest.withheld and readable_content(latest) is None
