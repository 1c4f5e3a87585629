"""Changes: lines of a comparison as HTML with `ins` and `del`, and a sentence that sums them up.

Everything that a function here is given is escaped.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.text.checks import Finding, scan
from articles.text.content import ContentComparison, Field, FieldComparison
from articles.text.content.comparison import WHOLE
from articles.text.content.drawing import findings_between, piece_as_html
from articles.text.diff import Kind, compare
from articles.text.diff.hunks import Piece, make_hunks
from articles.text.diff.summary import Summary

from .labels import listed, sentence
from .marks import MAX_MARKS

register = template.Library()

KINDS = {
    Kind.LOOK_ALIKE: gettext_lazy("looks the same"),
    Kind.NORMALIZATION: gettext_lazy("same letters, other encoding"),
    Kind.SPACING: gettext_lazy("spacing"),
    Kind.INVISIBLE: gettext_lazy("invisible"),
    Kind.ACCENTS: gettext_lazy("accents"),
    Kind.WORDING: "",
}


@register.simple_tag
def line(comparison: ContentComparison, field: str, side: str, pieces: Sequence[Piece]) -> SafeString:
    """Return a line of a side, "old" or "new": changed pieces in `ins` and `del`, flagged characters in `mark`."""
    content, findings, introduced = {
        "old": (comparison.old, comparison.old_findings, {}),
        "new": (comparison.new, comparison.new_findings, comparison.introduced_by_field),
    }[side]
    text = content.text(Field(field)) if content else ""
    return _line(text, findings[Field(field)], pieces, new=introduced.get(Field(field), frozenset()))


@register.simple_tag
def code(comparison: ContentComparison, side: str, pieces: Sequence[Piece]) -> str:
    """Return the class of a line of code, with a space before it; an empty string for prose."""
    return " code" if comparison.is_code(side, pieces) else ""


@register.simple_tag
def side_of(comparison: ContentComparison, field: FieldComparison, side: str) -> SafeString:
    """Return a side of a short field as one line."""
    pieces = [piece for hunk in field.hunks for row in hunk.rows for piece in getattr(row, side)]
    return line(comparison, field.field, side, pieces)


@register.simple_tag
def variant(text: str, other: str, language: str) -> SafeString:
    """Return the lines of a text: what the other text lacks in `ins`, the first flagged characters in `mark`."""
    findings = scan(text, language=language, limit=MAX_MARKS).findings
    hunks = make_hunks(other, text, compare(other, text), context=WHOLE)
    rows = (row.new for hunk in hunks for row in hunk.rows if row.new)
    return format_html_join(
        "\n", "{}", ((_line(text, findings, pieces, may_be_whole=False),) for pieces in rows)
    )


def _line(
    text: str,
    findings: Sequence[Finding],
    pieces: Sequence[Piece],
    *,
    new: Collection[Finding] = (),
    may_be_whole: bool = True,
) -> SafeString:
    """Return the pieces of a line as HTML, in the reader's language. `new` are the findings that a change introduced.

    A single piece is drawn as a whole line if it `may_be_whole`.
    """
    is_whole_line = may_be_whole and len(pieces) == 1
    drawn = (
        _fold(piece)
        if piece.is_folded
        else piece_as_html(
            text,
            findings_between(findings, piece.start, piece.end),
            piece,
            kinds=KINDS,
            line_end=_("line end"),
            new=new,
            is_whole_line=is_whole_line,
            say=sentence,
        )
        for piece in pieces
    )
    return mark_safe("".join(drawn))  # noqa: S308 - `piece_as_html` escapes


def _fold(piece: Piece) -> SafeString:
    """Return what stands for the middle of a long unchanged stretch; a style sheet draws the words."""
    length = piece.end - piece.start
    words = ngettext("%(n)s unchanged character", "%(n)s unchanged characters", length)
    return format_html('<span class="folded" data-says="{}"></span>', words % {"n": _number(length)})


def _number(number: int) -> str:
    """Return a number as the reader's language groups its digits."""
    return number_format(number, force_grouping=True)


@register.simple_tag
def headline(comparison: ContentComparison, old: int, new: int, changes: int, between: int) -> str:
    """Return how much changed between two versions, as a sentence."""
    if between:
        head = ngettext(
            "%(changes)s between version %(old)d and version %(new)d, %(n)s version between",
            "%(changes)s between version %(old)d and version %(new)d, %(n)s versions between",
            between,
        )
    else:
        head = _("%(changes)s between version %(old)d and version %(new)d")
    counted = ngettext("%(n)s change", "%(n)s changes", changes) % {"n": _number(changes)}
    head %= {"changes": counted, "old": old, "new": new, "n": _number(between)}
    details = list(_sizes(comparison.summary)) + list(_counted(comparison, with_words=False))
    return _("%(head)s: %(details)s.") % {"head": head, "details": listed(details)} if details else f"{head}."


def _sizes(summary: Summary) -> Iterator[str]:
    """Yield how many characters came in and went out."""
    if summary.added:
        yield ngettext("%(n)s character in", "%(n)s characters in", summary.added) % {
            "n": _number(summary.added)
        }
        if summary.removed:
            yield ngettext("%(n)s out", "%(n)s out", summary.removed) % {"n": _number(summary.removed)}
    elif summary.removed:
        yield ngettext("%(n)s character out", "%(n)s characters out", summary.removed) % {
            "n": _number(summary.removed)
        }


@register.simple_tag
def summary_in_words(comparison: ContentComparison) -> str:
    """Return what changed, as a sentence."""
    if comparison.old is None:
        return _("All of it is new.")
    parts = list(_counted(comparison))
    if comparison.summary.looks_the_same and parts:
        return _("It looks the same, but: %(parts)s.") % {"parts": listed(parts)}
    return capfirst(listed(parts)) + "." if parts else _("The text is the same.")


def _counted(comparison: ContentComparison, *, with_words: bool = True) -> Iterator[str]:
    """Yield a phrase for each kind of change, with its number; nothing for a kind that does not occur."""
    counts = comparison.summary
    added, removed, edited = (
        (counts.words_added, counts.words_removed, counts.words_edited) if with_words else (0, 0, 0)
    )
    for number, words in (
        (counts.moved, ngettext("%(n)d block moved", "%(n)d blocks moved", counts.moved)),
        (removed, ngettext("%(n)d word removed", "%(n)d words removed", removed)),
        (added, ngettext("%(n)d word added", "%(n)d words added", added)),
        (edited, ngettext("%(n)d word edited", "%(n)d words edited", edited)),
        (
            counts.accents,
            ngettext("%(n)d word with other accents", "%(n)d words with other accents", counts.accents),
        ),
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
    hosts = comparison.links[0].hosts if len(comparison.links) == 1 else ()
    if hosts and all(hosts) and hosts[0] != hosts[1]:
        yield _("1 link changed from %(old)s to %(new)s") % dict(zip(("old", "new"), hosts, strict=True))
    elif comparison.links:
        yield ngettext("%(n)d link changed", "%(n)d links changed", len(comparison.links)) % {
            "n": len(comparison.links)
        }
    if comparison.comparison.coarse:
        yield _("shown by lines only, since there is too much to compare word by word")
