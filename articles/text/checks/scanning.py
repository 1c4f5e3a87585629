"""Scans: `scan` runs all checks on a text. `CHECKS` lists them; docs/checks.md describes each."""

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

from articles.text.checks.bidi import bidi_control
from articles.text.checks.digits import mixed_digits
from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Scan, Severity
from articles.text.checks.hidden import blank, invisible
from articles.text.checks.hosts import host
from articles.text.checks.letters import foreign_letter
from articles.text.checks.links import empty_link
from articles.text.checks.marks import stacked_marks
from articles.text.checks.payloads import provenance_mark, tag_characters, variation_selector
from articles.text.checks.plain import control, misread, not_nfc, without_meaning
from articles.text.checks.rare import rare_letter
from articles.text.checks.signs import look_alike_sign
from articles.text.checks.spaces import odd_space
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
    """Flag the warning of a code forge about Unicode characters, pasted along with the text."""
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
    look_alike_sign,
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
    """Return the findings of all checks on a text, judged by the language of its article (BCP 47).

    With Where.PROSE, the text is Markdown and each part has its own context. Any other `where` is the context of
    the whole text. Spans are half-open, in code points. The first `limit` findings are kept (all with None), and
    all are counted. Linear in the text. The data is of Unicode 18.0.0. Raises no error, whatever the text.

    >>> [(finding.start, finding.meant) for finding in scan("The p\\u0430ypal page").findings]
    [(5, 'a')]
    """
    return _scan(Field(text, language, where), limit)


def scan_regions(text: str, regions: Sequence[Region], *, language: str = "en") -> Scan:
    """Return all findings of a text with known contexts, such as the text of a page. It is not read as Markdown.

    The regions have to tile the text, in order.
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
