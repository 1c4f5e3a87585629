"""Marks: text with its flagged characters in `mark`, and hidden text with a label for each invisible character.

Everything that a function here is given is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import regex
from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.models import Revision
from articles.text.checks import Finding, Severity, scan
from articles.text.content import Content, Field, findings_in
from articles.text.content.drawing import findings_between
from articles.text.content.marking import MAX_LABELS, MAX_MEANT, mark, mark_text, shortened
from articles.text.markdown import Where
from articles.text.unicode.boxes import box_label

from .labels import sentence, severity_label

register = template.Library()

MAX_CHARACTERS = 12  # code points of a finding that a page shows
MAX_VERSIONS = 3  # that a row names
MAX_DECODED = 400  # code points of a hidden text that a page shows; a row of a finding stores more
MAX_STRETCH = 300  # code points of a changed passage or of the target of a link, in a list
MAX_MARKS = 12  # in one line of a list; the page of the version marks them all
_INVISIBLE = regex.compile(r"[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ \n\t]]", regex.V1)


@register.simple_tag
def with_marks(content: Content, field: str) -> SafeString:
    """Return a field of an article with its flagged characters marked."""
    return _marked(content.text(Field(field)), findings_in(content, Field(field)))


@register.simple_tag
def title_with_marks(revision: Revision) -> SafeString:
    """Return the title for a list, with its first flagged characters marked. Reads no body, so it takes no query."""
    found = scan(revision.title, language=revision.language, where=Where.TITLE, limit=MAX_MARKS).findings
    return _marked(revision.title, found)


@register.filter
def target_with_marks(target: str) -> SafeString:
    """Return the target of a link, checked as strictly as code, with its first flagged characters marked.

    A long one is cut.
    """
    target = shortened(target, MAX_STRETCH)
    return _marked(target, scan(target, where=Where.CODE, limit=MAX_MARKS).findings)


@register.simple_tag
def words_with_marks(words: str, language: str) -> SafeString:
    """Return what somebody said or quoted, with its first flagged characters marked."""
    return _marked(words, scan(words, language=language, limit=MAX_MARKS).findings)


@register.simple_tag
def value_with_marks(value: str) -> SafeString:
    """Return an allowed value, checked as strictly as code, with its first flagged characters marked."""
    return _marked(value, scan(value, where=Where.CODE, limit=MAX_MARKS).findings)


@register.simple_tag
def character(finding: Finding) -> SafeString:
    """Return the characters of a finding, marked; at most `MAX_CHARACTERS` of them. Its message stands beside it."""
    return mark_safe(mark(finding.text[:MAX_CHARACTERS], finding, say=lambda message: ""))  # noqa: S308 - `mark` escapes


@register.filter
def short(meant: str) -> str:
    """Return what a finding means, cut after as many code points as a mark shows."""
    return shortened(meant, MAX_MEANT)


@register.simple_tag
def payload(finding: Finding) -> SafeString:
    """Return what a finding hides, drawn as `decoded` does; an empty string if it hides nothing."""
    return decoded(finding.payload) if finding.payload else mark_safe("")


@register.filter
def decoded(text: str) -> SafeString:
    """Return a text that readers do not see, with labels for invisible characters.

    It is cut after `MAX_DECODED` code points or `MAX_LABELS` labels.
    """
    invisible = next(islice(_INVISIBLE.finditer(text), MAX_LABELS, None), None)
    most = min(MAX_DECODED, invisible.start() if invisible else MAX_DECODED)
    return format_html('<bdi class="char">{}</bdi>', labelled(shortened(text, most)))


def labelled(text: str) -> SafeString:
    """Return a short text, escaped, with labels for invisible characters."""
    drawn = str(_INVISIBLE.sub(_box, conditional_escape(text)))
    return mark_safe(drawn)  # noqa: S308 - escaped, and gets labels only


def with_labels(text: str) -> str:
    """Return a text for mail, with the labels of its invisible characters in brackets instead of them."""
    return str(_INVISIBLE.sub(lambda invisible: f"[{box_label(invisible[0])}]", text))


@register.simple_tag
def hidden_text(finding: Finding) -> SafeString:
    """Return the payload of a finding after its label; an empty string if it hides nothing."""
    return format_html("{} {}", _("hidden text:"), payload(finding)) if finding.payload else mark_safe("")


@register.simple_tag
def kinds_of_findings(
    kinds: Sequence[tuple[Finding, int]],
    bringers: Mapping[tuple[str, str], Mapping[int, Revision]] | None = None,
) -> SafeString:
    """Return rows of a table: severity, character, how often, message. A template would take ten times as long.

    With `bringers`, a row ends with the versions that brought in findings of its kind, by check and characters.
    """
    row = (
        '<tr><td><span class="badge {}">{}</span></td><td><bdi>{}</bdi></td><td>{}</td><td>{} {}</td>{}</tr>'
    )
    labels = {severity: severity_label(severity) for severity in Severity}
    return format_html_join(
        "\n",
        row,
        (
            (
                finding.severity,
                labels[finding.severity],
                character(finding),
                count,
                sentence(finding.message),
                hidden_text(finding),
                format_html("<td>{}</td>", _versions(bringers.get((finding.check, finding.text), {})))
                if bringers
                else "",
            )
            for finding, count in kinds
        ),
    )


def _versions(versions: Mapping[int, Revision]) -> SafeString:
    """Return the first `MAX_VERSIONS` of some versions with their authors, and how many more there are."""
    first = sorted(versions)[:MAX_VERSIONS]
    named = format_html_join(
        "; ", "{}, <bdi>{}</bdi>", ((_version(n), versions[n].author_name) for n in first)
    )
    more = len(versions) - len(first)
    return format_html("{}; {}", named, _("%(n)d more") % {"n": more}) if more else named


def _version(number: int) -> str:
    return _("version %(number)d") % {"number": number}


def marked_stretch(text: str, findings: Sequence[Finding], span: tuple[int, int]) -> SafeString:
    """Return a part of a text with its first flagged characters marked. Takes the findings of the whole text, in order.

    A long part is cut.
    """
    start, end = span
    last = min(end, start + MAX_STRETCH)
    found = findings_between(findings, start, last)[:MAX_MARKS]
    drawn = _marked(text[start:last], found, start=start)
    return format_html("{}…", drawn) if last < end else drawn


def _box(invisible: regex.Match[str]) -> str:
    """Return the label of an invisible character without the character, so that nobody copies it."""
    return f'<span class="unseen" data-box="{box_label(invisible[0])}"></span>'


def _marked(text: str, findings: Sequence[Finding], *, start: int = 0) -> SafeString:
    """Return a text with its findings marked; `start` is the text's place in the text that was scanned."""
    return mark_safe(mark_text(text, findings, start=start, say=sentence))  # noqa: S308 - `mark_text` escapes
