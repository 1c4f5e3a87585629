from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import workflow
from articles.management.files import read_text
from articles.management.wording import counted
from articles.models import Article, Review, Revision
from articles.revisions.revisions import ChangeKind
from articles.text.content import Content


class Command(BaseCommand):
    help = (
        "Save a UTF-8 Markdown file as a version of an article, through the same workflow as the admin."
        " Ends with 0 if it is saved or nothing changed, 1 if the base is outdated, 2 on an error."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", help='a file, or "-" for standard input')
        parser.add_argument(
            "--slug", required=True, help="the article's address; an article is created if none has it"
        )
        parser.add_argument("--title", required=True)
        parser.add_argument("--author", required=True, metavar="USER", help="name of the account that saves")
        parser.add_argument("--language", default="en", help="BCP 47 tag of the text (default: en)")
        parser.add_argument("--summary", default="", help="what changed, in a line")
        parser.add_argument("--kind", default="", choices=ChangeKind.values, help="what the change is")
        parser.add_argument("--base", type=int, metavar="N", help="the version edited (default: the latest)")
        parser.add_argument("--submit", action="store_true", help="put it into the moderators' queue")
        parser.add_argument(
            "--publish", action="store_true", help="publish it, or submit it if it needs a review"
        )

    def handle(self, *, path: str, slug: str, author: str, base: int | None, **options: Any) -> None:
        source = read_text(path)
        user = get_user_model().objects.filter(username=author).first()
        if user is None:
            raise CommandError(f"There is no account named {author!r}.", returncode=2)
        article = Article.objects.filter(slug=slug).select_related("latest_revision").first()
        latest = article.latest_revision if article else None
        if base is not None and latest is None:
            raise CommandError(f"There is no article at {slug}, so it has no version {base}.", returncode=2)
        kept = ("excerpt", "description", "cover", "software_share")
        content = Content(
            title=options["title"],
            slug=slug,
            source=source,
            language=options["language"],
            tags=tuple(latest.tags) if latest else (),
            summary=options["summary"],
            change_kind=options["kind"],
            **{name: getattr(latest, name) for name in kept if latest},
        )
        if base is None and latest:
            base = latest.number
        try:
            revision = workflow.save_revision(article, by=user, content=content, base=base)
            review = _submit_or_publish(revision, by=user, options=options)
        except workflow.EditConflict as error:
            raise CommandError(f"{slug}: {error}", returncode=1) from None
        except ValidationError as error:
            lines = [
                f"{path}: {field}: {' '.join(messages)}" for field, messages in error.message_dict.items()
            ]
            raise CommandError("\n".join(lines), returncode=2) from None
        except (PermissionDenied, workflow.WorkflowError) as error:
            raise CommandError(f"{slug}: {error}", returncode=2) from None
        self.stdout.write(f"{slug}: {_outcome(revision, latest)}")
        if review:
            self.stdout.write(f"{slug}: waiting for a moderator: {', '.join(review.cause_labels)}")
        elif options["publish"]:
            self.stdout.write(f"{slug}: published")


def _submit_or_publish(revision: Revision, *, by: User, options: dict[str, Any]) -> Review | None:
    """Publish or submit the revision if the options ask for it; return its review, None if there is none."""
    if options["publish"]:  # submits it if it needs a review
        return workflow.publish(revision, by=by)
    if options["submit"]:
        return workflow.submit(revision, by=by)
    return None


def _outcome(revision: Revision, latest: Revision | None) -> str:
    """Say what was saved; `latest` is the latest revision before the save."""
    if latest and revision.number == latest.number:
        return f"nothing changed since version {revision.number}"
    rendering = revision.renderings.latest()
    flagged = counted(rendering.flagged, "character", "characters")
    removed = counted(len(rendering.removals), "thing", "things")
    return f"saved version {revision.number}; {flagged} flagged, {removed} removed"
