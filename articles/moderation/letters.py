"""What a mail says of a notice. Of a revision whose text is hidden by then, it says neither title nor reason."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.people.mailing import Passage, absolute, isolated, moment
from articles.people.preferences import Kind
from articles.revisions.live_changes import LiveChange
from articles.revisions.revisions import Revision

from .notices import Notice
from .reviews import Review


def subject_of(notice: Notice) -> str:
    """Return the subject of a mail that tells of nothing else."""
    match notice.kind, notice.verdict:
        case Kind.REPLIES, _any:
            subject = _("Reply: %(title)s")
        case Kind.ANSWERS, _any:
            subject = _("Answer: %(title)s")
        case Kind.WATCHED, _any:
            subject = _("Went live: %(title)s")
        case _kind, Review.State.APPROVED:
            subject = _("Approved: %(title)s")
        case _kind, Review.State.CHANGES_REQUESTED:
            subject = _("Changes requested: %(title)s")
        case _kind, Review.State.REJECTED:
            subject = _("Rejected: %(title)s")
        case _:
            subject = _("Decision taken back: %(title)s")
    return subject % {"title": _title(notice)}


def passage_of(notice: Notice) -> Passage:
    """Return who did what, when, the words in full, and where to go on."""
    quoted = _title(notice)
    if not _is_hidden(notice):
        quoted = _("\u201c%(title)s\u201d") % {"title": quoted}
    facts = {"name": _name(notice), "number": notice.revision.number, "title": quoted}
    if notice.live_change:
        facts |= {"author": _author(notice.revision), "how": notice.live_change.get_how_display()}
    sentence = _sentence(notice) % facts
    text = _text(notice)
    if notice.verdict == Review.State.APPROVED:
        sentence = f"{sentence} {_what_readers_see(notice)}"
    if notice.live_change and not _is_hidden(notice):
        sentence = f"{sentence} {_what_it_brought(notice.live_change)}".rstrip()
    if _is_hidden(notice) and text:
        sentence += " " + _("What was written about it is on the site.")
    return Passage(
        sentences=[sentence, moment(notice.made_at)],
        quote="" if _is_hidden(notice) else text,
        link=_link(notice),
    )


def _sentence(notice: Notice) -> str:
    match notice.kind, notice.verdict:
        case Kind.REPLIES, _any:
            return _("%(name)s replied to you about %(title)s.")
        case Kind.ANSWERS, _any:
            return _("%(name)s answered your decision on %(title)s.")
        case Kind.WATCHED, _any:
            return _("Version %(number)d of %(title)s by %(author)s went live: %(how)s (%(name)s).")
        case _kind, Review.State.APPROVED:
            return _("%(name)s approved version %(number)d of %(title)s.")
        case _kind, Review.State.CHANGES_REQUESTED:
            return _("%(name)s asks for changes to version %(number)d of %(title)s.")
        case _kind, Review.State.REJECTED:
            return _("%(name)s rejected version %(number)d of %(title)s.")
        case _:
            return _("%(name)s took back the decision on version %(number)d of %(title)s.")


def _what_readers_see(notice: Notice) -> str:
    live = notice.revision.article.published_revision
    if live is None:
        return _("The article is not public now.")
    if live.pk == notice.revision_id:
        return _("Readers see it now.")
    return _("Readers see version %(number)d.") % {"number": live.number}


def _what_it_brought(change: LiveChange) -> str:
    odd = change.alerts + change.warnings
    if not odd:
        return ""
    return ngettext("It brings in %(n)d odd character.", "It brings in %(n)d odd characters.", odd) % {
        "n": odd
    }


def _link(notice: Notice) -> tuple[str, str]:
    """Return a label and the URL of the next step."""
    article = notice.revision.article
    if notice.live_change:
        return _("See what changed"), absolute(_place_of(notice.live_change))
    if notice.path:
        return _("Read it and answer"), absolute(notice.path)
    if notice.verdict == Review.State.APPROVED and article.published_revision_id == notice.revision_id:
        return _("Read the article"), absolute(article.get_absolute_url())
    if notice.verdict in (Review.State.APPROVED, Review.State.PENDING):
        place = reverse("revision", args=[article.slug, notice.revision.number])
        return _("See the version"), absolute(place)
    editor = reverse("admin:articles_article_change", args=[article.pk])
    if notice.verdict:
        return _("Go on writing"), absolute(editor)
    return _("Read it and answer"), absolute(editor)


def _title(notice: Notice) -> str:
    return _("a text that is hidden") if _is_hidden(notice) else isolated(notice.revision.title)


def _name(notice: Notice) -> str:
    """Return who did it, unless that is the author of the version, whose name is hidden."""
    hiding = notice.revision.hiding
    is_hidden = hiding and hiding.author and notice.by_name == notice.revision.author_name
    return _("Somebody") if is_hidden else isolated(notice.by_name)


def _author(revision: Revision) -> str:
    hiding = revision.hiding
    return _("somebody") if hiding and hiding.author else isolated(revision.author_name)


def _text(notice: Notice) -> str:
    """Return the words to quote: of what went live, its summary, unless that is hidden."""
    if not notice.live_change:
        return notice.text
    hiding = notice.revision.hiding
    return "" if hiding and hiding.summary else notice.revision.summary


def _place_of(change: LiveChange) -> str:
    """Return the path of the comparison with what was public before; of the version, if nothing was."""
    slug, number = change.revision.article.slug, change.revision.number
    if change.before:
        return reverse("compare", args=[slug, change.before.number, number])
    return reverse("revision", args=[slug, number])


def _is_hidden(notice: Notice) -> bool:
    hiding = notice.revision.hiding
    return bool(hiding and hiding.text)
