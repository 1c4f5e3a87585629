"""Filters of language tags: `direction` is "rtl" or "ltr", `language_label` the name of the language with its tag."""

from functools import cache

from django import template
from django.utils.html import format_html_join
from django.utils.translation import get_language

from articles.revisions.language_names import name_of, named_languages, names_of
from articles.text.unicode.languages import direction

register = template.Library()
register.filter("direction", direction)
register.filter("language_name", name_of)
register.filter("language_names", names_of)


@register.filter
def language_label(tag: str) -> str:
    """Return a language for people, such as `Ukrainian (uk)`; the tag alone if nobody has a name for it."""
    name = name_of(tag)
    return tag if name == tag else f"{name} ({tag})"


@register.simple_tag
def language_options() -> str:
    """Return an option for each language with a name: its tag, described by its names. As HTML, made once."""
    return _language_options(get_language())


@cache
def _language_options(interface: str | None) -> str:
    rows = ((language.tag, language.names) for language in named_languages())
    return format_html_join("", '<option value="{}">{}</option>', rows)
