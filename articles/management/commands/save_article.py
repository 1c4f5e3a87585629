from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import workflow
from articles.management.files import read_text
from articles.models import Article
from articles.text.content import Content


class Command(BaseCommand):
    help = (
        "Save a UTF-8 Markdown file as a version of an article, through the same workflow as the admin."
        " Ends with 0 when it is saved or was the same, 1 when the base is outdated, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", help='a file, or "-" for standard input')
        parser.add_argument(
            "--slug", required=True, help="the article's address; a new article where there is none"
        )
        parser.add_argument("--title", required=True)
        parser.add_argument("--author", required=True, metavar="USER", help="name of the account that saves")
        parser.add_argument("--language", default="en", help="BCP 47 tag of the text (default: en)")
        parser.add_argument("--summary", default="", help="what changed, in a line")
        parser.add_argument("--base", type=int, metavar="N", help="the version edited (default: the latest)")
        parser.add_argument("--submit", action="store_true", help="put it into the moderators' queue")
        parser.add_argument(
            "--publish", action="store_true", help="publish it, or submit it where it has to wait"
        )

    def handle(self, *, path: str, slug: str, author: str, base: int | None, **options: Any) -> None:
        source = read_text(path)
        user = get_user_model().objects.filter(username=author).first()
        if user is None:
            raise CommandError(f"There is no account named {author!r}.", returncode=2)
        article = Article.objects.filter(slug=slug).select_related("latest_revision").first()
        latest = article.latest_revision if article else None
        kept = ("excerpt", "description", "cover", "software_share")
        content = Content(
            title=options["title"],
            slug=slug,
            source=source,
            language=options["language"],
            tags=tuple(latest.tags) if latest else (),
            summary=options["summary"],
            **{name: getattr(latest, name) for name in kept if latest},
        )
        if base is None and latest:
            base = latest.number
        elif base is not None and latest is None:
            raise CommandError(f"There is no article at {slug}, so it has no version {base}.", returncode=2)
        try:
            revision = workflow.save_revision(article, by=user, content=content, base=base)
            review = None
            if options["publish"]:  # which submits by itself where the text has to wait
                review = workflow.publish(revision, by=user)
            elif options["submit"]:
                review = workflow.submit(revision, by=user)
        except workflow.EditConflict as error:
            raise CommandError(f"{slug}: {error}", returncode=1) from None
        except ValidationError as error:
            lines = [
                f"{path}: {field}: {' '.join(messages)}" for field, messages in error.message_dict.items()
            ]
            raise CommandError("\n".join(lines), returncode=2) from None
        except (PermissionDenied, workflow.WorkflowError) as error:
            raise CommandError(f"{slug}: {error}", returncode=2) from None
        if latest and revision.number == latest.number:
            self.stdout.write(f"{slug}: nothing changed since version {revision.number}")
        else:
            rendering = revision.renderings.latest()
            self.stdout.write(
                f"{slug}: saved version {revision.number};"
                f" {rendering.flagged} characters flagged, {len(rendering.removals)} things removed"
            )
        if review:
            self.stdout.write(f"{slug}: waiting for a moderator: {', '.join(review.cause_labels)}")
        elif options["publish"]:
            self.stdout.write(f"{slug}: published")
