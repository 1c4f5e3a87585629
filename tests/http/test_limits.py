"""Limits count one person or one address, for the minute that runs."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from articles.http import limits


@pytest.fixture
def view(monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_030)
    return limits.limited("test", per_minute=2, only=("POST",))(lambda request: HttpResponse("done"))


def request(method="post", user=None, address="192.0.2.1", **headers):
    made = getattr(RequestFactory(REMOTE_ADDR=address, headers=headers), method)("/")
    made.user = user or AnonymousUser()
    return made


def test_one_more_than_the_limit_is_told_when_to_come_back(view):
    answers = [view(request()) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2]["Retry-After"] == "50"
    assert "50 seconds" in answers[2].content.decode()


def test_next_minute_counts_anew(view, monkeypatch):
    for _ in range(3):
        view(request())
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_090)

    assert view(request()).status_code == 200


def test_others_are_not_held_up(view, author):
    for _ in range(3):
        view(request())

    assert view(request(address="192.0.2.2")).status_code == 200
    assert view(request(user=author)).status_code == 200


def test_other_methods_do_not_count(view):
    assert [view(request("get")).status_code for _ in range(4)] == [200] * 4


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.7", "192.0.2.1"),  # anybody can write the header
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "198.51.100.7", "192.0.2.1"),
    ],
)
def test_header_of_a_proxy_is_believed_as_far_as_the_proxies_are_ours(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies

    assert limits.address_of(request(**{"X-Forwarded-For": forwarded})) == address


def test_writes_of_all_kinds_are_counted_together(author, monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000)
    monkeypatch.setattr(limits, "WRITES_PER_MINUTE", 3)
    fresh = Client()  # builds its middleware anew, with the lower limit
    fresh.force_login(author)

    answers = [
        fresh.post(address).status_code for address in ["/admin/articles/article/add/", "/", "/nowhere/", "/"]
    ]

    assert answers[3] == 429
    assert 429 not in answers[:3]
    assert fresh.get("/").status_code == 200


def test_marking_characters_is_limited_and_reading_is_not(client, published, monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000)
    marked = [client.get("/articles/tides/revisions/1/?escape=1").status_code for _ in range(61)]

    assert marked == [200] * 60 + [429]
    assert client.get("/articles/tides/?escape=1").status_code == 429
    assert client.get("/articles/tides/").status_code == 200
