from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import workflow
from articles.tasks.running import run_now
from articles.workflow.background import send_reminders


class Command(BaseCommand):
    help = (
        "Write to the moderators when revisions wait too long or many came at once. For cron: nothing is sent twice"
        " for the same revisions. Ends with 0, or with 2 when nobody can be written to or the mail server fails."
        " Mail that failed is tried again by the next call, or earlier by a worker for background tasks."
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        if not workflow.recipients():
            raise CommandError("No moderator has an e-mail address.", returncode=2)
        task = run_now(send_reminders)
        if task is None:
            self.stdout.write("A worker is sending it.")
        elif task.last_error:
            raise CommandError(f"The mail server did not take it: {task.last_error}", returncode=2)
        else:
            self.stdout.write(task.return_value or "Nothing to tell.")
