"""A backup brings a whole site back, or changes nothing."""

import secrets
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import override_settings

from articles import workflow
from articles.models import Article, Image, Revision
from articles.operations import archives, kinds, verifying
from articles.operations.backing_up import back_up
from articles.operations.errors import BadBackup, Refused
from articles.operations.restoring import restore
from articles.proofs import tree
from articles.revisions import triggers
from articles.seals.checkpoints import checkpoint_of
from articles.seals.entries import SealedCheckpoint, SealedEntry, SealedTile
from articles.seals.tiles import split
from tests.conftest import FLAGGED, content
from tests.pictures import file
from tests.seals.conftest import SEED

SECRET = "The key hangs behind the clock.\n"
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="about files of SQLite")


@pytest.fixture
def other_databases(db, django_db_blocker, monkeypatch):
    """Lets a test reach databases beside its own, which Django's test cases forbid."""
    real = django_db_blocker._real_ensure_connection
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", real)


@contextmanager
def reached(connection, name, alias="target"):
    """Connects to another database under another alias."""
    options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"}
    connections.settings[alias] = {**connection.settings_dict, "NAME": name, "OPTIONS": options}
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


@pytest.fixture
def target(tmp_path, other_databases):
    """A connection to an empty database beside the one of the tests, which a site could have."""
    if connection.vendor == "sqlite":
        with reached(connection, str(tmp_path / "site.sqlite3")) as target:
            yield target
        return
    name = f"target_{secrets.token_hex(4)}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        with reached(connection, name) as target:
            yield target
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name])
            for (left,) in cursor.fetchall():
                cursor.execute(f"DROP DATABASE {left} WITH (FORCE)")


@pytest.fixture
def storage(tmp_path):
    return FileSystemStorage(tmp_path / "restored-media")


@pytest.fixture(scope="module")
def backup(django_db_setup, django_db_blocker, tmp_path_factory):
    """A backup of two versions, the first hidden, and a picture; made once, in a copy of the database of the tests."""
    folder = tmp_path_factory.mktemp("site")
    kind, name = kinds.of(connection), f"origin_{secrets.token_hex(4)}"
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder / "media"):
        kind.dump(connection, folder / "dump")
        try:
            with verifying.pointed_at(connection, kind.load(connection, folder / "dump", name)):
                _fill()
                path, faults = back_up(folder / "backups", connection=connection, storage=FileSystemStorage())
        finally:
            kind.drop(connection, name)
    assert faults == []
    return path


def _fill():
    author = User.objects.create_user("ada")
    author.groups.set(Group.objects.filter(name="authors"))
    first = workflow.save_revision(None, by=author, content=content(SECRET), base=None)
    administrator = User.objects.create_superuser("root")
    workflow.hide(first, by=administrator, parts=["text"], reason="Keys are private.")
    article = Article.objects.select_related("latest_revision").get()
    workflow.save_revision(article, by=author, content=content(FLAGGED), base=1)
    workflow.upload_image(ContentFile(file()), alt="A gate.", by=author)
    with override_settings(SEAL_KEY=SEED):
        call_command("seal", stdout=StringIO())


def texts(target):
    return [each.body.text for each in Revision.objects.using(target.alias).with_text().order_by("number")]


def names_beside(target):
    """The databases beside the target, without the journals of SQLite."""
    if connection.vendor == "sqlite":
        folder = Path(target.settings_dict["NAME"]).parent
        return {
            path.name for path in folder.glob("site.sqlite3*") if not path.name.endswith(("-wal", "-shm"))
        }
    with connection._nodb_cursor() as cursor:
        prefix = target.settings_dict["NAME"]
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return {name for (name,) in cursor.fetchall()}


def test_lost_site_comes_back_whole_hidden_guarded_and_sealed(backup, target, storage):
    restored = restore(backup, connection=target, storage=storage)

    assert texts(target) == [SECRET, FLAGGED]
    assert Revision.objects.using("target").get(number=1).hidings.get().parts == ["text"]
    (image,) = Image.objects.using("target")
    with storage.open(next(image.paths)) as picture:
        assert archives.digest(picture) == image.sha256
    with pytest.raises(DatabaseError, match="written once"), target.cursor() as cursor:
        cursor.execute("DELETE FROM articles_body")
    checkpoint = checkpoint_of(SealedCheckpoint.objects.using("target").get())
    tile = SealedTile.objects.using("target").get(level=0)
    assert tree.root(split(bytes(tile.hashes))) == checkpoint.root
    assert SealedEntry.objects.using("target").count() == checkpoint.size
    assert restored.aside is None
    assert len(names_beside(target)) == 1


def test_backup_is_one_file_for_its_owner_only(backup):
    assert list(backup.parent.iterdir()) == [backup]
    assert backup.parent.stat().st_mode & 0o777 == 0o700
    assert backup.stat().st_mode & 0o777 == 0o600


def test_site_that_is_not_empty_is_replaced_only_on_demand_and_kept(backup, target, storage):
    with target.cursor() as cursor:
        cursor.execute("CREATE TABLE precious (id integer)")
    with pytest.raises(Refused, match="not empty"):
        restore(backup, connection=target, storage=storage)

    restored = restore(backup, connection=target, storage=storage, is_empty_only=False)

    assert texts(target) == [SECRET, FLAGGED]
    aside = restored.aside
    if connection.vendor == "sqlite":
        aside = str(Path(target.settings_dict["NAME"]).with_name(aside))
    with reached(target, aside, "old") as old:
        assert old.introspection.table_names() == ["precious"]


@only_sqlite
def test_backup_tells_what_was_damaged_before_and_is_restored_all_the_same(
    transactional_db, save, target, storage, tmp_path
):
    save()
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET summary = 'forged'")

    path, faults = back_up(tmp_path / "backups", connection=connection, storage=storage)

    assert faults == ["tides: version 1: does not match its checksum and its predecessor's"]
    assert restore(path, connection=target, storage=storage).facts.faults == faults


@only_sqlite
def test_backup_without_a_picture_that_it_knows_changes_nothing(backup, target, storage, tmp_path):
    path = tmp_path / "backup.tar"
    with archives.reading(backup) as archive, archives.writing(path, archive.facts) as writer:
        database = archive.members[archives.DATABASE]
        writer.add(database.name, archive.open(database.name), database.size)
    before = names_beside(target)

    with pytest.raises(BadBackup, match="the file of an image is missing"):
        restore(path, connection=target, storage=storage)

    assert names_beside(target) == before
    assert storage.exists("images") is False


def test_failure_at_the_last_step_leaves_the_site_as_it_was(backup, target, storage, monkeypatch):
    def fail(*_, **__):
        raise OSError("the disk is full")

    with target.cursor() as cursor:
        cursor.execute("CREATE TABLE precious (id integer)")
    before = names_beside(target)
    monkeypatch.setattr(kinds.of(connection), "exchange", fail)

    with pytest.raises(OSError, match="the disk is full"):
        restore(backup, connection=target, storage=storage, is_empty_only=False)

    assert target.introspection.table_names() == ["precious"]
    assert names_beside(target) == before
    assert storage.listdir("images") == ([], [])


def test_site_in_use_is_not_replaced(backup, target, storage):
    with target.cursor() as cursor:
        cursor.execute("CREATE TABLE precious (id integer)")
    name = target.settings_dict["NAME"]

    with reached(target, name, "other") as other, other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM precious")
        with pytest.raises(Refused, match="in use"):
            restore(backup, connection=target, storage=storage, is_empty_only=False)

    assert target.introspection.table_names() == ["precious"]


FACTS = archives.Facts("2027-03-01T12:00:00+00:00", "0.2.0", connection.vendor, "3.40", [])


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"kind": "oracle"}, f"It is of oracle, and this site's database is {connection.vendor}"),
        ({"migrations": ["articles.9999_moon"]}, "newer release .*migration articles.9999_moon"),
    ],
)
def test_backup_that_does_not_fit_is_refused(target, storage, tmp_path, facts, refusal):
    path = tmp_path / "backup.tar"
    with archives.writing(path, replace(FACTS, **facts)) as writer:
        writer.add(archives.DATABASE, ContentFile(b"rows"), 4)

    with pytest.raises(Refused, match=refusal):
        restore(path, connection=target, storage=storage)


def test_garbage_for_a_database_changes_nothing(target, storage, tmp_path):
    path = tmp_path / "backup.tar"
    with archives.writing(path, FACTS) as writer:
        writer.add(archives.DATABASE, ContentFile(b"rows"), 4)
    before = names_beside(target)

    with pytest.raises(BadBackup, match=r"Its database (is damaged|cannot be restored)"):
        restore(path, connection=target, storage=storage)

    assert names_beside(target) == before


@only_sqlite
@pytest.mark.parametrize("is_file_left", [True, False])
def test_journal_of_the_old_database_does_not_reach_the_new_one(
    backup, target, storage, tmp_path, is_file_left
):
    """A copied file over an old one is destroyed by the journal of that one ("malformed database schema")."""
    site = Path(target.settings_dict["NAME"])
    killed = tmp_path / "killed.sqlite3"
    with closing(sqlite3.connect(killed)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.executescript("CREATE TABLE precious (id integer); INSERT INTO precious VALUES (7)")
        for suffix in ("", "-wal", "-shm") if is_file_left else ("-wal", "-shm"):
            shutil.copy(f"{killed}{suffix}", f"{site}{suffix}")

    restored = restore(backup, connection=target, storage=storage, is_empty_only=False)

    assert texts(target) == [SECRET, FLAGGED]
    if is_file_left:
        with closing(sqlite3.connect(site.with_name(restored.aside))) as old:
            assert old.execute("SELECT id FROM precious").fetchall() == [(7,)]


@only_sqlite
def test_damaged_file_is_replaced_and_kept(backup, target, storage):
    site = Path(target.settings_dict["NAME"])
    site.write_bytes(b"no database at all" * 100)

    restored = restore(backup, connection=target, storage=storage, is_empty_only=False)

    assert texts(target) == [SECRET, FLAGGED]
    assert site.with_name(restored.aside).read_bytes().startswith(b"no database")
