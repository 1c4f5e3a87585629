"""Delivering: send the notices that are due, one mail each, or one for all of a person's day.

A mail that fails is tried again. A process that is lost while it sends leaves its claim, and after that the mail is
sent again, under the same `Message-ID`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import permissions
from articles.people.mailing import Letter, language_of, send_letter
from articles.people.preferences import Kind, When, preferences_of
from articles.people.preferring import DIGEST
from articles.tasks import task
from articles.tasks.running import MOST_ATTEMPTS, report

from .letters import passage_of, subject_of
from .notices import Notice, NoticeQuerySet
from .reviews import Review
from .watches import Watch

logger = logging.getLogger(__name__)

MOST_PASSAGES = 100  # of a daily mail
SECONDS_OF_PAUSE = 60  # after a mail that failed, in which no request waits for the mail server
SECONDS_IN_A_REQUEST = 5  # after which it begins no further mail: a task sends the others

_paused_until = 0.0  # of the monotonic clock


class NotSent(Exception):
    """Mails failed and wait for their next attempt."""


@task(title=gettext_lazy("Send mail to authors and moderators"))
def send_notices(day: str = "") -> str:
    """Send the mails that are due, and say how many. Raises `NotSent` if some failed, so that it is repeated.

    `day` names the daily mails for which it was asked.
    """
    sent = failed = 0
    due = Notice.objects.due()
    for pk in list(due.filter(in_digest=False).values_list("pk", flat=True)):
        outcome = _deliver(Notice.objects.filter(pk=pk))
        sent, failed = sent + (outcome is True), failed + (outcome is False)
        report(_said(sent))
    digests = due.filter(in_digest=True)
    for recipient in list(digests.order_by("recipient").values_list("recipient", flat=True).distinct()):
        outcome = _deliver(Notice.objects.filter(in_digest=True, recipient=recipient))
        sent, failed = sent + (outcome is True), failed + (outcome is False)
        report(_said(sent))
    Notice.objects.prune()
    if failed or Notice.objects.unsent().filter(attempts__gt=0).exists():
        raise NotSent(_("%(number)d mails failed. They are tried again.") % {"number": failed})
    return _said(sent)


def send_directly(pks: Collection[int]) -> None:
    """Send mails at the end of the request that caused them, as if no worker were there; what fails waits for one.

    After a mail that failed, this process tries none for a minute, so that nobody waits for a server that is down; and
    of many mails by a slow server, a worker sends the rest.
    """
    global _paused_until
    until = time.monotonic() + SECONDS_IN_A_REQUEST
    for pk in pks:
        if not _paused_until <= time.monotonic() < until:
            return
        if _deliver(Notice.objects.filter(pk=pk)) is False:
            _paused_until = time.monotonic() + SECONDS_OF_PAUSE


def _deliver(notices: NoticeQuerySet) -> bool | None:
    """Send one mail with these notices and return whether it was taken; None if nothing was left to send."""
    claimed = notices.claim()
    wanted = [notice for notice in claimed if _is_wanted(notice)]
    kept = Notice.objects.filter(pk__in=[notice.pk for notice in wanted])
    Notice.objects.filter(
        pk__in={notice.pk for notice in claimed} - {notice.pk for notice in wanted}
    ).delete()
    if not wanted:
        return None
    try:
        with language_of(wanted[0].recipient):
            send_letter(_letter(wanted))
    except Exception as error:  # whatever it is, it must not hold up the other mails
        kept.record_failure()
        is_last = wanted[0].attempts + 1 >= MOST_ATTEMPTS
        logger.log(
            logging.ERROR if is_last else logging.WARNING, "Notice %d was not sent: %s", wanted[0].pk, error
        )
        return False
    kept.record_sent()
    return True


def _is_wanted(notice: Notice) -> bool:
    """Return whether the person may still have this mail and still wants it, and the decision in it still stands."""
    if notice.review and notice.verdict not in (notice.review.state, Review.State.PENDING):
        return False
    if notice.kind == Kind.WATCHED and not (
        permissions.can_watch(notice.recipient)
        and Watch.objects.is_on(notice.revision.article_id, by=notice.recipient)
    ):
        return False
    wants = preferences_of(notice.recipient).when(notice.kind) != When.NEVER
    return wants and permissions.can_be_written_to(notice.recipient)


def _letter(notices: list[Notice]) -> Letter:
    first = notices[0]
    if not first.in_digest:
        return Letter(
            to=first.recipient,
            subject=subject_of(first),
            passages=[passage_of(first)],
            ends=first.kind,
            name=f"notice.{first.pk}",
            thread=f"article.{first.revision.article_id}",
        )
    number, more = len(notices), len(notices) - MOST_PASSAGES
    told = ngettext("%(n)d more is not listed.", "%(n)d more are not listed.", more) % {"n": more}
    return Letter(
        to=first.recipient,
        subject=ngettext("%(n)d message of the last day", "%(n)d messages of the last day", number)
        % {"n": number},
        passages=[passage_of(notice) for notice in notices[:MOST_PASSAGES]],
        ends=DIGEST,
        name=f"digest.{first.pk}",
        rest=[told] if more > 0 else [],
    )


def _said(sent: int) -> str:
    return ngettext("%(number)d mail sent.", "%(number)d mails sent.", sent) % {"number": sent}
