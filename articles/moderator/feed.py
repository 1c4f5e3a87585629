"""The feed of what nobody has looked at, for a program that reads feeds: by a secret address, without signing in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from articles import permissions, workflow
from articles.http.feeds import AtomFeed, plain
from articles.http.limits import limited
from articles.models import FeedToken, LiveChange
from articles.people.mailing import absolute, isolated
from articles.people.preferences import preferences_of
from articles.templatetags.labels import phrases
from articles.templatetags.live_changes import brought_in, compare_path, size_in_words

from .common import for_moderators

MOST_ENTRIES = 50


@require_safe
@limited("change-feed", per_minute=30)
@conditional_page
def change_feed(request: HttpRequest) -> HttpResponse:
    """Return Atom of the last changes that nobody looked at. 404 unless `?token=` opens the feed of a moderator."""
    account = FeedToken.objects.account_of(request.GET.get("token", ""))
    if account is None or not permissions.can_watch(account):
        raise Http404
    with translation.override(preferences_of(account).language_of_mail):
        feed = _feed_for(account)
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_moderators
@never_cache
def feed_address(request: HttpRequest) -> HttpResponse:
    """Make a new address of one's feed and show it, this once; with `end` in the form, close the feed."""
    by, address = permissions.signed_in(request), ""
    if request.method == "POST" and "end" in request.POST:
        workflow.end_feed(by=by)
        return redirect("change-feed-address")
    if request.method == "POST":
        address = absolute(f"{reverse('change-feed')}?{urlencode({'token': workflow.renew_feed(by=by)})}")
    context = {"address": address, "made": FeedToken.objects.filter(account=by).first()}
    return render(request, "moderation/change_feed.html", context)


def _feed_for(account: Any) -> AtomFeed:
    page = absolute(reverse("changes"))
    feed = AtomFeed(
        title=_("Went live, not looked at: %(site)s") % {"site": settings.SITE_NAME},
        link=page,
        description=None,
        language=translation.get_language(),
        author_name=settings.SITE_NAME,
        feed_guid=page,
        since=account.feed_token.made_at,
    )
    for change in LiveChange.objects.unseen().for_list(account)[:MOST_ENTRIES]:
        revision = change.revision
        title = _("%(title)s, version %(number)d") % {"title": revision.title, "number": revision.number}
        feed.add_item(
            title=plain(title),
            link=absolute(compare_path(change)),
            description=plain(_summary(change)),
            unique_id=f"{page}#change-{change.pk}",
            author_name=plain(revision.author_name),
            pubdate=change.at,
            updateddate=change.at,
        )
    return feed


def _summary(change: LiveChange) -> str:
    """Return who let it live and how, what is odd in it in words, and the author's summary."""
    parts = [_("%(how)s (%(name)s)") % {"how": change.get_how_display(), "name": isolated(change.who)}]
    parts += filter(None, (brought_in(change), size_in_words(change)))
    if change.revision.summary:
        parts.append(isolated(change.revision.summary))
    return phrases(parts)
