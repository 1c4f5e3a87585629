from smtplib import SMTPException
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import workflow


class Command(BaseCommand):
    help = (
        "Write to the moderators when revisions wait too long or many came at once. For cron: nothing is sent twice"
        " for the same revisions. Ends with 0, or with 2 when nobody can be written to or the mail server fails."
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        people = workflow.recipients()
        if not people:
            raise CommandError("No moderator has an e-mail address.", returncode=2)
        try:
            sent = workflow.remind_moderators()
        except (SMTPException, OSError) as error:
            raise CommandError(f"The mail server did not take it: {error}", returncode=2) from None
        for reminder in sent:
            self.stdout.write(f"{len(people)} written to: {reminder.get_kind_display()} ({reminder.reviews})")
        if not sent:
            self.stdout.write("Nothing to tell.")
