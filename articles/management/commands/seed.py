import argparse
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from articles.demo.seeding import seed
from articles.management.naming import refuse_unfit_name
from articles.management.progress import Progress
from articles.management.wording import counted
from articles.models import Article

WRITER = "seed"


def positive(text: str) -> int:
    """Parse a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


class Command(BaseCommand):
    help = (
        "Fill a site with made-up articles, to try a large site: some are short, some have a long history, and most"
        " are public. The same --seed makes the same texts. Ends with 0 if all is written, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=positive, default=1_000, metavar="N", help="default: 1000")
        parser.add_argument(
            "--revisions",
            type=positive,
            default=10_000,
            metavar="M",
            help="in all articles together (default: 10000)",
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="a number (default: 1)")

    def handle(self, *, articles: int, revisions: int, **options: Any) -> None:
        if revisions < articles:
            raise CommandError(
                "Every article needs a revision: --revisions is less than --articles.", returncode=2
            )
        if Article.objects.filter(slug__startswith=f"seed-{options['seed']}-").exists():
            raise CommandError(
                f"--seed {options['seed']} was used on this site already. Choose another number.",
                returncode=2,
            )
        users = get_user_model().objects
        if not users.filter(username=WRITER).exists():
            refuse_unfit_name(WRITER)
        by, _ = users.get_or_create(username=WRITER, defaults={"is_active": False, "password": "!"})
        progress = Progress(self.stdout, revisions, "revisions are written")
        for written in seed(articles=articles, revisions=revisions, number=options["seed"], by=by):
            progress.tell(written)
        progress.end()
        with connection.cursor() as cursor:  # the query planner needs statistics of the new rows
            cursor.execute("ANALYZE")
        self.stdout.write(
            f"{counted(articles, 'article', 'articles')} with {counted(revisions, 'revision', 'revisions')}."
        )
