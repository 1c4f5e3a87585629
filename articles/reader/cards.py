"""What a page says of itself to programs: previews of links (Open Graph), and articles as linked data (schema.org)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from articles.http.look import licence_url
from articles.models import Revision
from articles.moderation.reviewed import Reviewed
from articles.people.mailing import absolute
from articles.text.page.images import PREFIX, ImageName

LONGEST_HEADLINE = 110  # code points that search engines take
_SOURCES = {  # of a text, as schema.org takes them from IPTC's list
    "ai-assisted": "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "ai-generated": "https://schema.org/TrainedAlgorithmicMediaDigitalSource",
}
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The address of a picture, and its size in pixels if that is known."""

    address: str
    width: int | None = None
    height: int | None = None


def picture_of(cover: str) -> Picture | None:
    """Return the picture of a page with this cover, else that of the site; None without either."""
    if name := ImageName.of(f"{PREFIX}{cover}"):
        return Picture(absolute(name.address), name.width, name.height)
    image = settings.SITE_IMAGE
    return Picture(image if "://" in image else absolute(image)) if image else None


def linked_data(
    live: Revision, *, names: list[str], reviewed: Reviewed | None, description: str, picture: Picture | None
) -> SafeString:
    """Return an article as a `script` of linked data, in which no text of an author can end the script.

    `live` is its live revision, `names` those of its authors. It is data: no browser runs it, so the policy of the
    page need not allow it.
    """
    article = live.article
    address = absolute(article.get_absolute_url())
    publisher = {
        "@type": "Organization",
        "name": settings.SITE_OWNER or settings.SITE_NAME,
        "url": settings.SITE_URL,
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "@id": address,
        "url": address,
        "headline": live.title[:LONGEST_HEADLINE],
        "description": description,
        "inLanguage": live.language,
        "datePublished": _time(article.first_published_at),
        "dateModified": _time(article.published_at),
        "author": [] if "author" in live.withheld else [_person(name) for name in names],
        "publisher": publisher,
        "mainEntityOfPage": _page(address, reviewed, publisher),
        "aiDisclosure": live.ai_disclosure,
        "digitalSourceType": _SOURCES.get(live.ai_disclosure, ""),
        "image": picture.address if picture else "",
        "keywords": live.tags,
        "version": live.number,
        "license": licence_url(settings.SITE_LICENCE) or settings.SITE_LICENCE,
        "identifier": {"@type": "PropertyValue", "propertyID": "sha256", "value": live.sha256},
    }
    text = json.dumps({name: value for name, value in data.items() if value}, ensure_ascii=False)
    script = mark_safe(text.translate(_ESCAPES))  # noqa: S308, nothing is left that HTML knows
    return format_html('<script type="application/ld+json">{}</script>', script)


def _page(address: str, reviewed: Reviewed | None, publisher: dict[str, str]) -> dict[str, Any]:
    """Return the page with its review, which schema.org knows of pages only; empty without one.

    Who names no reviewers answers for them.
    """
    if reviewed is None or not reviewed.is_review:
        return {}
    by = {"@type": "Person", "name": reviewed.name} if reviewed.name else publisher
    return {"@type": "WebPage", "@id": address, "lastReviewed": _time(reviewed.at), "reviewedBy": by}


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name, "url": absolute(reverse("author", kwargs={"value": name}))}


def _time(moment: Any) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
