"""Texts are stored small, read back as they were written, and prove it on every read."""

import random
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.models import Article, Body, DamagedText, Rendering, Repacking, Revision
from articles.revisions import codec, triggers
from articles.revisions.repacking import repack
from tests.conftest import FLAGGED
from tests.management.test_commands import run

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
WORDS = [f"word{n}" for n in range(2_000)]


@given(text=TEXT, base=TEXT, distance=st.integers(1, 100))
def test_any_text_reads_back_beside_any_other(text, base, distance):
    for keyframe in (codec.encode(base), codec.Stored(codec.Codec.PLAIN, base.encode())):
        stored = codec.encode(text, keyframe=keyframe, distance=distance)

        assert codec.decode(stored, keyframe=keyframe) == text


@given(text=TEXT, base=TEXT, place=st.integers(0), byte=st.integers(1, 255))
def test_changed_bytes_never_raise_anything_but_undecodable(text, base, place, byte):
    keyframe = codec.encode(base)
    stored = codec.encode(text, keyframe=keyframe)
    data = bytearray(stored.data)
    data[place % len(data)] ^= byte

    with suppress(codec.Undecodable):  # what still decodes is caught by the checksum of the version
        codec.decode(codec.Stored(stored.codec, bytes(data)), keyframe=keyframe)
    with suppress(codec.Undecodable):
        codec.decompress(bytes(data), beside=base.encode())


@pytest.mark.parametrize(
    "stored",
    [codec.Stored(7, b""), codec.Stored(codec.Codec.DELTA, b"x"), codec.Stored(codec.Codec.KEYFRAME, b"x")],
)
def test_what_is_no_text_is_undecodable(stored):
    with pytest.raises(codec.Undecodable):
        codec.decode(stored)


def test_delta_of_one_word_is_small_and_a_new_keyframe_comes_in_time():
    chance, words = random.Random(1), WORDS.copy()
    keyframe, age, kinds = codec.encode(" ".join(words)), 0, []
    for n in range(200):
        words[chance.randrange(len(words))] = f"new{n}"
        age += 1
        stored = codec.encode(" ".join(words), keyframe=keyframe, distance=age)
        if stored.codec == codec.Codec.KEYFRAME:
            keyframe, age = stored, 0
        else:
            assert len(stored.data) < 20 * age + 30
        kinds.append(stored.codec)

    assert 3 <= kinds.count(codec.Codec.KEYFRAME) <= 20


@pytest.fixture
def edits(save):
    """Twelve versions, each a word apart from the one before."""
    words = WORDS[:300]
    for n in range(12):
        words[n * 7] = f"new{n}"
        save(" ".join(words))
    return Revision.objects.with_text().order_by("number")


def test_text_leans_on_one_other_at_most_and_on_none_that_leans(edits):
    bodies = [revision.body for revision in edits]

    assert sum(body.base is not None for body in bodies) >= 8
    assert all(body.base.base_id is None for body in bodies if body.base)
    assert all(len(body.data) < 200 for body in bodies if body.base)


def test_reading_a_version_takes_one_query_with_its_proof(edits, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Revision.objects.with_text().get(number=12).source.startswith("new0 ")


def damage(number, **columns):
    with triggers.dropped(connection), connection.cursor() as cursor:
        for column, value in columns.items():
            cursor.execute(
                f"UPDATE articles_body SET {column} = %s"
                " WHERE revision_id = (SELECT id FROM articles_revision WHERE number = %s AND slug = 'tides')",
                [value, number],
            )


@pytest.mark.parametrize(
    "columns",
    [
        {"data": b"\x00garbage"},
        {"data": b"Another text.\n", "codec": codec.Codec.PLAIN},
        {"data": codec.encode("Another text.\n").data, "codec": codec.Codec.KEYFRAME},
        {"codec": 9},
    ],
    ids=["garbage", "other text", "other text compressed", "unknown codec"],
)
def test_damaged_text_is_named_when_read_and_harms_no_other(edits, client, moderator, columns):
    workflow.publish(edits[11], by=moderator)
    damage(6, **columns)
    client.force_login(moderator)

    with pytest.raises(DamagedText, match="tides: version 6: "):
        _ = Revision.objects.with_text().get(number=6).source
    status, out = run("verify_history")
    assert status == 1
    assert [line.split(": ")[:2] for line in out.splitlines()[:-1]] == [["tides", "version 6"]]
    for url in ("", "history/", "revisions/5/", "revisions/7/", "compare/5..7/"):
        assert client.get(f"/articles/tides/{url}").status_code == 200


def test_writing_goes_on_after_a_damaged_version(edits, save):
    damage(12, data=b"garbage")

    assert save("Next.\n").number == 13
    assert workflow.restore(edits[3], by=edits[3].author).source == edits[3].source


def test_page_is_kept_for_the_newest_and_the_published_version_only(save, moderator):
    live = save()
    workflow.publish(live, by=moderator)
    save("Draft.\n")
    newest = save("Newest, with <script>\n")

    kept = Rendering.objects.filter(kept_page__isnull=False).values_list("revision__number", flat=True)

    assert sorted(kept) == [1, newest.number]
    workflow.publish(Revision.objects.get(number=2), by=moderator)
    assert sorted(kept.all()) == [2, 3]
    workflow.unpublish(Article.objects.get(), by=moderator)
    assert sorted(kept.all()) == [3]


def test_page_that_was_let_go_is_made_again_as_it_was(save):
    first = save(f"{FLAGGED}\n<script>\n")
    rendering = first.renderings.latest()
    page, removals = rendering.html, rendering.removals
    save()

    again = Rendering.objects.get(pk=rendering.pk)

    assert again.kept_page is None
    assert (again.html, again.removals, again.flagged) == (page, removals, rendering.flagged)
    assert removals


def test_page_that_cannot_be_read_is_made_again_for_readers_and_logged(published, client, caplog):
    right = published.renderings.latest().html
    published.renderings.update(kept_page=b"garbage")

    answer = client.get("/articles/tides/")

    assert answer.status_code == 200
    assert right in answer.content.decode()
    assert "tides: version 1: its stored page cannot be read (" in caplog.text


def test_limit_on_a_text_is_a_setting_that_the_message_names(save, settings):
    settings.MAX_SOURCE_BYTES = 10
    with pytest.raises(ValidationError, match="longer than 10 bytes"):
        save("eleven bytes")
    settings.MAX_SOURCE_BYTES = 1_200_000
    long = save("A line of a long text.\n" * 45_000)
    settings.MAX_SOURCE_BYTES = 10

    assert len(Revision.objects.with_text().get(pk=long.pk).source) > 1_000_000
    assert long.renderings.latest().html


# repack


@pytest.fixture
def old_rows(edits):
    """The versions as a release without compression stored them."""
    texts = [revision.source for revision in edits]
    for revision in edits:
        damage(revision.number, data=revision.source.encode(), codec=codec.Codec.PLAIN, base_id=None)
    return texts


def stored():
    return [(len(r.body.data), r.body.codec) for r in Revision.objects.with_text().order_by("number")]


def test_repack_makes_texts_small_and_changes_none(old_rows):
    before = sum(size for size, _ in stored())

    status, out = run("repack")

    assert status == 0
    assert out.startswith("12 texts stored anew: ")
    assert sum(size for size, _ in stored()) < before / 4
    assert [r.source for r in Revision.objects.with_text().order_by("number")] == old_rows
    assert run("verify_history")[0] == 0
    assert run("repack")[1].startswith("0 texts stored anew")
    assert not Repacking.objects.exists()


def test_repack_may_stop_after_any_batch_and_go_on(old_rows, monkeypatch, save):
    monkeypatch.setattr("articles.revisions.repacking.BATCH", 5)
    repack(Article.objects.get())
    save("Written between.\n")
    assert [kind for _, kind in stored()].count(codec.Codec.PLAIN) == 7

    run("repack")

    assert codec.Codec.PLAIN not in [kind for _, kind in stored()]
    assert run("verify_history")[0] == 0


def test_text_that_others_lean_on_stays_whole(old_rows, save):
    save(old_rows[-1] + " and more")
    assert Body.objects.get(revision__number=13).base.revision.number == 12

    run("repack")

    assert Body.objects.get(revision__number=12).codec == codec.Codec.KEYFRAME
    assert run("verify_history")[0] == 0


def test_repack_leaves_a_damaged_text_and_says_so(old_rows, capsys):
    damage(4, data=b"Forged.\n")

    status, _ = run("repack", "tides")

    assert status == 1
    assert bytes(Body.objects.get(revision__number=4).data) == b"Forged.\n"
    assert run("repack", "nowhere") == (2, "There is no article at nowhere.")


def test_body_is_rewritten_only_where_it_is_noted(edits):
    noted, other = edits[11], edits[1]
    with transaction.atomic():
        Repacking.objects.create(revision=noted)
        assert QuerySet(Body).filter(pk=noted.pk).update(codec=codec.Codec.DELTA) == 1
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            QuerySet(Body).filter(pk=other.pk).update(codec=codec.Codec.KEYFRAME)
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            QuerySet(Body).filter(pk=noted.pk).delete()
