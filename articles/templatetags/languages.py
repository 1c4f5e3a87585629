"""Filters of language tags: `direction` is "rtl" or "ltr", `language_label` the name of the language with its tag."""

from django import template

from articles.revisions.language_names import name_of
from articles.text.unicode.languages import direction

register = template.Library()
register.filter("direction", direction)
register.filter("language_name", name_of)


@register.filter
def language_label(tag: str) -> str:
    """Return a language for people, such as `Ukrainian (uk)`; the tag alone if nobody has a name for it."""
    name = name_of(tag)
    return tag if name == tag else f"{name} ({tag})"
