"""What writers bring from the clipboard: the HTML of other programs becomes Markdown."""

from dataclasses import dataclass

from articles.clipboard.blocks import Dropped, Fate, Kind
from articles.clipboard.reading import read
from articles.clipboard.writing import write

__all__ = ["Converted", "Dropped", "Fate", "convert"]


@dataclass(frozen=True, slots=True)
class Converted:
    """The Markdown of a clipboard, and what of the clipboard is not in it.

    `is_inline` says that the Markdown is words of one paragraph, which may go into the middle of a line.
    """

    markdown: str
    dropped: Dropped
    is_inline: bool


def convert(html: str, *, first_note: int = 1) -> Converted:
    """Return the HTML of a clipboard as Markdown. Footnotes are numbered from `first_note`.

    Raises nothing, whatever the HTML. Linear in it; the result may still hold anything that an author could type, so
    it goes through the sanitizer and the checks like any other text.

    >>> convert("<p>A <b>bold</b> word<script>alert(1)</script></p>").markdown
    'A **bold** word\\n'
    """
    clip = read(html, first_note=first_note)
    markdown = write(clip)
    kinds = [(block.kind, block.path) for block in clip.blocks]
    is_inline = kinds == [(Kind.PARAGRAPH, ())] and not clip.notes and "\n\n" not in markdown
    return Converted(markdown, clip.dropped, is_inline)
