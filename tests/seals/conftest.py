"""A site with something of each kind that is sealed, its seal, and an insider who has the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from articles import workflow
from articles.models import Article
from articles.revisions import triggers
from tests.conftest import _person, content

SEED = "c2VhbCBrZXkgb2YgdGhlIHRlc3RzLCAzMiBieXRlcyE="


SETTINGS = {"SEAL_KEY": SEED, "SITE_URL": "https://cms.example.org"}


@pytest.fixture(autouse=True)
def seal_key(settings):
    for name, value in SETTINGS.items():
        setattr(settings, name, value)


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
    first, second, third, fourth, _fifth = tides.revisions.order_by("number")
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


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder that keeps the checkpoint over the history, made once for a module."""
    folder = tmp_path_factory.mktemp("seals") / "witness"
    with django_db_blocker.unblock(), override_settings(**SETTINGS), transaction.atomic():
        write_history(
            author=_person("author", "authors"),
            moderator=_person("moderator", "moderators"),
            administrator=_person("administrator", is_superuser=True),
            second_moderator=_person("second_moderator", "moderators"),
        )
        seal("--to", str(folder))
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def insider(sealed, db):
    """Runs SQL as the owner of the database can: without triggers and foreign keys. All is undone after the test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            triggers.drop(connection)

        def insider(*statements):
            for statement in statements:
                cursor.execute(statement)

        yield insider
    transaction.set_rollback(True)  # else the foreign keys would be checked
