"""What the pages with a conversation share: which part of it is drawn, and what its forms ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from articles import permissions, workflow
from articles.conversation.appealing import can_be_appealed
from articles.conversation.threads import Entry, Thread
from articles.models import Article, Remark, Review, Revision, Standing
from articles.revisions.writing import with_lf

from .parameters import parse_number
from .parts import part

if TYPE_CHECKING:
    from django.contrib.auth.models import User

MOST_ENTRIES = 30  # in a part
MOST_KEPT = 20_000  # characters of refused words
UNSENT = "unsent"  # in the session
_NAMED = {"appeal": "decision", "resolve": "remark"}  # fields that name an entry by its key


def talk_context(request: HttpRequest, article: Article, latest: Revision | None) -> dict[str, Any]:
    """Return what `_thread.html` draws: the newest entries, or the part that `?talk=` names.

    `latest` is the version to which passages are followed and about which one talks.
    """
    user = permissions.signed_in(request)
    may_talk = latest is not None and permissions.can_talk(user, latest)
    muted = Standing.objects.filter(account=user).in_force(Standing.Kind.MUTED)
    thread = Thread(article.pk, seen_by=user)
    drawn = part(request, len(thread), size=MOST_ENTRIES, name="talk")
    entries = thread.load(slice(drawn.first - 1, drawn.last), latest=latest)
    return {
        "entries": entries,
        "entries_part": drawn,
        "unsent": _unsent(request, article, {entry.name for entry in entries}),
        "open_remarks": thread.open,
        "talk_about": latest,
        "appealable": _appealable(user, entries),
        "muted": None if may_talk else muted.first(),
        "may_talk": may_talk,
    }


def _appealable(user: User, entries: Iterable[Entry]) -> str:
    """Return the name of the entry against which the person may appeal; an empty string without one."""
    decisions = [entry for entry in entries if entry.decision]
    if not decisions:
        return ""
    last = decisions[-1].decision
    assert last is not None
    may = last.is_turned_down and permissions.can_appeal(user, last) and can_be_appealed(last)
    return decisions[-1].name if may else ""


def keep_unsent(request: HttpRequest, article: Article) -> None:
    """Keep the words of a form that was refused, for the next page of the person with this conversation."""
    posted = request.POST
    to = posted.get("answer") or next(
        (f"{kind}-{posted[name]}" for name, kind in _NAMED.items() if name in posted), ""
    )
    request.session[UNSENT] = {"article": article.pk, "to": to, "text": posted.get("text", "")[:MOST_KEPT]}


def _unsent(request: HttpRequest, article: Article, entries: Collection[str]) -> dict[str, Any] | None:
    """Return the words that were kept, once: below the entry that they answer, else in the form below all."""
    unsent: dict[str, Any] | None = request.session.get(UNSENT)
    if unsent is None or unsent["article"] != article.pk:
        return None
    del request.session[UNSENT]
    return unsent if unsent["to"] in entries else unsent | {"to": "new"}


def talk(request: HttpRequest, article: Article) -> str:
    """Carry out what a form of the thread asks for, and return a sentence about it.

    `resolve` or `reopen` names a remark and `appeal` a decision; `answer` says what is answered, such as `remark-7` or
    `decision-7`, `remark` the version that a new remark is about, and `text` the words. `passage` is a passage of that
    version, the one nearest to `near`. Raises what the operations raise, and `Http404` for what the person may not see.
    """
    by = permissions.signed_in(request)
    posted = request.POST
    remarks = Remark.objects.visible_to(by).filter(article=article)
    text = with_lf(posted.get("text", ""))
    if "resolve" in posted:
        remark = get_object_or_404(remarks, pk=parse_number(posted["resolve"]))
        workflow.resolve(remark, by=by, text=text)
        return _("The remark is settled.")
    if "reopen" in posted:
        workflow.reopen(get_object_or_404(remarks, pk=parse_number(posted["reopen"])), by=by)
        return _("The remark is open again.")
    if "appeal" in posted:
        turned_down = Review.objects.ended_in(article.pk).select_related("revision__article")
        workflow.appeal(get_object_or_404(turned_down, pk=parse_number(posted["appeal"])), by=by, text=text)
        return _("Your appeal is sent. Another moderator decides.")
    if "answer" in posted:
        kind, _dash, pk = posted["answer"].partition("-")
        rows: Any = (
            Review.objects.ended_in(article.pk).select_related("revision") if kind == "decision" else remarks
        )
        workflow.answer(get_object_or_404(rows, pk=parse_number(pk)), by=by, text=text)
        return _("Your answer stands in the conversation.")
    visible = Revision.objects.listed_for(by).with_text().filter(article=article)
    revision = get_object_or_404(visible, number=parse_number(posted.get("remark")))
    passage = _find(posted.get("passage", ""), revision, near=parse_number(posted.get("near")) or 0)
    workflow.remark(revision, by=by, text=text, passage=passage)
    return _("Your remark stands in the conversation.")


def _find(passage: str, revision: Revision, *, near: int) -> tuple[int, int] | None:
    """Return the span of a passage in the source of a version, the nearest to a place; None for an empty passage.

    Raises `ValidationError` if it is not there.
    """
    passage = with_lf(passage)
    if not passage:
        return None
    source = revision.source
    places = [
        at for at in (source.rfind(passage, 0, near + len(passage)), source.find(passage, near)) if at >= 0
    ]
    if not places:
        raise ValidationError(
            _("The passage is not in version %(number)d. Save your text first.") % {"number": revision.number}
        )
    start = min(places, key=lambda at: abs(at - near))
    return start, start + len(passage)
