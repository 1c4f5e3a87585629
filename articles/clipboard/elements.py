"""An open element while a clipboard is read: what it does to the text inside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from articles.clipboard import styles
from articles.clipboard.blocks import Block, Code, Container, Fate, Look
from articles.clipboard.links import target_of
from articles.clipboard.lists import HtmlList, Place
from articles.clipboard.tables import Grid

BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main nav ol p pre search section summary table tbody td tfoot th
    thead tr ul caption
""".split()
)
ANNOTATION = ""  # what an element is skipped as, if nothing is said of it
SKIPPED: dict[str, Fate | str] = {
    **dict.fromkeys("style title template xml meta link base annotation datalist".split(), ANNOTATION),
    **dict.fromkeys("script noscript applet".split(), Fate.SCRIPT),
    **dict.fromkeys("video audio iframe embed canvas map frameset".split(), Fate.MEDIA),
    **dict.fromkeys("button select option textarea input progress meter".split(), Fate.CONTROL),
    "svg": ANNOTATION,
    "comment": Fate.COMMENT,
}
LOOKS: dict[str, dict[str, Any]] = {
    **{tag: {"bold": True} for tag in ("b", "strong")},
    **{tag: {"italic": True} for tag in ("i", "em", "cite", "dfn", "var")},
    **{tag: {"struck": True} for tag in ("s", "strike", "del")},
    **{tag: {"code": Code.TAG} for tag in ("code", "kbd", "samp")},
    "tt": {"code": Code.FONT},
    "sup": {"raised": "sup"},
    "sub": {"raised": "sub"},
}
_HIDING = frozenset("sr-only visually-hidden screen-reader-text visuallyhidden screenreader-only".split())
_LABELS = frozenset("c-message__edited_label mw-editsection select-none user-select-none".split())
_FONT_SIZES = {"1": 10.0, "2": 13.0, "3": 16.0, "4": 18.0, "5": 24.0, "6": 32.0, "7": 48.0}  # in pixels
_WHITE = 3 * 245  # the sum of the colors from which a text is nearly white
_SMALLEST = 2.0  # pixels


@dataclass(slots=True)
class Element:
    """What holds inside an element: how the text looks, where it goes, and whether it is skipped.

    `skips` is None for what is shown. `returns_to` is where blocks go again after the element.
    """

    look: Look = field(default_factory=Look)
    skips: Fate | str | None = None
    path: tuple[Container, ...] = ()
    heading: int = 0
    code_block: bool = False
    keeps_space: bool = False
    of_list: HtmlList | None = None
    is_in_item: bool = False
    place: Place | None = None
    returns_to: list[Block] | None = None
    grid: Grid | None = None
    path_of_table: tuple[Container, ...] = ()
    size: float = 16.0
    is_invisible: bool = False
    color: styles.Color | None = None
    background: styles.Color | None = None
    knows_background: bool = True
    is_clear: bool = False

    def inside(self, tag: str, attributes: Mapping[str, str], declared: styles.Styles) -> Element:
        """Return the state inside a new element in this one."""
        element = replace(self, returns_to=None, grid=None, path_of_table=())
        if self.skips is not None:
            return element
        element.look = _look(self.look, tag, attributes, declared)
        element._read_space(tag, declared)
        element._read_colors(attributes, declared)
        element.size = styles.font_size(declared, self.size)
        if tag == "font":
            element.size = _FONT_SIZES.get(attributes.get("size", ""), element.size)
        if visibility := declared.get("visibility"):
            element.is_invisible = visibility != "visible"
        element.heading = _heading(tag, attributes, declared) or self.heading
        return element

    @property
    def is_faint(self) -> bool:
        """Whether nobody can read a text here, for its size or its color."""
        same = (
            self.color is not None
            and self.background is not None
            and styles.are_alike(self.color, self.background)
        )
        return self.is_invisible or self.is_clear or self.size < _SMALLEST or same

    @property
    def is_pale(self) -> bool:
        """Whether a text here is nearly white, and no background is known."""
        return (
            self.color is not None
            and self.background is None
            and self.knows_background
            and sum(self.color) > _WHITE
        )

    def _read_space(self, tag: str, declared: styles.Styles) -> None:
        if space := declared.get("white-space"):
            self.keeps_space = space.startswith(("pre", "break-spaces")) and space != "pre-line"
        if tag == "pre":
            self.keeps_space = self.code_block = True
        elif tag == "div" and self.keeps_space and styles.is_monospaced(declared):
            self.code_block = True  # an editor of code

    def _read_colors(self, attributes: Mapping[str, str], declared: styles.Styles) -> None:
        if value := declared.get("color", attributes.get("color", "").lower()):
            self.is_clear = styles.is_transparent(value)
            self.color = styles.color(value)
        value = (
            declared.get("background-color")
            or declared.get("background")
            or attributes.get("bgcolor", "").lower()
        )
        if (
            value
            and not styles.is_transparent(value)
            and value not in ("none", "initial", "inherit", "unset")
        ):
            self.background = styles.color(value)
            self.knows_background = self.background is not None


def _look(look: Look, tag: str, attributes: Mapping[str, str], declared: styles.Styles) -> Look:
    changes: dict[str, Any] = dict(LOOKS.get(tag, ()))
    if (bold := styles.is_bold(declared)) is not None and not re.fullmatch("h[1-6]|th", tag):
        changes["bold"] = bold
    if (italic := styles.is_italic(declared)) is not None:
        changes["italic"] = italic
    if "line-through" in declared.get("text-decoration", "") + declared.get("text-decoration-line", ""):
        changes["struck"] = True
    if tag not in ("td", "th", "img", "table", "tr") and (raised := styles.raised(declared)) is not None:
        changes.setdefault("raised", raised)
    family = (
        {"font-family": attributes["face"].lower()} if tag == "font" and "face" in attributes else declared
    )
    is_code = styles.is_monospaced(family)
    if is_code is not None and look.code is not Code.TAG:
        changes.setdefault("code", Code.FONT if is_code else Code.NONE)
    if tag == "a" and (target := target_of(attributes.get("href", ""))):
        changes["link"] = target
    return replace(look, **changes) if changes else look


def _heading(tag: str, attributes: Mapping[str, str], declared: styles.Styles) -> int:
    """Return the level of a heading from 1 to 6, by tag, role, class or outline; 0 for anything else."""
    if re.fullmatch("h[1-6]", tag):
        return int(tag[1])
    level = ""
    if attributes.get("role") == "heading":
        level = attributes.get("aria-level", "2")
    elif tag == "p":
        level = declared.get("mso-outline-level", "")
        named = re.match(r"mso(?:heading([1-6])|title\b)", attributes.get("class", "").lower())
        level = (named[1] or "1") if named else level
    return min(int(level), 6) if re.fullmatch("[1-9]", level) else 0


def skipped_by_class(attributes: Mapping[str, str]) -> bool:
    """Return whether a class says that an element is for screen readers only."""
    return not _HIDING.isdisjoint(attributes.get("class", "").lower().split())


def is_label(attributes: Mapping[str, str]) -> bool:
    """Return whether a class says that an element is a label of the page and no part of its text."""
    return not _LABELS.isdisjoint(attributes.get("class", "").lower().split())
