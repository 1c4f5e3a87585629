"""Offering tags while an author types."""

import pytest

from articles.editor.tags import MOST_OFFERED

TAGS = "/admin/articles/article/tags/"


@pytest.fixture
def offered(client, author):
    client.force_login(author)
    return lambda q="": client.get(TAGS, {"q": q}).json()["tags"]


def test_first_spelling_is_offered_for_any_other(offered, save):
    save(tags=("Django",))

    assert offered("\uff24\uff4a") == ["Django"]
    assert offered("x") == []


def test_newest_tags_are_offered_first_and_at_most_ten(offered, save):
    for n in range(MOST_OFFERED + 2):
        save(f"{n}\n", tags=(f"tag {n}",))

    assert offered() == [f"tag {n}" for n in range(MOST_OFFERED + 1, 1, -1)]


def test_only_who_writes_is_answered(client, author, reader, save):
    save(tags=("Django",))

    assert client.get(TAGS).status_code == 401
    client.force_login(reader)
    assert client.get(TAGS).status_code == 403
    client.force_login(author)
    assert client.get(TAGS).json() == {"tags": ["Django"]}


def test_one_query_beside_session_account_and_rights(offered, save, django_assert_max_num_queries):
    save(tags=("Django",))

    with django_assert_max_num_queries(6):
        offered("d")


def test_nobody_asks_without_end(client, author, settings, one_minute):
    settings.LIMITS = True
    client.force_login(author)

    statuses = {client.get(TAGS).status_code for _ in range(241)}

    assert statuses == {200, 429}
