from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import workflow
from articles.moderation.delivering import send_notices
from articles.tasks.running import run_now


class Command(BaseCommand):
    help = (
        "Send the mail to authors and moderators that is due: daily mails, and those that failed before; for cron."
        " Nothing is sent twice, also while a worker runs. Ends with 0, or with 2 if a mail fails."
    )
    requires_system_checks = []

    def handle(self, **options: Any) -> None:
        workflow.tell_watchers()  # of what an operation put live by the way, as its schedule said
        task = run_now(send_notices)
        if task is None:
            self.stdout.write("A worker is sending the mail.")
        elif task.last_error:
            raise CommandError(f"Not all mail was sent: {task.last_error}", returncode=2)
        else:
            self.stdout.write(task.return_value or "")
