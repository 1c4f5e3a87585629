"""Replicas: who reads from them, when they count as current, and what happens when one fails."""

from collections import Counter
from contextlib import ExitStack

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import OperationalError, connections, router, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from articles import workflow
from articles.http import lately, replicas
from articles.models import Article

PAGE, HISTORY, VERSION = "/articles/tides/", "/articles/tides/history/", "/articles/tides/revisions/1/"


@pytest.fixture
def state(monkeypatch):
    """Nothing is known of replicas yet."""
    monkeypatch.setattr(replicas, "_looks_at", 0.0)
    monkeypatch.setattr(lately, "_changed_at", 0.0)
    monkeypatch.setattr(replicas, "_is_primary_there", True)
    monkeypatch.setattr(replicas, "_current_at", {})
    monkeypatch.setattr(replicas, "_left_until", {})
    replicas._written.clear()


@pytest.fixture
def machines(state, monkeypatch):
    """A primary and a replica without databases, and the clock: what each has of the log, or an error."""

    class Machines:
        now, primary, replica, seconds = 100.0, 1_000, 1_000, 0.0

        def rows(self, alias, question, *values):
            self.now += self.seconds if alias != "default" else 0.0
            position = self.primary if alias == "default" else self.replica
            if isinstance(position, Exception):
                raise position
            return [(position,)] if position else []

    machines = Machines()
    monkeypatch.setattr(replicas, "_aliases", lambda: ["replica 1"])
    monkeypatch.setattr(replicas, "_rows", machines.rows)
    monkeypatch.setattr(replicas.time, "monotonic", lambda: machines.now)
    return machines


def current():
    return replicas._current_replica()


def test_replica_is_current_as_of_the_moment_whose_log_it_has(machines):
    assert current() == "replica 1"
    machines.primary = 2_000
    machines.now += replicas.SECONDS_BETWEEN_LOOKS
    assert current() == "replica 1"  # it has what was there a quarter of a second ago
    machines.now += replicas.SECONDS_BEHIND
    assert current() is None
    machines.replica = 2_000
    assert current() is None  # nobody has looked since
    machines.now += replicas.SECONDS_BETWEEN_LOOKS
    assert current() == "replica 1"


def test_replica_that_is_always_a_moment_behind_is_current(machines):
    assert current() == "replica 1"
    for _ in range(20):
        machines.replica, machines.primary = machines.primary, machines.primary + 100
        machines.now += replicas.SECONDS_BETWEEN_LOOKS
        assert current() == "replica 1"


def test_replica_is_not_current_before_it_has_what_this_process_wrote(machines):
    assert current() == "replica 1"

    machines.now += 0.01
    lately.forget()
    assert current() is None

    machines.now += replicas.SECONDS_BETWEEN_LOOKS
    assert current() == "replica 1"


def test_no_replica_is_current_while_the_primary_does_not_answer(machines):
    assert current() == "replica 1"

    machines.primary = OperationalError("no answer")
    machines.now += replicas.SECONDS_BEHIND + 0.01

    assert current() is None
    machines.primary = 1_000
    assert current() is None  # for a pause
    with pytest.raises(OperationalError, match="a moment ago"):
        replicas.ask("SELECT 1")
    machines.now += replicas.SECONDS_TO_PAUSE
    assert current() == "replica 1"


@pytest.mark.parametrize(
    "trouble", [{"replica": OperationalError("no")}, {"replica": None}, {"seconds": 0.2}]
)
def test_replica_that_fails_is_no_replica_or_is_slow_is_left_for_a_pause(machines, trouble):
    for name, value in trouble.items():
        setattr(machines, name, value)
    assert current() is None

    machines.replica, machines.seconds = 1_000, 0.0
    machines.now += replicas.SECONDS_BETWEEN_LOOKS
    assert current() is None
    machines.now += replicas.SECONDS_TO_PAUSE
    assert current() == "replica 1"


def test_question_is_answered_by_the_primary_when_the_replica_fails(machines):
    answers = {"default": [("primary",)]}
    assert current() == "replica 1"

    def rows(alias, question, *values):
        if alias not in answers:
            raise OperationalError("no answer")
        return answers[alias]

    replicas._rows = rows

    assert replicas.ask("SELECT 1") == [("primary",)]
    assert current() is None


def test_router_sends_writes_locks_and_transactions_to_the_primary():
    token = replicas._reads_from.set("replica 1")
    try:
        routed = replicas.Router()
        assert routed.db_for_write(Article) == "default"
        assert not routed.allow_migrate("replica 1", "articles")
        assert routed.allow_migrate("default", "articles")
    finally:
        replicas._reads_from.reset(token)


def test_nothing_is_routed_without_replicas():
    assert router.routers == []
    with pytest.raises(MiddlewareNotUsed):
        replicas.read_from_replicas(lambda request: None)


# With a second connection to the same database in the place of a replica


@pytest.fixture
def replica(state, transactional_db, monkeypatch):
    """Returns a function that counts the questions to each database while it asks for an address."""
    alias = "replica 1"
    copy = connections[alias] = connections["default"].copy(alias)
    monkeypatch.setattr(router, "routers", [replicas.Router()])
    monkeypatch.setattr(replicas, "_aliases", lambda: [alias])
    monkeypatch.setattr(
        replicas, "_current_replica", lambda: None if alias in replicas._left_until else alias
    )

    def ask(client, address, *, method="get", failing=""):
        counter = Counter()
        lately.forget()  # what the last request was answered

        def count(execute, sql, params, many, context):
            counter[context["connection"].alias] += 1
            if failing and failing in sql and context["connection"].alias == alias:
                copy.errors_occurred = True
                raise OperationalError("gone")
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            for connection in (connections["default"], copy):
                stack.enter_context(connection.execute_wrapper(count))
            answer = getattr(client, method)(address)
        return answer, counter

    yield ask
    copy.close()
    if copy.vendor == "postgresql":
        copy.close_pool()
    del connections[alias]


def test_visitor_reads_from_the_replica_and_what_is_kept_is_made_from_the_primary(replica, published):
    client = Client()

    _, first = replica(client, PAGE)
    assert first["replica 1"] == 1  # what is live
    assert first["default"] > 0
    assert replica(client, PAGE)[1] == {"replica 1": 1}
    assert replica(client, HISTORY)[1]["replica 1"] == 1
    assert replica(client, HISTORY)[1] == {"replica 1": 1}
    answer, version = replica(client, VERSION)
    assert (answer.status_code, version["default"]) == (200, 0)
    assert version["replica 1"] > 1
    answer, search = replica(client, "/search/?q=tide")
    assert answer.status_code == 200
    assert not [alias for alias in search if alias != "replica 1"] or search["default"] <= 1  # its rate limit


def test_who_is_signed_in_reads_from_the_primary(replica, published, author):
    client = Client()
    client.force_login(author)

    for address in (PAGE, HISTORY, VERSION, "/"):
        answer, asked = replica(client, address)
        assert answer.status_code == 200
        assert set(asked) == {"default"}, address


def test_what_is_within_a_transaction_is_read_from_the_primary(replica):
    token = replicas._reads_from.set("replica 1")
    try:
        assert Article.objects.all().db == "replica 1"
        with transaction.atomic():
            assert Article.objects.all().db == "default"
        assert Article.objects.select_for_update().db == "default"
    finally:
        replicas._reads_from.reset(token)


@pytest.mark.parametrize(
    ("address", "failing"),
    [(PAGE, "articles_article a"), (VERSION, "articles_revision"), ("/search/?q=tide", "SELECT")],
)
def test_replica_that_fails_within_a_request_is_replaced_by_the_primary(replica, published, address, failing):
    client = Client(raise_request_exception=False)

    answer, asked = replica(client, address, failing=failing)

    assert answer.status_code == 200
    assert asked["replica 1"] == 1
    assert replica(client, address)[1]["replica 1"] == 0  # for a pause


def test_error_of_the_site_is_not_asked_twice(replica):
    answers = []

    def fail(request):
        answers.append(HttpResponse(status=500))
        return answers[-1]

    replicas.read_from_replicas(fail)(RequestFactory().get("/"))

    assert len(answers) == 1


def test_unpublished_article_is_gone_from_both(replica, published, moderator):
    client = Client()
    replica(client, PAGE)
    workflow.unpublish(published.article, by=moderator)

    assert replica(client, PAGE)[0].status_code == 410
