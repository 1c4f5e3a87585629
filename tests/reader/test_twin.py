"""The Markdown of a published page: what it says of the article, and that it has what readers see, and only that."""

import json
from itertools import permutations

import pytest

from articles import workflow
from articles.reader.twin import plain, readable
from articles.text.page import sanitize, visible_text
from tests.conftest import content
from tests.hostile import UNITS, filled, tag_characters

MARKDOWN = {"Accept": "text/markdown"}
BEFORE, AFTER = "The tide table hangs by the door.\n\n", "\n\nThe keeper reads it.\n"
HIDING = {  # what nobody sees on the page, and what is left of it
    "<!-- Obey. -->": "",
    "[obey]: https://evil.example/": "",
    "[^obey]: Obey.": "",
    "A word<!-- Obey. --> more.": "A word more.",
    "A [](https://evil.example/obey) link.": "A  link.",
    f"A word{tag_characters('obey')} more.": "A word more.",
    "A wo\u200brd mo\u2060re.": "A word more.",
    "Left\u200b-hand doors.": "Left-hand doors.",  # a notice only
    "An \u202eodd\u202c line.": "An odd line.",
    '<p id="obey">A word.</p>': '<p id="">A word.</p>',
    "```text obey at once\ncode\n```": "```text\ncode\n```",
}


def front_matter(text):
    _, head, body = text.split("---\n", 2)
    values = dict(line.split(": ", 1) for line in head.splitlines())
    return {name: json.loads(value) for name, value in values.items()}, body.lstrip("\n")


def read(source, language="en"):
    return readable(source, sanitize(source).html, language)


def test_front_matter_says_what_the_article_is(client, save, moderator, settings):
    settings.SITE_URL, settings.SITE_LICENCE = "https://site.example", "CC BY 4.0"
    first = save("Text.\n", title='The "tide": mill', tags=("sea", "tide"))
    workflow.publish(first, by=moderator)
    second = save("Other.\n", title='The "tide": mill', tags=("sea", "tide"))
    workflow.publish(second, by=moderator)

    response = client.get("/articles/tides.md")

    values, body = front_matter(response.content.decode())
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert body == "Other.\n"
    published, updated = values.pop("published"), values.pop("updated")
    assert published <= updated
    assert published.endswith("Z")
    assert values == {
        "title": 'The "tide": mill',
        "language": "en",
        "author": "author",
        "tags": ["sea", "tide"],
        "version": 2,
        "sha256": second.sha256,
        "url": "https://site.example/articles/tides/",
        "licence": "CC BY 4.0",
    }


@pytest.mark.parametrize(("hiding", "left"), HIDING.items(), ids=map(repr, HIDING))
def test_what_nobody_sees_is_left_out(hiding, left):
    text = read(BEFORE + hiding + AFTER)

    assert text == BEFORE + left + AFTER
    assert "obey" not in text.casefold()


@pytest.mark.parametrize(("one", "other"), [*permutations(HIDING, 2)])
def test_what_readers_see_is_whole(one, other):
    source = f"{BEFORE}{one}{AFTER}\n{other}\n\n- [x] done\n\n| a | b |\n|---|---|\n| c | d |\n"

    text = read(source)

    html, again = sanitize(source).html, sanitize(text).html
    assert plain(visible_text(again), "en") == plain(visible_text(html), "en")
    assert "obey" not in text.casefold()


def test_labels_of_several_words_are_written_anew():
    text = read("A [link][obey at once].\n\n[obey at once]: https://example.org/\n")

    assert text == "A [link](https://example.org/).\n"


@pytest.mark.parametrize(
    "source",
    [
        "# A\n\nText with *stress*, `code` and [a link](/b 'title').\n\n![alt](/images/a.png)\n",
        "A [short][1] one.\n\n[1]: https://example.org/\n",
        "A note.[^1]\n\n[^1]: Its text.\n",
        "```python\ncode\n```\n",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\n",  # Persian needs its joiner
        "The word \u2067\u05d0\u2069 is isolated.\n",
        "An\u2003odd space is one.\n",
    ],
)
def test_honest_source_stays_as_it_was_written(source):
    assert read(source, "fa" if source[0] > "\u0600" else "en") == source


def test_page_that_needs_too_many_tags_to_be_written_anew_has_its_words():
    source = filled(UNITS["removed elements"])

    assert read(source).split() == ["a"] * source.count("<b")


def test_hidden_characters_of_title_and_names_are_left_out_and_odd_ones_escaped(
    client, save, author, moderator
):
    odd = save("Text.\n", title=f"Ti{tag_characters('obey')}des\u00a0out")
    workflow.approve(workflow.submit(odd, by=author), by=moderator)

    head = client.get("/articles/tides.md").content.decode()

    assert 'title: "Tides out"\n' in head.replace("\\u00a0", " ")


def test_who_prefers_markdown_gets_it_at_the_address_of_the_page(client, published):
    page = client.get("/articles/tides/", headers=MARKDOWN)

    assert page["Content-Type"] == "text/markdown; charset=utf-8"
    assert "Accept" in page["Vary"]
    assert page.content == client.get("/articles/tides.md").content
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", "text/markdown;q=0.5, text/html"):
        html = client.get("/articles/tides/", headers={"Accept": accept})
        assert html["Content-Type"] == "text/html; charset=utf-8"
        assert "Accept" in html["Vary"]


def test_page_names_its_twin(client, published):
    link = '<link rel="alternate" type="text/markdown" href="/articles/tides.md">'

    assert link in client.get("/articles/tides/").content.decode()


def test_twin_that_a_reader_has_is_not_sent_again(client, published):
    first = client.get("/articles/tides.md")

    assert client.get("/articles/tides.md", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_only_what_is_public_has_a_twin(client, published, save, moderator, author):
    save("A secret draft.\n")
    assert b"secret" not in client.get("/articles/tides.md").content

    moved = workflow.save_revision(
        published.article, by=author, content=content("Text.\n", slug="ebb"), base=2
    )
    workflow.publish(moved, by=moderator)
    assert client.get("/articles/tides.md").headers["Location"] == "/articles/ebb.md"

    workflow.unpublish(moved.article, by=moderator)
    assert client.get("/articles/ebb.md").status_code == 410
    assert client.get("/articles/ebb/", headers=MARKDOWN).status_code == 410
    assert client.get("/articles/nowhere.md").status_code == 404


def test_hidden_text_is_in_no_twin(client, published, save, administrator, moderator):
    live = save("Her number is 555 0148.\n", title="Secret")
    workflow.publish(live, by=moderator)
    workflow.hide(live, by=administrator, parts=["text"], reason="Private.")

    for response in (client.get("/articles/tides.md"), client.get("/articles/tides/", headers=MARKDOWN)):
        assert b"555" not in response.content
        assert b"Secret" not in response.content
