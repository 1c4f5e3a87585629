"""An import may be killed at any moment and goes on; who may import, what it reports, and what it never does."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles.exchange.imports import destination, importing
from articles.models import Article, Event, Image, ImportedVersion, Original, Revision
from articles.revisions.write_once import WriteOnceError
from articles.workflow import importing as operation
from tests import pictures
from tests.exchange.imports.importing import Wiki, bring_in, history_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def wiki(tmp_path):
    """A wiki of three pages, one renamed, with a picture and a draft."""
    wiki = Wiki(tmp_path / "wiki.git")
    for number in range(5):
        text = f"Version {number}.\n\n![tower](tower.png)\n" if number % 2 else f"Version {number}.\n"
        wiki.commit(f"step {number}", files={"Home.md": text, "tower.png": pictures.file()})
    wiki.commit("more", files={"Log.md": "Log.\n"})
    main = wiki.commit("moved", files={"Log.md": None, "The-log.md": "Log.\n"})
    wiki.commit("draft", head="refs/heads/draft", parents=[main], files={"Home.md": "Draft.\n"})
    return wiki


class Killed(BaseException):
    pass


def standing():
    """All that an import leaves of articles and versions, whatever the keys."""
    articles = Article.objects.order_by("slug").select_related("published_revision")
    return [
        (each.slug, each.published_revision and each.published_revision.number, history_of(each.slug))
        for each in articles
    ]


def without_tokens(found):
    """Pictures get random names."""
    return re.sub(r"images/[0-9a-f]{24}", "images/token", repr(found))


MOMENTS = [
    (importing, "import_versions"),
    (importing, "settle_import"),
    (destination, "upload_image"),
    (operation, "write_past_versions"),
    (operation, "record_image_uses"),
    (operation, "log_event"),
    (operation, "publish"),
]


@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment[1])
def test_import_that_is_killed_goes_on(administrator, wiki, monkeypatch, moment, is_after):
    """Killed at each turn of a moment, again and again, and then let go on: the result is that of one run."""
    monkeypatch.setattr(importing, "BATCH", 2)
    wished = {"state": "published", "drafts": True}
    with transaction.atomic():
        bring_in(wiki.folder, **wished)
        whole = without_tokens(standing())
        transaction.set_rollback(True)
    owner, name = moment
    act = getattr(owner, name)
    for turn in range(20):
        left = turn

        def killed(*args, **kwargs):
            nonlocal left
            left -= 1
            if left < 0 and not is_after:
                raise Killed
            result = act(*args, **kwargs)
            if left < 0:
                raise Killed
            return result

        monkeypatch.setattr(owner, name, killed)
        try:
            bring_in(wiki.folder, **wished)
            break
        except Killed:
            continue
    monkeypatch.setattr(owner, name, act)

    bring_in(wiki.folder, **wished)

    assert without_tokens(standing()) == whole
    assert Image.objects.count() == 1
    call_command("verify_history", pages=True)


def test_process_that_is_killed_leaves_whole_batches_and_goes_on(tmp_path, wiki):
    """SIGKILL, from outside, amid the second batch, on a database of its own."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "PALIMPSEST_ENV": ""}
    environment |= {
        "MEDIA_ROOT": str(tmp_path / "media"),
        "DJANGO_SUPERUSER_PASSWORD": "a long word of tests",
    }

    def run(code):
        script = (
            f"import django; django.setup(); from django.core.management import call_command as call; {code}"
        )
        environment["DJANGO_SETTINGS_MODULE"] = "cms_site.settings"
        return subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    account = "from django.contrib.auth.models import User; User.objects.create_superuser('a')"
    assert run(f"call('migrate', verbosity=0); {account}").returncode == 0
    patch = (
        "import os, signal; from articles.exchange.imports import importing;"
        "from articles.workflow import importing as op;"
        "importing.BATCH = 2; n = iter(range(9)); log = op.log_event;"
        "op.log_event = lambda *a, **k: log(*a, **k) if next(n) < 1 else os.kill(os.getpid(), signal.SIGKILL);"
    )
    bring = f"call('import_articles', {str(wiki.folder)!r}, account='a')"
    count = "from articles.models import Revision; print('rows', Revision.objects.count())"

    assert run(patch + bring).returncode == -signal.SIGKILL
    assert "rows 2\n" in run(count).stdout
    assert "Brought in 5 versions" in run(bring).stdout
    assert run("call('verify_history')").returncode == 0


def test_only_who_may_write_publish_and_manage_rules_may_import(wiki, author, moderator):
    for person in ("author", "moderator", "nobody"):
        status, out = bring_in(wiki.folder, by=person)
        assert (status, person in out) == (2, True)
    assert not Article.objects.exists()


def test_dry_run_says_the_same_and_writes_nothing(administrator, wiki):
    _, said = bring_in(wiki.folder, dry_run=True)

    assert "Would bring in 7 versions of 2 pages and 1 picture" in said
    assert not Article.objects.exists()
    assert not Image.objects.exists()
    assert "Brought in 7 versions of 2 pages and 1 picture" in bring_in(wiki.folder)[1]


def test_run_stops_when_its_minutes_are_over_and_goes_on(administrator, wiki, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    status, out = bring_in(wiki.folder, minutes=0.0)

    assert status == 1
    assert "Run the command again to go on." in out
    assert Revision.objects.count() == 2
    assert bring_in(wiki.folder, minutes=60.0)[0] == 0
    assert Revision.objects.count() == 7


def test_report_is_json(administrator, wiki, tmp_path):
    bring_in(wiki.folder, report=tmp_path / "report.json")

    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["versions"], report["pages"], report["states"]) == (7, 2, {"draft": 2})
    assert report["lines"] == [
        {
            "item": "branches",
            "text": "1 commits of other branches stay out; --drafts brings them in as drafts",
        }
    ]


def test_queue_and_address_that_is_taken(administrator, save, wiki):
    save(slug="home")

    _, out = bring_in(wiki.folder, state="queue")

    assert "home: this address is taken; the page comes in at “home-2”" in out
    assert Article.objects.get(slug="home-2").revisions.count() == 5
    assert Event.objects.filter(action="submit").count() == 2


def test_each_batch_is_one_entry_of_the_log(administrator, wiki):
    bring_in(wiki.folder)

    event = Event.objects.filter(action="import").order_by("pk").first()
    assert (event.actor, event.door) == (administrator, "command")
    assert event.detail.startswith("versions 1 to 5, from git:")


def test_what_was_brought_in_is_written_once(administrator, wiki):
    bring_in(wiki.folder)

    for rows in (ImportedVersion.objects, Original.objects):
        with pytest.raises(WriteOnceError):
            rows.all().delete()
    with pytest.raises(Exception, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_importedversion")


def test_source_that_is_none_is_refused(administrator, tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Ada")
    (tmp_path / "link").symlink_to(tmp_path / "letter.txt")

    assert bring_in(tmp_path / "letter.txt")[0] == 2
    assert "not followed" in bring_in(tmp_path / "link")[1]
    assert bring_in(tmp_path / "gone")[0] == 2
    assert not Revision.objects.exists()


@pytest.mark.parametrize("name", ["pipe", "pipe.zip", "pipe.xml"])
def test_pipe_is_refused_and_not_waited_for(administrator, tmp_path, name):
    os.mkfifo(tmp_path / name)

    status, out = bring_in(tmp_path / name)

    assert (status, "a pipe or device" in out) == (2, True)


def test_folders_that_are_not_there_are_named(administrator, wiki, tmp_path):
    (tmp_path / "wiki.xml").write_text(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/"></mediawiki>'
    )

    refused = bring_in(tmp_path / "wiki.xml", pictures=tmp_path / "none")
    unwritten = bring_in(wiki.folder, report=tmp_path / "none" / "report.json")

    assert (refused[0], "none" in refused[1]) == (2, True)
    assert (unwritten[0], "The report was not written" in unwritten[1]) == (1, True)


def test_encoding_that_is_none_is_refused(administrator, wiki):
    status, out = bring_in(wiki.folder, encoding="morse")

    assert (status, out) == (2, "There is no encoding named 'morse'.")


def test_commands_of_the_page_run(administrator, wiki, tmp_path, monkeypatch):
    """Each `import_articles` that the docs show, with a bundle of its name."""
    wiki.bundle(tmp_path / "wiki.bundle")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    python manage.py (import_articles .+)$", page, re.MULTILINE)

    for command in commands:
        call_command(*command.split())

    assert len(commands) == 2
    assert json.loads((tmp_path / "report.json").read_text())["versions"] == 7
