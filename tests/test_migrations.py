"""Migrations in two steps: what a release before cannot live with is refused, so both run side by side."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements, get_sql_analyser_class

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="sites with several hosts have PostgreSQL"
)

# Migrations that take away what the release before no longer uses, each with the release that stopped to use it.
SECOND_STEPS: dict[str, str] = {}


def test_release_before_can_live_with_each_migration(db):
    linter = MigrationLinter(
        include_apps=["articles"],
        ignore_initial_migrations=True,
        ignore_name=SECOND_STEPS,
        all_warnings_as_errors=True,
        no_cache=True,
    )

    linter.lint_all_migrations()

    assert linter.nb_total > 0
    assert not linter.has_errors, "call `python -m django_migration_linter`, and read docs/scaling.md"


def faults(operation):
    """Return the codes of what the linter says of an operation after all migrations."""
    before = MigrationLoader(connection).project_state()
    after = before.clone()
    operation.state_forwards("articles", after)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        operation.database_forwards("articles", editor, before, after)
    statements = [sql for sql in editor.collected_sql if not sql.startswith("--")]
    errors, _, warnings = analyse_sql_statements(get_sql_analyser_class("postgresql"), statements)
    return {found.code for found in [*errors, *warnings]}


NEW = models.TextField(db_default="")
INDEX = models.Index(fields=["archived_at"], name="more")


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        (migrations.AddField("article", "more", NEW), set()),
        (migrations.AddField("article", "more", models.TextField(null=True)), set()),
        (migrations.CreateModel("more", [("id", models.BigAutoField(primary_key=True))]), set()),
        (migrations.AddField("article", "more", models.TextField(default="")), {"NOT_NULL"}),
        (migrations.RemoveField("article", "archived_at"), {"DROP_COLUMN"}),
        (migrations.RenameField("article", "slug", "address"), {"RENAME_COLUMN"}),
        (migrations.RenameModel("Hiding", "Covering"), {"RENAME_TABLE"}),
        (migrations.DeleteModel("Hiding"), {"DROP_TABLE"}),
        (migrations.AddIndex("article", INDEX), {"CREATE_INDEX"}),
    ],
)
def test_linter_tells_first_steps_from_second_ones(db, operation, expected):
    assert expected <= faults(operation)
    assert bool(faults(operation)) == bool(expected)
