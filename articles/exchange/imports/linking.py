"""Links in Markdown of a source: those to its pages and pictures get the addresses that these have on the site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import quote

import regex

from articles.text.markdown import parse
from articles.text.markdown.definitions import NOWHERE

Resolve = Callable[[str], str | None]
# [[page]], [[text|page]], and a picture between the brackets: Gollum, Gitea, Forgejo, GitHub, Obsidian
WIKI_LINK = regex.compile(r"(!?)\[\[([^\[\]\n]{1,500})\]\]")
_HAS_LINKS = regex.compile(r"\]\(|\[\[|\]:|<img|<a ")
_ELSEWHERE = regex.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?")
_UNSAFE = regex.compile(r"[\s()<>\\]")


def relinked(source: str, resolve: Resolve) -> str:
    """Return a source with the targets of its links and images that `resolve` knows replaced by what it returns.

    `resolve` gets a target as the parser reads it, and answers None for one to leave. Addresses with a scheme or a
    host, and places within the page, are never asked for. Code stays as it is.
    """
    if not _HAS_LINKS.search(source):
        return source
    document = parse(source)
    replaced: dict[tuple[int, int], str] = {}
    for first, block in document.blocks:
        for event in block.events:
            if event.kind in ("Link", "Image") and event.value.target_span != NOWHERE:
                start, end = event.value.target_span
                if not event.value.is_bare and (address := _resolved(event.value.target, resolve)):
                    replaced[first + start, first + end] = address
    for definition in document.definitions:
        start, end = definition.target
        written = document.text[start:end]
        if address := _resolved(written, resolve):
            replaced[start, end] = address
    return _with(source, replaced)


def rewritten_wiki_links(source: str, rewrite: Callable[[bool, str], str | None]) -> str:
    """Return a source with each `[[…]]` outside code replaced by what `rewrite` returns; None leaves it.

    It gets whether an exclamation mark stands before, and what stands between the brackets.
    """
    if "[[" not in source:
        return source
    code = [
        (first + event.start, first + event.end)
        for first, block in parse(source).blocks
        for event in block.events
        if event.kind in ("CodeBlock", "Code")
    ]
    replaced = {}
    for match in WIKI_LINK.finditer(source):
        if not any(start <= match.start() < end for start, end in code):
            markdown = rewrite(bool(match[1]), match[2])
            if markdown is not None:
                replaced[match.span()] = markdown
    return _with(source, replaced)


def link(text: str, address: str) -> str:
    """Return a Markdown link; signs with a meaning in its text are escaped."""
    return f"[{_escaped(text)}]({address})"


def image(alt: str, address: str) -> str:
    """Return a Markdown image."""
    return f"![{_escaped(alt)}]({address})"


def joined(folder: PurePosixPath, target: str) -> str:
    """Return the path of a target from a folder, without steps upwards; empty if it leaves the repository."""
    parts: list[str] = [] if target.startswith("/") else [part for part in folder.parts if part != "."]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _escaped(text: str) -> str:
    return str(regex.sub(r"[\\`*_\[\]<>]", r"\\\g<0>", text))


def _resolved(target: str, resolve: Resolve) -> str | None:
    if not target or _ELSEWHERE.match(target):
        return None
    path, mark, rest = target.partition("#")
    address = resolve(path)
    if address is None:
        return None
    address = f"{address}{mark}{rest}"
    return quote(address, safe="/#%&=?+,;:@!$*'~-._") if _UNSAFE.search(address) else address


def _with(source: str, replaced: dict[tuple[int, int], str]) -> str:
    """Return a text with some spans replaced."""
    parts: list[str] = []
    place = 0
    for (start, end), text in sorted(replaced.items()):
        if start >= place:
            parts += source[place:start], text
            place = end
    return "".join([*parts, source[place:]])
