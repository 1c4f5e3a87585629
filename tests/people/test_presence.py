"""Who has something open: told to the others, for as long as the page asks."""

from datetime import timedelta

from django.utils import timezone

from articles.people.presence import SILENCE, note_presence


def test_others_are_told_with_the_time_since_when(author, moderator, monkeypatch):
    began = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: began)
    assert note_presence("a", author) == []
    monkeypatch.setattr(timezone, "now", lambda: began + SILENCE)
    note_presence("a", author)

    others = note_presence("a", moderator)

    assert [(one.name, one.since) for one in others] == [("author", began)]
    assert note_presence("b", moderator) == []


def test_who_is_silent_for_too_long_counts_as_gone_and_comes_anew(author, moderator, monkeypatch):
    began = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: began)
    note_presence("a", author)
    later = began + SILENCE + timedelta(microseconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)

    assert note_presence("a", moderator) == []
    note_presence("a", author)
    assert note_presence("a", moderator)[0].since == later
