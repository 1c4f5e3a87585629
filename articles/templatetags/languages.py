"""Which way a text runs."""

from django import template

register = template.Library()

# Languages usually written from right to left: CLDR's characterOrder.
RIGHT_TO_LEFT = frozenset(
    "ar arc azb ckb dv fa glk he iw ks lrc mzn nqo ps rhg sd sdh skr syr ug ur yi".split()
)
SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"})


@register.filter
def direction(language: str) -> str:
    """ "rtl" or "ltr" for a language tag; a script in the tag decides over the language."""
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    right_to_left = script in SCRIPTS if script else primary in RIGHT_TO_LEFT
    return "rtl" if right_to_left else "ltr"
