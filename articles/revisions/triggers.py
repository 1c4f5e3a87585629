"""Database triggers that refuse to change or delete write-once rows.

They guard against a stray query, a shell and another program with the application's rights; whoever owns the
database can drop them, and then `verify_history` tells what was altered. Two changes pass: a column that names
an account may become null, since accounts can be deleted; and a transaction may store a text in another way once it
has noted the revision in `articles_repacking`, which it empties before it ends.

A migration that alters one of these tables on SQLite makes the table anew and drops its triggers: it has to end
with `install`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

# table: the column that may become null
TABLES = {
    "articles_revision": "author_id",
    "articles_body": None,
    "articles_attribution": None,
    "articles_publication": None,
    "articles_event": "actor_id",
    "articles_ruleversion": "made_by_id",
    "articles_rulehit": "author_id",
    "articles_sealedentry": None,
    "articles_importedversion": None,
    "articles_original": None,
}
_REPACKED = "articles_body"
_REPACKING = "articles_repacking"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers, replacing existing ones."""
    drop(connection)
    triggers = _sqlite_triggers if connection.vendor == "sqlite" else _postgresql_triggers
    with connection.cursor() as cursor:
        for table, nullable in TABLES.items():
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            passes = []
            if nullable:
                passes.append(_forgets(connection, nullable, columns))
            if table == _REPACKED:
                noted = f"SELECT 1 FROM {_REPACKING} WHERE revision_id = OLD.revision_id"  # noqa: S608
                passes.append(f"NEW.revision_id = OLD.revision_id AND EXISTS ({noted})")
            for statement in triggers(table, " OR ".join(f"({change})" for change in passes)):
                cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers that exist."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_write_once ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")


@contextmanager
def dropped(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Drop the triggers while the block runs, and install them again afterwards."""
    drop(connection)
    try:
        yield
    finally:
        install(connection)


def _forgets(connection: BaseDatabaseWrapper, nullable: str, columns: list[str]) -> str:
    """Return the SQL condition that an update sets one column to null and changes no other."""
    same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
    kept = [f'OLD."{column}" {same} NEW."{column}"' for column in columns if column != nullable]
    return " AND ".join([*kept, f'NEW."{nullable}" IS NULL'])


def _sqlite_triggers(table: str, passes: str) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    unless = f"WHEN NOT ({passes}) " if passes else ""
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {unless}{refuse}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"


def _postgresql_triggers(table: str, passes: str) -> Iterator[str]:
    unless = f"IF TG_OP = 'UPDATE' THEN IF {passes} THEN RETURN NEW; END IF; END IF;" if passes else ""
    yield f"""
        CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {unless}
            RAISE EXCEPTION '{table} is written once' USING ERRCODE = 'restrict_violation';
        END $$"""
    yield f"""
        CREATE TRIGGER {table}_write_once BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"""
    yield f"""
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"""
