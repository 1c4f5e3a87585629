"""The settings read what their page documents, and the defaults are safe."""

import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent


def test_page_lists_the_variables_that_the_settings_read():
    read = set(re.findall(r'\benv(?:_list|_flag)?\(\s*"(\w+)"', (ROOT / "cms_site/settings.py").read_text()))
    listed = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))

    assert read == listed


def test_default_is_safe_without_any_environment():
    probe = (
        "import django; django.setup(); from django.conf import settings as s;"
        "print(s.DEBUG, len(s.SECRET_KEY) >= 50, sorted(s.ALLOWED_HOSTS), s.DATABASES['default']['ENGINE'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "cms_site.settings", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == [
        "False",
        "True",
        "['127.0.0.1',",
        "'[::1]',",
        "'localhost']",
        "django.db.backends.sqlite3",
    ]


def test_documented_production_settings_pass_the_deployment_check():
    page = (ROOT / "docs/deploy.md").read_text()
    (block,) = re.findall(r"```sh settings\n(SECRET_KEY=.*?)```", page, re.DOTALL)
    production = dict(line.split("=", 1) for line in block.splitlines())
    production |= {"SECRET_KEY": "x7Q" + "".join(chr(97 + n * 7 % 26) for n in range(60))}

    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PALIMPSEST_ENV": "", **production},
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stderr
    assert "no issues" in run.stdout


def settings_with(expression: str, **variables: str) -> str:
    """Return an expression of the settings `s`, as a process with these variables prints it."""
    environment = {"DJANGO_SETTINGS_MODULE": "cms_site.settings", "PATH": "/usr/bin:/bin", **variables}
    command = [sys.executable, "-c", f"from django.conf import settings as s; print({expression})"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_replicas_follow_the_primary_and_stand_for_it_in_tests():
    expression = "s.DATABASE_ROUTERS, [(a, d['HOST'], d.get('TEST')) for a, d in s.DATABASES.items()]"
    urls = {"DATABASE_URL": "postgres://db1/cms", "REPLICA_URLS": "postgres://db2/cms, postgres://db3/cms"}

    assert settings_with(expression, DATABASE_URL="postgres://db1/cms").startswith("[] ")
    assert settings_with(expression, **urls).strip() == (
        "['articles.http.replicas.Router'] [('default', 'db1', None),"
        " ('replica 1', 'db2', {'MIRROR': 'default'}), ('replica 2', 'db3', {'MIRROR': 'default'})]"
    )


def test_bucket_takes_the_place_of_the_folder():
    storage = partial(settings_with, "s.STORAGES['default']")

    assert "FileSystemStorage" in storage()
    bucket = storage(S3_BUCKET="pictures")
    assert "S3Storage" in bucket
    assert "'pictures'" in bucket


def test_sqlite_runs_in_wal_mode_with_foreign_keys_and_patience(db):
    if connection.vendor != "sqlite":
        assert settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
        return
    with connection.cursor() as cursor:
        values = {}
        for pragma in ("journal_mode", "foreign_keys", "busy_timeout", "recursive_triggers"):
            cursor.execute(f"PRAGMA {pragma}")
            (values[pragma],) = cursor.fetchone()
    assert values == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 20_000,
        "recursive_triggers": 1,
    }
    assert connection.transaction_mode == "IMMEDIATE"


def test_cut_network_is_noticed_within_seconds_on_both_sides(db):
    if connection.vendor != "postgresql" or not connection.settings_dict["HOST"]:
        pytest.skip("there is no network between")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('tcp_keepalives_idle'), current_setting('tcp_user_timeout')")
        assert cursor.fetchone() == ("3", "3000")  # else it keeps the locks of a save for two hours
    given = connection.connection.info.get_parameters()
    assert (given["connect_timeout"], given["keepalives_idle"], given["tcp_user_timeout"]) == (
        "2",
        "3",
        "3000",
    )


def test_requirements_are_pinned_and_each_gives_its_reason():
    for name in (
        "requirements.txt",
        "requirements-telemetry.txt",
        "requirements-proof.txt",
        "requirements-dev.txt",
    ):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w\[\],-]+==[\w.]+(; [^#]+)?\s+# .{10,}", line), line


def test_a_reader_verifies_proofs_with_the_version_that_the_site_has():
    pins = [
        re.findall(r"^[\w-]+==\S+", (ROOT / name).read_text(), re.MULTILINE)
        for name in ("requirements-proof.txt", "requirements.txt")
    ]

    assert pins[0]
    assert set(pins[0]) <= set(pins[1])


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", ["requirements.txt"]),
        ("requirements-dev.lock", ["requirements.txt", "requirements-telemetry.txt", "requirements-dev.txt"]),
    ],
)
def test_lock_holds_what_the_requirements_name_each_with_checksums(lock, requirements):
    named = "".join((ROOT / name).read_text() for name in requirements)
    wanted = re.findall(r"^([\w-]+)[^=\n]*==([\w.]+)", named, re.MULTILINE)
    lines = (ROOT / lock).read_text()
    locked = re.findall(r"^([\w-]+)[^=\n]*==(\S+)(.*?\\\n +--hash=sha256:[0-9a-f]{64})?", lines, re.MULTILINE)

    assert {(name.lower(), version) for name, version in wanted} <= {entry[:2] for entry in locked}
    assert [entry[0] for entry in locked if not entry[2]] == []
