"""Directions in which languages are written."""

from typing import Literal

# CLDR's characterOrder; and Egyptian Arabic, Dari and Western Punjabi, which CLDR lists under other tags.
_RIGHT_TO_LEFT_LANGUAGES = frozenset(
    "ar arc arz azb ckb dv fa glk he iw ks lrc mzn nqo pnb prs ps rhg sd sdh skr syr ug ur yi".split()
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset("adlm arab hebr mand nkoo rohg syrc thaa".split())


def direction(language: str) -> Literal["rtl", "ltr"]:
    """Return the direction of a language (BCP 47): of its script if the tag names one; "ltr" if unknown.

    >>> direction("ur"), direction("ur-Latn"), direction("az-Arab"), direction("")
    ('rtl', 'ltr', 'rtl', 'ltr')
    """
    primary, *subtags = language.replace("_", "-").lower().split("-")
    script = next((subtag for subtag in subtags if len(subtag) == 4 and subtag.isalpha()), None)
    is_right_to_left = script in _RIGHT_TO_LEFT_SCRIPTS if script else primary in _RIGHT_TO_LEFT_LANGUAGES
    return "rtl" if is_right_to_left else "ltr"
