"""Attributing: what each version did to the text before it."""

from articles.models import Attribution, Revision

TABLE = "The tide table hangs by the door of the harbour office.\n"
BREAKFAST = "It is read before breakfast by whoever wakes up first.\n"


def counts(revision):
    stored = Attribution.objects.get(revision=revision)
    return stored.added, stored.removed


def test_first_version_adds_all_of_its_text(save):
    assert counts(save(TABLE)) == (len(TABLE), 0)


def test_added_and_removed_count_code_points(save):
    save(TABLE)

    assert counts(save(TABLE.replace("door", "window"))) == (6, 4)
    assert counts(save(TABLE.replace("door", "window") + "\U0001f30a\n")) == (2, 0)
    assert counts(save(TABLE.replace("door", "window"))) == (0, 2)


def test_move_counts_as_neither(save):
    save(f"{TABLE}\n{BREAKFAST}\nMore of it stands below.\n")

    assert counts(save(f"{BREAKFAST}\n{TABLE}\nMore of it stands below.\n")) == (0, 0)


def test_version_after_one_without_attribution_gets_none(save, monkeypatch):
    monkeypatch.setattr("articles.workflow.saving.record_attribution", lambda *args, **kwargs: None)
    save(TABLE)
    monkeypatch.undo()

    save(BREAKFAST)

    assert Revision.objects.count() == 2
    assert not Attribution.objects.exists()
