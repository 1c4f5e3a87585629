"""What stands for an excerpt, a description and a cover where the author wrote none."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from articles.text.page import visible_text
from articles.text.page.images import FILE, PREFIX, ImageName
from articles.text.unicode.graphemes import clusters

MAX_EXCERPT = 300  # code points
MAX_DESCRIPTION = 160  # code points that search engines show

_PARAGRAPH = regex.compile(r"<p(?: [^>]*)?>(.*?)</p>", regex.DOTALL)
_NOTES = '<section class="footnotes">'
_NOTE = regex.compile(r'<sup class="footnote-ref">.*?</sup>', regex.DOTALL)
_IMAGE = regex.compile(rf'<img [^>]*?\bsrc="({PREFIX}{FILE})"')
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
# A full stop ends a sentence where a space follows, those of Chinese and Japanese anywhere.
_SENTENCE = regex.compile(
    r"(?:[.!?\u061f\u06d4\u0964]+[\p{Pe}\p{Pf}\"']*(?=\s|$)|[\u3002\uff01\uff1f]+\p{Pe}*)"
)
_LEAST = 3  # a sentence end counts in the last two thirds of what fits; before that, words are cut


@dataclass(frozen=True, slots=True)
class Defaults:
    """One line of plain text each, and the file name of an uploaded image; all may be empty."""

    excerpt: str
    description: str
    cover: str


def defaults_of(page: str, *, excerpt: str = "") -> Defaults:
    """Return what stands for empty fields; `page` is the HTML of the text by the sanitizer. Linear in that.

    The excerpt is the beginning of the first paragraph, the description that of the excerpt, which the author may have
    written, and the cover the first uploaded image of the text.
    """
    beginning = cut(_first_paragraph(page), MAX_EXCERPT)
    description = cut(excerpt or beginning, MAX_DESCRIPTION)
    return Defaults(beginning, description, next(iter(covers_in(page)), ""))


def covers_in(page: str) -> list[str]:
    """Return the file names of the uploaded images that a page shows, in order, each of them once.

    >>> covers_in('<img alt="" src="/media/images/0123456789abcdef01234567-8x6.png">')
    ['0123456789abcdef01234567-8x6.png']
    """
    names = (ImageName.of(address) for address in _IMAGE.findall(page))
    return list(dict.fromkeys(name.file() for name in names if name))


def cut(text: str, most: int) -> str:
    """Return a line of text with at most `most` code points: whole sentences, else words and an ellipsis.

    No grapheme cluster is cut.

    >>> cut("It rains. It pours all day.", 20), cut("It pours all day long.", 15)
    ('It rains.', 'It pours all…')
    """
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    ends = [match.end() for match in _SENTENCE.finditer(line, 0, most)]
    if ends and ends[-1] * _LEAST >= most:
        return line[: ends[-1]]
    space = line.rfind(" ", 0, most)
    if space * _LEAST >= most:
        return line[:space].rstrip(",;:") + _ELLIPSIS
    short = ""
    for cluster in clusters(line[:most]):  # no words parted by spaces, as in Chinese and Thai
        if len(short) + len(cluster) >= most:
            break
        short += cluster
    return short + _ELLIPSIS


def _first_paragraph(page: str) -> str:
    """Return the text of the first paragraph that shows any; of the whole page if it has none."""
    body = _NOTE.sub("", page.partition(_NOTES)[0])
    for match in _PARAGRAPH.finditer(body):
        if text := visible_text(match[1]).strip():
            return text
    return visible_text(body)
