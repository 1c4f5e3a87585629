"""Small things that a change of one character would break."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from articles import permissions, workflow
from articles.moderator.oversight import _cell
from articles.text.checks import Finding, Severity
from articles.text.content.content import introduced
from articles.text.content.marking import mark
from articles.text.diff import Change, Op
from articles.text.markdown import Where


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


def spotted(start, end, text="<"):
    return Finding(
        check="c",
        severity=Severity.ALERT,
        start=start,
        end=end,
        text=text,
        meant=None,
        payload=None,
        where=next(iter(Where)),
        message="m",
    )


def test_text_inside_a_mark_is_escaped():
    assert mark("<i>&", spotted(0, 4, "<i>&")).endswith(">&lt;i&gt;&amp;</mark>")


@pytest.mark.parametrize("edge", [(2, 3), (4, 5)], ids=["first", "last"])
def test_finding_at_either_edge_of_an_unchanged_stretch_was_there_before(edge):
    was = spotted(*edge)
    now = spotted(edge[0] + 1, edge[1] + 1)
    changes = [change(Op.INSERT, (2, 2), (2, 3)), change(Op.EQUAL, (2, 5), (3, 6))]

    assert list(introduced([was], [now], changes)) == []


@pytest.mark.parametrize("edge", [(1, 3), (4, 6)], ids=["first", "last"])
def test_finding_that_reaches_beyond_an_unchanged_stretch_is_brought_in(edge):
    found = spotted(*edge)

    assert list(introduced([found], [found], [change(Op.EQUAL, (2, 5), (2, 5))])) == [found]


def change(op, old, new):
    return Change(op, old, new, None, None)
