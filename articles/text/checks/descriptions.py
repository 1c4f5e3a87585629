"""What each check reports and why it matters, in a sentence each, for tools that show a rule beside its findings.

docs/checks.md says more, with examples and with when a check stays silent.
"""

from typing import NamedTuple

from articles.text.checks.findings import Severity


class Description(NamedTuple):
    """`severity` is that of most findings in prose; in code and addresses it may be graver."""

    severity: Severity
    what: str
    why: str


DESCRIPTIONS = {
    "foreign-letter": Description(
        Severity.WARNING,
        "A letter, mark or digit of another script than the rest of its word.",
        "It changes what search, filters and machines read, and no reader sees it.",
    ),
    "rare-letter": Description(
        Severity.WARNING,
        "A letter of phonetics, of a rare alphabet or of old spelling in place of the plain one it resembles.",
        "It belongs to the script of its word, so that no test of mixed scripts can see it.",
    ),
    "whole-word": Description(
        Severity.WARNING,
        "A word wholly in another script that looks like a word of the text's language.",
        "Each letter is at home in its word, so that only a list of words can tell.",
    ),
    "styled-letters": Description(
        Severity.WARNING,
        "Mathematical, full-width, circled or squared letters that spell a word.",
        "Screen readers spell them out or skip them, and search does not find them.",
    ),
    "host": Description(
        Severity.ALERT,
        "A host name that passes for another one, or a link whose text names another host than it leads to.",
        "The link leads elsewhere than its reader believes.",
    ),
    "invisible": Description(
        Severity.WARNING,
        "An invisible character where it has no effect.",
        "It splits words for search and filters, marks a text, or carries a hidden message.",
    ),
    "bidi-control": Description(
        Severity.ALERT,
        "A control of text direction that overrides, is left open or has nothing to act on.",
        "The text is shown in another order than it is stored and run.",
    ),
    "provenance-mark": Description(
        Severity.NOTICE,
        "A C2PA manifest, which says where a text comes from; an alert where it is broken or not the only one.",
        "Readers see nothing of it, and what only begins like a manifest may carry anything.",
    ),
    "tag-characters": Description(
        Severity.ALERT,
        "Tag characters that make no flag.",
        "They are invisible ASCII, which language models read and people do not.",
    ),
    "variation-selector": Description(
        Severity.WARNING,
        "A variation selector after a character that has no such variant, or a run of them.",
        "Selectors are invisible and can hide any text.",
    ),
    "control": Description(
        Severity.WARNING,
        "A control character other than tab and line end.",
        "Terminals obey it, browsers drop it, and diffs hide it.",
    ),
    "without-meaning": Description(
        Severity.WARNING,
        "A noncharacter, an unassigned or private-use code point, or half of a surrogate pair.",
        "What is shown depends on the reader's system.",
    ),
    "odd-space": Description(
        Severity.WARNING,
        "A space other than U+0020 where typography has no use for it.",
        "A command or a name with such a space is another one, and looks the same.",
    ),
    "stacked-marks": Description(
        Severity.WARNING,
        "More marks on one letter than any writing puts there.",
        "They cover the lines above and below.",
    ),
    "mixed-digits": Description(
        Severity.WARNING,
        "Digits of two systems in one number.",
        "The number is read, sorted and searched as another.",
    ),
    "misread": Description(
        Severity.WARNING,
        "Text that was read in another encoding than it was written in.",
        "It was damaged on its way here.",
    ),
    "not-nfc": Description(
        Severity.NOTICE,
        "The text is not in Normalization Form C.",
        "Search and comparison may miss what looks equal.",
    ),
    "blank": Description(
        Severity.WARNING,
        "The text holds characters and shows nothing.",
        "A title or a link is left without a name.",
    ),
    "empty-link": Description(
        Severity.WARNING,
        "A link without text.",
        "No reader sees it or where it leads, while machines follow it.",
    ),
    "forge-notice": Description(
        Severity.NOTICE,
        "The warning of a code forge about Unicode characters, pasted with the text it stood above.",
        "It is no part of the text.",
    ),
}
