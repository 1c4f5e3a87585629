"""Live texts of several articles at once, as readers get them."""

from __future__ import annotations

from collections.abc import Iterable

from articles.models import Article, Rendering


def live_renderings(articles: Iterable[Article]) -> dict[int, Rendering]:
    """Return the newest rendering of each live revision, by the key of its article, with revision and text.

    Two queries, none without articles.
    """
    live = [article.published_revision_id for article in articles]
    if not live:
        return {}
    renderings = Rendering.objects.withholding_from(None).with_revision().filter(revision__in=live)
    return {rendering.revision.article_id: rendering for rendering in renderings.order_by("pk")}
