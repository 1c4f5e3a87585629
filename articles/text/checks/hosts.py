"""The check on host names; it follows the rules of browsers for international domain names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from articles.text.checks.fields import Field
from articles.text.checks.findings import Finding, Severity
from articles.text.checks.labels import (
    DOTS,
    Fault,
    decoded_punycode,
    disallowed_signs,
    disguised_letters,
    end_of_name,
    letters_as_signs,
    mixed_letters,
    wide_dots,
)
from articles.text.checks.lines import has_east_asian
from articles.text.markdown import Where, host_of
from articles.text.markdown.contexts import COLON, SLASH
from articles.text.messages import gettext_noop as _
from articles.text.unicode.foreign import foreign_letters
from articles.text.unicode.languages import official_languages


def host(field: Field) -> Iterator[Finding]:
    """Flag host names that pass for another one, and links whose text names another host than they lead to."""
    yield from _misnamed_links(field)
    if not _may_name_a_host(field):
        return
    is_wide = not field.is_ascii and has_east_asian(field)
    for start, end in (*field.spans(Where.HOST), *_unlinked_hosts(field)):
        yield from _misleading_account(field, start, end)
        written = field.text[start:end]
        if not written.isascii() or "%" in written or "xn--" in written.lower():
            name = _read(field.text, start, end)
            yield from _misleading_host(field, name.until(end_of_name(name.text, is_wide=is_wide)))


_UNLINKED = re.compile(r"(?<=://)%[0-9A-Fa-f]{2}[^/?#:\s<>]*")


def _unlinked_hosts(field: Field) -> Iterator[tuple[int, int]]:
    """Yield hosts that begin with an encoded character: GFM makes no link of such an address, other programs do."""
    for match in _UNLINKED.finditer(field.text) if "://%" in field.text else ():
        if field.where_at(match.start()) in (Where.PROSE, Where.LINK_TEXT):
            yield match.span()


class Name(NamedTuple):
    """A host name with its percent-encoded characters decoded, and the span of each character in the field."""

    text: str
    spans: tuple[tuple[int, int], ...]

    def until(self, end: int) -> "Name":
        """Return the name without what follows `end`."""
        return Name(self.text[:end], self.spans[:end])

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the field of a part of the name."""
        return self.spans[start][0], self.spans[end - 1][1]


_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def _read(text: str, start: int, end: int) -> Name:
    """Return the host name at a span of a text, as browsers read it."""
    chars: list[str] = []
    spans: list[tuple[int, int]] = []
    place = start
    for match in _ESCAPES.finditer(text, start, end):
        chars += text[place : match.start()]
        spans += ((at, at + 1) for at in range(place, match.start()))
        place = match.start()
        # A byte that is no UTF-8 becomes half of a surrogate pair.
        for char in bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "surrogateescape"):
            width = 3 * len(char.encode("utf-8", "surrogateescape"))
            chars.append(char)
            spans.append((place, place + width))
            place += width
    chars += text[place:end]
    spans += ((at, at + 1) for at in range(place, end))
    return Name("".join(chars), tuple(spans))


_PLAIN_LABEL = re.compile(r"[A-Za-z0-9-]+")
_LABEL = re.compile(rf"[^.{DOTS}:@/\s]+")


def _misleading_host(field: Field, name: Name) -> Iterator[Finding]:
    """Flag what makes a host name pass for another one, and tell what encoded labels mean."""
    language = field.language_at(name.spans[0][0])
    labels = list(_LABEL.finditer(name.text))
    top = labels[-1][0] if labels else ""
    for fault in (*disallowed_signs(name.text), *wide_dots(name.text)):
        yield _finding(field, name.span(fault.place, fault.place + 1), fault)
    for match in labels:
        label, span = match[0], name.span(*match.span())
        is_encoded = span[1] - span[0] > len(label)
        if label.lower().startswith("xn--"):
            yield _punycode(field, span, label, top, language)
            continue
        faults = _faults_of_label(label, top, language, is_encoded=is_encoded)
        for fault in faults:
            place = match.start() + fault.place
            yield _finding(field, name.span(place, place + 1), fault)
        if is_encoded and not faults:
            is_plain = bool(_PLAIN_LABEL.fullmatch(label))
            message = _("The encoded host name means \u201c%(name)s\u201d", name=label)
            severity = Severity.WARNING if is_plain else Severity.NOTICE
            yield field.finding("host", *span, message, severity=severity, meant=label if is_plain else None)


def _faults_of_label(label: str, top: str, language: str, *, is_encoded: bool) -> list[Fault]:
    """Return what makes a label pass for another one, at most one fault a character."""
    faults = [*letters_as_signs(label)]
    if label == top or label.isascii():
        pass
    elif foreign_letters(label, language):
        # The check `foreign-letter` flags them if they are not encoded.
        faults += mixed_letters(label, language) if is_encoded else ()
    else:
        faults += disguised_letters(label, top, language)
    return [*{fault.place: fault for fault in reversed(faults)}.values()]


def _finding(field: Field, span: tuple[int, int], fault: Fault) -> Finding:
    severity = Severity.NOTICE if fault.is_notice else Severity.ALERT
    return field.finding("host", *span, fault.message, severity=severity, meant=fault.meant)


def _punycode(field: Field, span: tuple[int, int], label: str, top: str, language: str) -> Finding:
    """Return what a label in Punycode means: an alert if it is invalid or passes for another one once decoded."""
    decoded = decoded_punycode(label)
    if not decoded:
        message = _("The host name is not encoded correctly")
        return field.finding("host", *span, message, severity=Severity.ALERT)
    top = decoded if label == top else decoded_punycode(top) or top
    faults = [*disallowed_signs(decoded), *_faults_of_label(decoded, top, language, is_encoded=True)]
    message = _("The encoded host name means \u201c%(name)s\u201d", name=decoded)
    if not faults:
        return field.finding("host", *span, message, severity=Severity.NOTICE)
    meant = {fault.place: fault.meant for fault in faults}
    reading = [char if char.isascii() else meant.get(place) for place, char in enumerate(decoded)]
    name = None if None in reading else "".join(filter(None, reading))
    return field.finding("host", *span, message, severity=Severity.ALERT, meant=name)


# What looks like a host name: by its first label, by a country, or by a domain of RFC 1591.
_LIKE_A_HOST = re.compile(
    r"(?P<name>www\.[\w.-]+|(?:[\w-]+\.)+(?:[a-z]{2}|com|edu|gov|int|mil|net|org))(?![\w.-])[^\s/?#<>]*",
    re.IGNORECASE,
)
MAX_ACCOUNT = 300  # code points


def _misleading_account(field: Field, start: int, end: int) -> Iterator[Finding]:
    """Flag the account before a host if it looks like a host: `https://example.com@example.org` leads to the latter."""
    text = field.text
    slashes = text.rfind("//", max(0, start - MAX_ACCOUNT), start) if text[start - 1 : start] == "@" else -1
    account = _LIKE_A_HOST.fullmatch(text, slashes + 2, start - 1) if slashes >= 0 else None
    if account:
        name = text[start:end]
        message = _("The address leads to %(host)s; this is only the name of an account", host=name)
        yield field.finding("host", *account.span("name"), message, severity=Severity.ALERT, meant=name)


_SLASHES = re.compile(SLASH * 2)
_TO = rf"(?:https?{COLON})?{SLASH}{SLASH}(?:[^@/\s\"'<>()]*@)?(?P<host>[^/?#:\s\"'<>()]+)"
_LINKS = (
    re.compile(rf"(?<!!)\[(?P<text>[^\[\]\n]{{4,300}})\]\(\s*<?{_TO}", re.IGNORECASE),
    re.compile(
        rf"<a\s[^<>]{{0,300}}?href\s*=\s*[\"']?{_TO}[^<>]{{0,2000}}>(?P<text>[^<>\n]{{4,300}})</a>",
        re.IGNORECASE,
    ),
)
_ADDRESS_AS_TEXT = re.compile(
    r"[\s*_~]*(?P<scheme>https?://)?(?P<host>(?P<www>www\.)?(?:[\w-]{1,63}\.)+[^\W\d_]{2,63})(?P<path>[/:?]\S*?)?(?:\#\S*?)?"
    r"[\s*_~]*",
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
            if not address or is_same_site(address["host"], host):
                continue
            start, end = (link.start("text") + at for at in address.span("host"))
            if field.where_at(link.start("host")) is not Where.HOST:
                continue
            is_address = (
                address["scheme"] or address["www"] or (address["path"] and _has_domain(address["host"]))
            )
            yield field.finding(
                "host",
                start,
                end,
                _("The link leads to another host than its text names: %(host)s", host=host),
                severity=Severity.ALERT if is_address else Severity.NOTICE,
                meant=host,
            )


def _has_domain(name: str) -> bool:
    """Return whether the last label of a name may be a domain, unlike those of `java.lang.Object` and `node.js`."""
    last = name.rpartition(".")[2]
    return bool(official_languages(last)) if len(last) == 2 else last.islower() or name.isupper()


def is_same_site(named: str, host: str) -> bool:
    """Return whether two host names are equal, or one is a subdomain of the other."""
    one, other = (name.lower().removeprefix("www.").rstrip(".") for name in (named, host))
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


def _may_name_a_host(field: Field) -> bool:
    """Return whether the text may have a host name to judge. To find the host names takes longer."""
    text = field.text
    if ("n--" in text or "N--" in text) and "xn--" in text.lower():
        return True
    if field.where is not Where.PROSE:
        return not field.is_ascii or "%" in text
    if ("%" in text or "@" in text) and any(pattern.search(text) for pattern in _ENCODED_OR_ACCOUNT):
        return True
    if field.is_ascii or not (_has_slashes(text) or "@" in text or _BARE.search(text)):
        return False
    return any(not match[0].isascii() for match in _ADDRESS.finditer(text))


_BARE = re.compile(r"\.(?<=[Ww]{3}\.)")  # searched by the dot, which is rarer than the letter
_ADDRESS = re.compile(rf"(?:{SLASH}{SLASH}|@|[Ww]{{3}}\.)[^/?#\s]*")
# Each begins with fixed characters, which are found quickly.
_ENCODED_OR_ACCOUNT = tuple(
    re.compile(rf"{begin}[^/?#\s@%]{{0,300}}(?:%[0-9A-Fa-f]|@)") for begin in ("//", "www\\.", r"\\/", "&")
)
