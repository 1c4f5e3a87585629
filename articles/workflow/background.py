"""Operations that take long or ask another machine, as tasks for the background. Rows name them by their path."""

from __future__ import annotations

import logging

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.moderation.reminding import recipients, remind_moderators
from articles.revisions.revisions import DamagedText, Revision
from articles.tasks import task
from articles.tasks.running import report
from articles.text.page import SourceRefused

from .resanitizing import resanitize

logger = logging.getLogger(__name__)


@task(title=gettext_lazy("Write to the moderators"))
def send_reminders() -> str:
    """Send the mails that are due, and say which. Raises what the mail server's connection raises."""
    sentence, number = _("%(number)d written to: %(kind)s (%(reviews)d)"), len(recipients())
    return "\n".join(
        sentence % {"number": number, "kind": reminder.get_kind_display(), "reviews": reminder.reviews}
        for reminder in remind_moderators()
    )


@task(title=gettext_lazy("Make pages anew"))
def resanitize_pages(slugs: list[str]) -> str:
    """Resanitize the articles with these slugs, all if there is none, and say how many renderings were added.

    Log which versions are refused or damaged; their pages stay as they are.
    """
    revisions = Revision.objects.filter(article__slug__in=slugs) if slugs else Revision.objects.all()
    total, added, failed = revisions.count(), 0, 0
    in_order = revisions.with_text().order_by("article", "number")
    for done, revision in enumerate(in_order.iterator(chunk_size=100)):
        report(_("%(done)d of %(total)d versions") % {"done": done, "total": total})
        try:
            added += resanitize(revision) is not None
        except (SourceRefused, DamagedText) as reason:
            failed += 1
            logger.warning("%s: version %d: %s", revision.article.slug, revision.number, reason)
    counts = {"added": added, "failed": failed}
    return _("Renderings added: %(added)d. Versions that are refused or damaged: %(failed)d.") % counts
