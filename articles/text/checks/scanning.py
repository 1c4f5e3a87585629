"""Finds characters that look wrong in a text: `scan`, and the list of its checks (see docs/checks.md)."""

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from articles.text.checks.bidi import bidi_control
from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.checks.hidden import blank, invisible
from articles.text.checks.hosts import host
from articles.text.checks.letters import foreign_letter
from articles.text.checks.links import empty_link
from articles.text.checks.payloads import provenance_mark, tag_characters, variation_selector
from articles.text.checks.plain import (
    control,
    misread,
    mixed_digits,
    not_nfc,
    odd_space,
    stacked_marks,
    without_meaning,
)
from articles.text.checks.rare import rare_letter
from articles.text.checks.styled import styled_letters
from articles.text.checks.words import whole_word
from articles.text.markdown import Region, Where
from articles.text.messages import gettext_noop as _

MAX_FINDINGS = 1000

_NOTICE = re.compile(
    r"This (?:file|document|page|comment|diff) contains "
    r"(?:hidden or )?(?:ambiguous|invisible|hidden|bidirectional)[^\n]{0,40} Unicode (?:characters|text)[^\n]*"
    r"|If your use case is intentional and legitimate, you can safely ignore this warning[^\n]*"
    r"|To review, open the file in an editor that reveals hidden Unicode characters[^\n]*"
)


def forge_notice(field: Field) -> Iterator[Finding]:
    """The warning of a code forge, copied along with the text it stood above."""
    if "Unicode" not in field.text and "use case is intentional" not in field.text:
        return
    for match in _NOTICE.finditer(field.text):
        yield field.finding(
            "forge-notice",
            match.start(),
            match.end(),
            _("This is a notice of a code forge, pasted with the text"),
            severity=Severity.NOTICE,
        )


Check = Callable[[Field], Iterator[Finding]]
CHECKS: tuple[Check, ...] = (
    foreign_letter,
    rare_letter,
    whole_word,
    styled_letters,
    host,
    invisible,
    bidi_control,
    provenance_mark,
    tag_characters,
    variation_selector,
    control,
    without_meaning,
    odd_space,
    stacked_marks,
    mixed_digits,
    misread,
    not_nfc,
    blank,
    empty_link,
    forge_notice,
)


def scan(
    text: str,
    *,
    language: str = "en",
    where: Where = Where.PROSE,
    limit: int | None = MAX_FINDINGS,
) -> Scan:
    """What looks wrong in a text, judged by the language of its article (BCP 47), not of its reader.

    `where=Where.PROSE` takes the text as Markdown and judges each part in its own context; any other context
    holds for all of the text.
    Spans are half-open, in code points; the first `limit` findings are kept and all are counted; None keeps
    them all. Cost grows linearly with the text. Data of Unicode 18.0.0; no error is raised for any string.

    >>> [(found.start, found.meant) for found in scan("The p\\u0430ypal page").findings]
    [(5, 'a')]
    """
    return _scan(Field(text, language, where), limit)


def scan_regions(text: str, regions: Sequence[Region], *, language: str = "en") -> Scan:
    """The same for a text whose contexts are known, such as that of a page: no Markdown is looked for.

    The regions tile the text, in order; all findings are kept.
    """
    return _scan(Field(text, language, Where.PROSE, given_regions=tuple(regions)), None)


def _scan(field: Field, limit: int | None) -> Scan:
    counts: Counter[Severity] = Counter()

    def counted() -> Iterator[Finding]:
        for check in CHECKS:
            for finding in check(field):
                counts[finding.severity] += 1
                yield finding

    place = attrgetter("start", "end")
    findings = sorted(counted(), key=place) if limit is None else heapq.nsmallest(limit, counted(), key=place)
    return Scan(tuple(findings), counts.total(), {severity: counts[severity] for severity in Severity})
