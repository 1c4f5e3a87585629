"""Descriptions of the checks for programs that show a rule beside its findings, such as readers of SARIF.

Each has two sentences: what the check reports, and why that matters. docs/checks.md has examples and exceptions.
"""

from typing import NamedTuple

from articles.text.checks.findings import Severity


class Description(NamedTuple):
    """A check in words. `severity` is the one of most findings in prose; it may be graver in code and addresses."""

    severity: Severity
    what: str
    why: str


DESCRIPTIONS = {
    "foreign-letter": Description(
        Severity.WARNING,
        "A letter, mark or digit of another script than the rest of its word.",
        "It changes what search, filters and machines read, but readers see no difference.",
    ),
    "rare-letter": Description(
        Severity.WARNING,
        "A letter of phonetics, of a rare alphabet or of old spelling in place of the plain one it resembles.",
        "It has the script of its word, so tests of mixed scripts cannot find it.",
    ),
    "whole-word": Description(
        Severity.WARNING,
        "A word wholly in another script that looks like a word of the text's language.",
        "All letters have one script, so only a list of words can reveal it.",
    ),
    "styled-letters": Description(
        Severity.WARNING,
        "Mathematical, full-width, circled or raised letters, or regional indicators, that spell a word.",
        "Screen readers spell them out or skip them, and search does not find them.",
    ),
    "host": Description(
        Severity.ALERT,
        "A host name that imitates another one, or a link whose text names another host than it leads to.",
        "The link leads to another place than readers expect.",
    ),
    "look-alike-sign": Description(
        Severity.ALERT,
        "A sign that looks like an ASCII sign, in code or in the path of an address.",
        "A program that is copied with it fails, or does something else.",
    ),
    "invisible": Description(
        Severity.WARNING,
        "An invisible character where it has no effect.",
        "It splits words for search and filters, marks a text, or carries a hidden message.",
    ),
    "bidi-control": Description(
        Severity.ALERT,
        "A control of text direction that overrides the order, stays open or has no effect.",
        "The text is shown in another order than it is stored and run.",
    ),
    "provenance-mark": Description(
        Severity.NOTICE,
        "A C2PA manifest, which says where a text comes from; an alert if it is broken or not the only one.",
        "Readers do not see it, and a broken manifest may hide any content.",
    ),
    "tag-characters": Description(
        Severity.ALERT,
        "Tag characters that are not part of a flag.",
        "They are invisible ASCII: language models read it, people do not.",
    ),
    "variation-selector": Description(
        Severity.WARNING,
        "A variation selector after a character that has no such variant, or a run of them.",
        "Selectors are invisible and can hide any text.",
    ),
    "control": Description(
        Severity.WARNING,
        "A control character other than tab and line end.",
        "Terminals obey it, browsers drop it, and comparisons hide it.",
    ),
    "without-meaning": Description(
        Severity.WARNING,
        "A noncharacter, an unassigned or private-use code point, or half of a surrogate pair.",
        "What is shown depends on the reader's system.",
    ),
    "odd-space": Description(
        Severity.WARNING,
        "A space other than U+0020 in a place where typography does not use it.",
        "A command or name with such a space looks the same, but means something else.",
    ),
    "stacked-marks": Description(
        Severity.WARNING,
        "More marks on letters than any writing system uses, or marks that dress each letter of a word.",
        "They cover what stands beside them, and search does not find the word.",
    ),
    "mixed-digits": Description(
        Severity.WARNING,
        "Digits of two systems in one number.",
        "Programs read, sort and search the number as a different one.",
    ),
    "misread": Description(
        Severity.WARNING,
        "Text that was read in another encoding than it was written in.",
        "The text was damaged before it arrived here.",
    ),
    "not-nfc": Description(
        Severity.NOTICE,
        "The text is not in Normalization Form C.",
        "Search and comparison may miss text that looks equal.",
    ),
    "blank": Description(
        Severity.WARNING,
        "A text that has characters but shows nothing.",
        "A title or a link is left without a visible name.",
    ),
    "empty-link": Description(
        Severity.WARNING,
        "A link without text.",
        "Readers cannot see it or where it leads, but machines follow it.",
    ),
    "forge-notice": Description(
        Severity.NOTICE,
        "A code forge's warning about Unicode characters, pasted along with the text.",
        "It does not belong to the text.",
    ),
}
