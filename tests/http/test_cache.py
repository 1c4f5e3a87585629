"""The shared cache: what all processes see while Redis answers, and nothing lost while it does not."""

import os
import socket
import time

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from redis.exceptions import ConnectionError as NoConnection

from articles.http.cache import SpareableRedisCache

REDIS_URL = os.environ.get("REDIS_URL")
needs_redis = pytest.mark.skipif(not REDIS_URL, reason="REDIS_URL names no Redis")


@pytest.fixture(autouse=True)
def anew(monkeypatch):
    monkeypatch.setattr(SpareableRedisCache, "_asks_again_at", 0.0)
    monkeypatch.setattr(SpareableRedisCache, "_stale_keys", set())


def redis_at(url):
    return SpareableRedisCache(url, {"KEY_PREFIX": f"test-{os.getpid()}"})


@pytest.fixture
def nowhere():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))  # bound and not listening: nothing answers here
        yield redis_at(f"redis://127.0.0.1:{s.getsockname()[1]}/0")


def test_without_redis_reads_miss_and_writes_are_dropped(nowhere):
    nowhere.set("key", "value")

    assert nowhere.get("key") is None
    assert nowhere.get("key", "default") == "default"
    assert nowhere.add("key", 1) is True
    assert nowhere.incr("key") == 1
    assert nowhere.get_many(["key"]) == {}
    assert nowhere.set_many({"key": 1}) == []
    assert nowhere.has_key("key") is False
    assert nowhere.touch("key") is False
    assert nowhere.delete("key") is False
    assert nowhere.delete_many(["key"]) is None
    assert nowhere.clear() is None


def test_redis_that_did_not_answer_is_left_alone_for_a_moment(nowhere, monkeypatch):
    asked = []

    def get_client(*args, **options):
        asked.append(args)
        raise NoConnection

    monkeypatch.setattr(type(nowhere._cache), "get_client", get_client)

    for _ in range(5):
        nowhere.get("key")

    assert len(asked) == 1


def test_sessions_outlive_redis(db, nowhere, monkeypatch):
    monkeypatch.setattr("django.contrib.sessions.backends.cached_db.caches", {"default": nowhere})
    session = SessionStore()
    session["who"] = "ada"
    session.save()

    assert SessionStore(session.session_key)["who"] == "ada"


@needs_redis
def test_what_one_process_writes_another_reads():
    one, other = redis_at(REDIS_URL), redis_at(REDIS_URL)
    one.set("key", "value", 30)

    assert other.get("key") == "value"
    other.clear()
    assert one.get("key") is None


@needs_redis
def test_clearing_leaves_what_is_not_ours():
    ours, theirs = redis_at(REDIS_URL), SpareableRedisCache(REDIS_URL, {"KEY_PREFIX": "theirs"})
    theirs.set("key", "value", 30)

    ours.clear()

    assert theirs.get("key") == "value"
    theirs.delete("key")


@needs_redis
def test_what_could_not_be_written_is_dropped_once_redis_is_back(monkeypatch):
    cache = redis_at(REDIS_URL)
    cache.set("session", "signed in", 30)
    monkeypatch.setattr(SpareableRedisCache, "_asks_again_at", time.monotonic() + 60)
    cache.delete("session")
    cache.set("other", "newer")

    monkeypatch.setattr(SpareableRedisCache, "_asks_again_at", 0.0)

    assert cache.get("session") is None
    assert cache.get("other") is None
    assert not SpareableRedisCache._stale_keys
