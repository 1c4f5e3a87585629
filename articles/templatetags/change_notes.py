"""Notes to the changes of a marked page, and the labels of its folds, in the reader's language.

Everything that a function here is given is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from articles.text.marked import BlockKind, Fold, Letters, Note, NoteKind

from .labels import listed
from .marks import target_with_marks

register = template.Library()

MAX_TARGET = 80  # code points of the target of a link
BLOCKS = {
    "paragraph": ngettext_lazy("%(n)d paragraph", "%(n)d paragraphs", "n"),
    "heading": ngettext_lazy("%(n)d heading", "%(n)d headings", "n"),
    "bulleted-list": ngettext_lazy("%(n)d bulleted list", "%(n)d bulleted lists", "n"),
    "numbered-list": ngettext_lazy("%(n)d numbered list", "%(n)d numbered lists", "n"),
    "list-item": ngettext_lazy("%(n)d item", "%(n)d items", "n"),
    "quote": ngettext_lazy("%(n)d quotation", "%(n)d quotations", "n"),
    "code": ngettext_lazy("%(n)d block of code", "%(n)d blocks of code", "n"),
    "table": ngettext_lazy("%(n)d table", "%(n)d tables", "n"),
    "row": ngettext_lazy("%(n)d row", "%(n)d rows", "n"),
    "figure": ngettext_lazy("%(n)d figure", "%(n)d figures", "n"),
    "other": ngettext_lazy("%(n)d other block", "%(n)d other blocks", "n"),
}
BLOCK_NAMES = {
    BlockKind.PARAGRAPH: gettext_lazy("a paragraph"),
    **{BlockKind(f"heading-{level}"): gettext_lazy("a heading") for level in range(1, 7)},
    BlockKind.BULLETED_LIST: gettext_lazy("a bulleted list"),
    BlockKind.NUMBERED_LIST: gettext_lazy("a numbered list"),
    BlockKind.LIST_ITEM: gettext_lazy("an item of a list"),
    BlockKind.QUOTE: gettext_lazy("a quotation"),
    BlockKind.NOTE: gettext_lazy("a note"),
    BlockKind.TIP: gettext_lazy("a tip"),
    BlockKind.IMPORTANT: gettext_lazy("an important note"),
    BlockKind.WARNING: gettext_lazy("a warning"),
    BlockKind.CAUTION: gettext_lazy("a caution"),
    BlockKind.CODE: gettext_lazy("a block of code"),
    BlockKind.TABLE: gettext_lazy("a table"),
    BlockKind.DETAILS: gettext_lazy("a fold"),
}
FORMATS = {
    "strong": gettext_lazy("bold"),
    "em": gettext_lazy("italic"),
    "del": gettext_lazy("struck through"),
    "code": gettext_lazy("code"),
    "sub": gettext_lazy("subscript"),
    "sup": gettext_lazy("superscript"),
    "mark": gettext_lazy("highlighted"),
    "u": gettext_lazy("underlined"),
    "ins": gettext_lazy("underlined"),
    "kbd": gettext_lazy("a key"),
}
ALIGNMENTS = {
    "left": gettext_lazy("to the left"),
    "right": gettext_lazy("to the right"),
    "center": gettext_lazy("centred"),
    "": gettext_lazy("as the text runs"),
}
# The first words of a note, and the sentence behind them.
WORDS = {
    NoteKind.FORMAT_ADDED: (gettext_lazy("Formatting."), gettext_lazy("“%(text)s” became %(new)s")),
    NoteKind.FORMAT_REMOVED: (gettext_lazy("Formatting."), gettext_lazy("“%(text)s” is no longer %(old)s")),
    NoteKind.BLOCK: (gettext_lazy("Form."), gettext_lazy("%(old)s became %(new)s")),
    NoteKind.LINK_ADDED: (gettext_lazy("Link added."), gettext_lazy("“%(text)s” %(new)s")),
    NoteKind.LINK_REMOVED: (gettext_lazy("Link removed."), gettext_lazy("“%(text)s” %(old)s")),
    NoteKind.LINK_CHANGED: (gettext_lazy("Link changed."), gettext_lazy("“%(text)s” %(old)s %(new)s")),
    NoteKind.IMAGE_ADDED: (gettext_lazy("Picture added."), gettext_lazy("“%(text)s”")),
    NoteKind.IMAGE_REMOVED: (gettext_lazy("Picture removed."), gettext_lazy("“%(text)s”")),
    NoteKind.IMAGE_REPLACED: (gettext_lazy("Picture replaced."), gettext_lazy("“%(text)s”")),
    NoteKind.IMAGE_DESCRIPTION: (
        gettext_lazy("Description of a picture."),
        gettext_lazy("“%(old)s” became “%(new)s”"),
    ),
    NoteKind.TICKED: (gettext_lazy("Ticked."), gettext_lazy("“%(text)s”")),
    NoteKind.UNTICKED: (gettext_lazy("No longer ticked."), gettext_lazy("“%(text)s”")),
    NoteKind.ROW_ADDED: (gettext_lazy("Row added."), gettext_lazy("“%(text)s”")),
    NoteKind.ROW_REMOVED: (gettext_lazy("Row removed."), gettext_lazy("“%(text)s”")),
    NoteKind.COLUMN_ADDED: (gettext_lazy("Column added."), gettext_lazy("“%(text)s”")),
    NoteKind.COLUMN_REMOVED: (gettext_lazy("Column removed."), gettext_lazy("“%(text)s”")),
    NoteKind.ALIGNMENT: (
        gettext_lazy("Alignment."),
        gettext_lazy("“%(text)s” stood %(old)s and stands %(new)s"),
    ),
    NoteKind.LANGUAGE: (gettext_lazy("Language of the code."), gettext_lazy("“%(old)s” became “%(new)s”")),
    NoteKind.LIST_START: (gettext_lazy("First number."), gettext_lazy("%(old)s became %(new)s")),
    NoteKind.ATTRIBUTE: (
        gettext_lazy("What readers do not see."),
        gettext_lazy("%(text)s: “%(old)s” became “%(new)s”"),
    ),
    NoteKind.LOOK_ALIKES: (gettext_lazy("Looks the same, is another letter."), ""),
    NoteKind.INVISIBLE: (gettext_lazy("Invisible."), ""),
    NoteKind.NORMALIZATION: (gettext_lazy("Same letters, other encoding."), ""),
    NoteKind.ACCENTS: (gettext_lazy("Accents."), ""),
    NoteKind.SPACING: (gettext_lazy("Spacing."), ""),
}
_LINKS = (NoteKind.LINK_ADDED, NoteKind.LINK_REMOVED, NoteKind.LINK_CHANGED)


@register.simple_tag
def fold_in_words(fold: Fold) -> str:
    """Return what a fold hides, such as "Unchanged: 3 paragraphs and 1 table"."""
    counts: Counter[str] = Counter()
    for kind, count in fold.counts:
        name = kind.rstrip("-123456")  # headings of all levels count together
        counts[name if name in BLOCKS else "other"] += count
    *parts, last = [str(BLOCKS[name] % {"n": count}) for name, count in counts.items()]
    blocks = _("%(first)s and %(last)s") % {"first": listed(parts), "last": last} if parts else last
    return _("Unchanged: %(blocks)s") % {"blocks": blocks}


@register.simple_tag
def notes_in_words(notes: Iterable[Note], shown: range) -> SafeString:
    """Return the notes beside a block, a paragraph each; those that only name letters of one kind share one."""
    kept: list[Note] = []
    by_kind: dict[NoteKind, int] = {}
    for note in notes:
        if note.letters and not note.text and note.kind in by_kind:
            first = kept[by_kind[note.kind]]
            letters = tuple(dict.fromkeys(first.letters + note.letters))
            kept[by_kind[note.kind]] = replace(first, letters=letters)
            continue
        if note.letters:
            by_kind[note.kind] = len(kept)
        kept.append(note)
    return format_html_join("", "<p>{}</p>", ((note_in_words(note, shown),) for note in kept))


def note_in_words(note: Note, shown: range) -> SafeString:
    """Return a note. Its link to the other end of a move leads to another part unless that change is in `shown`."""
    if note.kind in (
        NoteKind.MOVED_HERE,
        NoteKind.MOVED_AWAY,
        NoteKind.WORDS_MOVED_HERE,
        NoteKind.WORDS_MOVED_AWAY,
    ):
        return _move(note, shown)
    first, words = WORDS[note.kind]
    rest = _sentence(str(words), note) if words and (note.text or note.old or note.new) else mark_safe("")
    letters = format_html_join("", " {}", ((_letters(pair),) for pair in note.letters))
    warning = mark_safe("")
    if note.kind in _LINKS and note.hosts[1] and note.hosts[0] != note.hosts[1]:
        warning = format_html(
            ' <span class="badge warning">{}</span>', _("leads to %(host)s") % {"host": note.hosts[1]}
        )
    return format_html("<b>{}</b> {}{}{}", first, rest, letters, warning)


def _move(note: Note, shown: range) -> SafeString:
    """Return the note to either end of a move."""
    is_here = note.kind in (NoteKind.MOVED_HERE, NoteKind.WORDS_MOVED_HERE)
    first = _("Moved here") if is_here else _("Moved")
    text = format_html(" “<bdi>{}</bdi>”", note.text) if note.text else mark_safe("")
    if note.other is None:
        return format_html("<b>{}</b>{}", first, text)
    is_above = note.other < note.change
    if is_here:
        where = _("from above") if is_above else _("from further down")
    else:
        where = _("further up") if is_above else _("further down")
    if note.other not in shown:
        return format_html("<b>{}</b>{} {} {}", first, text, where, _("(change %(n)d)") % {"n": note.other})
    return format_html('<b>{}</b>{} <a href="#c{}">{}</a>', first, text, str(note.other), where)


def _sentence(words: str, note: Note) -> SafeString:
    """Return a sentence with the values of a note."""
    return mark_safe(  # noqa: S308 - the values are escaped, and so is the sentence
        format_html("{}", words)
        % {
            "text": format_html("<bdi>{}</bdi>", note.text),
            **dict(zip(("old", "new"), _values(note), strict=True)),
        }
    )


def _values(note: Note) -> Iterator[SafeString]:
    """Yield the old and the new value of a note as HTML."""
    for side, element in ((note.old, "del"), (note.new, "ins")):
        if note.kind in _LINKS:
            shown = side if len(side) <= MAX_TARGET else f"{side[: MAX_TARGET - 1]}…"
            target = target_with_marks(shown)
            yield format_html('<{0} class="change"><code dir="ltr">{1}</code></{0}>', element, target)
        elif note.kind in (NoteKind.FORMAT_ADDED, NoteKind.FORMAT_REMOVED):
            yield format_html("{}", FORMATS.get(side, side))
        elif note.kind is NoteKind.ALIGNMENT:
            yield format_html("{}", ALIGNMENTS.get(side, side))
        elif note.kind is NoteKind.BLOCK:
            yield format_html("{}", BLOCK_NAMES.get(BlockKind(side), _("a block")))
        else:
            yield format_html("<bdi>{}</bdi>", side or "\N{EN DASH}")


def _letters(letters: Letters) -> SafeString:
    """Return which character became which, with names and code points."""
    old, new = letters.described
    if not letters.old:
        return format_html(_("{} came in."), _named(letters.new, new))
    if not letters.new:
        return format_html(_("{} is gone."), _named(letters.old, old))
    return format_html(_("{} became {}."), _named(letters.old, old), _named(letters.new, new))


def _named(cluster: str, described: Iterable[tuple[str, str]]) -> SafeString:
    """Return a cluster in a box with the names and code points of its characters."""
    names = listed(f"{name}, {code}" if name else code for code, name in described)
    box = format_html('<bdi class="letter">{}</bdi> ', cluster) if cluster.isprintable() else mark_safe("")
    return format_html("{}{}", box, names)
