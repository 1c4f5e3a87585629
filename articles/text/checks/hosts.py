"""The check on host names; it follows the rules of browsers for international domain names."""

import re
from collections.abc import Iterator

import regex
import unicodedata2

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.checks.judging import describe, looking_like
from articles.text.markdown import Where, host_of
from articles.text.markdown.contexts import COLON, SLASH
from articles.text.messages import gettext_noop as _
from articles.text.unicode import tables
from articles.text.unicode.confusables import latin, prototype
from articles.text.unicode.foreign import foreign_letters
from articles.text.unicode.scripts import ALIKE, script_group, script_runs

_LABEL = regex.compile(r"[^.\u3002\uff0e\uff61:@/\s]+")
MAX_LABEL = 63  # octets (RFC 1035); Punycode is decoded in quadratic time
_DOTLESS = "\N{LATIN SMALL LETTER DOTLESS I}"


def host(field: Field) -> Iterator[Finding]:
    """Flag labels that look like another label, and links whose text names another host than they lead to."""
    yield from _misnamed_links(field)
    if not _may_name_a_host(field):
        return
    for start, end in field.spans(Where.HOST):
        name = field.text[start:end]
        top = name.rsplit(".", 1)[-1]
        for match in _LABEL.finditer(name):
            label = match[0]
            yield from _letters_as_signs(field, start + match.start(), label)
            if label.lower().startswith("xn--"):
                yield from _misleading_punycode(field, start + match.start(), label)
            elif (
                not label.isascii() and label != top and not foreign_letters(label, field.language_at(start))
            ):
                yield from _disguised_label(field, start + match.start(), label, top)


_SLASHES = re.compile(SLASH * 2)
_TO = rf"(?:https?{COLON})?{SLASH}{SLASH}(?:[^@/\s\"'<>()]*@)?(?P<host>[^/?#:\s\"'<>()]+)"
_LINKS = (
    re.compile(rf"\[(?P<text>[^\[\]\n]{{4,300}})\]\(\s*<?{_TO}", re.IGNORECASE),
    re.compile(
        rf"<a\s[^<>]{{0,300}}?href\s*=\s*[\"']?{_TO}[^<>]{{0,2000}}>(?P<text>[^<>\n]{{4,300}})</a>",
        re.IGNORECASE,
    ),
)
_ADDRESS_AS_TEXT = re.compile(
    r"[\s*_~]*(?P<scheme>https?://)?(?P<host>(?:[\w-]{1,63}\.)+[^\W\d_]{2,63})(?P<path>[/:?#]\S*?)?[\s*_~]*",
    re.IGNORECASE,
)


def _has_slashes(text: str) -> bool:
    """Return whether the text has two slashes in a row, also as entities or with backslashes. Most texts have none."""
    if "//" in text:
        return True
    # A search for one character first takes a twentieth of the time.
    is_escaped = ("\\" in text and "\\/" in text) or ("&" in text and ("&#" in text or "&sol;" in text))
    return is_escaped and bool(_SLASHES.search(text))


def _misnamed_links(field: Field) -> Iterator[Finding]:
    """Flag links whose text is an address on another host; a bare name is a notice, as it may name a company."""
    if field.where is not Where.PROSE or not _has_slashes(field.text):
        return
    for sign, pattern in zip(("](", "</"), _LINKS, strict=True):
        for link in pattern.finditer(field.text) if sign in field.text else ():
            address = _ADDRESS_AS_TEXT.fullmatch(link["text"])
            host = host_of(f"//{link['host']}") or link["host"]
            if not address or _is_same_site(address["host"], host):
                continue
            start, end = (link.start("text") + at for at in address.span("host"))
            if field.where_at(link.start("host")) is not Where.HOST:
                continue
            is_address = address["scheme"] or address["path"] or address["host"].lower().startswith("www.")
            yield field.finding(
                "host",
                start,
                end,
                _("The link leads to another host than its text names: %(host)s", host=host),
                severity=Severity.ALERT if is_address else Severity.NOTICE,
                meant=host,
            )


def _is_same_site(named: str, host: str) -> bool:
    """Return whether two host names are equal, or one is a subdomain of the other."""
    one, other = (name.lower().removeprefix("www.").rstrip(".") for name in (named, host))
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _may_name_a_host(field: Field) -> bool:
    """Return whether the text may have a host name beyond ASCII. To find the host names takes longer."""
    if ("n--" in field.text or "N--" in field.text) and "xn--" in field.text.lower():
        return True
    if field.is_ascii or field.where is not Where.PROSE:
        return not field.is_ascii
    if not _has_slashes(field.text) and "@" not in field.text and not _BARE.search(field.text):
        return False
    return any(not match[0].isascii() for match in _ADDRESS.finditer(field.text))


_BARE = re.compile(r"\.(?<=[Ww]{3}\.)")  # searched by the dot, which is rarer than the letter
_ADDRESS = re.compile(rf"(?:{SLASH}{SLASH}|@|[Ww]{{3}}\.)[^/?#\s]*")


_JAPANESE = r"[\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Han}]"
_AS_SIGN = regex.compile(
    r"(?<=[ijl\u0131])\u0307"  # a dot above a letter that has one
    r"|(?<!l)\u00b7|\u00b7(?!l)"  # a middle dot, except the one of Catalan
    rf"|(?<!{_JAPANESE})[\u30bd\u30be\u30ce\u30f3\u30fb\u30fc\u4e36\u4e3f](?!{_JAPANESE})"  # strokes in other text
)


def _letters_as_signs(field: Field, start: int, label: str) -> Iterator[Finding]:
    """Flag letters that look like punctuation; browsers refuse to show them in host names."""
    for match in _AS_SIGN.finditer(label) if not label.isascii() else ():
        yield field.finding(
            "host",
            start + match.start(),
            start + match.end(),
            _("%(character)s can be mistaken for punctuation in a host name", character=describe(match[0])),
            severity=Severity.ALERT,
        )


def _misleading_punycode(field: Field, start: int, label: str) -> Iterator[Finding]:
    """Flag a label in Punycode that is invalid or looks like an ASCII label once decoded."""
    try:
        if len(label) > MAX_LABEL:
            raise ValueError
        decoded = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        decoded = ""
    scripts = {run.script for run in script_runs(decoded)}
    if not decoded or len(scripts & ALIKE) > 1 or _reading(decoded, "com"):
        yield field.finding(
            "host",
            start,
            start + len(label),
            _("The encoded host name means \u201c%(name)s\u201d", name=decoded)
            if decoded
            else _("The host name is not encoded correctly"),
            severity=Severity.ALERT,
            meant=_reading(decoded, "com"),
        )


def _disguised_label(field: Field, start: int, label: str, top: str) -> Iterator[Finding]:
    """Flag the letters beyond ASCII of a label that mixes look-alike scripts or looks like an ASCII label."""
    reading = _reading(label, top)
    if reading is None:
        scripts = {run.script for run in script_runs(label)}
        if len(scripts & ALIKE) < 2:
            return
    for place, char in enumerate(label, start):
        if not char.isascii():
            yield field.finding(
                "host",
                place,
                place + 1,
                looking_like(reading, _("The host name can be mistaken for another one")),
                severity=Severity.ALERT,
                meant=latin(char),
            )


def _reading(label: str, top: str) -> str | None:
    """Return the ASCII label that a label exactly looks like; None if it, or its domain, shows another script."""
    if unicodedata2.normalize("NFKC", label) != label or not top.isascii():
        return None
    odd = [char for char in label if not char.isascii()]
    is_look_alike = all(
        script_group(char) in ALIKE - {"Latin"}
        or char == _DOTLESS
        or (tables.script(char) == "Latin" and not tables.is_allowed_in_identifiers(char))
        for char in odd
    )
    if not odd or not is_look_alike:
        return None
    reading = "".join(char if char.isascii() else prototype(char) for char in label)
    return reading if reading.isascii() else None
