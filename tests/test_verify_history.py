"""`verify_history` finds every alteration, with the article and the number."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles import workflow, write_once
from articles.models import Article

from .conftest import content


def verify(*slugs):
    """Exit status and what was written."""
    out = StringIO()
    try:
        call_command("verify_history", *slugs, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def history(save, author):
    """An article of four versions, and an innocent one beside it."""
    for n in range(1, 5):
        save(f"Version {n}.\n")
    workflow.save_revision(None, by=author, content=content(slug="innocent"))


@pytest.fixture
def tamper(history, transactional_db):
    """Runs SQL as the owner of the database could: without triggers and foreign keys."""

    def tamper(*statements):
        with (
            write_once.lifted(connection),
            connection.constraint_checks_disabled(),
            connection.cursor() as cursor,
        ):
            for statement in statements:
                cursor.execute(statement)

    return tamper


def test_untouched_history_is_whole(history):
    assert verify() == (0, "Articles: 2. Every version is whole and in its place.\n")


ID = "(SELECT id FROM articles_revision r WHERE r.number = {n} AND r.slug = 'tides')"
REMOVE = [
    "DELETE FROM articles_event WHERE revision_id = {id}",
    "DELETE FROM articles_finding WHERE revision_id = {id}",
    "DELETE FROM articles_rendering WHERE revision_id = {id}",
    "DELETE FROM articles_body WHERE revision_id = {id}",
    "UPDATE articles_revision SET based_on_id = NULL WHERE based_on_id = {id}",
    "DELETE FROM articles_revision WHERE id = {id}",
]


def of(number, *statements):
    other_text = "X'{}'" if connection.vendor == "sqlite" else r"'\x{}'"
    other_text = other_text.format(b"Version 2!\n".hex())
    return [statement.format(id=ID.format(n=number), other_text=other_text) for statement in statements]


@pytest.mark.parametrize(
    ("statements", "number"),
    [
        (of(2, "UPDATE articles_body SET codec = 0, data = {other_text} WHERE revision_id = {id}"), 2),
        (of(2, "UPDATE articles_revision SET summary = 'x' WHERE id = {id}"), 2),
        (of(3, "UPDATE articles_revision SET author_name = 'somebody' WHERE id = {id}"), 3),
        (of(1, "UPDATE articles_revision SET language = 'de' WHERE id = {id}"), 1),
        (of(2, "DELETE FROM articles_body WHERE revision_id = {id}"), 2),
        (of(2, *REMOVE), 2),
        (
            of(
                4,
                "UPDATE articles_article SET latest_revision_id = "
                + ID.format(n=3)
                + " WHERE slug = 'tides'",
                *REMOVE,
            ),
            4,
        ),
        (
            [
                "UPDATE articles_revision SET number = 99 WHERE number = 2 AND slug = 'tides'",
                "UPDATE articles_revision SET number = 2 WHERE number = 3 AND slug = 'tides'",
                "UPDATE articles_revision SET number = 3 WHERE number = 99 AND slug = 'tides'",
            ],
            2,
        ),
        (of(3, "UPDATE articles_article SET latest_revision_id = {id} WHERE slug = 'tides'"), 4),
    ],
    ids=["byte", "summary", "name", "language", "lost text", "deleted row", "cut tail", "swapped", "pointer"],
)
def test_alteration_is_found_with_article_and_number(tamper, statements, number):
    tamper(*statements)

    status, out = verify()

    assert status == 1
    assert f"tides: version {number}: " in out
    assert "innocent" not in out
    assert verify("innocent")[0] == 0


def test_account_deletion_is_no_alteration(history, author):
    author.delete()

    assert verify()[0] == 0


def test_unknown_article_is_an_error(history):
    with pytest.raises(CommandError, match="nowhere") as error:
        call_command("verify_history", "nowhere")
    assert error.value.returncode == 2


def test_article_without_its_first_version_is_damaged(history):
    Article.objects.create(slug="empty", head_sha256="0" * 64)

    assert verify("empty")[0] == 1
