"""Who wrote what, as people see it: no draft and nothing hidden comes out, and pages are bounded."""

import re

import pytest
from django.db import connection

from articles import workflow
from articles.http import limits
from articles.models import Revision
from articles.revisions import triggers
from articles.revisions.packing import pack_origins
from articles.text.content import bylines
from articles.text.diff.attribution import Origins, Step
from tests.management.test_attribute import forget

TABLE = "The tide table hangs by the door.\n"


def page(client, number, query=""):
    return client.get(f"/articles/tides/revisions/{number}/authors/{query}")


def text(response):
    return response.content.decode()


def named(client, number):
    """The stretches of the JSON, with their texts."""
    source = Revision.objects.with_text().get(number=number).source
    response = client.get(f"/articles/tides/revisions/{number}/authors.json")
    return [(source[s["start"] : s["end"]], s["version"], s["author"]) for s in response.json()["stretches"]]


@pytest.fixture
def write(save, moderator):
    """Saves a version, and publishes it unless it is to stay a draft."""

    def write(source, *, by=None, draft=False):
        revision = save(source, by=by)
        if not draft:
            workflow.publish(revision, by=moderator)
        return revision

    return write


@pytest.fixture
def history(write, other_author):
    """A published version, a draft by somebody else, and a published version with the draft's words."""
    write("a red fox\n")
    write("a blue fox\n", by=other_author, draft=True)
    return write("a blue fox runs\n")


def test_page_shows_who_brought_in_each_stretch(client, write, other_author):
    write("a *red* fox\n")
    write("a *red* fox runs\n", by=other_author)

    shown = text(page(client, 2))

    spans = re.findall(
        r'<span class="byline ([\w-]+)" data-by="(\w+, version \d), [^"]*"[^>]*>([^<]*)</span>', shown
    )
    assert spans == [
        ("recent", "author, version 1", "a "),
        ("recent", "author, version 1", "red"),
        ("recent", "author, version 1", " fox "),
        ("newest", "other_author, version 2", "runs"),
    ]


def test_list_says_the_same_as_the_page(client, write, other_author):
    write("a red fox\n")
    write("a blue fox\n", by=other_author)

    shown = text(page(client, 2))

    rows = re.findall(
        r'<tr id="r(\d+)"><td><a href="#p\1"><bdi lang="en">([^<]*)</bdi></a></td><td><a href="([^"]*)">(\d+)</a>'
        r"</td><td><bdi>(\w+)</bdi>",
        shown,
    )
    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("a", "/articles/tides/revisions/1/", "author"),
        ("blue", "/articles/tides/revisions/2/", "other_author"),
        ("fox", "/articles/tides/revisions/1/", "author"),
    ]
    for number, *_ in rows:
        assert f'id="p{number}" tabindex="0" aria-describedby="r{number}"' in shown


def test_json_tiles_the_source(client, history, author):
    client.force_login(author)

    assert named(client, 3) == [
        ("a ", 1, "author"),
        ("blue", 2, "other_author"),
        (" fox", 1, "author"),
        (" runs", 3, "author"),
        ("\n", 1, "author"),
    ]


def test_reader_learns_of_no_draft_and_author_does(client, history, author):
    assert named(client, 3) == [
        ("a ", 1, "author"),
        ("blue", 3, "author"),
        (" fox", 1, "author"),
        (" runs", 3, "author"),
        ("\n", 1, "author"),
    ]
    shown = text(page(client, 3))
    assert "other_author" not in shown
    assert "version 2" not in shown

    client.force_login(author)
    shown = text(page(client, 3))
    assert "other_author, version 2" in shown


def test_text_of_a_draft_that_went_and_came_back_is_named_by_where_it_stands(client, write):
    """The first public version after the draft did not have it."""
    write("one\n")
    write(f"one\n{TABLE}", draft=True)
    write("one\ntwo\n")
    write(f"one\ntwo\n{TABLE}")

    assert named(client, 4) == [("one\n", 1, "author"), ("two\n", 3, "author"), (TABLE, 4, "author")]


def test_hidden_name_stays_hidden_except_from_administrators(
    client, write, other_author, author, administrator
):
    write("a red fox\n")
    hidden = write("a blue fox\n", by=other_author)
    write("a blue fox runs\n")
    workflow.hide(hidden, by=administrator, parts=["author"], reason="Private.")

    for person in (None, author):
        if person:
            client.force_login(person)
        assert ("blue", 2, "(name hidden)") in named(client, 3)
        assert "other_author" not in text(page(client, 3))

    client.force_login(administrator)
    assert ("blue", 2, "other_author") in named(client, 3)
    assert "other_author, version 2" in text(page(client, 3))


def test_version_with_a_hidden_text_is_named_to_administrators_alone(
    client, write, other_author, author, administrator
):
    write("a red fox\n")
    hidden = write("a blue fox\n", by=other_author)
    write("a blue fox runs\n")
    workflow.hide(hidden, by=administrator, parts=["text"], reason="Private.")

    for person in (None, author):
        if person:
            client.force_login(person)
        assert {number for _, number, _ in named(client, 3)} == {1, 3}
        assert "other_author" not in text(page(client, 3))
        assert page(client, 2).status_code == 403

    client.force_login(administrator)
    assert ("blue", 2, "other_author") in named(client, 3)


def test_draft_has_no_page_for_readers(client, history, author):
    assert page(client, 2).status_code == 404
    assert client.get("/articles/tides/revisions/2/authors.json").status_code == 404

    client.force_login(author)
    assert page(client, 2).status_code == 200


def test_version_without_attribution_says_so(client, history):
    forget()

    assert "Who wrote what is not known for this version." in text(page(client, 3))
    found = client.get("/articles/tides/revisions/3/authors.json").json()
    assert found == {"slug": "tides", "version": 3, "stretches": None}


def test_attribution_that_does_not_fit_the_text_is_not_shown(client, history):
    with triggers.dropped(connection), connection.cursor() as cursor:
        data = pack_origins(Origins().after(Step((3,), 0), 1))
        cursor.execute("UPDATE articles_attribution SET data = %s", [data])

    assert "Who wrote what is not known for this version." in text(page(client, 3))


def test_version_without_text_says_so(client, write):
    write("---\n")
    write("")

    assert "This version has no text." in text(page(client, 2))


def test_names_and_texts_are_escaped(client, write, django_user_model):
    write('a &lt;b&gt; `<i>` "q"\n')

    shown = text(page(client, 1))

    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "<code><span" in shown
    assert "&lt;i&gt;" in shown


def test_long_pages_are_drawn_in_bounded_parts(client, write):
    words = [f"word{n}" for n in range(3_000)]
    write(" ".join(words))
    write(" ".join(word if n % 2 else f"new{n}" for n, word in enumerate(words)))

    first, second = page(client, 2), page(client, 2, "?part=2")

    for response in (first, second):
        assert text(response).count('id="p') == bylines.STRETCHES
        assert len(response.content) < 400_000
    assert 'rel="next" href="?part=2"' in text(first)
    assert 'rel="prev" href="?part=1"' in text(second)
    assert "Part 2 of" in text(second)
    assert f'id="p{bylines.STRETCHES + 1}"' in text(second)
    for wrong in ("?part=0", "?part=99", "?part=x"):
        assert page(client, 2, wrong).status_code == 404


def test_requests_share_the_budget_of_comparisons(client, history, settings, monkeypatch):
    settings.LIMITS = True
    monkeypatch.setattr(limits, "_spent", lambda request, name, cost: 61 if name == "work" else 1)

    assert page(client, 3).status_code == 429
    assert client.get("/articles/tides/revisions/3/authors.json").status_code == 429


def test_old_address_leads_to_the_page(client, history, save, moderator):
    workflow.publish(save("a blue fox runs\n", slug="ebb"), by=moderator)

    assert page(client, 3, "?part=1").url == "/articles/ebb/revisions/3/authors/?part=1"


def test_article_and_version_link_to_who_wrote_what(client, history):
    link = '<a href="/articles/tides/revisions/3/authors/">'

    assert link in text(client.get("/articles/tides/"))
    assert link in text(client.get("/articles/tides/revisions/3/"))
