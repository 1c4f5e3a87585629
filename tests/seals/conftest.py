"""A site with something of each kind that is sealed, its seal, and an insider who has the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import workflow
from articles.models import Article
from articles.revisions import triggers
from tests.conftest import content

SEED = "c2VhbCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyE="


@pytest.fixture(autouse=True)
def seal_key(settings):
    settings.SEAL_KEY, settings.SITE_URL = SEED, "https://cms.example.org"


def seal(*arguments):
    out = StringIO()
    call_command("seal", *arguments, stdout=out)
    return out.getvalue()


def verify(*arguments):
    """Exit status of `verify_history` and what was written."""
    out = StringIO()
    try:
        call_command("verify_history", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def write_history(*, author, moderator, administrator, second_moderator):
    """Write "tides" with five versions and all that can happen to them, and "dunes" beside it with three."""
    for slug, count in (("tides", 5), ("dunes", 3)):
        article = None
        for number in range(1, count + 1):
            text = content(f"Version {number}.\n", slug=slug, summary=f"Edit {number}")
            article = workflow.save_revision(article, by=author, content=text, base=number - 1).article
    tides = Article.objects.get(slug="tides")
    first, second, third, fourth, fifth = tides.revisions.order_by("number")
    workflow.publish(second, by=moderator)
    workflow.reject(workflow.submit(third, by=author), by=moderator, reason="Not yet.")
    workflow.approve(workflow.submit(fourth, by=author), by=moderator, reason="Good.")
    hiding = workflow.hide(first, by=administrator, parts=["text"], reason="Private.")
    workflow.unhide(hiding, by=administrator)
    workflow.hide(third, by=administrator, parts=["summary"], reason="A name.")
    workflow.allow("é", by=moderator, kind="character", article=tides, reason="So.")
    proposed = workflow.allow("ü", by=moderator, kind="character", scope="site", reason="So.")
    workflow.confirm_allowance(proposed, by=second_moderator)
    workflow.revoke(proposed, by=moderator, reason="No more.")


@pytest.fixture
def history(author, moderator, administrator, second_moderator):
    write_history(
        author=author,
        moderator=moderator,
        administrator=administrator,
        second_moderator=second_moderator,
    )


@pytest.fixture
def witness(history, tmp_path):
    """The folder that keeps the checkpoint over the history."""
    seal("--to", str(tmp_path / "witness"))
    return tmp_path / "witness"


@pytest.fixture
def insider(transactional_db):
    """Runs SQL as the owner of the database can: without triggers and foreign keys."""

    def insider(*statements):
        with (
            triggers.dropped(connection),
            connection.constraint_checks_disabled(),
            connection.cursor() as cursor,
        ):
            if connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")  # no foreign keys
            for statement in statements:
                cursor.execute(statement)
            if connection.vendor == "postgresql":
                cursor.execute("RESET session_replication_role")

    return insider
