"""The styles of a clipboard: declarations in attributes and style sheets, and what they say about a text.

Only the last simple selector of a rule counts ("p.note" of "div > p.note"), and rules with a pseudo-class do not. The
programs whose HTML ends up in a clipboard write no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

Styles = Mapping[str, str]

_SELECTOR = re.compile(r"([\w-]*)(?:([.#])([\w-]+))?", re.ASCII)
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|ex|ch|%|cm|mm|in|pc|vw|vh)?", re.ASCII)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)", re.ASCII)
_HEX = re.compile("#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_FONT = re.compile(r"([\d.]+(?:px|pt|em|rem|%))(?:\s*/\s*\S+)?\s+(.+)", re.ASCII)
_MOVED_AWAY = re.compile(r"scale\(0\)|translate\w*\([^)]*-\d{3,}")
_PIXELS = {"pt": 4 / 3, "cm": 37.8, "mm": 3.78, "in": 96.0, "pc": 16.0}
_LONGEST = 300  # characters of a value that are read
_FAR = -500  # pixels; what is moved so far away is on no screen
_COLORS = {"white": (255, 255, 255), "black": (0, 0, 0), "windowtext": (0, 0, 0), "red": (255, 0, 0)}
_MONOSPACE = re.compile(r"mono|courier|consolas|menlo|monaco|lucida console|source code|typewriter")

Color = tuple[int, int, int]


@lru_cache(maxsize=2048)  # a word processor repeats the same attribute on every run
def declarations(style: str) -> Styles:
    """Return the declarations of a `style` attribute, names and values in lower case; the last of a name wins."""
    found: dict[str, str] = {}
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip().lower()] = value[:_LONGEST].replace("!important", "").strip().lower()
    if font := found.get("font"):
        _spell_out(font, found)
    return found


def _spell_out(font: str, found: dict[str, str]) -> None:
    """Add the parts of the shorthand `font` that are not declared on their own."""
    if parts := _FONT.search(font):
        found.setdefault("font-size", parts[1])
        found.setdefault("font-family", parts[2])
        words = font[: parts.start()].split()
        found.setdefault("font-weight", next((word for word in words if word in ("bold", "700")), "normal"))
        found.setdefault("font-style", "italic" if "italic" in words else "normal")


class Sheet:
    """The rules of the style sheets, by their last simple selector."""

    def __init__(self, css: str) -> None:
        self._rules: dict[str, dict[str, str]] = {}
        for rule in _without_comments(css).split("}"):
            head, _brace, body = rule.rpartition("{")
            for selector in head.rpartition("{")[2].split(","):
                words = selector.split()
                if words and ":" not in selector and _SELECTOR.fullmatch(words[-1]):
                    self._rules.setdefault(words[-1].lower(), {}).update(declarations(body))

    def styles_of(self, tag: str, attributes: Mapping[str, str]) -> Styles:
        """Return the declarations for an element: of its tag, classes, id and `style`, each before the next."""
        inline = declarations(attributes.get("style", ""))
        if not self._rules:
            return inline
        found: dict[str, str] = {}
        for selector in _selectors(tag, attributes):
            found.update(self._rules.get(selector, ()))
        found.update(inline)
        return found


def _selectors(tag: str, attributes: Mapping[str, str]) -> Iterator[str]:
    yield tag
    for name in attributes.get("class", "").lower().split():
        yield f".{name}"
        yield f"{tag}.{name}"
    if name := attributes.get("id", "").lower():
        yield f"#{name}"
        yield f"{tag}#{name}"


def _without_comments(css: str) -> str:
    """Remove comments, and the marks of an HTML comment around a whole sheet; linear, even if none is closed."""
    first, *others = css.replace("<!--", "").replace("-->", "").split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def is_gone(styles: Styles) -> bool:
    """Return whether the declarations remove an element from the page, with all that is in it."""
    if styles.get("display") == "none" or styles.get("mso-hide") == "all":
        return True
    if _number(styles.get("opacity", "1")) < 0.1 or _MOVED_AWAY.search(styles.get("transform", "")):
        return True
    if any(_pixels(styles.get(name, "")) < _FAR for name in ("text-indent", "margin-left", "margin-top")):
        return True
    if styles.get("position") in ("absolute", "fixed", "relative") and _is_away(styles):
        return True
    is_cut = styles.get("overflow", styles.get("overflow-y", "")) in ("hidden", "clip")
    sizes = [styles[name] for name in ("width", "height", "max-width", "max-height") if name in styles]
    return is_cut and any(_pixels(size, unknown=99) <= 1 for size in sizes)


def _is_away(styles: Styles) -> bool:
    if any(_pixels(styles.get(side, "")) < _FAR for side in ("left", "top", "right", "bottom")):
        return True
    clip = styles.get("clip", "") + styles.get("clip-path", "")
    return bool(re.search(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]|inset\((?:50|100)%", clip))


def is_bold(styles: Styles) -> bool | None:
    """Return whether a text is bold; None if the declarations do not say."""
    weight = styles.get("font-weight", "")
    if weight in ("bold", "bolder"):
        return True
    if weight in ("normal", "lighter"):
        return False
    return int(weight) >= 600 if weight.isdecimal() and len(weight) < 5 else None


def is_italic(styles: Styles) -> bool | None:
    """Return whether a text is italic; None if the declarations do not say."""
    style = styles.get("font-style", "")
    return style.startswith(("italic", "oblique")) if style else None


def is_monospaced(styles: Styles) -> bool | None:
    """Return whether the font has letters of one width; None if the declarations do not say."""
    family = styles.get("font-family", "")
    return bool(_MONOSPACE.search(family)) if family else None


def raised(styles: Styles) -> str | None:
    """Return "sup", "sub" or "", after `vertical-align`; None if it is not declared or is not about text."""
    align = styles.get("vertical-align", "")
    if align in ("super", "sub", "baseline"):
        return {"super": "sup", "sub": "sub", "baseline": ""}[align]
    lift = _pixels(align)
    return None if lift == 0 else "sup" if lift > 0 else "sub"


def font_size(styles: Styles, inherited: float) -> float:
    """Return the size of the font in pixels."""
    size = styles.get("font-size", "")
    match = _LENGTH.fullmatch(size)
    if not match:
        return inherited
    number = _number(match[1])
    if match[2] in ("em", "%"):
        return inherited * number / (100 if match[2] == "%" else 1)
    return number * 16 if match[2] == "rem" else _pixels(size)


def color(value: str) -> Color | None:
    """Return red, green and blue; None for a color that is not known, such as a gradient."""
    if value in _COLORS:
        return _COLORS[value]
    if match := _RGB.fullmatch(value):
        return int(match[1]), int(match[2]), int(match[3])
    if _HEX.fullmatch(value):
        digits = value[1:] if len(value) > 5 else "".join(digit * 2 for digit in value[1:])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)
    return None


def is_transparent(value: str) -> bool:
    match = _RGB.fullmatch(value)
    return value == "transparent" or bool(match and match[4] and _number(match[4].rstrip("%")) == 0)


def are_alike(one: Color, other: Color) -> bool:
    """Return whether a text of one color on the other is too faint to read."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 36


def _pixels(length: str, *, unknown: float = 0) -> float:
    match = _LENGTH.fullmatch(length)
    if not match:
        return unknown
    return _number(match[1]) * _PIXELS.get(match[2] or "", 16.0 if match[2] in ("em", "rem") else 1.0)


def _number(text: str) -> float:
    try:
        return float(text[:20])
    except ValueError:
        return 1.0
