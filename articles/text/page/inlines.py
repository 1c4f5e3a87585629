"""Writing of inlines: text, code, raw HTML, links, pictures and references to footnotes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from articles.text.markdown.definitions import NOWHERE, Span
from articles.text.markdown.events import Event, Link, ticks
from articles.text.messages import gettext_noop as _
from articles.text.page import removals
from articles.text.page.fates import Fate, paint
from articles.text.page.raw import inline_html, prefixed
from articles.text.page.removals import Remedy, Removal, Rewrite
from articles.text.page.spelling import as_address

if TYPE_CHECKING:
    from articles.text.page.writer import Writer

# Stands, with an index after it, for a reference to a footnote: its number is known only when the page is complete.
NOTE = "\x03"
_REFERENCE_BYTES = (
    300  # of HTML for a reference and its way back, without the label, which is there four times
)
_SUBSCRIPT = re.compile(r"(?<=[^\W\d_])~([0-9]{1,3})~")


def write_text(writer: Writer, event: Event) -> None:
    """Write text."""
    if writer.is_html:  # the rest of a tab that a list or quotation cuts
        return
    paint(writer.canvas, event.start, event.end, Fate.SHOWN)
    writer.elements.text(event.value)
    if "~" in event.value and not writer.is_code:
        _offer_subscripts(writer, event)


def _offer_subscripts(writer: Writer, event: Event) -> None:
    """Add a removal for a number between tildes behind a letter, which other dialects show as a subscript."""
    for match in _SUBSCRIPT.finditer(writer.text, event.start and event.start - 5, event.end):
        if match.end() > event.start:
            rewrite = Rewrite(Remedy.SUBSCRIPT, *match.span(), f"<sub>{match[1]}</sub>")
            reason = _("shown as text; write <sub> for a subscript")
            writer.removals.append(Removal.of(*match.span(), match[0], reason, rewrite))


def write_inline_html(writer: Writer, event: Event) -> None:
    """Write inline HTML."""
    raw = inline_html(writer.text, event.start, event.end, event.value)
    writer.raw_writer().add(raw, is_inline=True)


def write_reference(writer: Writer, event: Event) -> None:
    """Write a reference to a footnote."""
    paint(writer.canvas, event.start, event.end, Fate.MARKUP)
    elements = writer.elements
    elements.counts.tags += 2
    elements.counts.bytes += _REFERENCE_BYTES + 4 * len(event.value.encode())
    elements.write(f"{NOTE}{len(writer.references)}{',' if elements.is_inside_link else ';'}")
    writer.references.append(event.value)


def write_code(writer: Writer, event: Event) -> None:
    """Write a code span."""
    count = ticks(writer.text, event.start, event.end)
    writer.paint_aligned(event.start + count, event.end - count, event.value, Fate.SHOWN)
    writer.begin("code", {})
    writer.elements.text(event.value)
    writer.elements.close_down_to(writer.depths.pop())


def write_break(writer: Writer, event: Event) -> None:
    """Write a line end, hard or soft."""
    paint(writer.canvas, event.start, event.end, Fate.MARKUP)
    if event.kind == "HardBreak":
        writer.elements.begin("br", {})
    writer.elements.text("\n")


def begin_link(writer: Writer, event: Event) -> None:
    """Begin a link; without a target if that is not allowed."""
    link: Link = event.value
    address = as_address(link.target)
    _paint_label(writer, link)
    is_inside_link = writer.elements.is_inside_link
    reason = _("a link inside a link") if is_inside_link else writer.refusal("a", "href", address)
    attributes = {}
    if is_inside_link and link.is_bare:
        pass  # its text shows its target
    elif reason:
        _remove_target(writer, link, reason, removals.unlink(writer.text, link))
    else:
        attributes["href"] = prefixed("href", address)
        _keep_target(writer, link, attributes)
    writer.begin("a", attributes)


def _keep_target(writer: Writer, link: Link, attributes: dict[str, str]) -> None:
    """Paint the target and the title of a link as values, and add the title to its attributes."""
    paint(writer.canvas, *link.target_span, Fate.VALUE)
    if link.title:
        attributes["title"] = link.title
        _paint_title(writer, link.title_span, link.title)
    if link.label:
        writer.elements.out.labels.add(link.label)


def _remove_target(writer: Writer, link: Link, reason: str, rewrite: Rewrite | None) -> None:
    """Paint the target and the title of a link as removed, and add removals for them."""
    start, end = link.target_span
    if start == end:  # in a definition elsewhere, or empty
        start, end = link.span
    elif not link.is_bare:
        paint(writer.canvas, start, end, Fate.REMOVED)
    what = link.target or writer.text[start:end]
    writer.removals.append(Removal.of(start, end, what, reason, rewrite))
    if link.title_span[0] < link.title_span[1]:
        writer.remove(link.title_span, reason)


def _paint_label(writer: Writer, link: Link) -> None:
    """Paint the label of a reference link as markup."""
    if link.label and (label := writer.text.rfind("][", link.inner[1], link.span[1])) >= 0:
        paint(writer.canvas, label, link.span[1], Fate.MARKUP)


def _paint_title(writer: Writer, span: Span, title: str) -> None:
    """Paint a title as a value, and the marks of quotations before its lines as markup."""
    if span != NOWHERE:
        start, end = span
        paint(writer.canvas, start, end, Fate.VALUE)
        if "\n" in title and ">" in writer.text[start:end]:
            for match in re.finditer(r"\n[ \t>]+", writer.text[start:end]):
                paint(writer.canvas, start + match.start(), start + match.end(), Fate.MARKUP)


def begin_image(writer: Writer, event: Event) -> None:
    """Begin to collect the alternative text of a picture."""
    writer.picture, writer.image, writer.image_depth = event.value, [], 0


def add_to_alternative(writer: Writer, event: Event) -> bool:
    """Add an event inside a picture to its alternative text. Returns False at the end of the picture."""
    assert writer.image is not None
    kind, start, end, value = event
    if kind in ("Text", "InlineHtml"):
        paint(writer.canvas, start, end, Fate.VALUE)
        writer.image.append(value)
    elif kind == "Code":
        count = ticks(writer.text, start, end)
        writer.paint_aligned(start + count, end - count, value, Fate.VALUE)
        writer.image.append(value)
    elif kind in ("SoftBreak", "HardBreak"):
        paint(writer.canvas, start, end, Fate.VALUE)
        writer.image.append(" ")
    elif kind == "FootnoteReference":
        paint(writer.canvas, start, end, Fate.VALUE)
        writer.image.append(writer.text[start:end])
    elif kind in ("Link", "Image"):
        writer.image_depth += kind == "Image"
        _paint_label(writer, value)
        for span in (value.target_span, value.title_span):
            if span[0] < span[1] and span != value.inner:
                writer.remove(span, _("the words of a picture hold no links"))
    elif kind == "/Image":
        if not writer.image_depth:
            return False
        writer.image_depth -= 1
    return True


def end_image(writer: Writer, _event: Event) -> None:
    """Write a picture; without a target if that is not allowed."""
    link, attributes = writer.picture, {"alt": "".join(writer.image or ())}
    writer.image, address = None, as_address(link.target)
    _paint_label(writer, link)
    if reason := writer.refusal("img", "src", address):
        may_link = not writer.elements.is_inside_link and not writer.refusal("a", "href", address)
        _remove_target(writer, link, reason, removals.replace_picture(writer.text, link, may_link=may_link))
    else:
        attributes["src"] = address
        _keep_target(writer, link, attributes)
    writer.elements.begin("img", attributes)


ACTS = {
    "Text": write_text,
    "InlineHtml": write_inline_html,
    "FootnoteReference": write_reference,
    "Code": write_code,
    "SoftBreak": write_break,
    "HardBreak": write_break,
    "Link": begin_link,
    "Image": begin_image,
    "/Image": end_image,
}
