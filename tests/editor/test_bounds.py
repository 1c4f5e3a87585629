"""What the editor's answers draw, whatever the text: rows and bytes beside the text itself."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.editor import images, live
from articles.editor.forms import LEAST_SHOWN, MOST_CHOICES
from tests.conftest import content
from tests.editor.test_editor import FIELDS, change
from tests.hostile import UNITS, filled

BEYOND = 400_000  # bytes that an answer may draw beside the text and its preview


@pytest.mark.parametrize("shape", UNITS)
def test_answers_stay_within_their_budget_whatever_the_text(shape, client, author):
    source = filled(UNITS[shape], 20_000)
    revision = workflow.save_revision(None, by=author, content=content(source))
    own = len(revision.renderings.latest().html.encode()) + 3 * len(source.encode())  # its signs escaped
    client.force_login(author)

    page = client.get(change(revision.article)).content
    answer = client.post(reverse("admin:articles_article_live"), FIELDS | {"source": source})

    assert len(page) - own < BEYOND
    beside = page.decode().partition("data-findings")[2]
    assert beside.count("<tr") + beside.count("<li") <= 2 * live.MAX_LISTED + live.MAX_UNSEEN + 50
    rows = answer.json()
    assert len(rows["findings"]) <= rows["total"]
    assert max(map(len, (rows["findings"], rows["removals"]))) <= live.MAX_LISTED
    assert len(answer.content) - own < BEYOND


def test_letters_of_any_script_are_not_escaped_in_the_answer(client, author):
    client.force_login(author)
    source = "\u0627\u0644\u0645\u062f " * 1_000

    answer = client.post(reverse("admin:articles_article_live"), FIELDS | {"source": source})

    assert len(answer.content) < len(source.encode()) + 2_000


def clashing(count, words):
    return "".join(f"Line {n} is {words}.\n\nStays {n}.\n\n" for n in range(count))


def test_many_clashes_are_joined_and_their_choices_keep_each_text(client, author, other_author, save):
    article = save(clashing(100, "here")).article
    save(clashing(100, "there"), by=other_author)
    client.force_login(author)
    fields = FIELDS | {"source": clashing(100, "gone"), "base": 1}

    page = client.post(change(article), fields)
    names = re.findall(r'name="(side-\d+)" value="mine"', page.content.decode())
    chosen = client.post(
        change(article), fields | {"theirs": 2, "_choose": ""} | dict.fromkeys(names, "theirs")
    )

    assert 0 < len(names) <= MOST_CHOICES
    assert chosen.context["form"]["source"].value() == clashing(100, "there")


def test_clash_of_long_lines_is_drawn_around_its_first_difference(client, author, other_author, save):
    same = "word " * 9_000
    article = save(f"{same}end\n").article
    save(f"{same}their end p\u0430per\n", by=other_author)
    client.force_login(author)

    page = client.post(change(article), FIELDS | {"source": f"{same}my end\n", "base": 1}).content.decode()

    (versions,) = re.findall(r'<dl class="versions">(.*?)</dl>', page, re.DOTALL)
    assert "…word" in versions
    assert 'data-code="U+0430"' in versions
    assert len(versions) < LEAST_SHOWN * 5


def test_image_names_so_many_articles_that_show_it():
    place = {"slug": "s", "title": "T", "first": 1, "last": 1, "count": 1}

    assert images.shown_in([place] * images.MOST_ARTICLES).count("<a") == images.MOST_ARTICLES
    assert "more" not in images.shown_in([place] * images.MOST_ARTICLES)
    assert images.shown_in([place] * (images.MOST_ARTICLES + 2)).endswith("; and 2 more articles")
