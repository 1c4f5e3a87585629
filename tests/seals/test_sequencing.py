"""The sequencer: every row once, without a gap, whatever stops it and whoever runs beside it."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Event, Publication, Rendering, Revision
from articles.proofs import tree
from articles.revisions.codec import compress
from articles.seals import sequencing
from articles.seals.checkpoints import sign_checkpoint, signing_key
from articles.seals.entries import SealedEntry, SealedTile, SealLog
from articles.seals.kinds import KINDS, PAGE, REVISION, leaf_of
from articles.seals.sequencing import count_unsealed, seal_new
from articles.seals.tiles import stored_nodes

from .conftest import seal, verify


def seal_all():
    return sum(seal_new())


def leaves():
    """The hashes that the entries have to have, in order."""
    log = SealLog.stored()
    rows = {number: kind.with_keys(kind.rows.values_list("pk", flat=True)) for number, kind in KINDS.items()}
    return [
        leaf_of(log, KINDS[entry.kind], rows[entry.kind][entry.key])
        for entry in SealedEntry.objects.order_by("index")
    ]


def is_whole():
    """Whether the indices have no gap, and the tree is that over the entries."""
    size = SealLog.stored().size
    indices = list(SealedEntry.objects.order_by("index").values_list("index", flat=True))
    return indices == list(range(size)) and tree.root_at(size, stored_nodes()) == tree.root(leaves())


def test_every_row_gets_one_entry_and_a_second_call_adds_none(history):
    rows = sum(kind.rows.count() for kind in KINDS.values())

    assert seal_all() == rows == SealedEntry.objects.count()
    assert seal_all() == 0
    assert count_unsealed() == 0
    assert {entry.kind for entry in SealedEntry.objects.all()} == KINDS.keys()
    assert is_whole()


def test_new_rows_are_added_behind_those_that_are_sealed(history, save):
    seal_all()
    before = list(SealedEntry.objects.order_by("index").values_list("index", "kind", "key"))

    save("Another.\n")
    added = seal_all()

    after = list(SealedEntry.objects.order_by("index").values_list("index", "kind", "key"))
    assert after[: len(before)] == before
    assert len(after) == len(before) + added
    assert [index for index, _kind, _key in after] == list(range(len(after)))
    assert {kind for _index, kind, _key in after[len(before) :]} == {REVISION.number, 1, PAGE.number}


@pytest.mark.parametrize("stopped_after", range(4))
def test_sequencer_that_is_stopped_goes_on_where_it_was(history, monkeypatch, stopped_after):
    monkeypatch.setattr(sequencing, "AT_ONCE", 3)
    parts = seal_new()
    sealed = sum(next(parts) for _ in range(stopped_after))
    parts.close()
    with monkeypatch.context() as broken:
        broken.setattr(sequencing, "append", stop)
        with pytest.raises(RuntimeError):
            seal_all()
    assert SealedEntry.objects.count() == sealed

    seal_all()
    assert is_whole()
    assert count_unsealed() == 0


def stop(*args, **kwargs):
    raise RuntimeError("killed")


def test_tiles_of_many_levels_are_those_of_the_tree(history, monkeypatch):
    monkeypatch.setattr("articles.seals.tiles.HEIGHT", 1)
    monkeypatch.setattr("articles.seals.tiles.WIDTH", 2)
    monkeypatch.setattr(sequencing, "AT_ONCE", 5)

    seal_all()

    assert SealedTile.objects.filter(level=4).exists()
    assert is_whole()


def test_row_that_commits_after_one_with_a_higher_key_is_sealed_next_time(history, author):
    """On PostgreSQL, keys do not come in the order of commits."""
    event = Event.objects.order_by("pk").first()
    late = Event.objects.order_by("-pk").first().pk + 1
    copy = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
    Event(**copy | {"id": late + 1}).save()
    seal_all()

    Event(**copy | {"id": late}).save()

    assert seal_all() == 1
    assert SealedEntry.objects.get(kind=1, key=late).index == SealLog.stored().size - 1
    assert is_whole()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_open_transaction_delays_nobody_and_its_row_is_sealed_afterwards(history, author, save):
    begun, may_end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            event = Event.objects.order_by("pk").first()
            copy = {field.attname: getattr(event, field.attname) for field in Event._meta.concrete_fields}
            copy.pop("id")
            Event(**copy).save()
            begun.set()
            may_end.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait(10)
    save("Another.\n")  # gets higher keys, and is committed first
    seal_all()
    may_end.set()
    writer.join()

    assert seal_all() == 1
    assert is_whole()


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_seal_every_row_once(history, monkeypatch):
    monkeypatch.setattr(sequencing, "AT_ONCE", 4)
    failures = []

    def run():
        try:
            seal_all()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert count_unsealed() == 0
    assert is_whole()


def test_a_save_and_a_publication_ask_nothing_of_the_log(history, save, moderator):
    seal_all()
    with CaptureQueriesContext(connection) as asked:
        workflow.publish(save("Another.\n"), by=moderator)

    assert len(asked) > 10
    assert [query for query in asked.captured_queries if "seal" in query["sql"]] == []


def test_equal_content_has_different_leaves_on_two_sites(history):
    """Whoever guesses a hidden text cannot test the guess with the public tiles."""
    log = SealLog.locked()
    row = next(iter(REVISION.read(REVISION.rows)))
    other = SealLog(secret=b"another secret of 32 bytes, here.")

    assert leaf_of(log, REVISION, row) != leaf_of(other, REVISION, row)
    assert len(log.salt(0, 1)) == 16
    assert len({log.salt(0, 1), log.salt(0, 2), log.salt(1, 1), log.salt(11, 1), log.salt(1, 11)}) == 5


def test_deleting_an_account_and_hiding_break_no_seal(history, author, moderator, administrator, tmp_path):
    seal("--to", str(tmp_path))
    for account in (author, moderator):
        account.delete()
    revision = Revision.objects.get(article__slug="tides", number=4)
    workflow.hide(revision, by=administrator, parts=["text", "summary", "author"], reason="Private.")

    assert verify("--against", str(tmp_path))[0] == 0
    seal("--to", str(tmp_path))
    assert verify("--against", str(tmp_path))[0] == 0
    assert len(list(tmp_path.glob("*.checkpoint"))) == 2


def test_page_of_an_older_policy_that_is_handed_on_is_no_fault(history, tmp_path):
    """As `rescan` does, before `resanitize` has made the page anew."""
    old = Rendering.objects.with_revision().get(revision__article__slug="tides", revision__number=5)
    old.policy_version = "0"
    old.kept_page = compress("<p>as it was</p>\n", beside=old.revision.source.encode())
    old.save()
    seal("--to", str(tmp_path))

    newer = Rendering.objects.get(pk=old.pk)
    newer.pk, newer._state.adding = None, True
    newer.save()
    Rendering.objects.filter(pk=old.pk).drop_pages()

    assert verify("--against", str(tmp_path))[0] == 0


def test_page_that_is_dropped_is_no_fault(history, save, tmp_path):
    seal("--to", str(tmp_path))
    save("Another.\n")  # drops the page of version 5

    assert verify("--against", str(tmp_path))[0] == 0
    assert Publication.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_signing_locks_the_log(history):
    """Otherwise the newest of two checkpoints might be the smaller one, and a witness would see the log shrink."""
    seal_all()

    with CaptureQueriesContext(connection) as queries:
        sign_checkpoint(signing_key())

    assert any("FOR UPDATE" in query["sql"] for query in queries.captured_queries)
