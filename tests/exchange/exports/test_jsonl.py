"""JSON lines: all of each version, in lines that only get more."""

import json

import pytest

from articles.exchange.exports import selection as exports_selection
from articles.exchange.exports.exporting import Format
from articles.models import Body, Revision
from tests.exchange.exports.exporting import exported, hide, read, write
from tests.revisions.test_bodies import damage

pytestmark = pytest.mark.django_db
ODD = "A\rb\x85c\u2028d\u2029 “e” \N{WAVING HAND SIGN}"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export"


def lines(folder, name="versions.jsonl"):
    return [json.loads(line) for line in read(folder)[name].split(b"\n")[:-1]]


def test_each_version_is_a_line_with_all_of_it(published, save, author, folder):
    save(
        ODD,
        tags=("a", "b"),
        summary="Odd",
        excerpt="E",
        description="D",
        change_kind="typo",
        software_share="none",
    )
    write("ebb", by=author)

    assert exported(folder, Format.JSONL) == 3

    _first, second, _third = lines(folder)
    revision = Revision.objects.with_text().get(number=2)
    assert second == {
        "article": revision.article_id,
        "number": 2,
        "based_on": 1,
        "title": "Tides",
        "slug": "tides",
        "tags": ["a", "b"],
        "excerpt": "E",
        "description": "D",
        "cover": "",
        "language": "en",
        "summary": "Odd",
        "change_kind": "typo",
        "software_share": "none",
        "author": "author",
        "written_at": revision.created_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "claimed_author": "",
        "claimed_at": None,
        "published_at": None,
        "hidden": [],
        "format": revision.format,
        "sha256": revision.sha256,
        "source": ODD,
    }
    assert _first["published_at"] is not None
    assert [(line["slug"], line["live"], line["latest"]) for line in lines(folder, "articles.jsonl")] == [
        ("tides", 1, 2),
        ("ebb", None, 1),
    ]


def test_line_ends_where_every_program_says(save, folder):
    save(ODD)

    exported(folder, Format.JSONL)

    assert len(read(folder)["versions.jsonl"].decode().splitlines()) == 1


@pytest.mark.parametrize("chunk", [1, 2, 500])
def test_export_goes_on_where_the_last_one_ended(save, folder, monkeypatch, chunk):
    monkeypatch.setattr(exports_selection.in_chunks, "__kwdefaults__", {"size": chunk})
    save("One.\n")
    save("Two.\n")
    assert (exported(folder, Format.JSONL), exported(folder, Format.JSONL)) == (2, 0)
    before = read(folder)["versions.jsonl"]
    save("Three.\n")

    assert exported(folder, Format.JSONL) == 1

    assert read(folder)["versions.jsonl"].startswith(before)
    exported(folder.with_name("fresh"), Format.JSONL)
    assert read(folder) == read(folder.with_name("fresh"))


@pytest.mark.parametrize("length", [0, 1, 300, -1, -2])
def test_export_that_was_stopped_goes_on(published, save, folder, length):
    save("Two.\n")
    exported(folder, Format.JSONL)
    before = read(folder)
    (folder / "versions.jsonl").write_bytes(before["versions.jsonl"][:length])

    exported(folder, Format.JSONL)

    assert read(folder) == before


def test_what_is_hidden_later_leaves_the_file(save, administrator, folder):
    save("One.\n")
    secret = save("SECRET\n", title="SECRET", summary="SECRET", tags=("SECRET",), by=administrator)
    save("Three.\n")
    exported(folder, Format.JSONL)
    hide(secret, administrator)

    assert exported(folder, Format.JSONL) == 2

    text = read(folder)["versions.jsonl"]
    assert b"SECRET" not in text
    assert b"administrator" not in text
    hidden = lines(folder)[1]
    assert hidden["hidden"] == ["author", "summary", "text"]
    assert {hidden[name] for name in ("title", "slug", "summary", "author", "source")} == {None}


def test_public_export_has_only_what_readers_get(published, save, author, folder):
    save("DRAFT\n")
    write("ebb", "DRAFT\n", by=author)

    exported(folder, Format.JSONL, is_public=True)

    assert [(line["slug"], line["number"]) for line in lines(folder)] == [("tides", 1)]
    assert [(line["slug"], line["latest"]) for line in lines(folder, "articles.jsonl")] == [("tides", None)]


def test_damaged_text_is_told_each_time_and_taken_in_once_it_is_repaired(save, folder):
    save("One.\n")
    whole = Body.objects.get(revision__number=1).data
    damage(1, data=b"garbage")
    told = []

    exported(folder, Format.JSONL, warn=told.append)
    exported(folder, Format.JSONL, warn=told.append)
    assert (len(told), lines(folder)[0]["source"]) == (2, None)
    damage(1, data=whole)
    exported(folder, Format.JSONL)

    assert lines(folder)[0]["source"] == "One.\n"
