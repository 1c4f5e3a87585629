"""Two versions of different articles compared."""

import re

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Revision
from tests.conftest import content


@pytest.fixture
def pair(author):
    return [
        workflow.save_revision(None, by=author, content=content(f"Same here.\n\n{word}.\n", slug=word))
        for word in ("ebb", "flow")
    ]


def test_shows_both_articles_and_what_differs(pair, client, moderator, django_assert_max_num_queries):
    client.force_login(moderator)

    client.get(
        reverse("compare-across", args=[each.pk for each in pair])
    )  # what a process keeps is not counted
    with django_assert_max_num_queries(9):
        page = client.get(reverse("compare-across", args=[each.pk for each in pair])).content.decode()

    assert "/articles/ebb/revisions/1/" in page
    assert "/articles/flow/revisions/1/" in page
    assert re.search(r"<del[^>]*>.*ebb", page)
    assert re.search(r"<ins[^>]*>.*flow", page)


def test_hidden_text_is_not_compared(pair, client, moderator, administrator):
    ebb, flow = pair
    workflow.hide(Revision.objects.get(pk=ebb.pk), by=administrator, parts=["text"], reason="Libel.")
    client.force_login(moderator)

    assert client.get(reverse("compare-across", args=[ebb.pk, flow.pk])).status_code == 404
    assert client.get(reverse("compare-across", args=[flow.pk, flow.pk])).status_code == 200


def test_long_comparison_comes_in_parts(author, client, moderator):
    versions = [
        workflow.save_revision(
            None,
            by=author,
            content=content("".join(f"Line {n} {word}\n\nsame {n}\n\n" for n in range(3_000)), slug=word),
        )
        for word in ("ebb", "flow")
    ]
    client.force_login(moderator)
    url = reverse("compare-across", args=[each.pk for each in versions])

    first, second = client.get(url), client.get(url, {"part": 2})

    assert len(first.content) < 1_000_000
    assert 'rel="next" href="?part=2"' in first.content.decode()
    assert 'rel="prev" href="?part=1"' in second.content.decode()
