"""The player of the stories: it calls the operations of the workflow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction

from articles import workflow
from articles.models import Review, Revision
from articles.text.content import Content

from . import TEXTS
from .clock import movable_clock
from .drawing import draw
from .stories import STORIES, Act, Ago, Decide, Final, Restore, Save, Say, Step
from .waiting import WAITING, first_content

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STEP = timedelta(hours=2, minutes=47)  # what a step takes in the past
_PICTURE = re.compile(r"(!\[(.*?)\]\()drawn:([\w-]+)")  # ![What it shows](drawn:hills-day-1 "Caption")


def make_articles(slugs: set[str], *, users: Mapping[str, User]) -> None:
    """Play the stories of these articles, each in one transaction. `users` has an account for each role."""
    for slug, story in STORIES.items():
        if slug in slugs:
            with transaction.atomic():
                play(story, _first_content(slug), users)
    for slug, (_title, _language, (_source, story)) in WAITING.items():
        if slug in slugs:
            with transaction.atomic():
                play(story, first_content(slug), users)


def _first_content(slug: str) -> Content:
    """Read a text: lines `name: value`, an empty line, then Markdown."""
    head, _, source = (TEXTS / f"{slug}.md").read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    tags = tuple(fields.pop("tags").split(", "))
    return Content(slug=slug, source=source, tags=tags, **fields)


def _with_pictures(content: Content, *, by: User) -> Content:
    """Draw and upload the pictures of a text, and return the text with their addresses."""

    def uploaded(match: re.Match[str]) -> str:
        start, alt, name = match.groups()
        image = workflow.upload_image(ContentFile(draw(name), name=f"{name}.png"), alt=alt, by=by)
        return start + image.name.address

    return replace(content, source=_PICTURE.sub(uploaded, content.source))


def play(story: Iterable[Step], content: Content, users: Mapping[str, User]) -> Revision:
    """Play the story of a new article, and return its last revision. `users` has an account for each role."""
    revision, behind = None, timedelta()
    with movable_clock() as set_back:
        for step in story:
            if isinstance(step, Ago):
                behind = timedelta(days=step.days)
            else:
                if revision is None:
                    content = _with_pictures(content, by=users[step.by])
                revision = _play(step, revision, content, users)
                behind = max(behind - STEP, timedelta())
            set_back(behind)
    assert revision is not None
    return revision


def _play(step: Step, revision: Revision | None, content: Content, users: Mapping[str, User]) -> Revision:
    """Play a step after a revision, and return the latest revision. `content` is the text of the file."""
    assert not isinstance(step, Ago)
    by = users[step.by]
    if revision is None:
        assert isinstance(step, Save)
        return workflow.save_revision(None, by=by, content=step.apply(content))
    match step:
        case Save():
            edited = step.apply(content if isinstance(step, Final) else revision.content)
            return workflow.save_revision(revision.article, by=by, content=edited, base=revision.number)
        case Restore():
            earlier = Revision.objects.with_text().get(article=revision.article_id, number=step.number)
            return workflow.restore(earlier, by=by)
        case Act():
            step.operation(revision, by=by)
        case Decide():
            review = Review.objects.pending().get(revision=revision)
            step.operation(review, by=by, **({"reason": step.reason} if step.reason else {}))
        case Say():
            step.operation(revision.reviews.latest("pk"), by=by, text=step.text)
    return revision
