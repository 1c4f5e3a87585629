"""Triggers by which the database itself refuses to change or delete what is written once.

They guard against a stray query, a shell and another program with the application's rights; whoever owns the
database can lift them, and then `verify_history` tells what was altered. One change passes: a column that names
an account may become null, since accounts can be deleted.

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
    "articles_publication": None,
    "articles_event": "actor_id",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, replacing those that stand."""
    lift(connection)
    triggers = _sqlite_triggers if connection.vendor == "sqlite" else _postgresql_triggers
    with connection.cursor() as cursor:
        for table, nullable in TABLES.items():
            columns = [c.name for c in connection.introspection.get_table_description(cursor, table)]
            for statement in triggers(table, nullable, columns):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_write_once ON {table}")
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The triggers away while the block runs."""
    lift(connection)
    try:
        yield
    finally:
        install(connection)


def _sqlite_triggers(table: str, nullable: str | None, columns: list[str]) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
    same = " AND ".join(f'OLD."{c}" IS NEW."{c}"' for c in columns if c != nullable)
    forgets = f'NOT ({same} AND NEW."{nullable}" IS NULL)' if nullable else "1"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN {forgets} {refuse}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"


def _postgresql_triggers(table: str, nullable: str | None, columns: list[str]) -> Iterator[str]:
    forgets = (
        f"""IF TG_OP = 'UPDATE' AND NEW.{nullable} IS NULL
            AND to_jsonb(NEW) - '{nullable}' = to_jsonb(OLD) - '{nullable}' THEN RETURN NEW; END IF;"""
        if nullable
        else ""
    )
    yield f"""
        CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            {forgets}
            RAISE EXCEPTION '{table} is written once' USING ERRCODE = 'restrict_violation';
        END $$"""
    yield f"""
        CREATE TRIGGER {table}_write_once BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"""
    yield f"""
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"""
