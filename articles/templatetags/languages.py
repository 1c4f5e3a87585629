"""Filters of language tags: `direction` is "rtl" or "ltr", `language_label` the name of the language with its tag."""

from django import template
from django.utils.translation import get_language_info

from articles.text.unicode.languages import direction

register = template.Library()
register.filter("direction", direction)


@register.filter
def language_label(tag: str) -> str:
    """Return a language for people, such as `Ukrainian (uk)`; the tag alone if Django has no name for it."""
    name = language_name(tag)
    return tag if name == tag else f"{name} ({tag})"


@register.filter
def language_name(tag: str) -> str:
    """Return the name of a language, such as `Ukrainian`; the tag if Django has no name for it."""
    try:
        return str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag
