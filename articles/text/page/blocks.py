"""Writing of blocks: headings, quotations, lists, code, HTML, tables and footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from articles.text.markdown.events import Event
from articles.text.markdown.tags import resolved
from articles.text.messages import gettext_noop as _
from articles.text.page.elements import Output
from articles.text.page.fates import Fate, paint
from articles.text.page.raw import RawHtml
from articles.text.page.removals import Remedy, Rewrite

if TYPE_CHECKING:
    from articles.text.page.writer import Writer

_ALERT = re.compile(r"\[!\w+\]")
_FENCE = re.compile(r"(?:`+|~+)[ \t]*")
_FIRST_WORD = re.compile(r"[^ \t\n\v\f\r]+")
_WHITE = " \t\v\f\r"
_CELL_MARKS = " \t\r\n|>"


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its label, its HTML, the labels of the link definitions that it uses, and its span in the part."""

    label: str
    html: str
    labels: frozenset[str]
    start: int
    end: int


def begin_heading(writer: Writer, event: Event) -> None:
    """Begin a heading; it gets its id at its end."""
    writer.elements.write_line_end()
    writer.begin(f"h{event.value}", {})


def begin_quotation(writer: Writer, event: Event) -> None:
    """Begin a quotation or, with its title, an alert."""
    elements = writer.elements
    elements.write_line_end()
    if not event.value:
        writer.begin("blockquote", {})
        elements.write("\n")
        return
    kind = event.value.lower()
    writer.begin("blockquote", {"class": f"markdown-alert markdown-alert-{kind}"})
    elements.write("\n")
    elements.begin("p", {"class": "markdown-alert-title"})
    elements.text(event.value)
    elements.close_down_to(len(elements.out.open) - 1)
    elements.write("\n")
    if match := _ALERT.search(writer.text, event.start, event.end):
        paint(writer.canvas, *match.span(), Fate.MARKUP)


def begin_list(writer: Writer, event: Event) -> None:
    """Begin a list."""
    writer.elements.write_line_end()
    if event.value is None:
        writer.begin("ul", {})
    else:
        writer.begin("ol", {} if event.value == 1 else {"start": str(event.value)})
    writer.elements.write("\n")


def write_task(writer: Writer, event: Event) -> None:
    """Write the box of a task."""
    paint(writer.canvas, event.start, event.end, Fate.MARKUP)
    checked = {"checked": ""} if event.value else {}
    writer.elements.begin("input", {"type": "checkbox", "disabled": ""} | checked)
    writer.elements.write(" ")


def begin_code_block(writer: Writer, event: Event) -> None:
    """Begin a code block with the language beside its fence."""
    writer.is_code = True
    writer.elements.write_line_end()
    writer.begin("pre", {})
    language = _language(writer, event) if event.value else ""
    writer.elements.begin("code", {"class": f"language-{language}"} if language else {})


def _language(writer: Writer, event: Event) -> str:
    """Return the first word beside a fence, or nothing if it is not allowed; add a removal for the other words."""
    line_end = writer.text.find("\n", event.start, event.end)
    stop = line_end if line_end >= 0 else event.end
    fence = _FENCE.match(writer.text, event.start, stop)
    start = fence.end() if fence else event.start
    word, written = _FIRST_WORD.match(event.value), _FIRST_WORD.match(writer.text, start, stop)
    is_word = written and _FIRST_WORD.fullmatch(resolved(written[0]))  # a reference may be white space
    language = word[0] if word and is_word else ""
    if language and written and not writer.refusal("code", "class", f"language-{language}"):
        paint(writer.canvas, *written.span(), Fate.VALUE)
        start = written.end()
    else:
        language = ""
    rest = writer.text[start:stop].rstrip(_WHITE)
    if inside := rest.lstrip(_WHITE):
        end = start + len(rest)
        reason = _("only the first word beside a fence, the language, has an effect")
        writer.remove((end - len(inside), end), reason, Rewrite(Remedy.REMOVE, start, end))
    return language


def end_code_block(writer: Writer, _event: Event) -> None:
    """End a code block; its text gets a line end if it has none."""
    writer.is_code = False
    if not writer.elements.out.written[-1].endswith(("\n", ">")):  # the text ends without a line end
        writer.elements.write("\n")
    writer.elements.close_down_to(writer.depths.pop())
    writer.elements.write("\n")


def write_rule(writer: Writer, event: Event) -> None:
    """Write a thematic break."""
    paint(writer.canvas, event.start, event.end, Fate.MARKUP)
    writer.elements.write_line_end()
    writer.elements.begin("hr", {})
    writer.elements.write("\n")


def begin_html_block(writer: Writer, _event: Event) -> None:
    """Begin to collect the lines of an HTML block."""
    writer.elements.write_line_end()
    writer.html, writer.is_html = [], True


def add_html_line(writer: Writer, event: Event) -> None:
    """Collect a line of HTML without the marks of quotations and lists before it."""
    writer.html.append((event.end - len(event.value), event.value))


def end_html_block(writer: Writer, _event: Event) -> None:
    """Write the HTML block that was collected."""
    writer.is_html = False
    if writer.html:
        writer.raw_writer().add(RawHtml(writer.html), is_inline=False)
    writer.elements.write_line_end()


def begin_table(writer: Writer, event: Event) -> None:
    """Begin a table."""
    writer.alignments = event.value
    writer.elements.write_line_end()
    writer.begin("table", {})
    writer.elements.write("\n")


def begin_row(writer: Writer, event: Event) -> None:
    """Begin a row, and the head or the body around it."""
    elements = writer.elements
    writer.is_head = event.kind == "TableHead"
    writer.cell, writer.cell_end = 0, event.start
    if writer.is_head:
        writer.begin("thead", {})
        elements.write("\n")
    elif elements.out.open[-1].tag != "tbody":
        elements.begin("tbody", {})
        elements.write("\n")
    writer.begin("tr", {})
    elements.write("\n")


def end_row(writer: Writer, event: Event) -> None:
    """End a row; add a removal for cells beyond the columns of the table."""
    elements = writer.elements
    beyond = writer.text[writer.cell_end : event.end]
    if beyond.strip(_CELL_MARKS):
        start = writer.cell_end + len(beyond) - len(beyond.lstrip(_CELL_MARKS))
        writer.remove(
            (start, writer.cell_end + len(beyond.rstrip(_CELL_MARKS))), _("the table has no column for it")
        )
    elements.close_down_to(writer.depths.pop())
    elements.write("\n")
    if writer.is_head:
        elements.close_down_to(writer.depths.pop())
        elements.write("\n")


def begin_cell(writer: Writer, _event: Event) -> None:
    """Begin a cell."""
    alignment = writer.alignments[writer.cell] if writer.cell < len(writer.alignments) else "None"
    writer.cell += 1
    attributes = {} if alignment == "None" else {"align": alignment.lower()}
    writer.begin("th" if writer.is_head else "td", attributes)


def end_cell(writer: Writer, event: Event) -> None:
    """End a cell."""
    writer.cell_end = event.end
    writer.elements.close_down_to(writer.depths.pop())
    writer.elements.write("\n")


def end_table(writer: Writer, _event: Event) -> None:
    """End a table, and its body if it has one."""
    elements = writer.elements
    if len(elements.out.open) - 1 > writer.depths[-1]:  # the body
        elements.close_down_to(writer.depths[-1] + 1)
        elements.write("\n")
    elements.close_down_to(writer.depths.pop())
    elements.write("\n")


def begin_note(writer: Writer, _event: Event) -> None:
    """Begin a footnote, which is written to an output of its own."""
    writer.outside.append((writer.elements.out, writer.depths))
    writer.elements.out, writer.depths = Output(is_note=True), []


def end_note(writer: Writer, event: Event) -> None:
    """End a footnote and store it for the end of the page."""
    writer.elements.close_down_to(0)
    out = writer.elements.out
    writer.elements.out, writer.depths = writer.outside.pop()
    label_end = writer.text.find("]:", event.start, event.end) + 2
    paint(writer.canvas, event.start, label_end, Fate.MARKUP)
    label = writer.text[event.start + 2 : label_end - 2]
    html, labels = "".join(out.written), frozenset(out.labels)
    writer.notes.append(Note(label, html, labels, writer.start + event.start, writer.start + event.end))


ACTS = {
    "Heading": begin_heading,
    "BlockQuote": begin_quotation,
    "List": begin_list,
    "TaskListMarker": write_task,
    "CodeBlock": begin_code_block,
    "/CodeBlock": end_code_block,
    "Rule": write_rule,
    "HtmlBlock": begin_html_block,
    "Html": add_html_line,
    "/HtmlBlock": end_html_block,
    "Table": begin_table,
    "/Table": end_table,
    "TableHead": begin_row,
    "TableRow": begin_row,
    "/TableHead": end_row,
    "/TableRow": end_row,
    "TableCell": begin_cell,
    "/TableCell": end_cell,
    "FootnoteDefinition": begin_note,
    "/FootnoteDefinition": end_note,
}
