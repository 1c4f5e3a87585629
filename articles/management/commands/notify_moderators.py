from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import workflow
from articles.tasks.running import run_now
from articles.workflow.background import send_reminders


class Command(BaseCommand):
    help = (
        "Send mail to the moderators if versions wait too long or many came at once; for cron."
        " Nothing is sent twice for the same versions. Mail that failed is sent by the next call, or earlier by a"
        " worker for background tasks. Ends with 0, or with 2 if no moderator has an address or the mail fails."
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        if not workflow.recipients():
            raise CommandError("No moderator has an e-mail address.", returncode=2)
        task = run_now(send_reminders)
        if task is None:
            self.stdout.write("A worker is sending the mail.")
        elif task.last_error:
            raise CommandError(f"The mail server did not accept the mail: {task.last_error}", returncode=2)
        else:
            self.stdout.write(task.return_value or "There is no mail to send.")
