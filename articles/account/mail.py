"""The page of the mail that a person gets, and the one that a link in a mail opens to end it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import permissions, workflow
from articles.people.preferences import Kind, preferences_of
from articles.people.preferring import named_by

from .forms import MailForm


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose which mail comes when, and in which language; the pages take the same language."""
    user = permissions.signed_in(request)
    chosen = preferences_of(user)
    form = MailForm(request.POST or None, chosen=chosen, language=translation.get_language())
    if form.is_bound and form.is_valid():
        when = {kind: form.cleaned_data[kind] for kind in Kind.values}
        try:
            chosen = workflow.choose_mail(chosen, by=user, language=form.cleaned_data["language"], when=when)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            with translation.override(chosen.language):
                messages.success(request, _("Saved."))
            return _in_language(redirect("mail"), chosen.language)
    context = {"form": form, "gets_mail": permissions.can_be_written_to(user)}
    return render(request, "account/mail.html", context)


@csrf_exempt  # the button in a mail program has no token of a form, but one of its own
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """End the mail that the link names: by POST only (RFC 8058), since programs open links by themselves."""
    token = request.GET.get("token", "")
    try:
        what = workflow.opt_out(token) if request.method == "POST" else named_by(token)[1]
    except BadSignature:
        return render(request, "account/stop.html", {"is_unknown": True}, status=404)
    kind = Kind(what).label if what in Kind.values else ""
    return render(request, "account/stop.html", {"kind": kind, "is_done": request.method == "POST"})


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]
    )
    return response
