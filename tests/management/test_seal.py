"""`seal` signs, keeps what it signed, and refuses."""

import pytest
from django.core.management import CommandError
from django.db import connection, transaction

from articles import workflow
from articles.models import Article
from articles.proofs.notes import SigningKey, open_checkpoint
from articles.revisions import triggers
from articles.seals.checkpoints import origin
from articles.seals.entries import SealedCheckpoint, SealedEntry, SealedTile
from tests.conftest import content
from tests.seals.conftest import SEED, history, seal, seal_key, verify  # noqa: F401

OTHER_SEED = "b3RoZXIga2V5IG9mIHRoZSB0ZXN0cywgb2YgMzIgYiE="


def status_of(*arguments):
    with pytest.raises(CommandError) as error:
        seal(*arguments)
    return error.value.returncode, str(error.value)


def test_checkpoint_names_the_site_and_is_signed_by_its_key(history):  # noqa: F811
    seal()

    note = SealedCheckpoint.objects.get().note
    key = SigningKey.from_seed(origin(), SEED).verifier
    checkpoint = open_checkpoint(note, [key])
    assert (checkpoint.origin, checkpoint.size) == ("cms.example.org", SealedEntry.objects.count())


def test_second_seal_without_news_makes_no_second_checkpoint(history):  # noqa: F811
    first = seal()
    assert "new ones: 0." in seal()

    assert SealedCheckpoint.objects.count() == 1
    assert "Sealed entries: " in first


@pytest.mark.parametrize(
    ("key", "told"),
    [("", "SEAL_KEY is not set"), ("AAAA", "SEAL_KEY cannot be used"), ("~", "cannot be used")],
)
def test_without_a_usable_key_nothing_is_sealed(history, settings, key, told):  # noqa: F811
    settings.SEAL_KEY = key

    status, message = status_of()

    assert status == 2
    assert told in message
    assert not key or key not in message
    assert not SealedEntry.objects.exists()


def test_empty_site_has_nothing_to_seal(db):
    assert status_of() == (2, "There is nothing to seal: this database holds no version.")


def test_folder_keeps_every_checkpoint_and_the_keys(history, save, settings, tmp_path):  # noqa: F811
    seal("--to", str(tmp_path))
    settings.SEAL_KEY = OTHER_SEED
    save("Another.\n")

    seal("--to", str(tmp_path))

    names = [path.name for path in sorted(tmp_path.iterdir())]
    assert len(names) == 3
    assert names[-1] == "keys"
    assert all(name.endswith(".checkpoint") for name in names[:-1])
    assert len((tmp_path / "keys").read_text().splitlines()) == 2
    assert verify("--against", str(tmp_path))[0] == 0


def test_no_checkpoint_is_signed_over_an_older_backup(history, save, tmp_path):  # noqa: F811
    with transaction.atomic():
        save("Lost.\n")
        seal("--to", str(tmp_path))
        transaction.set_rollback(True)

    status, message = status_of("--to", str(tmp_path))

    assert status == 1
    assert "or this is an older backup" in message


def test_own_checkpoint_binds_without_a_folder(history, save):  # noqa: F811
    seal()
    tile = SealedTile.objects.get(level=0, number=0)
    tile.hashes = bytes(32) + bytes(tile.hashes)[32:]
    tile.save()

    assert status_of()[0] == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"nothing of the kind\n", "A note is text"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b"x" * 200_000, "larger than 100,000 bytes"),
    ],
)
def test_file_that_is_no_checkpoint_is_an_error(history, tmp_path, data, told):  # noqa: F811
    file = tmp_path / "a.checkpoint"
    file.write_bytes(data)

    for source in (file, tmp_path):
        status, message = verify("--against", str(source))
        assert status == 2
        assert told in message
    assert status_of("--to", str(tmp_path))[0] == 2


def test_missing_file_and_empty_folder_are_errors(history, tmp_path):  # noqa: F811
    assert verify("--against", str(tmp_path / "none"))[0] == 2
    assert verify("--against", str(tmp_path)) == (2, f"{tmp_path} keeps no checkpoint.")
    assert verify("tides", "--against", str(tmp_path))[0] == 2


def test_empty_database_is_refused_unless_it_is_expected(db):
    status, message = verify()
    assert status == 2
    assert "holds no article" in message
    assert str(connection.settings_dict["NAME"]) in message

    assert verify("--empty")[0] == 0


def test_articles_where_none_is_expected_are_an_error(history):  # noqa: F811
    assert verify("--empty")[0] == 2


def test_thousands_of_faults_are_folded_into_lines(history, author, tmp_path):  # noqa: F811
    article = Article.objects.get(slug="tides")
    for number in range(5, 20):
        workflow.save_revision(article, by=author, content=content(f"Version {number}!\n"), base=number)
    seal("--to", str(tmp_path))
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_event SET reason = 'x' WHERE action = 'save'")

    status, out = verify("--against", str(tmp_path))

    assert status == 1
    assert 3 <= len(out.splitlines()) <= 5
    assert "tides: log entry" in out
