"""Markdown: the parts of a source with their exact places, the contexts of its text, and its links."""

from articles.text.markdown.contexts import Region, Where, code_blocks, regions
from articles.text.markdown.links import host_of, hosts_of, link_targets
from articles.text.markdown.parsing import Block, Document, parse

__all__ = [
    "Block",
    "Document",
    "Region",
    "Where",
    "code_blocks",
    "host_of",
    "hosts_of",
    "link_targets",
    "parse",
    "regions",
]
