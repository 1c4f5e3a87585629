"""Limits count one person or one network, for the minute that runs, in a store that all processes share."""

import tempfile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from redis.exceptions import ConnectionError as NoConnection

from articles.http import counts, heavy, limits
from articles.models import Spending

MINUTE = 1_000_000_020 // 60


@pytest.fixture
def view(monkeypatch, db):
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


def test_one_customer_of_ipv6_is_one_network(view):
    answers = [view(request(address=f"2001:db8:0:1::{n}")).status_code for n in (1, 2, 3)]

    assert answers == [200, 200, 429]
    assert view(request(address="2001:db8:0:2::1")).status_code == 200


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("unknown", ""),
        ("192.0.2.1\0", ""),
        ("", ""),
    ],
)
def test_network_of_an_address(address, network):
    assert limits.network_of(address) == network


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


def test_text_that_is_refused_comes_back(author, monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000)
    monkeypatch.setattr(limits, "WRITES_PER_MINUTE", 1)
    fresh = Client()
    fresh.force_login(author)
    fields = {"title": "Tides", "source": "The gate is shut.\n"}
    fresh.post("/admin/articles/article/add/", fields)

    page = fresh.post("/admin/articles/article/add/?x=1", fields).content.decode()

    assert "Nothing of what you sent was saved." in page
    assert 'action="/admin/articles/article/add/?x=1"' in page
    assert "The gate is shut.\n</textarea>" in page


def test_marking_characters_is_limited_and_reading_is_not(client, published, monkeypatch):
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000)
    monkeypatch.setattr(limits, "ANONYMOUS_WORK_PER_MINUTE", 2)
    address = "/articles/tides/revisions/1/"

    assert [client.get(f"{address}?escape=1").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/articles/tides/?escape=1").status_code == 429
    assert client.get("/articles/tides/compare/1..1/").status_code == 429
    assert client.get("/articles/tides/").status_code == 200


@pytest.mark.parametrize(("length", "cost"), [(0, 1), (16_383, 1), (16_384, 2), (262_144, 17)])
def test_long_texts_cost_more(length, cost):
    assert limits.cost_of("x" * length) == cost
    assert limits.cost_of("x" * (length // 2), "x" * (length - length // 2)) == cost


def test_signed_in_people_have_more_work_than_an_address(author, monkeypatch):
    monkeypatch.setattr(limits, "HEAVY_FROM", 10_000)
    text = "x" * 40 * limits.CODE_POINTS_A_UNIT

    assert [bool(limits.refused_work(request(), text)) for _ in range(2)] == [False, True]
    assert [bool(limits.refused_work(request(user=author), text)) for _ in range(2)] == [False, False]


def test_work_that_costs_more_than_the_budget_is_done_in_a_fresh_minute(db, monkeypatch):
    monkeypatch.setattr(limits, "HEAVY_FROM", 10_000)

    assert limits.refused_work(request(), "x" * 1000 * limits.CODE_POINTS_A_UNIT) is None


def test_clearing_the_cache_clears_no_count(view):
    view(request()), view(request())

    cache.clear()

    assert view(request()).status_code == 429


def test_rows_of_past_minutes_are_swept_and_name_nobody(db, settings, monkeypatch):
    settings.REDIS_URL = ""
    counts.add("test", "192.0.2.1", 5, minute=MINUTE)
    assert list(Spending.objects.values_list("minute", "units")) == [(MINUTE, 5)]
    monkeypatch.setattr(counts, "_swept_in", 0)

    counts.add("test", "192.0.2.2", 1, minute=MINUTE + 2)

    assert list(Spending.objects.values_list("minute", "units")) == [(MINUTE + 2, 1)]


class NoRedis:
    def pipeline(self, **options):
        raise NoConnection("gone")


def test_without_redis_the_database_counts(db, settings, monkeypatch):
    settings.REDIS_URL = "redis://nowhere"
    monkeypatch.setattr(counts, "_redis", NoRedis)
    monkeypatch.setattr(counts, "_asks_redis_at", 0.0)

    assert [counts.add("test", "a", 2, minute=MINUTE) for _ in range(2)] == [2, 4]
    assert Spending.objects.get().units == 4


def test_without_any_store_the_process_counts(settings, monkeypatch):
    settings.REDIS_URL = ""

    def fails(*args):
        raise OperationalError("database is locked")

    monkeypatch.setattr(counts, "_add_in_database", fails)

    assert [counts.add("test", who, 1, minute=MINUTE) for who in "aab"] == [1, 2, 1]
    assert counts.add("test", "a", 1, minute=MINUTE + 1) == 1


def test_second_heavy_work_is_refused_until_the_first_is_answered(db, settings, monkeypatch):
    monkeypatch.setattr(heavy, "SECONDS_TO_WAIT", 0)
    first, second = request(), request()

    def answer(asked):
        return limits.refused_work(asked, "x" * 65_536) or HttpResponse("done")

    def meanwhile(asked):
        done = answer(asked)
        busy = heavy.heavy_work(answer)(second)
        assert (busy.status_code, busy["Retry-After"]) == (503, "5")
        assert limits.refused_work(request(), "short") is None
        assert limits.refused_work(asked, "x" * 65_536) is None  # the same request has its place
        return done

    assert heavy.heavy_work(meanwhile)(first).status_code == 200
    assert heavy.heavy_work(answer)(second).status_code == 200


def test_places_of_a_host_are_few_whatever_the_processes(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.HEAVY_AT_ONCE = 2
    files = [heavy._locked_file(0) for _ in range(3)]  # each opens files of its own, as another process would

    assert (files[0] is None, files[1] is None, files[2]) == (False, False, None)
    heavy.os.close(files[0])
    again = heavy._locked_file(0)
    assert again is not None
    heavy.os.close(again)
    heavy.os.close(files[1])


@pytest.mark.parametrize("fault", ["a file", "a link", "writable by others", "of another account"])
def test_work_goes_on_without_turns_where_the_folder_is_not_its_own(fault, monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(heavy, "_failed", heavy.threading.Event())
    folder = heavy._folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
    if fault == "a file":
        folder.touch()
    elif fault == "a link":
        folder.symlink_to(tmp_path)
    elif fault == "writable by others":
        folder.mkdir()
        folder.chmod(0o777)
    else:
        monkeypatch.setattr(heavy.os, "getuid", lambda: -1)

    for _ in range(2):
        heavy.Place.taken().free()

    assert [record.message.startswith("Heavy work takes no turns") for record in caplog.records] == [True]


def test_place_is_freed_when_a_view_fails(db, settings, monkeypatch):
    monkeypatch.setattr(heavy, "SECONDS_TO_WAIT", 0)

    def fails(asked):
        limits.refused_work(asked, "x" * 65_536)
        raise RuntimeError

    for _ in range(2):
        asked = request()
        with pytest.raises(RuntimeError):
            heavy.heavy_work(fails)(asked)
        assert hasattr(asked, "place")


def test_visitors_heavy_request_is_refused_unread_while_another_waits(monkeypatch):
    heavy._noted.add("/")
    try:
        answer = heavy.heavy_work(lambda request: HttpResponse("done"))
        assert answer(request()).status_code == 200
        with heavy._waiting:
            assert answer(request()).status_code == 503
            signed_in = request()
            signed_in.COOKIES["sessionid"] = "x"
            assert answer(signed_in).status_code == 200
    finally:
        heavy._noted.clear()
