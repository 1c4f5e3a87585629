"""The filter `direction`: "rtl" or "ltr" for the language of a text."""

from django import template

from articles.text.unicode.languages import direction

register = template.Library()
register.filter("direction", direction)
