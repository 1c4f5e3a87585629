"""Guessing passwords: who is held up, and who is not."""

import pytest
from django.urls import reverse

from articles.http import limits

LOGIN = "/admin/login/"


@pytest.fixture
def attempt(client, author, monkeypatch, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; dozens are tried
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_000)  # all within one minute
    author.set_password("the right one")
    author.save()

    def attempt(password, *, name="author", address="192.0.2.1"):
        return client.post(LOGIN, {"username": name, "password": password}, REMOTE_ADDR=address)

    return attempt


def test_ten_wrong_passwords_lock_the_name_for_that_address(attempt):
    wrong = [attempt("wrong").status_code for _ in range(10)]
    response = attempt("the right one")

    assert wrong[:9] == [200] * 9
    assert response.status_code == 429
    assert "15 minutes" in response.content.decode()
    assert response["Retry-After"] == "900"


def test_nobody_locks_another_out_from_elsewhere(attempt):
    for _ in range(11):
        attempt("wrong")

    response = attempt("the right one", address="192.0.2.2")
    assert (response.status_code, response["Location"]) == (302, reverse("admin:index"))


def test_one_address_tries_thirty_names_a_minute_at_most(attempt, one_minute):
    answers = [attempt("wrong", name=f"name{n}").status_code for n in range(31)]

    assert answers == [200] * 30 + [429]


def test_success_forgets_the_failures(attempt):
    for _ in range(9):
        attempt("wrong")
    attempt("the right one")

    assert attempt("wrong").status_code == 200
