"""Citing: a version has an address for good, and says whether what was cited of it reads the same today."""

import html
import json
import re
import time

import pytest

from articles import workflow
from articles.models import Revision
from articles.reader.citations import MAX_QUOTE
from tests.http.test_hostile_input import HOSTILE

VERSION = "/articles/tides/revisions/1/"
TEXT = "The pond gives about six hours of milling.\n\nThe keeper reads *the table* before breakfast.\n"


@pytest.fixture
def first(save, moderator):
    """Version 1, live, with hash and text."""
    revision = save(TEXT)
    workflow.publish(revision, by=moderator)
    return revision


@pytest.fixture
def change(save, moderator):
    """Publishes another text over it."""

    def change(source):
        revision = save(source)
        assert workflow.publish(revision, by=moderator) is None
        return revision

    return change


def said(client, **query):
    """The words about a citation, in one line; empty if there are none."""
    page = client.get(VERSION, query).content.decode()
    box = re.search(r'<div class="cited".*?</div>', page, re.DOTALL)
    words = re.sub(r"<(?!/?(?:del|ins))[^>]+>", " ", box[0]) if box else ""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())


def test_article_says_how_to_cite_its_live_version(client, first, settings):
    settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Site"
    page = html.unescape(client.get("/articles/tides/").content.decode())

    [words] = re.findall(r'class="cite-text"[^>]*>([^<]+)', page)
    for part in ("author", "“Tides”", "Site", "version 1", f"https://site.example{VERSION}", first.sha256):
        assert part in words
    [csl] = json.loads(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[-1])
    assert (csl["title"], csl["URL"], csl["version"]) == ("Tides", f"https://site.example{VERSION}", "1")
    assert "@misc{tides-1," in page
    assert "title = {{Tides}}" in page


def test_signs_of_bibtex_are_escaped(client, save, moderator):
    workflow.publish(save(title="Salt & {sand} at 5 % \\today"), by=moderator)

    page = html.unescape(client.get("/articles/tides/").content.decode())

    assert r"title = {{Salt \& \{sand\} at 5 \% \textbackslash{}today}}" in page


def test_hidden_author_is_not_cited(client, first, administrator):
    workflow.hide(first, by=administrator, parts=["author"], reason="Personal.")

    page = client.get("/articles/tides/").content.decode()

    assert "author = {" not in page
    assert "(name hidden): “" not in page


def test_draft_is_not_cited(client, first, save, moderator):
    save("Draft.\n")
    client.force_login(moderator)

    assert 'id="cite"' not in client.get("/articles/tides/revisions/2/").content.decode()
    assert 'id="cite"' in client.get(VERSION).content.decode()


@pytest.mark.parametrize("written", ["{}", " {} ", "sha256:{}", "SHA-256: {}"])
def test_hash_of_the_version_matches(client, first, written):
    assert "This version is the one cited" in said(client, sha256=written.format(first.sha256))
    assert "This version is the one cited" in said(client, sha256=written.format(first.sha256.upper()))


def test_other_hash_leads_to_the_version_that_has_it(client, first, change):
    second = change("Other.\n")

    assert "This version is not the one cited" in said(client, sha256="0" * 64)
    assert "Version 2 has the cited hash." in said(client, sha256=second.sha256)


def test_hash_of_a_draft_leads_nowhere(client, first, save):
    draft = save("Draft.\n")

    assert "Version" not in said(client, sha256=draft.sha256)


def test_what_is_no_hash_is_told(client, first):
    assert "is no SHA-256" in said(client, sha256="0" * 63)
    assert "is no SHA-256" in said(client, sha256="\N{FULLWIDTH DIGIT ZERO}" * 64)


def test_passage_of_the_live_version(client, first):
    assert "which is live today" in said(client, quote="six hours of milling")
    assert "is not in this version" in said(client, quote="seven hours")


def test_passage_that_reads_the_same_elsewhere_in_the_text(client, first, change):
    change("A new start.\n\n" + TEXT.replace("before", "at"))

    told = said(client, quote="The pond gives\nabout six   hours of milling.\n\nThe keeper")
    assert "reads the same" in told
    assert "Compare with version 2" in told


def test_passage_that_changed_is_shown_before_and_after(client, first, change):
    change(TEXT.replace("six hours", "five hours and twenty minutes"))

    told = said(client, quote="about six hours of milling")

    assert "has changed since" in told
    assert "It was about six hours of milling" in told
    assert "It is about five hours and twenty minutes of milling" in told


@pytest.mark.parametrize(
    ("quote", "old", "new", "now"),
    [
        ("six hours of milling", "six hours", "five hours", "It is five hours of milling"),
        ("The pond gives about six", "six hours", "five hours", "It is The pond gives about five"),
    ],
)
def test_words_that_replaced_the_first_and_last_one_are_shown(client, first, change, quote, old, new, now):
    change(TEXT.replace(old, new))

    assert now in said(client, quote=quote)


def test_passage_that_is_gone(client, first, change):
    change("The keeper reads the table before breakfast.\n")

    assert "is no longer there" in said(client, quote="The pond gives about six hours of milling.")


def test_formatting_and_invisible_characters_are_no_part_of_a_passage(client, first):
    assert "which is live" in said(client, quote="reads the ta\N{SOFT HYPHEN}ble before")


def test_invisible_characters_of_a_text_are_no_part_of_a_passage(client, save, moderator):
    workflow.publish(
        save("The tide ta\N{SOFT HYPHEN}ble hangs\N{NO-BREAK SPACE}\nby the door.\n"), by=moderator
    )

    assert "which is live" in said(client, quote="table hangs by")


def test_passage_of_an_article_offline_is_for_the_newsroom(client, first, moderator):
    workflow.unpublish(first.article, by=moderator)

    assert client.get(VERSION, {"quote": "six hours"}).status_code == 410
    client.force_login(moderator)
    assert "No version is live" in said(client, quote="six hours")


def test_hidden_version_tells_nothing(client, first, change, administrator):
    change("Other.\n")
    workflow.hide(first, by=administrator, parts=["text"], reason="Personal.")

    answer = client.get(VERSION, {"quote": "six hours", "sha256": first.sha256})

    assert answer.status_code == 403
    assert b"six hours" not in answer.content


def test_long_passage_is_refused_in_words(client, first):
    assert "too long" in said(client, quote="a" * (MAX_QUOTE + 1))
    assert "is not in this version" in said(client, quote="a" * MAX_QUOTE)


def test_passage_that_nearly_stands_at_each_letter_takes_no_time(client, save, moderator):
    workflow.publish(save("a" * 200_000), by=moderator)
    start = time.process_time()

    assert "is not in this version" in said(client, quote="a" * (MAX_QUOTE - 1) + "b")

    assert time.process_time() - start < 2  # seconds; 6 if each place is tried


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_citation_is_answered(client, first, value):
    for name in ("sha256", "quote"):
        answer = client.get(VERSION, {name: value.decode("utf-8", "replace")})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_plain_page_says_nothing_of_citations(client, first):
    assert said(client) == said(client, quote="  ", sha256="") == ""


def test_asking_takes_few_queries(client, first, change, django_assert_max_num_queries):
    change("Other.\n")
    assert Revision.objects.count() == 2

    with django_assert_max_num_queries(10):
        client.get(VERSION, {"quote": "six hours", "sha256": "0" * 64})
