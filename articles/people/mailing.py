"""Mail to one person: plain text and HTML, in their language, with a link that ends mail of its kind.

What people typed comes into a letter as it is, but for controls, which are written as escapes: none begins a header
or turns the direction of what follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.text.cli.terminal import escape_controls

from .preferences import preferences_of
from .preferring import opt_out_token

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_ISOLATE, _END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One piece of news: sentences, then the words of a person, then where to go on, as a label and a URL."""

    sentences: list[str]
    quote: str = ""
    link: tuple[str, str] | None = None

    @property
    def quoted_lines(self) -> list[str]:
        return [escape_controls(line) for line in self.quote.splitlines()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail to one person. `name` stays when it is tried again; letters with the same `thread` belong together."""

    to: User
    subject: str
    passages: list[Passage]
    ends: str  # what its link ends
    name: str
    thread: str = ""
    rest: list[str] = field(default_factory=list)  # sentences after the passages


class _Message(EmailMultiAlternatives):
    """A mail whose long headers stay in one line: Django 6 would encode a URL to break it, and nobody decodes that."""

    def message(self, **options: Any) -> Any:
        if "policy" in options:
            options["policy"] = options["policy"].clone(max_line_length=998)
        return super().message(**options)


@contextmanager
def language_of(account: User) -> Iterator[None]:
    """Speak the language of a person's mail."""
    with translation.override(preferences_of(account).language_of_mail):
        yield


def isolated(text: str) -> str:
    """Return a name or title that stays apart from the sentence around it, whatever its direction."""
    is_plain = text.isascii() and text.isprintable() and not translation.get_language_bidi()
    return text if is_plain else f"{_ISOLATE}{escape_controls(text)}{_END}"


def moment(at: datetime) -> str:
    """Return a moment in UTC, with the offset."""
    return f"{date_format(at.astimezone(UTC), 'DATETIME_FORMAT')} (UTC+00:00)"


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def send_letter(letter: Letter) -> None:
    """Send a letter, in the language that is spoken. Raises what the mail server's connection raises."""
    stop = absolute(f"{reverse('mail-stop')}?{urlencode({'token': opt_out_token(letter.to, letter.ends)})}")
    headers = {
        "Message-ID": _message_id(letter.name),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    if letter.thread:
        headers["In-Reply-To"] = headers["References"] = _message_id(letter.thread)
    foot = [
        (_("Choose which mail you get"), absolute(reverse("mail"))),
        (_("Get no more mail of this kind"), stop),
    ]
    subject = " ".join(f"[{settings.SITE_NAME}] {letter.subject}".splitlines())
    message = _Message(subject, _plain(letter, foot), to=[letter.to.email], headers=headers)
    message.attach_alternative(_html(letter, subject, foot), "text/html")
    message.send()


def _plain(letter: Letter, foot: list[tuple[str, str]]) -> str:
    parts = []
    for passage in letter.passages:
        parts += passage.sentences
        if passage.quote:
            parts.append("\n".join(f"> {line}".rstrip() for line in passage.quoted_lines))
        if passage.link:
            parts.append("{}:\n{}".format(*passage.link))
    parts += letter.rest
    links = "\n".join(f"{label}:\n{url}" for label, url in foot)
    return "\n\n".join([*parts, f"-- \n{links}"]) + "\n"


def _html(letter: Letter, subject: str, foot: list[tuple[str, str]]) -> str:
    return render_to_string(
        "mail/letter.html",
        {
            "letter": letter,
            "subject": subject,
            "foot": foot,
            "language": translation.get_language(),
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        },
    )


def _message_id(name: str) -> str:
    """Return an id that is the same whenever this site speaks of the same thing."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{name}@{host.encode('idna').decode()}>"
