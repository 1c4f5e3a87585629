"""Findings as they are shown: without those that moderators allowed, which stand apart."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from articles import workflow
from articles.models import Allowance, Article, Revision
from articles.text.content import Content, Field, FieldFinding

register = template.Library()


@register.simple_tag
def split_findings(
    findings: Iterable[Any], content: Content | None, article: Article | None
) -> workflow.SplitFindings:
    """The findings of a content, values or rows, parted into `shown` and `allowed`; reads the allowances."""
    items = [FieldFinding(Field(item.field), item.finding) for item in findings]
    if not content or not article:  # an article that is only being written
        return workflow.SplitFindings(tuple(items), ())
    return workflow.split_findings(items, content, article=article.pk)


@register.simple_tag
def allow_url(revision: Revision, item: FieldFinding) -> str:
    """Where a moderator allows a finding of a revision."""
    place = {
        "revision": revision.pk,
        "field": item.field,
        "start": item.finding.start,
        "check": item.finding.check,
    }
    return f"{reverse('allowance-add')}?{urlencode(place)}"


@register.filter
def reach(allowance: Allowance) -> str:
    """Where an allowance holds, in words; its language by tag."""
    return (
        f"{allowance.get_scope_display()} ({allowance.language})"
        if allowance.language
        else allowance.get_scope_display()
    )
