"""Addresses of what articles have in common: the pages of a tag and of an author."""

from django import template
from django.urls import reverse

from articles.text.content.tags import fold_tag

register = template.Library()


@register.filter
def tag_address(tag: str) -> str:
    """Return the address of the page of a tag; empty for a tag that is nothing once it is folded."""
    folded = fold_tag(tag)
    return reverse("tag", kwargs={"value": folded}) if folded else ""


@register.filter
def author_address(name: str) -> str:
    return reverse("author", kwargs={"value": name})
