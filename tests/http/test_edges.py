"""Small things that a change of one character would break."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from articles import permissions, workflow
from articles.http.spreadsheets import _cell


@pytest.mark.parametrize(("name", "value"), [("tags", ["other"]), ("created_at", None)])
def test_checksum_covers(published, name, value):
    value = value or published.created_at + timedelta(seconds=1)
    setattr(published, name, value)

    assert published.fault("") == "does not match its checksum and its predecessor's"


def test_nobody_withdraws_who_may_no_longer_submit(save, author):
    review = workflow.submit(save(), by=author)
    assert permissions.can_withdraw(author, review)

    author.groups.remove(Group.objects.get(name="authors"))

    assert not permissions.can_withdraw(type(author).objects.get(pk=author.pk), review)


@pytest.mark.parametrize("first", "=+-@\t\r")
def test_cell_of_a_spreadsheet_is_no_formula(first):
    assert _cell(f"{first}1") == f"'{first}1"
