"""Tags of allowances: splitting findings by them, and addresses and words for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import workflow
from articles.models import Allowance, Article, Revision
from articles.revisions.language_names import name_of
from articles.text.content import Content, Field, FieldFinding

register = template.Library()


@register.simple_tag
def split_findings(
    findings: Iterable[Any], content: Content | None, article: Article | None
) -> workflow.SplitFindings:
    """Split findings, values or rows, into `shown` and `allowed`. Takes one query; none without an article."""
    items = [FieldFinding(Field(item.field), item.finding) for item in findings]
    if not content or not article:  # a new article that was never saved
        return workflow.SplitFindings(tuple(items), ())
    return workflow.split_findings(items, content, article=article.pk)


@register.simple_tag
def allow_url(revision: Revision, item: FieldFinding, queue: str = "") -> str:
    """Return the address of the form that allows a finding of a revision, to come back to `queue`."""
    place = {
        "revision": revision.pk,
        "field": item.field,
        "start": item.finding.start,
        "check": item.finding.check,
    }
    if queue:
        place["queue"] = queue
    return f"{reverse('allowance-add')}?{urlencode(place)}"


@register.filter
def reach(allowance: Allowance) -> str:
    """Return the scope of an allowance in words, with the name of its language if it has one."""
    if allowance.language:
        return _("in texts in %(language)s") % {"language": name_of(allowance.language)}
    return allowance.get_scope_display()
