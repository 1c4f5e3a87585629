"""`verify_history --against` reads files, folders and sites, and tells whether the log is the one that they keep."""

import http.server
import shutil
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from articles.proofs.notes import SigningKey
from articles.revisions import triggers
from articles.seals import fetching
from articles.seals.entries import SealedCheckpoint, SealedTile, SealLog
from tests.seals.conftest import seal, seal_key, sealed, verify  # noqa: F401

OTHER_SEED = "b3RoZXIga2V5IG9mIHRoZSB0ZXN0cywgb2YgMzIgYiE="


def status_of_seal(*arguments):
    with pytest.raises(CommandError) as error:
        seal(*arguments)
    return error.value.returncode, str(error.value)


@pytest.fixture
def kept(sealed, db, tmp_path):  # noqa: F811
    """A folder that keeps the checkpoint of a sealed history."""
    return Path(shutil.copytree(sealed, tmp_path / "kept"))


def alter_the_log():
    tile = SealedTile.objects.get(level=0, number=0)
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()
    SealedCheckpoint.objects.all().delete()


def cut_the_log():
    SealLog.objects.update(size=1)
    SealedCheckpoint.objects.all().delete()


def test_no_checkpoint_is_signed_over_another_log(kept):
    alter_the_log()
    files = sorted(kept.iterdir())

    status, message = status_of_seal("--to", str(kept))

    assert status == 1
    assert "are not those that a kept checkpoint sealed" in message
    assert sorted(kept.iterdir()) == files
    assert not SealedCheckpoint.objects.exists()


def test_log_that_was_rewritten_is_told_by_the_folder(kept):
    alter_the_log()

    status, out = verify("--against", str(kept))

    assert status == 1
    assert "entries signed others: the log was rewritten somewhere after entry 0" in out


def test_log_that_was_cut_is_told(kept):
    cut_the_log()

    status, out = verify("--against", str(kept))

    assert status == 1
    assert "signed more than there are now" in out


def test_entries_that_are_lost_are_counted(kept):
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM articles_sealedentry WHERE "index" IN (2, 3)')

    status, out = verify("--against", str(kept))

    assert status == 1
    assert "log: 2 of the entries 0 to " in out


def test_file_needs_a_key_and_takes_the_one_named(kept, settings):
    file = next(kept.glob("*.checkpoint"))
    key = (kept / "keys").read_text().strip()
    assert verify("--against", str(file))[0] == 0
    settings.SEAL_KEY = ""

    assert verify("--against", str(file))[0] == 2
    assert verify("--against", str(file), "--key", key)[0] == 0
    other = SigningKey.from_seed("cms.example.org", OTHER_SEED).verifier
    assert verify("--against", str(file), "--key", str(other))[0] == 2
    assert verify("--against", str(file), "--key", "nonsense")[0] == 2


@pytest.fixture
def host():
    """A host that answers with what it is given, by path; yields its URL and the answers."""
    answers = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answers.get(self.path, (404, b""))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_site_is_asked_for_its_checkpoint(kept, host):
    url, answers = host
    answers["/seal/checkpoint"] = 200, next(kept.glob("*.checkpoint")).read_bytes()

    assert verify("--against", f"{url}/articles/tides/")[0] == 0


@pytest.mark.parametrize(
    "answer", [(404, b""), (302, b"http://127.0.0.1:1/"), (200, b"x" * 200_000), (200, b"no")]
)
def test_site_that_answers_with_something_else_is_an_error(kept, host, answer):
    url, answers = host
    answers["/seal/checkpoint"] = answer

    assert verify("--against", url)[0] == 2


def test_host_that_is_silent_is_given_up(kept, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.05)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as silent:
        status, message = verify("--against", f"http://127.0.0.1:{silent.server_port}")

    assert status == 2
    assert "does not answer with a checkpoint" in message
