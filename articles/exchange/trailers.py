"""Trailers: what a commit's message says of a version, and how it is read back exactly.

The first line is the summary. If there is none, or if git would change it, the first line is "Version 3", and a trailer
has the summary. A value is written as it is, unless it could be read in another way: then as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import regex

_LINE = re.compile(r"([A-Z][a-z0-9]*(?:-[a-z0-9]+)*): (.+)")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NUMBERED = re.compile(r"Version [0-9]+(?: offline)?")  # stands where no summary does
_UNFIT = regex.compile(r"[\p{Cc}\p{Zl}\p{Zp}]")  # some program or other takes them for the end of a line


class State(StrEnum):
    """What a commit is about: a version was saved, went live, or was taken offline."""

    SAVED = "saved"
    LIVE = "live"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Trailers:
    """What a commit says of a version. Whoever wrote the commit could say anything: treat what is read as claims.

    `article` is the key of the article on the site that exported it: equal keys, one article, whatever its slug.
    `written_at` is exact to the microsecond, the commit's own time to the second. `hidden` names the parts that the
    commit lacks ("text", "summary", "author"); the value of a hidden part is empty.
    """

    article: int
    number: int
    state: State
    sha256: str
    written_at: datetime
    author: str
    summary: str = ""
    based_on: int | None = None
    claimed_author: str = ""
    claimed_at: datetime | None = None
    hidden: tuple[str, ...] = ()


class TrailersFault(ValueError):
    """Trailers that are damaged. The message names the trailer."""


def message(trailers: Trailers) -> str:
    """Return the message of a version's commit, which ends with a line feed."""
    is_subject = _is_plain(trailers.summary) and not _NUMBERED.fullmatch(trailers.summary)
    offline = " offline" if trailers.state is State.OFFLINE else ""
    subject = trailers.summary if is_subject else f"Version {trailers.number}{offline}"
    lines = "".join(f"{name}: {value}\n" for name, value in _lines(trailers, has_subject=is_subject))
    return f"{subject}\n\n{lines}"


def read(message: str) -> Trailers | None:
    """Return what `message` was given; None for a message of another program.

    Raises `TrailersFault` if the message has trailers of a version that are damaged.
    """
    head, _gap, last = message.rstrip("\n").rpartition("\n\n")
    matches = [_LINE.fullmatch(line) for line in last.split("\n")]
    found = {match[1]: match[2] for match in matches if match}
    if len(found) < len(matches) or not {"Article", "Version", "State", "Sha256"} <= found.keys():
        return None
    try:
        return Trailers(
            article=_number(found, "Article"),
            number=_number(found, "Version"),
            state=State(found["State"]),
            sha256=_digest(found["Sha256"]),
            written_at=datetime.fromisoformat(found["Written-at"]),
            author=_text(found.get("Author", "")),
            summary=_text(found.get("Summary", "" if _NUMBERED.fullmatch(head) else head)),
            based_on=_number(found, "Based-on") if "Based-on" in found else None,
            claimed_author=_text(found.get("Claimed-author", "")),
            claimed_at=datetime.fromisoformat(found["Claimed-at"]) if "Claimed-at" in found else None,
            hidden=tuple(found["Hidden"].split(", ")) if "Hidden" in found else (),
        )
    except (ValueError, KeyError) as error:
        raise TrailersFault(f"The trailers of the commit are damaged: {error}") from None


def _lines(trailers: Trailers, *, has_subject: bool) -> Iterator[tuple[str, str]]:
    """Yield names and values in their order."""
    if trailers.summary and not has_subject:
        yield "Summary", _as_value(trailers.summary)
    yield "Article", str(trailers.article)
    yield "Version", str(trailers.number)
    if trailers.based_on is not None:
        yield "Based-on", str(trailers.based_on)
    yield "State", trailers.state.value
    if trailers.author:
        yield "Author", _as_value(trailers.author)
    yield "Written-at", _moment(trailers.written_at)
    if trailers.claimed_author:
        yield "Claimed-author", _as_value(trailers.claimed_author)
    if trailers.claimed_at is not None:
        yield "Claimed-at", _moment(trailers.claimed_at)
    if trailers.hidden:
        yield "Hidden", ", ".join(trailers.hidden)
    yield "Sha256", trailers.sha256


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _is_plain(value: str) -> bool:
    """Return whether a value means itself on a line: no space at its ends, no quote first, no control character."""
    return bool(value) and value[0] != '"' and value.strip() == value and not _UNFIT.search(value)


def _as_value(value: str) -> str:
    return value if _is_plain(value) else json.dumps(value)


def _text(value: str) -> str:
    if not value.startswith('"'):
        return value
    text = json.loads(value)
    if not isinstance(text, str):
        raise ValueError(value)
    return text


def _number(found: dict[str, str], name: str) -> int:
    if not _NUMBER.fullmatch(found[name]):
        raise ValueError(f"{name} is no number")
    return int(found[name])


def _digest(value: str) -> str:
    if not _SHA256.fullmatch(value):
        raise ValueError("Sha256 is no checksum")
    return value
