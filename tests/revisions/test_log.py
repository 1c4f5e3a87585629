"""Events: who did what, when and through which door."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from articles.models import Event
from articles.revisions.log import coming_from, log_event, origin


def test_event_holds_what_it_is_told_and_when(published, moderator, monkeypatch):
    now = datetime(2026, 1, 2, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)

    with coming_from(Event.Door.PAGE, address="192.0.2.1"):
        log_event(Event.Action.FIX, published, by=moderator, reason="Why.", detail="What.", article=0)

    event = Event.objects.get(action=Event.Action.FIX)
    assert (event.at, event.actor, event.actor_name) == (now, moderator, "moderator")
    assert (event.revision, event.article, event.reason, event.detail) == (
        published,
        published.article,
        "Why.",
        "What.",
    )
    assert (event.door, event.address) == (Event.Door.PAGE, "192.0.2.1")


def test_event_of_the_system_names_no_account_and_may_belong_to_an_article_alone(published):
    log_event(Event.Action.ALLOW, None, by=None, article=published.article_id)

    event = Event.objects.get(action=Event.Action.ALLOW)
    assert (event.actor, event.actor_name, event.revision, event.article) == (
        None,
        "(system)",
        None,
        published.article,
    )
    assert (event.reason, event.detail, event.door, event.address) == ("", "", Event.Door.COMMAND, None)


@pytest.mark.django_db
def test_detail_is_cut_after_500_code_points():
    log_event(Event.Action.ALLOW, None, by=None, detail="x" * 501)

    assert Event.objects.get().detail == "x" * 500


def test_door_is_that_of_the_innermost_block():
    with coming_from(Event.Door.PAGE):
        with coming_from(Event.Door.ADMIN):
            assert origin().door == Event.Door.ADMIN
        assert origin().door == Event.Door.PAGE
    assert (origin().door, origin().address) == (Event.Door.COMMAND, None)
