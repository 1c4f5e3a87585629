"""What tests share: people of every role, content, and a database whose triggers stand."""

import gc
import importlib
import math
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.signals import setting_changed
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings

from articles import workflow
from articles.http import counts, lately, limits, schedules
from articles.models import Allowance, Article, Revision
from articles.reader import recording
from articles.revisions import triggers
from articles.search import index
from articles.text.content import Content

settings.register_profile(
    "default",
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("default")

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)

initial = importlib.import_module("articles.migrations.0001_initial")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", metavar="FOLDER", help="write the README's screenshots into this folder"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Tables are flushed after a test that commits: only then the triggers step aside."""
    gc.set_threshold(100_000, 20, 100)  # a tenth less processor time: tests make many objects, few circles
    os.environ["PALIMPSEST_ENV"] = ""  # commands that tests start read no file of this checkout
    # No test cuts the power: nothing has to wait for the disk.
    options = django_settings.DATABASES["default"]["OPTIONS"]
    if "init_command" in options:
        options["init_command"] += " PRAGMA synchronous = OFF;"
    else:
        options["options"] += " -c synchronous_commit=off"
    django_settings.CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "tests")
    collected = (
        tempfile.TemporaryDirectory()
    )  # static files have their plain names, whatever the checkout holds
    config.add_cleanup(collected.cleanup)
    django_settings.STATIC_ROOT = collected.name
    django_settings.HEAVY_AT_ONCE = 64  # the workers of the tests share a host
    uploaded = tempfile.TemporaryDirectory()
    config.add_cleanup(uploaded.cleanup)
    django_settings.MEDIA_ROOT = uploaded.name  # the demo uploads pictures

    def teardown(self: TransactionTestCase) -> None:
        """Empty all tables but those of types and permissions, which `flush` would make anew after each test."""
        tables = {*connection.introspection.django_table_names(only_existing=True), index.TABLE}
        with triggers.dropped(connection), transaction.atomic(), connection.cursor() as cursor:
            for table in tables - {"django_content_type", "auth_permission"}:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        initial.make_groups(apps, SimpleNamespace(connection=connection))  # data of the migration

    TransactionTestCase._fixture_teardown = teardown


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which("chromedriver") and shutil.which("chromium"):
        return
    if os.environ.get("REQUIRE_BROWSER"):
        raise pytest.UsageError("REQUIRE_BROWSER is set, but chromium and chromedriver are not installed")
    skip = pytest.mark.skip(
        reason="chromium and chromedriver are not installed (Debian: chromium, chromium-driver)"
    )
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


def _person(name: str, *group_names: str, **flags: bool) -> User:
    user = User.objects.create_user(name, is_staff=bool(group_names) or bool(flags), **flags)
    user.groups.set(Group.objects.filter(name__in=group_names))
    return user


# The settings of a process do not change, so a page that is kept is not asked for those of its time.
setting_changed.connect(lambda **changed: forget_pages(), weak=False)


def forget_pages() -> None:
    cache.clear()
    recording.records.cache_clear()


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    forget_pages()  # what one test asked for does not count against the next
    lately.forget()
    lately._asks_again_at, lately._answered_at = 0.0, -math.inf
    counts._own.clear()
    counts._swept_in = 2**31  # nor is the database swept when a minute begins
    if django_settings.REDIS_URL:
        spent = f"{django_settings.CACHES['default']['KEY_PREFIX']}.spent:*"
        counts._redis().delete("", *counts._redis().scan_iter(spent))
    translation.deactivate()  # nor does the language of its last request
    schedules.remember(None)  # nor costs the first request a look for due schedules


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the limits stands still, so no new minute begins amid a test that reaches one."""
    now = time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now)


@pytest.fixture
def author(db: None) -> User:
    return _person("author", "authors")


@pytest.fixture
def other_author(db: None) -> User:
    return _person("other_author", "authors")


@pytest.fixture
def moderator(db: None) -> User:
    return _person("moderator", "moderators")


@pytest.fixture
def administrator(db: None) -> User:
    return _person("administrator", is_superuser=True)


@pytest.fixture
def reader(db: None) -> User:
    """An account without any right."""
    return _person("reader")


@pytest.fixture
def second_moderator(db: None) -> User:
    """Who confirms what another moderator proposed."""
    return _person("second_moderator", "moderators")


@pytest.fixture
def confirmed(second_moderator: User) -> Callable[[Allowance], Allowance]:
    """Returns an allowance in force: one that takes two moderators is confirmed by the second."""

    def confirmed(allowance: Allowance) -> Allowance:
        if allowance.is_proposed:
            workflow.confirm_allowance(allowance, by=second_moderator)
            allowance.refresh_from_db()
        return allowance

    return confirmed


CLEAN = "The tide table hangs by the door.\n\nIt is read before breakfast.\n"
FLAGGED = "The p\u0430per by the door.\n"  # a Cyrillic letter in a Latin word


def content(source: str = CLEAN, **changes: object) -> Content:
    fields = {"title": "Tides", "slug": "tides", "language": "en"} | changes
    return Content(source=source, **fields)


@pytest.fixture
def save(author: User) -> Callable[..., Revision]:
    """Saves a version of the one article "tides" on top of its latest, by the author unless told otherwise."""

    def save(source: str = CLEAN, *, by: User | None = None, **changes: object) -> Revision:
        article = Article.objects.filter(slug="tides").select_related("latest_revision").first()
        base = article.latest_revision.number if article else None
        return workflow.save_revision(article, by=by or author, content=content(source, **changes), base=base)

    return save


@pytest.fixture
def published(save: Callable[..., Revision], moderator: User) -> Revision:
    """Version 1 of "tides", clean and live."""
    revision = save()
    assert workflow.publish(revision, by=moderator) is None
    return Revision.objects.with_text().get(pk=revision.pk)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock, to `NOON` at first; the process has just looked for due schedules."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    at(NOON)
    schedules.remember(None)
    return at
