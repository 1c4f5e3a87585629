"""Pages and answers about scratch copies, which people read as "unsaved text"."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from articles import permissions, workflow
from articles.http import paging
from articles.http.limits import limited
from articles.http.parameters import error_text, parse_number
from articles.models import Article, Revision, ScratchCopy
from articles.people.presence import note_presence
from articles.revisions.forms import ArticleForm
from articles.text.content import Content, compare_contents

from .answers import error_answer

PER_MINUTE = 60  # a page of the editor sends at most 30
MOST_CONTAINED = 20  # tokens that one form names


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token of one editor page, and those of the copies whose text its form was filled with."""

    own: str
    contained: tuple[str, ...] = ()

    @classmethod
    def of_new_page(cls, request: HttpRequest, used: ScratchCopy | None) -> Tokens:
        """Return the tokens of a page that shows the posted form again, or else the used copy."""
        return cls(secrets.token_hex(16), posted_tokens(request) or ((used.token,) if used else ()))


def posted_tokens(request: HttpRequest) -> tuple[str, ...]:
    """Return the tokens of the copies whose text is in the posted form."""
    tokens = f"{request.POST.get('copy', '')} {request.POST.get('contained', '')}".split()
    return tuple(tokens[:MOST_CONTAINED])


@dataclass(frozen=True, slots=True)
class Offer:
    """The unsaved text that the editor offers, if there is one, and the older ones of the same article."""

    copy: ScratchCopy | None
    older: list[ScratchCopy]

    @classmethod
    def to(
        cls, request: HttpRequest, article: Article | None, *, saved: Content | None, without: Collection[str]
    ) -> Offer:
        """Return the newest current copy that differs from what is saved, and all others but those with these tokens.

        Takes one query, and one for each current copy that it reads.
        """
        copies = ScratchCopy.objects.visible_to(request.user).about(article).for_lists()
        own = list(copies.exclude(token__in=without))
        offered = next((copy for copy in own if copy.replaced_at is None and differs(copy, saved)), None)
        return cls(offered, [copy for copy in own if copy is not offered])


def differs(copy: ScratchCopy, saved: Content | None) -> bool:
    """Return whether a copy holds anything beyond what is saved. Reads its text."""
    typed = ArticleForm.typed(copy.fields)
    if typed.summary or typed.change_kind:  # of the next version: the editor starts without them
        return True
    return not typed.says_the_same(saved or Content(title="", slug="", source="", language=typed.language))


def used_copy(request: HttpRequest, article: Article | None) -> ScratchCopy | None:
    """Return the copy that `?copy=` names, to fill the form; 404 unless it is the person's, and of this article."""
    if request.method != "GET" or "copy" not in request.GET:
        return None
    own = ScratchCopy.objects.visible_to(request.user).about(article)
    copy: ScratchCopy = get_object_or_404(own, pk=parse_number(request.GET["copy"]))
    return copy


@require_POST
@limited("scratch", per_minute=PER_MINUTE)
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the posted fields of an editor page. Errors are JSON with an `error` for people.

    401 logged out, 403 without the right to write, 404 without the article, 409 if another account than `account`
    is logged in, 413 beyond a limit of saving.
    """
    user = request.user
    if not user.is_authenticated:
        return error_answer(401, _("You are logged out."))
    if request.POST.get("account") != str(user.pk):
        return error_answer(409, _("%(name)s is logged in here now.") % {"name": user.get_username()})
    article = None
    if request.POST.get("article"):
        article = Article.objects.filter(pk=parse_number(request.POST["article"]) or 0).first()
        if article is None:
            return error_answer(404, _("There is no such article."))
    fields = {name: request.POST.get(name, "") for name in ArticleForm.base_fields}
    try:
        workflow.keep_scratch_copy(
            article,
            by=user,
            token=request.POST.get("copy", ""),
            edits=parse_number(request.POST.get("edits")) or 0,
            fields=fields,
        )
    except PermissionDenied as error:
        return error_answer(403, str(error))
    except ValidationError as error:
        return error_answer(413, error_text(error))
    return JsonResponse({})


@require_GET
def account(request: HttpRequest) -> JsonResponse:
    """Return who is logged in, or null, and a token for the forms of that session."""
    user = request.user
    return JsonResponse(
        {
            "account": str(user.pk) if user.is_authenticated else None,
            "name": user.get_username(),
            "token": get_token(request),
        }
    )


@require_GET
@limited("present", per_minute=PER_MINUTE)
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a person has an article open; return who else has, and a sentence if a version after `base` is saved.

    As JSON, for those who write: 401 logged out, 403 without the right to.
    """
    user = request.user
    if not user.is_authenticated:
        return error_answer(401, _("You are logged out."))
    if not permissions.can_edit(user):
        return error_answer(403, _("Your account may not write articles."))
    latest = Revision.objects.listed_for(user).filter(article=parse_number(str(pk)) or 0).first()
    if latest is None:
        return error_answer(404, _("There is no such article."))
    newer = ""
    if latest.number > (parse_number(request.GET.get("base")) or 0):
        newer = _("%(name)s saved version %(number)d. Your next save is merged with it.") % {
            "name": _("You, in another tab,") if latest.author_id == user.pk else latest.author_name,
            "number": latest.number,
        }
    others = [
        {"name": one.name, "since": one.since.isoformat()} for one in note_presence(f"article-{pk}", user)
    ]
    return JsonResponse({"others": others, "newer": newer})


@login_required
@require_safe
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what an unsaved text changes in the version that it was begun from; 404 unless it is the person's."""
    own = ScratchCopy.objects.visible_to(request.user)
    copy: ScratchCopy = get_object_or_404(own.select_related("article"), pk=pk)
    typed = ArticleForm.typed(copy.fields)
    visible = Revision.objects.visible_to(request.user).with_text()
    base = visible.filter(article=copy.article_id, number=parse_number(copy.fields.get("base")) or 0).first()
    context = {
        "title": _("Unsaved text"),
        "subtitle": copy.title,
        "copy": copy,
        "typed": typed,
        "base": base,
        "comparison": compare_contents(base.content if base else None, typed),
        "editor": editor_of(copy.article),
        "may_write": _may_write(request, copy),
    }
    return render(request, "admin/articles/article/unsaved.html", admin.site.each_context(request) | context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard an unsaved text; 404 unless it is the person's."""
    own = ScratchCopy.objects.visible_to(request.user)
    copy: ScratchCopy = get_object_or_404(own.select_related("article"), pk=pk)
    workflow.discard_scratch_copy(copy, by=permissions.signed_in(request))
    messages.info(request, _("Discarded. For 30 days it stays among the older unsaved texts."))
    if _may_write(request, copy):
        return redirect(editor_of(copy.article))
    return redirect("admin:articles_article_unsaved")


@login_required
@require_safe
def unsaved_list(request: HttpRequest) -> HttpResponse:
    """List the person's unsaved texts, the newest first."""
    copies = ScratchCopy.objects.visible_to(request.user).for_lists().select_related("article")
    keys = paging.Key("written_at", parse=paging.instant), paging.Key("pk")
    context = {"title": _("Unsaved texts"), "page": paging.page(copies, keys, request)}
    return render(
        request, "admin/articles/article/unsaved_list.html", admin.site.each_context(request) | context
    )


def editor_of(article: Article | None) -> str:
    """Return the address of the editor for an article; with None for a new one."""
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def _may_write(request: HttpRequest, copy: ScratchCopy) -> bool:
    user = request.user
    right = permissions.can_edit(user) if copy.article_id else permissions.can_create(user)
    return admin.site.has_permission(request) and right
