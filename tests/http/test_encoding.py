"""Bytes that are not UTF-8 are refused at every door, and who sent them gets the rest back."""

import json

import pytest

from articles.models import Article

BROKEN = b"a\xed\xa0\x80b"  # a surrogate, which UTF-8 does not have
ADD = "/admin/articles/article/add/"
FIELDS = {"title": b"Tides", "slug": b"tides", "language": b"en", "source": b"First line.\nSecond line.\n"}


def urlencoded(fields):
    body = "&".join(f"{name}=" + "".join(f"%{byte:02X}" for byte in value) for name, value in fields.items())
    return body.encode(), "application/x-www-form-urlencoded"


def raw(fields):
    return b"&".join(f"{name}=".encode() + value for name, value in fields.items()), urlencoded({})[1]


def multipart(fields, boundary=b"--b"):
    parts = [
        b'%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (boundary, name.encode(), value)
        for name, value in fields.items()
    ]
    return b"".join(parts) + boundary + b"--\r\n", "multipart/form-data; boundary=b"


@pytest.mark.parametrize("written", [urlencoded, raw, multipart])
def test_form_with_other_bytes_is_refused_and_given_back(client, author, written):
    client.force_login(author)
    body, kind = written(FIELDS | {"title": BROKEN})

    answer = client.post(ADD, body, content_type=kind)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "not text in UTF-8" in page
    assert "First line.\nSecond line.\n</textarea>" in page
    assert '<textarea name="title"' in page
    assert not Article.objects.exists()


@pytest.mark.parametrize("written", [urlencoded, multipart])
def test_replacement_character_that_was_typed_is_text(client, author, written):
    client.force_login(author)
    body, kind = written(FIELDS | {"source": "a\N{REPLACEMENT CHARACTER}b ü".encode()})

    assert client.post(ADD, body, content_type=kind).status_code == 302
    assert Article.objects.get().latest_revision.title == "Tides"


def test_file_whose_name_is_no_text_is_no_file(client, author):
    client.force_login(author)
    file = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a\xff.png"\r\n\r\nx\r\n'
    body, kind = multipart({"alt": b"A door."})

    answer = client.post("/admin/articles/image/add/", file + body, content_type=kind)

    assert "This field is required" in answer.content.decode()


def test_json_with_other_bytes_is_refused(client, author):
    client.force_login(author)
    body = b'{"html": "<p>%s</p>"}' % BROKEN

    answer = client.post("/admin/articles/article/paste/", body, content_type="application/json")

    assert answer.status_code == 400
    assert "not text in UTF-8" in answer.json()["error"]


def test_percent_signs_in_json_are_text(client, author):
    client.force_login(author)
    body = json.dumps({"html": "<p>%FF</p>"})

    answer = client.post("/admin/articles/article/paste/", body, content_type="application/json")

    assert answer.json()["markdown"].strip() == "%FF"


@pytest.mark.parametrize("query", ["q=%FF", "q=%ED%A0%80", "%FF=q"])
def test_address_with_other_bytes_is_refused(client, db, query):
    answer = client.get(f"/search/?{query}")

    assert (answer.status_code, answer.content) == (400, b"The address is not UTF-8.\n")
