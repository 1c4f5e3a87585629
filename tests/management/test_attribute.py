"""The command `attribute`: who wrote what, and rows for versions of an older release."""

import json

import pytest
from django.db import connection

from articles.models import Attribution
from articles.revisions import attributing, triggers
from articles.revisions.codec import Codec
from tests.management.test_commands import run
from tests.revisions.test_bodies import damage


@pytest.fixture
def history(save, author, other_author):
    """Four versions by two people, the last one with a look-alike."""
    save("a red fox\nruns\n")
    save("a blue fox\nruns\n", by=other_author)
    save("a blue fox\nruns home\n")
    return save("a blue f\u043ex\nruns home\n", by=other_author)


def forget(number=1):
    """Delete the attributions from a version on, as if an older release had written it."""
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM articles_attribution WHERE revision_id IN"
            " (SELECT id FROM articles_revision WHERE number >= %s)",
            [number],
        )


def rows():
    columns = ("revision__number", "added", "removed", "digest", "data")
    return [tuple(map(bytes_of, row)) for row in Attribution.objects.order_by("pk").values_list(*columns)]


def bytes_of(value):
    return bytes(value) if isinstance(value, memoryview) else value


def test_json_has_each_stretch_with_its_version_and_author(history):
    status, out = run("attribute", "tides", "--format", "json")

    found = json.loads(out)
    assert (status, found["slug"], found["version"]) == (0, "tides", 4)
    stretches = [
        (history.source[s["start"] : s["end"]], s["version"], s["author"]) for s in found["stretches"]
    ]
    assert stretches == [
        ("a ", 1, "author"),
        ("blue", 2, "other_author"),
        (" f", 1, "author"),
        ("\u043e", 4, "other_author"),
        ("x\nruns", 1, "author"),
        (" home", 3, "author"),
        ("\n", 1, "author"),
    ]
    assert found["stretches"][-1]["since"] == 1
    assert found["stretches"][3]["created_at"] == history.created_at.isoformat()


def test_text_has_a_line_for_each_stretch_of_a_line(history):
    status, out = run("attribute", "tides", "--number", 2)

    day = f"{history.created_at:%Y-%m-%d}"
    assert status == 0
    assert out.splitlines() == [
        f"     1 author       {day}  a ",
        f"     2 other_author {day} +blue",
        f"     1 author       {day} + fox",
        f"     1 author       {day}  runs",
    ]


def test_text_holds_no_character_that_a_terminal_obeys(save):
    save("a\x1b[2Jb\u202e\n")

    assert run("attribute", "tides")[1].endswith("a\\x1b[2Jb\\u202e\n")


def test_unknown_article_or_version_ends_with_2(history):
    assert run("attribute", "ebb") == (2, "There is no article at ebb.")
    assert run("attribute", "tides", "--number", 7) == (2, "tides has no version 7.")
    assert run("attribute")[0] == 2


def test_damaged_text_ends_with_2(history):
    damage(4, data=b"Forged.\n", codec=Codec.PLAIN)

    status, message = run("attribute", "tides")

    assert status == 2
    assert message.startswith("tides: version 4: does not match")


def test_missing_rows_are_stored_as_saves_would_have_stored_them(history):
    before = rows()
    forget()

    assert run("attribute", "--missing") == (0, "4 versions attributed.\n")

    assert rows() == before
    assert run("attribute", "--missing") == (0, "0 versions attributed.\n")


def test_rows_are_missing_only_at_the_end(history, save):
    before = rows()
    forget(3)
    save("a blue fox\n")
    assert len(rows()) == 2

    assert run("attribute", "--missing", "tides") == (0, "3 versions attributed.\n")

    assert rows()[:4] == before
    assert len(rows()) == 5


def test_showing_an_article_stores_what_it_lacks(history):
    before = rows()
    forget()

    assert run("attribute", "tides")[0] == 0

    assert rows() == before


def test_missing_rows_are_stored_a_few_at_a_time(history, monkeypatch):
    before = rows()
    forget()
    monkeypatch.setattr(attributing, "BATCH", 2)

    first = attributing.attribute_missing(history.article)

    assert (first.revisions, first.is_complete, len(rows())) == (2, False, 2)
    run("attribute", "--missing")
    assert rows() == before


def test_damaged_text_counts_as_empty_and_the_next_brings_in_everything(history):
    forget()
    damage(2, data=b"Forged.\n", codec=Codec.PLAIN)

    assert run("attribute", "--missing")[0] == 1

    assert [row[1:3] for row in rows()] == [(15, 0), (0, 15), (21, 0), (1, 1)]
    found = json.loads(run("attribute", "tides", "--format", "json")[1])
    assert {stretch["version"] for stretch in found["stretches"]} == {3, 4}


def test_damaged_attribution_is_told(history, monkeypatch):
    monkeypatch.setattr(attributing, "STEPS", 2)
    forget(3)
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_attribution SET data = %s", [b""])

    for arguments in (["tides"], ["--missing"]):
        status, message = run("attribute", *arguments)
        assert (status, message) == (2, "tides: version 2: its attribution is damaged")
