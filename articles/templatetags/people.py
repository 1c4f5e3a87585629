"""Tags of people: links to the pages of authors, for moderators."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.models import Revision
from articles.moderation.records import MOST_COUNTED

register = template.Library()


@register.simple_tag(takes_context=True)
def author_link(context: template.Context, revision: Revision) -> SafeString:
    """Return the name of a revision's author: to moderators a link to the author's page, unless the account is gone."""
    if revision.author_id and context.get("may_moderate"):
        url = reverse("person", args=[revision.author_id])
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, revision.author_name)
    return format_html("<bdi>{}</bdi>", revision.author_name)


@register.filter
def capped(number: int) -> str:
    """Return a count as text; with a plus sign if it is over `MOST_COUNTED`."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
