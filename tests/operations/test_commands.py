"""`setup`, `backup`, `restore_backup`, `upgrade` and `doctor` as an operator calls them."""

import json
import os
import sys
from base64 import b64encode
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from articles import workflow
from articles.management.commands import setup, upgrade
from articles.models import Review
from articles.operations import examining
from articles.operations.errors import BadBackup
from articles.proofs.notes import SigningKey
from articles.seals.entries import SealedCheckpoint
from articles.tasks.background_tasks import BackgroundTask
from cms_site import environment
from tests.management.test_commands import run
from tests.tasks.kinds import note


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_ROOT = tmp_path / "backups"
    umask = os.umask(0o022)  # which the commands change
    yield
    os.umask(umask)


# setup


def test_setup_writes_private_settings_and_begins_again_with_them(tmp_path, monkeypatch):
    path, calls = tmp_path / "site.env", []
    monkeypatch.setattr(environment, "path", lambda: path)
    monkeypatch.setattr(setup.os, "execv", lambda *call: calls.append(call))
    monkeypatch.setattr(setup, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(setup.Command, "_folders", lambda self: [])
    monkeypatch.setattr(setup.os, "environ", {})

    for host in ("cms.example.org", "other.example.org"):
        call_command("setup", "--host", host, "--data", str(tmp_path), stdout=StringIO())

    lines = dict(line.split("=", 1) for line in path.read_text().splitlines())
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(lines.pop("SECRET_KEY")) > 50
    assert SigningKey.from_seed("cms.example.org", lines["SEAL_KEY"])
    assert lines["DATABASE_URL"] == f"sqlite:///{tmp_path}/db.sqlite3"
    assert lines["ALLOWED_HOSTS"] == "cms.example.org"
    assert lines["HTTPS"] == "1"
    assert calls == [(sys.executable, [sys.executable, *sys.argv])]


def test_setup_makes_the_administrator_once_and_refuses_unfit_names(db, monkeypatch, tmp_path):
    monkeypatch.setattr(setup, "call_command", lambda *_, **__: None)
    monkeypatch.setattr(setup.Command, "_folders", lambda self: [tmp_path / "data"])

    first, second, unfit = (
        run("setup", "--admin", name) for name in ("ada", "ada", "\N{CYRILLIC SMALL LETTER A}da")
    )

    password = first[1].split("password ")[1].split("\n")[0]
    assert User.objects.get(is_superuser=True).check_password(password)
    assert second == (0, "The site is set up.\n")
    assert unfit[0] == 2
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


# backup, restore_backup, upgrade


def test_restoring_no_backup_ends_with_2(db, tmp_path):
    (tmp_path / "x.tar").write_bytes(b"x" * 2000)

    assert run("restore_backup", tmp_path / "x.tar")[0] == 2
    assert "No such file" in run("restore_backup", tmp_path / "none.tar")[1]


def test_upgrade_backs_up_before_anything_else_and_names_the_way_back(db, monkeypatch, tmp_path):
    done = []
    monkeypatch.setattr(
        upgrade, "back_up", lambda directory, **_: done.append(directory) or (directory / "b.tar", [])
    )
    monkeypatch.setattr(upgrade, "call_command", lambda name, **_: done.append(name))

    status, out = run("upgrade")

    assert done == [tmp_path / "backups", "migrate", "collectstatic", "repack", "check"]
    assert f"restore_backup {tmp_path}/backups/b.tar --into-non-empty" in out
    assert status == 0


def test_upgrade_without_a_backup_changes_nothing(db, monkeypatch):
    def fail(*_, **__):
        raise BadBackup("the disk is full")

    monkeypatch.setattr(upgrade, "back_up", fail)
    monkeypatch.setattr(upgrade, "call_command", fail)

    with pytest.raises(CommandError, match="the disk is full") as error:
        call_command("upgrade", stdout=StringIO())
    assert error.value.returncode == 2


# doctor


def advice():
    """The topics with a problem, and what to do."""
    return {finding.topic: finding.advice for finding in examining.examine() if finding.advice}


def test_doctor_says_what_to_do(db, settings, tmp_path, monkeypatch):
    (tmp_path / "backups").mkdir(mode=0o755)
    monkeypatch.setattr(examining, "LEAST_FREE_BYTES", 2**80)
    monkeypatch.setattr(examining.checks, "run_checks", lambda **_: [])
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    told = advice()

    assert told["files"].startswith("chmod -R go= ")
    assert told["backups"].startswith("Run manage.py backup")
    assert told["disk"].startswith("Make room")
    assert told["mail"].startswith("Correct EMAIL_HOST")
    assert told["static files"].startswith("Run manage.py collectstatic")
    assert not told.keys() & {"versions", "database", "migrations", "tasks", "settings"}


def test_doctor_sees_that_no_worker_runs(db):
    note.enqueue("word")
    BackgroundTask.objects.update(run_after=timezone.now() - timedelta(minutes=11))

    assert next(examining._tasks())[1] == "Start a worker: manage.py run_tasks."


def test_doctor_sees_that_a_version_waits_too_long(save, author, settings):
    assert list(examining._queue()) == [("Nothing waits for a moderator", "")]

    review = workflow.submit(save(), by=author)
    settings.QUEUE_AGE_HOURS = 24
    for hours, has_advice in ((24, False), (25, True)):
        Review.objects.update(submitted_at=timezone.now() - timedelta(hours=hours, seconds=-5))
        ((text, advice),) = examining._queue()
        assert bool(advice) is has_advice
    assert text == "What waits longest was submitted 24 hours ago"
    assert review.pk


def test_doctor_says_how_old_the_last_seal_is(save, settings, monkeypatch):
    settings.SEAL_KEY = ""
    assert "seals" not in advice()
    settings.SEAL_KEY = b64encode(bytes(32)).decode()
    save()
    assert "seals" not in advice()  # a new site
    with monkeypatch.context() as later:
        later.setattr(examining, "OLDEST_SEAL", timedelta(0))
        assert advice()["seals"].startswith("Run manage.py seal")

    run("seal")
    SealedCheckpoint.objects.update(made_at=timezone.now() - timedelta(days=3))
    assert "seals" not in advice()  # nothing is new
    save("Another.\n")

    assert advice()["seals"].startswith("Run manage.py seal")


def test_doctor_looks_at_replicas_and_at_what_hosts_share(monkeypatch, settings):
    settings.S3_BUCKET = settings.REDIS_URL = ""
    systems = {"default": ("7",), "replica 1": ("7",), "replica 2": ("8",), "replica 3": ("7",)}
    behind = {"replica 1": (12345,), "replica 3": ()}

    def row(alias, question, *values):
        return {examining._SYSTEM: systems, examining._BEHIND: behind}.get(question, {"default": ("0/1",)})[
            alias
        ]

    monkeypatch.setattr(examining, "connections", systems)
    monkeypatch.setattr(examining, "_row", row)

    assert list(examining._hosts()) == [
        ("replica 1 is 12,345 bytes behind", ""),
        ("replica 2 is another database", "Correct REPLICA_URLS."),
        (
            "replica 3 follows no primary",
            "Make it a streaming replica, or take it out of REPLICA_URLS.",
        ),
        ("Images are in a folder of this host", "Set S3_BUCKET, unless all web hosts share the folder."),
        ("Each process keeps its own pages", "Set REDIS_URL, unless there is one web host."),
    ]


def test_doctor_goes_on_after_a_check_that_cannot_be_made(monkeypatch):
    def fail():
        raise OSError("no such disk")

    monkeypatch.setattr(examining, "CHECKS", {"disk": fail, "mail": examining._mail})

    assert [(each.topic, bool(each.advice)) for each in examining.examine()] == [
        ("disk", True),
        ("mail", False),
    ]


@pytest.mark.parametrize(
    ("findings", "status"), [([("mail", "none", "")], 0), ([("mail", "none", "Set it.")], 1)]
)
def test_status_and_json_of_doctor(db, monkeypatch, findings, status):
    found = [examining.Finding(*each) for each in findings]
    monkeypatch.setattr("articles.management.commands.doctor.examine", lambda: found)

    ended, out = run("doctor", "--json")

    assert ended == status
    assert json.loads(out) == [{"topic": "mail", "text": "none", "advice": findings[0][2]}]


def test_doctor_without_a_database_ends_with_2(monkeypatch):
    def fail():
        raise OperationalError("connection refused")

    lost = SimpleNamespace(ensure_connection=fail)
    monkeypatch.setattr("articles.management.commands.doctor.connection", lost)

    assert run("doctor") == (2, "connection refused")
