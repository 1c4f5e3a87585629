"""The language of the interface: the person's choice, or the browser's, or the site's; never that of the article."""

import re
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from articles import workflow

PAGE = "/articles/tides/"


def in_language(tag: str) -> dict[str, str]:
    return {"Accept-Language": tag}


def opening(response) -> str:
    return re.search(r"<html[^>]*>", response.content.decode())[0]


@pytest.mark.parametrize(
    ("asked", "tag"),
    [
        ("de", '<html lang="de" dir="ltr">'),
        ("de-AT,en;q=0.5", '<html lang="de" dir="ltr">'),
        ("ar-EG", '<html lang="ar" dir="rtl">'),
        ("fr,ar;q=0.5", '<html lang="ar" dir="rtl">'),
        ("fr", '<html lang="en" dir="ltr">'),
        ("*", '<html lang="en" dir="ltr">'),
        ("\xff;q=zero,,", '<html lang="en" dir="ltr">'),
    ],
)
@pytest.mark.parametrize("address", ["/", PAGE, "/articles/nowhere/", "/admin/login/"])
def test_browser_asks_for_a_language(client, published, asked, tag, address):
    assert opening(client.get(address, headers=in_language(asked))) in (
        tag,
        tag.replace('lang="en"', 'lang="en-us"'),  # as Django's admin has it
    )


@pytest.mark.parametrize("asked", [{}, in_language("fr"), in_language("*")])
def test_site_has_a_language_for_who_asks_for_none_of_its_own(client, published, settings, asked):
    settings.LANGUAGE_CODE = "ar"

    for address in ("/", PAGE, "/articles/nowhere/", "/admin/login/"):
        assert opening(client.get(address, headers=asked)) == '<html lang="ar" dir="rtl">'


def test_choice_of_the_person_goes_before_the_browser_and_leads_back(client, published):
    answer = client.post("/language/", {"language": "ar"}, headers={"Referer": f"http://testserver{PAGE}"})

    assert (answer.status_code, answer.url) == (302, f"http://testserver{PAGE}")
    cookie = answer.cookies["django_language"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) == 365 * 24 * 60 * 60
    assert opening(client.get(PAGE, headers=in_language("de"))) == '<html lang="ar" dir="rtl">'


@pytest.mark.parametrize("data", [{"language": "xx"}, {"language": "\x00"}, {}])
def test_choice_of_a_language_that_is_not_offered_changes_nothing(client, db, data):
    assert client.post("/language/", data).status_code == 302
    assert not client.cookies


def test_choice_never_leads_to_another_site(client, db):
    answer = client.post(
        "/language/", {"language": "de", "next": "https://elsewhere.example/"}, headers={"Referer": "//else"}
    )

    assert answer.url == "/"


def test_every_page_offers_the_languages_in_their_own_words(client, published):
    for address in ("/", PAGE, "/articles/nowhere/"):
        page = client.get(address, headers=in_language("de")).content.decode()
        buttons = re.findall(r'name="language" value="(\w+)" lang="\1">([^<]+)<', page)
        arabic = "\u0627\u0644\u0639\u0631\u0628\u064a\u0651\u0629"
        assert buttons == [("en", "English"), ("ar", arabic)]
        assert '<strong lang="de">Deutsch</strong>' in page


def test_site_with_one_language_asks_nobody(client, published, settings):
    settings.LANGUAGES = [("en", "en")]

    assert "set-language" not in client.get("/").content.decode()
    assert 'name="language"' not in client.get("/").content.decode()


# Published pages from the cache


def test_published_page_is_cached_for_each_language(client, published, django_assert_num_queries):
    pages = {tag: client.get(PAGE, headers=in_language(tag)) for tag in ("en", "de", "ar")}

    assert len({page["ETag"] for page in pages.values()}) == 3
    for tag, page in pages.items():
        with django_assert_num_queries(1):
            again = client.get(PAGE, headers=in_language(tag))
        assert (again.content, again["ETag"]) == (page.content, page["ETag"])
        assert f'<html lang="{tag}"' in again.content.decode()
        assert set(again["Vary"].split(", ")) == {"Accept", "Cookie", "Accept-Language"}
        assert again["Content-Language"] == tag


def test_browser_keeps_a_page_of_its_language_only(client, published):
    etag = client.get(PAGE, headers=in_language("de"))["ETag"]

    same = client.get(PAGE, headers={"If-None-Match": etag, "Accept-Language": "de"})
    other = client.get(PAGE, headers={"If-None-Match": etag, "Accept-Language": "ar"})

    assert (same.status_code, other.status_code) == (304, 200)
    assert set(same["Vary"].split(", ")) == {"Accept", "Cookie", "Accept-Language"}


def test_while_the_database_is_away_each_reader_gets_their_language(client, published):
    def no_answer(*args):
        raise OperationalError("no answer")

    before = {tag: client.get(PAGE, headers=in_language(tag)).content for tag in ("de", "ar")}

    with connection.execute_wrapper(no_answer):
        for tag, page in before.items():
            assert client.get(PAGE, headers=in_language(tag)).content == page
        unseen = Client(raise_request_exception=False).get(PAGE, headers=in_language("en"))
    assert unseen.status_code == 503
    assert unseen["Content-Language"] == "en"


def test_article_keeps_its_own_language_and_direction(client, save, moderator):
    workflow.publish(save(title="المد", slug="tides", language="ar"), by=moderator)
    page = client.get(PAGE, headers=in_language("de")).content.decode()

    assert opening(client.get(PAGE, headers=in_language("de"))) == '<html lang="de" dir="ltr">'
    assert '<article class="text" lang="ar" dir="rtl"' in page


@pytest.mark.parametrize(("tag", "shown"), [("en", "Nov. 2, 2026, 08:05"), ("ar", "2 نوفمبر 2026، 08:05")])
def test_moment_reads_in_the_order_of_the_language(tag, shown):
    with override(tag):
        assert date_format(datetime(2026, 11, 2, 8, 5, tzinfo=UTC), "DATETIME_FORMAT") == shown
