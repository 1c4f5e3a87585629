"""The player of the stories: it calls the operations of the workflow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from articles import workflow
from articles.models import Review, Revision
from articles.text.content import Content

from . import TEXTS
from .stories import STORIES, Act, Decide, Restore, Save, Step
from .waiting import WAITING, first_content

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def make_articles(slugs: set[str], *, users: Mapping[str, User]) -> None:
    """Play the stories of these articles, each in one transaction. `users` has an account for each role."""
    for slug, story in STORIES.items():
        if slug in slugs:
            with transaction.atomic():
                _play(story, _first_content(slug), users)
    for slug, (_title, _language, (_source, story)) in WAITING.items():
        if slug in slugs:
            with transaction.atomic():
                _play(story, first_content(slug), users)


def _first_content(slug: str) -> Content:
    """Read a text: lines `name: value`, an empty line, then Markdown."""
    head, _, source = (TEXTS / f"{slug}.md").read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    tags = tuple(fields["tags"].split(", "))
    return Content(title=fields["title"], slug=slug, source=source, language=fields["language"], tags=tags)


def _play(story: tuple[Step, ...], content: Content, users: Mapping[str, User]) -> None:
    first = story[0]
    assert isinstance(first, Save)
    content = first.apply(content)
    revision = workflow.save_revision(None, by=users[first.by], content=content)
    for step in story[1:]:
        by = users[step.by]
        match step:
            case Save():
                content, base = step.apply(revision.content), revision.number
                revision = workflow.save_revision(revision.article, by=by, content=content, base=base)
            case Restore():
                earlier = Revision.objects.with_text().get(article=revision.article_id, number=step.number)
                revision = workflow.restore(earlier, by=by)
            case Act():
                step.operation(revision, by=by)
            case Decide():
                review = Review.objects.pending().get(revision=revision)
                step.operation(review, by=by, **({"reason": step.reason} if step.reason else {}))
