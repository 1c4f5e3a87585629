"""The safelist: the tags, attributes, values and link targets that a page may hold, as data.

A tag that is not in `TAGS` is shown as text. An attribute stays if its whole value, with character references resolved,
matches its pattern.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from articles.text.messages import gettext_noop as _
from articles.text.page import images


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEMES = _words("http https mailto tel")
PREFIX = "user-content-"  # of every id, so that none can shadow a name that a script of the page uses
REL = "nofollow noopener noreferrer"  # of every link that leaves the site

VOID = _words("br hr img input wbr")
TABLE_PARTS = _words("caption thead tbody tfoot tr th td")
BLOCKS = TABLE_PARTS | _words("""
    blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table
    ul
""")
INLINE = _words("""
    a abbr b bdi bdo br cite code del dfn em i img input ins kbd mark q rp rt ruby s samp small span strong
    sub sup time u var wbr
""")
TAGS = BLOCKS | INLINE

_ANY = re.compile(r"(?s).*")
_ALIGN = re.compile("left|center|right")
_NUMBER = re.compile("-?[0-9]{1,9}")  # as many digits as Markdown allows
_SIZE = re.compile("[0-9]{1,5}%?")
_CELLS = re.compile("[1-9][0-9]?")
_FLAG = re.compile("")  # present or absent; written ""
_DATE = re.compile(r"[0-9A-Za-z:+. -]{1,64}")
TARGET = re.compile(r"[^\x00-\x1f\x7f\\]*")  # a link target, which `refusal` checks further

GLOBAL = {
    "dir": re.compile("ltr|rtl|auto"),
    "id": re.compile(rf"{PREFIX}[^\s\x00-\x1f]+"),
    "lang": re.compile("[A-Za-z0-9-]{1,35}"),
    "title": _ANY,
}
ATTRIBUTES: dict[str, dict[str, re.Pattern[str]]] = {
    "a": {
        "href": TARGET,
        "rel": re.compile(REL),
        "class": re.compile("footnote-backref"),
        "aria-label": re.compile("Back to reference [0-9-]+"),
    },
    "blockquote": {
        "cite": TARGET,
        "class": re.compile("markdown-alert markdown-alert-(?:note|tip|important|warning|caution)"),
    },
    "code": {"class": re.compile(r"language-[^ \t\n\v\f\r]+")},
    "del": {"cite": TARGET, "datetime": _DATE},
    "details": {"open": _FLAG},
    "div": {"align": _ALIGN},
    "img": {
        "src": TARGET,
        "alt": _ANY,
        "width": _SIZE,
        "height": _SIZE,
        "align": _ALIGN,
        "loading": re.compile("lazy"),
        "srcset": images.SRCSET,
        "sizes": re.compile(re.escape(images.SIZES)),
    },
    "input": {"type": re.compile("checkbox"), "checked": _FLAG, "disabled": _FLAG},
    "ins": {"cite": TARGET, "datetime": _DATE},
    "li": {"value": _NUMBER},
    "ol": {"start": _NUMBER, "reversed": _FLAG, "type": re.compile("[1aAiI]")},
    "p": {"align": _ALIGN, "class": re.compile("markdown-alert-title")},
    "q": {"cite": TARGET},
    "section": {"class": re.compile("footnotes")},
    "sup": {"class": re.compile("footnote-ref")},
    "td": {"align": _ALIGN, "colspan": _CELLS, "rowspan": _CELLS},
    "th": {
        "align": _ALIGN,
        "colspan": _CELLS,
        "rowspan": _CELLS,
        "scope": re.compile("row|col|rowgroup|colgroup"),
    },
    "time": {"datetime": _DATE},
    **{f"h{level}": {"align": _ALIGN} for level in range(1, 7)},
}
TARGETS = _words("href src cite")
FLAGS = _words("checked disabled open reversed")
# Attributes that need no value. A tag with any other attribute without a value is prose: "if a<b and c>d".
BARE = FLAGS | _words("""
    async autoplay compact controls default defer hidden inert ismap itemscope loop multiple muted noshade
    nowrap readonly required selected
""")


@lru_cache(maxsize=8192)  # the writer and two parsers ask about the same attributes
def refusal(tag: str, name: str, value: str) -> str:
    """Return why an attribute is not allowed, or an empty string.

    >>> refusal("a", "href", "javascript:alert(1)")
    'a link may not begin with “javascript:”'
    """
    pattern = ATTRIBUTES.get(tag, {}).get(name) or GLOBAL.get(name)
    if pattern is None:
        return _("the attribute %(name)s is not allowed", name=name)
    if not pattern.fullmatch(value):
        return _("%(name)s may not have this value", name=name)
    return _target_refusal(value, is_picture=name == "src") if pattern is TARGET else ""


def _target_refusal(target: str, *, is_picture: bool) -> str:
    """Return why a target is not allowed, or an empty string."""
    head = re.split("[/?#]", target, maxsplit=1)[0]
    scheme, colon, _after = head.partition(":")
    if not colon:
        return _("a link to another site needs its scheme") if target.startswith("//") else ""
    if scheme.lower() not in SCHEMES or (is_picture and scheme.lower() not in ("http", "https")):
        shown = scheme[:20].encode("ascii", "backslashreplace").decode()
        return _("a link may not begin with “%(scheme)s:”", scheme=shown)
    if is_picture:
        return _("a picture from another site is not loaded; it would tell that site who reads")
    if scheme.lower() in ("http", "https"):
        try:
            parts = urlsplit(target)
            port = parts.port
        except ValueError:
            return _("this is not the address of a site")
        if not parts.hostname or port == 0 or not target.startswith("//", len(scheme) + 1):
            return _("a link to another site needs its host")
        if "@" in parts.netloc:
            return _("a name before the host hides where a link leads")
    return ""


def leaves_site(target: str) -> bool:
    """Return whether a link leads to another site."""
    return target[:8].lower().startswith(("http://", "https://"))
