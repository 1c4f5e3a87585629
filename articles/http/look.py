"""How a site looks by its settings: its accent colour, its logo, and the address of its licence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3, for text
WASH = 0.12  # how much of the accent is in the background of what is new
PAPERS = {"light": "#fbfbf7", "dark": "#14181d"}  # as `tokens.css` has them; a test compares
_HEX = re.compile(r"#[0-9a-f]{6}")
_CREATIVE_COMMONS = re.compile(r"CC(?: (BY(?:-NC)?(?:-SA|-ND)?)|0) (\d\.\d)")
_FOR_GOOD = "public, max-age=31536000, immutable"


class Accent(NamedTuple):
    """The colours of links and buttons, as `#rrggbb`: on the light background and on the dark one."""

    light: str
    dark: str

    @property
    def address(self) -> str:
        """The address of the style sheet. It names the colours, so browsers may keep it for good."""
        return f"{reverse('accent')}?{self.light[1:]}-{self.dark[1:]}"


def accent_of(value: str) -> Accent | None:
    """Read `SITE_ACCENT`: one colour or two, each `#rgb` or `#rrggbb`; None if empty.

    Raises `ImproperlyConfigured` for anything else.
    """
    colours = [_in_full(colour) for colour in value.lower().split()]
    if len(colours) > 2 or not all(_HEX.fullmatch(colour) for colour in colours):
        raise ImproperlyConfigured(
            f"SITE_ACCENT is {value!r}. Give one colour such as #0b5f58, or two: for light and dark backgrounds."
        )
    return Accent(colours[0], colours[-1]) if colours else None


def logo_of(value: str) -> str:
    """Return the path of `SITE_LOGO`, which is a path on the site or the name of a static file; empty if it is.

    Raises `ImproperlyConfigured` for a URL: pages load pictures from this site only.
    """
    if "://" in value or value.startswith("//"):
        raise ImproperlyConfigured(
            f"SITE_LOGO is {value!r}. Give a path on this site, or a static file's name."
        )
    return value if not value or value.startswith("/") else static(value)


def licence_url(name: str) -> str:
    """Return the address of a licence such as `CC BY-SA 4.0` or `CC0 1.0`; empty if it is not Creative Commons."""
    match = _CREATIVE_COMMONS.fullmatch(name)
    if match is None:
        return ""
    kind = f"licenses/{match[1].lower()}" if match[1] else "publicdomain/zero"
    return f"https://creativecommons.org/{kind}/{match[2]}/"


@require_safe
def accent(request: HttpRequest) -> HttpResponse:
    """Return the style sheet of the accent colour. It is empty without one. No query."""
    chosen = accent_of(settings.SITE_ACCENT)
    response = HttpResponse(_sheet(chosen) if chosen else "", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = _FOR_GOOD
    return response


def check_accent(app_configs: Sequence[Any] | None, **options: Any) -> list[CheckMessage]:
    """Warn where text in the accent colour would be hard to read on the page or on its own wash."""
    chosen = accent_of(settings.SITE_ACCENT)
    if chosen is None:
        return []
    return [
        Warning(
            f"SITE_ACCENT {colour} has a contrast of {ratio:.1f}:1 on the {scheme} background.",
            hint=f"Choose a colour with {LEAST_CONTRAST}:1, or give two: for light and dark backgrounds.",
            id="articles.W004",
        )
        for scheme, colour in chosen._asdict().items()
        if (ratio := _least_contrast(colour, PAPERS[scheme])) < LEAST_CONTRAST
    ]


@cache
def _sheet(accent: Accent) -> str:
    light, dark = (_mixed(getattr(accent, scheme), paper) for scheme, paper in PAPERS.items())
    return (
        "@layer tokens { :root {"
        f" --accent: light-dark({accent.light}, {accent.dark});"
        f" --accent-wash: light-dark({light}, {dark});"
        " } }\n"
    )


def _in_full(colour: str) -> str:
    return "#" + "".join(2 * digit for digit in colour[1:]) if len(colour) == 4 else colour


def _least_contrast(colour: str, paper: str) -> float:
    return min(contrast(colour, background) for background in (paper, _mixed(colour, paper)))


def _mixed(colour: str, paper: str) -> str:
    pairs = zip(_channels(colour), _channels(paper), strict=True)
    return "#" + "".join(f"{round(WASH * over + (1 - WASH) * under):02x}" for over, under in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, by the formula of WCAG 2.2."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
