from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from articles.images.indexing import index_images
from articles.management.progress import Progress
from articles.management.selection import add_slugs, select_articles
from articles.management.wording import counted
from articles.moderation.indexing import index_all_waiting
from articles.revisions.indexing import index_articles

ARTICLES_A_BATCH = 50


class Command(BaseCommand):
    help = (
        "Index articles anew for the search in the newsroom's list and for what readers find, and without slugs images"
        " and the versions that wait in the queue, too, while the site runs: needed once for those of an older"
        " release, since a save and a publication index their article. May be stopped at any moment and started again."
        " Ends with 0 if all is done, 1 if a text is damaged and was left out, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add_slugs(parser)

    def handle(self, *, slugs: list[str], **options: Any) -> None:
        keys = list(select_articles(slugs).order_by("pk").values_list("pk", flat=True))
        progress = Progress(self.stdout, len(keys), "articles are indexed")
        has_damage = False
        for start in range(0, len(keys), ARTICLES_A_BATCH):
            for damage in index_articles(keys[start : start + ARTICLES_A_BATCH]):
                has_damage = True
                progress.end()
                self.stderr.write(f"{damage}; left out")
            progress.tell(start)
        progress.end()
        self.stdout.write(f"{counted(len(keys), 'article', 'articles')} indexed.")
        if not slugs and (images := index_images()):
            self.stdout.write(f"{counted(images, 'image', 'images')} indexed.")
        if not slugs and (waiting := index_all_waiting()):
            self.stdout.write(f"{counted(waiting, 'waiting version', 'waiting versions')} indexed.")
        if has_damage:
            raise SystemExit(1)
