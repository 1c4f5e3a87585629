"""The answer to a paste: who gets one, what it holds, and how it says that it holds nothing."""

import json

import pytest

from tests.clipboard.samples import SAMPLES

PASTE = "/admin/articles/article/paste/"


def test_author_gets_markdown_and_what_was_left_out(client, author):
    client.force_login(author)

    response = client.post(
        PASTE, {"html": "<p>A <b>word</b><i hidden>spy\u202e</i><img src='cid:1'><img src='cid:2'>"}
    )

    answer = response.json()
    assert answer["markdown"] == "A **word**\n"
    assert answer["is_inline"] is True
    assert [item["message"] for item in answer["dropped"]] == [
        "1 hidden text was left out.",
        "2 pictures were left out: upload them.",
    ]
    assert "spy" in answer["dropped"][0]["shown"][0]
    assert "\u202e" not in answer["dropped"][0]["shown"][0]


def test_fields_may_come_as_json(client, author):
    client.force_login(author)
    fields = {"html": SAMPLES["word"][0], "first_note": 3}

    response = client.post(PASTE, json.dumps(fields), content_type="application/json")

    assert "[^3]: At springs." in response.json()["markdown"]


def test_texts_that_were_left_out_are_escaped(client, author):
    client.force_login(author)

    response = client.post(PASTE, {"html": "x<i hidden>&lt;img src=x onerror=alert(1)&gt;</i>"})

    assert "<img" not in response.json()["dropped"][0]["shown"][0]


@pytest.mark.parametrize("fields", ["[]", "{", '{"html": 1}', "[" * 100_000])
def test_json_without_html_is_refused_with_a_sentence(client, author, fields):
    client.force_login(author)

    response = client.post(PASTE, fields, content_type="application/json")

    assert response.status_code == 400
    assert "html" in response.json()["error"]


def test_who_may_not_write_is_told_so(client, author, reader):
    assert client.post(PASTE, {"html": "x"}).status_code == 401
    client.force_login(reader)
    response = client.post(PASTE, {"html": "x"})
    assert response.status_code == 403
    assert response.json()["error"] == "Your account may not write articles."
    client.force_login(author)
    assert client.post(PASTE, {"html": "x"}).status_code == 200
    assert client.get(PASTE).status_code == 405


def test_html_and_markdown_have_limits(client, author, settings):
    settings.MAX_SOURCE_BYTES = 100
    client.force_login(author)

    assert client.post(PASTE, {"html": "<u>" * 33 + "x" * 99}).status_code == 200
    assert client.post(PASTE, {"html": "x" * 100}).status_code == 413  # with its line end it is too long
    response = client.post(PASTE, {"html": "<u>" * 134})
    assert response.status_code == 413
    assert "longer than" in response.json()["error"]


def test_pastes_are_limited(client, author, settings, one_minute):
    settings.LIMITS = True
    client.force_login(author)

    codes = [client.post(PASTE, {"html": "x"}).status_code for _ in range(61)]

    assert codes.count(200) == 60
    assert codes[-1] == 429


def test_conversion_asks_the_database_nothing_of_its_own(client, author, django_assert_max_num_queries):
    client.force_login(author)

    with django_assert_max_num_queries(6):  # session, account, its rights, and two counts
        client.post(PASTE, {"html": SAMPLES["word"][0]})
