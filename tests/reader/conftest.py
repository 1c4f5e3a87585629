"""What tests of pages for readers share: articles that are public."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from articles import workflow
from articles.models import Article
from tests.conftest import content


@pytest.fixture
def publish(author: User, moderator: User) -> Callable[..., Article]:
    """Publishes a text at a slug, as a new article or over the live version of one, by the author unless told."""

    def publish(
        slug: str,
        source: str = "Text.\n",
        *,
        by: User = author,
        article: Article | None = None,
        **changes: object,
    ) -> Article:
        text = content(source, slug=slug, **{"title": slug.title(), **changes})
        base = article and article.revisions.count()
        revision = workflow.save_revision(article, by=by, content=text, base=base)
        if review := workflow.publish(revision, by=moderator):
            workflow.approve(review, by=moderator, reason="Seen.")
        return Article.objects.get(pk=revision.article_id)

    return publish
