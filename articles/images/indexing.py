"""Indexing: the words by which writers find an image, written with its row."""

from __future__ import annotations

from articles.search import index
from articles.search.words import words_of

from .images import INDEXED, Image


def index_image(image: Image) -> None:
    """Index an image by alternative text, name of the file and uploader's name. One statement."""
    index.put(INDEXED, image.pk, map(words_of, (image.alt, image.file_name, image.uploaded_by_name)))


def index_images() -> int:
    """Index all images anew, and return their number. A statement for each."""
    number = 0
    for number, image in enumerate(Image.objects.iterator(), start=1):  # noqa: B007
        index_image(image)
    return number


def unindex_image(key: int) -> None:
    """Take an image out of the index; `key` is its primary key. One statement."""
    index.remove(INDEXED, key)
