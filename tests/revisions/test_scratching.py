"""Scratch copies: what is kept of unsaved text, for how long, and for whom."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import permissions, workflow
from articles.models import Revision, ScratchCopy
from articles.revisions.scratching import MOST_REPLACED, RETENTION, delete_old_scratch_copies
from tests.conftest import content

FIELDS = {"title": "Tides", "slug": "tides", "language": "en", "source": "Half a line", "base": "1"}


def token(number=1):
    return f"{number:032x}"


@pytest.fixture
def keep(author, save):
    article = save().article

    def keep(number=1, *, edits=1, by=author, of=article, **fields):
        workflow.keep_scratch_copy(of, by=by, token=token(number), edits=edits, fields=FIELDS | fields)
        return ScratchCopy.objects.get(owner=by, token=token(number))

    return keep


def numbers(copies):
    return [int(copy.token, 16) for copy in copies]


def test_copy_holds_every_field_as_it_was_typed(keep, author):
    fields = {
        "tags": "sea, ,harbour,",
        "summary": " why ",
        "source": "\0\r\n  \U0001f30a",
        "title": "T\0",
        "cover": "x",
    }

    copy = keep(**fields)

    assert copy.fields == FIELDS | fields
    assert (copy.owner, copy.title, copy.length) == (author, "T", 6)
    assert Revision.objects.count() == 1


def test_page_writes_its_own_row_in_one_statement(keep, author):
    article = keep(source="One").article
    author.has_perm("articles.change_article")  # loads the rights

    with CaptureQueriesContext(connection) as queries:
        workflow.keep_scratch_copy(article, by=author, token=token(), edits=2, fields=FIELDS)

    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]
    assert ScratchCopy.objects.get().fields == FIELDS


@pytest.mark.parametrize("edits", [1, 2])
def test_request_that_arrives_late_changes_nothing(keep, edits):
    keep(edits=2, source="Newer")

    assert keep(edits=edits, source="Older").fields["source"] == "Newer"


def test_another_page_overwrites_nothing_and_replaces_the_copy(keep, author):
    keep(1, source="Unanswered")
    keep(2, source="Another start")

    own = ScratchCopy.objects.visible_to(author)
    assert numbers(own.current()) == [2]
    assert numbers(own.replaced()) == [1]
    assert own.get(token=token(1)).fields["source"] == "Unanswered"


def test_page_that_writes_on_is_current_again(keep):
    keep(1)
    keep(2)

    assert keep(1, edits=2).replaced_at is None
    assert ScratchCopy.objects.current().count() == 2


def test_copies_of_other_articles_and_people_are_left_alone(keep, author, other_author):
    keep(1)
    keep(2, of=None)
    keep(1, by=other_author, source="Theirs")

    assert ScratchCopy.objects.current().count() == 3
    assert ScratchCopy.objects.visible_to(author).get(token=token(1)).fields == FIELDS


def test_as_many_replaced_copies_are_kept_as_the_limit_says(keep):
    for number in range(1, MOST_REPLACED + 3):
        keep(number)

    assert numbers(ScratchCopy.objects.current()) == [MOST_REPLACED + 2]
    assert numbers(ScratchCopy.objects.replaced()) == list(range(MOST_REPLACED + 1, 1, -1))


def test_replaced_copies_are_deleted_after_their_time_and_current_ones_never(keep, monkeypatch):
    keep(1)
    keep(2)
    replaced_at = ScratchCopy.objects.get(token=token(1)).replaced_at

    monkeypatch.setattr(timezone, "now", lambda: replaced_at + RETENTION)
    delete_old_scratch_copies.call()
    assert ScratchCopy.objects.count() == 2
    monkeypatch.setattr(timezone, "now", lambda: replaced_at + RETENTION + timedelta(seconds=1))
    delete_old_scratch_copies.call()
    assert numbers(ScratchCopy.objects.all()) == [2]


def test_discarded_copy_can_still_be_read(keep, author):
    copy = keep()

    workflow.discard_scratch_copy(copy, by=author)

    assert not ScratchCopy.objects.current()
    assert ScratchCopy.objects.visible_to(author).get().fields == FIELDS


def test_only_the_owner_sees_and_discards_a_copy(keep, author, other_author, moderator, administrator):
    copy = keep()

    for person in (other_author, moderator, administrator):
        assert not ScratchCopy.objects.visible_to(person)
        assert not permissions.can_see_scratch_copy(person, copy)
        with pytest.raises(PermissionDenied):
            workflow.discard_scratch_copy(copy, by=person)
    assert permissions.can_see_scratch_copy(author, copy)


def test_who_lost_the_right_to_write_reads_what_is_kept_and_keeps_nothing_new(keep, author):
    copy = keep()
    author.groups.remove(Group.objects.get(name="authors"))
    author = type(author).objects.get(pk=author.pk)

    for article in (copy.article, None):
        with pytest.raises(PermissionDenied):
            workflow.keep_scratch_copy(
                article, by=author, token=token(), edits=2, fields=FIELDS | {"source": "New"}
            )
    assert ScratchCopy.objects.visible_to(author).get().fields == FIELDS
    workflow.discard_scratch_copy(copy, by=author)


def test_copies_go_with_the_account(keep, author, other_author):
    keep(by=other_author)

    other_author.delete()

    assert not ScratchCopy.objects.exists()


@pytest.mark.parametrize(
    ("field", "fits", "message"),
    [
        ("source", "\u00e9" * 50, "101 bytes; at most 100 fit."),
        ("title", "x" * 200, "201 characters; at most 200 fit."),
        ("summary", "x" * 500, "501 characters; at most 500 fit."),
        ("tags", "x" * 1560, "1561 characters; at most 1560 fit."),
        ("base", "9" * 200, "201 characters; at most 200 fit."),
    ],
)
def test_what_no_save_could_take_is_refused_with_a_reason(keep, settings, field, fits, message):
    settings.MAX_SOURCE_BYTES = 100
    assert keep(**{field: fits}).fields[field] == fits

    with pytest.raises(ValidationError) as error:
        keep(edits=2, **{field: fits + "x"})

    assert error.value.message_dict == {field: [message]}
    assert ScratchCopy.objects.get().fields[field] == fits


@pytest.mark.parametrize(
    ("value", "edits"), [("", 1), ("x" * 32, 1), ("0" * 31, 1), ("0" * 32, 0), ("0" * 32, 2**31)]
)
def test_page_without_a_sound_token_is_refused(author, value, edits):
    with pytest.raises(ValidationError, match="damaged"):
        workflow.keep_scratch_copy(None, by=author, token=value, edits=edits, fields=FIELDS)


# Saves


def test_save_deletes_the_copies_that_it_contains_and_no_others(keep, author, other_author):
    keep(1)
    keep(2)
    keep(3)
    keep(1, by=other_author)

    workflow.save_revision(
        ScratchCopy.objects.first().article,
        by=author,
        content=content("New.\n"),
        base=1,
        scratch=[token(1), token(3)],
    )

    assert numbers(ScratchCopy.objects.visible_to(author)) == [2]
    assert numbers(ScratchCopy.objects.visible_to(other_author)) == [1]


def test_save_without_a_change_deletes_its_copy(keep, author):
    article = keep().article

    workflow.save_revision(article, by=author, content=content(), base=1, scratch=[token()])

    assert not ScratchCopy.objects.exists()
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "base", "error"),
    [({"source": "Theirs?\n"}, 1, workflow.EditConflict), ({"title": ""}, 2, ValidationError)],
)
def test_save_that_fails_leaves_the_copy(keep, save, author, changes, base, error):
    article = keep().article
    save("Two.\n")

    with pytest.raises(error):
        workflow.save_revision(
            article,
            by=author,
            content=content(**{"source": "Mine.\n"} | changes),
            base=base,
            scratch=[token()],
        )

    assert ScratchCopy.objects.get().fields == FIELDS
