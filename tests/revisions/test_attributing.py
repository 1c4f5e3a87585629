"""Attributing: what each version did to the text before it, and whose each character is."""

from itertools import groupby
from operator import itemgetter

import pytest
from django.db import connection

from articles import workflow
from articles.models import Attribution, Revision
from articles.revisions import triggers
from articles.revisions.attributions import STEPS
from articles.revisions.codec import Codec
from articles.revisions.packing import distance_of
from tests.conftest import content
from tests.revisions.test_bodies import damage

TABLE = "The tide table hangs by the door of the harbour office.\n"
BREAKFAST = "It is read before breakfast by whoever wakes up first.\n"


def counts(revision):
    stored = Attribution.objects.get(revision=revision)
    return stored.added, stored.removed


def origins(revision):
    return Attribution.objects.origins(revision.article_id, revision.number)


def brought_in(revision):
    """The version of each character, as runs of (characters, version)."""
    pairs = zip(revision.source, origins(revision).numbers, strict=True)
    runs = groupby(pairs, key=itemgetter(1))
    return [("".join(character for character, _ in run), number) for number, run in runs]


def test_first_version_adds_all_of_its_text(save):
    assert counts(save(TABLE)) == (len(TABLE), 0)


def test_added_and_removed_count_code_points(save):
    save(TABLE)

    assert counts(save(TABLE.replace("door", "window"))) == (6, 4)
    assert counts(save(TABLE.replace("door", "window") + "\U0001f30a\n")) == (2, 0)
    assert counts(save(TABLE.replace("door", "window"))) == (0, 2)


def test_move_counts_as_neither(save):
    save(f"{TABLE}\n{BREAKFAST}\nMore of it stands below.\n")

    assert counts(save(f"{BREAKFAST}\n{TABLE}\nMore of it stands below.\n")) == (0, 0)


def test_each_character_leads_to_its_version(save):
    save("a red fox")

    assert brought_in(save("a blue fox")) == [("a ", 1), ("blue", 2), (" fox", 1)]
    assert brought_in(save("a blue fox!", title="Foxes")) == [("a ", 1), ("blue", 2), (" fox", 1), ("!", 3)]
    assert brought_in(save("a blue fox!")) == [("a ", 1), ("blue", 2), (" fox", 1), ("!", 3)]


def test_restored_version_has_the_origins_that_it_had(save, author):
    save("a red fox")
    second = save("a red cat, and more")
    save("gone")

    restored = workflow.restore(Revision.objects.with_text().get(pk=second.pk), by=author)

    assert brought_in(restored) == brought_in(second)
    assert {run.since for run in origins(restored).runs()} == {4}


def test_text_equal_to_an_earlier_one_has_its_origins_however_small_the_change(save):
    first = save("a cat")
    save("a cut")

    assert brought_in(save("a cat")) == brought_in(first)


@pytest.mark.parametrize(("first", "second"), [("a cat", "a cat!"), ("a cat!", "a cat")])
def test_equal_text_is_known_where_it_only_adds_or_removes(save, first, second):
    save(first)
    save(second)

    equal = save(first)

    assert equal.attribution.distance == 0  # it stores the origins of the first
    assert brought_in(equal) == [(first, 1)]


def test_equal_hash_of_another_text_changes_nothing(save, monkeypatch):
    monkeypatch.setattr("articles.revisions.attributions.digest_of", lambda source: 7)
    monkeypatch.setattr("articles.revisions.attributing.digest_of", lambda source: 7)
    save("a cat")
    save("a cut")

    assert brought_in(save("a cot")) == [("a c", 1), ("o", 3), ("t", 1)]


def test_equal_text_of_another_article_changes_nothing(save, author):
    workflow.save_revision(None, by=author, content=content("a cat", slug="cats"))
    save("a cot")
    second = save("a cat")
    assert brought_in(second) == [("a c", 1), ("a", 2), ("t", 1)]
    save("a cut")

    assert brought_in(save("a cat")) == brought_in(second)


def test_a_change_of_the_title_alone_stores_no_origins_anew(save):
    save("a cat")
    save("a cut")
    save("a cat")

    assert distance_of(bytes(save("a cat", title="Cats").attribution.data)) == 1


def test_moderators_correction_that_restores_gives_back(save, author, moderator):
    first = save("a cat")
    review = workflow.submit(save("a cut"), by=author)

    fixed = workflow.fix_and_approve(review, by=moderator, content=content("a cat"))

    assert brought_in(fixed) == brought_in(first)


@pytest.fixture
def few_steps(monkeypatch):
    for module in ("attributions", "attributing"):
        monkeypatch.setattr(f"articles.revisions.{module}.STEPS", 4)


def test_origins_are_stored_after_so_many_steps(save, few_steps):
    revisions = [save(" ".join(map(str, range(n + 1)))) for n in range(10)]

    distances = [distance_of(bytes(row.data)) for row in Attribution.objects.order_by("pk")]
    assert distances == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    for revision in revisions:
        numbers = list(origins(revision).numbers)
        assert numbers == [1, *(n for k in range(1, revision.number) for n in (k + 1, k + 1))]


def test_removed_passages_are_remembered_across_stored_origins(save, few_steps):
    first = save(TABLE + BREAKFAST)
    for n in range(6):
        save(f"{TABLE}Line {n}.\n")

    last = save(f"{BREAKFAST}More.\n{TABLE}")

    assert brought_in(last)[0] == (BREAKFAST.rstrip(".\n"), first.number)  # the full stop stayed


def test_reading_takes_one_query_and_a_save_one_more(save, django_assert_num_queries):
    revision = save(TABLE)

    with django_assert_num_queries(1):
        origins(revision)
    with django_assert_num_queries(15) as captured:
        save(TABLE + BREAKFAST)
    about = [query["sql"] for query in captured if '"articles_attribution"' in query["sql"]]
    assert [sql.split()[0] for sql in about] == [
        "SELECT",
        "INSERT",
    ]  # with the version to write on, and alone
    assert 'FROM "articles_revision" ' in about[0]


def test_versions_are_told_apart_from_those_of_other_articles(save, author):
    save("a cat")
    other = workflow.save_revision(None, by=author, content=content("a dog", slug="dogs"))

    assert brought_in(other) == [("a dog", 1)]


def test_version_after_one_without_attribution_gets_none(save, monkeypatch):
    monkeypatch.setattr("articles.workflow.saving.record_attribution", lambda *args, **kwargs: None)
    save(TABLE)
    monkeypatch.undo()

    last = save(BREAKFAST)

    assert not Attribution.objects.exists()
    assert origins(last) is None


def test_version_after_a_damaged_text_brings_in_everything(save):
    save(TABLE)
    damage(1, data=b"Forged.\n", codec=Codec.PLAIN)

    last = save(TABLE + BREAKFAST)

    assert brought_in(last) == [(TABLE + BREAKFAST, 2)]
    assert counts(last) == (len(TABLE + BREAKFAST), 0)


@pytest.mark.parametrize("data", [b"", b"\x00\x05"])
def test_damaged_attributions_lead_to_none_and_stop_no_save(save, few_steps, data):
    save("a cat")
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_attribution SET data = %s", [data])

    revisions = [save(f"a cat {n}") for n in range(5)]

    assert origins(revisions[-1]) is None
    assert Revision.objects.count() == 6


def test_lost_attribution_leads_to_none(save):
    revisions = [save(f"a cat {n}") for n in range(4)]
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_attribution WHERE revision_id = %s", [revisions[1].pk])

    assert [origins(revision) is None for revision in revisions] == [False, True, True, True]


def test_steps_are_bounded():
    assert STEPS == 256
