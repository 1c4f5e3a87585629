"""Text drawn with its changes and its flagged characters, and the words for both.

All text is escaped here, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

import regex
from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.models import IntroducedFinding, Review, Revision
from articles.text.checks import Finding, Severity, scan
from articles.text.content import (
    WHERE,
    Content,
    ContentComparison,
    Field,
    FieldComparison,
    FieldFinding,
    UnseenKind,
    findings_in,
    line_and_column,
)
from articles.text.content.comparison import WHOLE
from articles.text.content.drawing import findings_between, piece_as_html
from articles.text.content.marking import box_label, mark, mark_text
from articles.text.diff import Kind, compare
from articles.text.diff.hunks import Piece, make_hunks
from articles.text.markdown import Where
from articles.text.messages import Message

register = template.Library()

UNSEEN = {
    UnseenKind.COMMENT: gettext_lazy("comment"),
    UnseenKind.TITLE: gettext_lazy("title of a link or picture"),
    UnseenKind.ALTERNATIVE: gettext_lazy("alternative text"),
    UnseenKind.DEFINITION: gettext_lazy("definition that nothing uses"),
    UnseenKind.ADDRESS: gettext_lazy("link without text"),
    UnseenKind.LABEL: gettext_lazy("label of a reference or footnote"),
    UnseenKind.ATTRIBUTE: gettext_lazy("attribute that no browser shows"),
    UnseenKind.INFO: gettext_lazy("words beside a fence"),
    UnseenKind.PAYLOAD: gettext_lazy("text in invisible characters"),
}
KINDS = {
    Kind.LOOK_ALIKE: gettext_lazy("looks the same"),
    Kind.NORMALIZATION: gettext_lazy("same letters, other encoding"),
    Kind.SPACING: gettext_lazy("spacing"),
    Kind.INVISIBLE: gettext_lazy("invisible"),
    Kind.WORDING: "",
}
PLACES = {
    Where.PROSE: gettext_lazy("prose"),
    Where.CODE: gettext_lazy("code"),
    Where.LINK_TEXT: gettext_lazy("link text"),
    Where.HOST: gettext_lazy("host of a link"),
    Where.ATTRIBUTE: gettext_lazy("attribute"),
    Where.TITLE: gettext_lazy("title"),
    Where.SLUG: gettext_lazy("address"),
    Where.SUMMARY: gettext_lazy("summary"),
    Where.TAG: gettext_lazy("tag"),
}

# Text


@register.simple_tag
def line(comparison: ContentComparison, field: str, side: str, pieces: Sequence[Piece]) -> SafeString:
    """One line of a side, "old" or "new": changed pieces in `ins` and `del`, flagged characters in `mark`."""
    if not pieces:
        return mark_safe("")
    content, found, new = {
        "old": (comparison.old, comparison.old_findings, {}),
        "new": (comparison.new, comparison.new_findings, comparison.introduced_by_field),
    }[side]
    text = content.text(Field(field)) if content else ""
    here = findings_between(found[Field(field)], pieces[0].start, pieces[-1].end)
    draw = partial(_piece, text, here, new=new.get(Field(field), frozenset()), is_whole_line=len(pieces) == 1)
    return format_html_join("", "{}", ((draw(piece),) for piece in pieces))


@register.simple_tag
def side_of(comparison: ContentComparison, field: FieldComparison, side: str) -> SafeString:
    """A short field as one line of a side."""
    pieces = [piece for hunk in field.hunks for row in hunk.rows for piece in getattr(row, side)]
    return line(comparison, field.field, side, pieces)


@register.simple_tag
def variant(text: str, other: str, language: str) -> SafeString:
    """A text of some lines: what the other one lacks in `ins`, flagged characters in `mark`."""
    found = scan(text, language=language).findings
    rows = (row for hunk in make_hunks(other, text, compare(other, text), context=WHOLE) for row in hunk.rows)
    drawn = (
        format_html_join(
            "",
            "{}",
            (
                (
                    _piece(
                        text,
                        findings_between(found, piece.start, piece.end),
                        piece,
                        new=(),
                        is_whole_line=False,
                    ),
                )
                for piece in row.new
            ),
        )
        for row in rows
        if row.new
    )
    return format_html_join("\n", "{}", ((line,) for line in drawn))


@register.simple_tag
def with_marks(content: Content, field: str) -> SafeString:
    """A field of an article on one line, its flagged characters marked."""
    return _marked(content.text(Field(field)), findings_in(content, Field(field)), start=0)


@register.simple_tag
def title_with_marks(revision: Revision) -> SafeString:
    """The title with its flagged characters marked; reads no body."""
    found = scan(revision.title, language=revision.language, where=Where.TITLE).findings
    return _marked(revision.title, found, start=0)


@register.filter
def target_with_marks(target: str) -> SafeString:
    """The target of a link, judged as strictly as code, with its flagged characters marked."""
    return _marked(target, scan(target, where=Where.CODE).findings, start=0)


@register.simple_tag
def value_with_marks(value: str) -> SafeString:
    """Characters by themselves, such as those that are allowed, with a mark on what shows nothing or looks odd."""
    return _marked(value, scan(value, where=Where.CODE).findings, start=0)


@register.simple_tag
def character(finding: Finding) -> SafeString:
    """The characters of a finding, marked, cut where there are many."""
    return mark_safe(mark(finding.text[:12], finding, say=sentence))  # noqa: S308 - `mark` escapes


MOST_OF_DECODED = 400  # code points of a hidden text that a page shows; fewer than a row keeps


@register.simple_tag
def payload(finding: Finding) -> SafeString:
    """What a finding hides, drawn as `decoded` does; empty if it hides nothing."""
    return decoded(finding.payload) if finding.payload else mark_safe("")


@register.filter
def decoded(text: str) -> SafeString:
    """A text that the page of the article does not show, cut with an ellipsis, labels in place of what is invisible."""
    is_cut = len(text) > MOST_OF_DECODED
    words = conditional_escape(f"{text[:MOST_OF_DECODED]}…" if is_cut else text)
    drawn = mark_safe(_invisible.sub(_labelled, words))  # noqa: S308 - escaped, and gets labels only
    return format_html('<bdi class="char">{}</bdi>', drawn)


@register.simple_tag
def hidden_text(finding: Finding) -> SafeString:
    """The payload of a finding behind its label; empty if it hides nothing."""
    return format_html("{} {}", _("hidden text:"), payload(finding)) if finding.payload else mark_safe("")


@register.simple_tag
def kinds_of_findings(kinds: Sequence[tuple[Finding, int]]) -> SafeString:
    """Rows of a table: severity, character, how often, what it is. Not in a template, which takes ten times as long."""
    row = '<tr><td><span class="badge {}">{}</span></td><td><bdi>{}</bdi></td><td>{}</td><td>{} {}</td></tr>'
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
            )
            for finding, count in kinds
        ),
    )


@register.simple_tag
def place(content: Content, item: FieldFinding | IntroducedFinding) -> str:
    """Where a finding stands, for people: field, context, line and column from 1."""
    field = Field(item.field)
    parts = [field_label(field)]
    if item.finding.where != WHERE[field]:
        parts.append(where_label(item.finding.where))
    line_number, column = line_and_column(content.text(field), item.finding.start)
    if field is Field.SOURCE:
        parts.append(_("line %(number)d") % {"number": line_number})
    parts.append(_("character %(number)d") % {"number": column})
    return ", ".join(parts)


def marked_stretch(text: str, found: Sequence[Finding], span: tuple[int, int]) -> SafeString:
    """A part of a text with its flagged characters marked; the findings are those of all of it, in order."""
    start, end = span
    return _marked(text[start:end], findings_between(found, start, end), start=start)


def _piece(
    text: str, found: Sequence[Finding], piece: Piece, *, new: Collection[Finding], is_whole_line: bool
) -> SafeString:
    """A part of a line, in the reader's language."""
    drawn = piece_as_html(
        text,
        found,
        piece,
        kinds=KINDS,
        line_end=_("line end"),
        new=new,
        is_whole_line=is_whole_line,
        say=sentence,
    )
    return mark_safe(drawn)  # noqa: S308 - `piece_as_html` escapes


_invisible = regex.compile(r"[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]--[ \n\t]]", regex.V1)


def _labelled(found: regex.Match[str]) -> str:
    """The label alone: what was decoded stands nowhere as itself, so nobody has to copy it."""
    return f'<span class="unseen" data-box="{box_label(found[0])}"></span>'


def _marked(text: str, found: Sequence[Finding], *, start: int, new: Collection[Finding] = ()) -> SafeString:
    return mark_safe(mark_text(text, found, start=start, new=new, say=sentence))  # noqa: S308 - `mark_text` escapes what it is given


# Words


@register.filter
def sentence(message: str) -> str:
    """What a finding says, in the reader's language; a message that only its English was stored of stays so."""
    return message.translate_with(_) if isinstance(message, Message) else message


@register.filter
def severity_label(severity: str) -> str:
    return str(IntroducedFinding.Severity(severity).label)


@register.filter
def field_label(field: str) -> str:
    return str(IntroducedFinding.Field(field).label)


@register.filter
def where_label(where: str) -> str:
    return str(PLACES[Where(where)])


@register.filter
def unseen_label(kind: str) -> str:
    return str(UNSEEN[UnseenKind(kind)])


@register.filter
def state_label(state: str) -> str:
    return str(Review.State(state).label)


@register.simple_tag
def summary_in_words(comparison: ContentComparison) -> str:
    """What changed, in a sentence."""
    if comparison.old is None:
        return _("All of it is new.")
    parts = list(_counted(comparison))
    if comparison.summary.looks_the_same and parts:
        return _("It looks the same, but: %(parts)s.") % {"parts": ", ".join(parts)}
    return capfirst(", ".join(parts)) + "." if parts else _("The text is the same.")


def _counted(comparison: ContentComparison) -> Iterator[str]:
    counts = comparison.summary
    for number, words in (
        (counts.moved, ngettext("%(n)d block moved", "%(n)d blocks moved", counts.moved)),
        (counts.words, ngettext("%(n)d word edited", "%(n)d words edited", counts.words)),
        (
            counts.look_alikes,
            ngettext(
                "%(n)d character replaced by one that looks the same",
                "%(n)d characters replaced by others that look the same",
                counts.look_alikes,
            ),
        ),
        (
            counts.invisible,
            ngettext("%(n)d invisible character", "%(n)d invisible characters", counts.invisible),
        ),
        (
            counts.normalization,
            ngettext("%(n)d change of encoding only", "%(n)d changes of encoding only", counts.normalization),
        ),
        (counts.spacing, ngettext("%(n)d change of spacing", "%(n)d changes of spacing", counts.spacing)),
    ):
        if number:
            yield words % {"n": number}
    if (
        len(comparison.links) == 1
        and (hosts := comparison.links[0].hosts)
        and all(hosts)
        and hosts[0] != hosts[1]
    ):
        yield _("1 link changed from %(old)s to %(new)s") % dict(zip(("old", "new"), hosts, strict=True))
    elif comparison.links:
        yield ngettext("%(n)d link changed", "%(n)d links changed", len(comparison.links)) % {
            "n": len(comparison.links)
        }
    if comparison.comparison.coarse:
        yield _("shown by lines only, since there is too much to compare word by word")
