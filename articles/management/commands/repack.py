from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.management.wording import counted
from articles.models import Revision
from articles.revisions.codec import Codec
from articles.revisions.repacking import repack


class Command(BaseCommand):
    help = (
        "Compress the texts that an older release stored in full, while the site runs. The texts do not change."
        " May be stopped at any moment and started again."
        " Ends with 0 if all is done, 1 if a text is damaged and was left as it is, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)

    def handle(self, *, slugs: list[str], **options: Any) -> None:
        articles = select_articles(slugs).order_by("pk")
        waiting = Revision.objects.filter(body__codec=Codec.PLAIN, article__in=articles)
        progress = Progress(self.stdout, waiting.count(), "texts are stored anew")
        texts = before = after = damaged = 0
        for article in articles.filter(pk__in=waiting.values("article")):
            number: int | None = 0
            while number is not None:
                done, number = repack(article, after=number)
                texts += done.texts
                before += done.bytes_before
                after += done.bytes_after
                damaged += len(done.damaged)
                progress.tell(texts)
                for damage in done.damaged:
                    progress.end()
                    self.stderr.write(f"{damage}; left as it is")
        progress.end()
        self.stdout.write(
            f"{counted(texts, 'text', 'texts')} stored anew: {before:,} bytes became {after:,}."
        )
        if damaged:
            raise SystemExit(1)
