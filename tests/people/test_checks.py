"""`manage.py check --database default` lists accounts with unfit names."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from articles.people import checks


def listing():
    """Return what the command prints about accounts."""
    err = StringIO()
    call_command("check", databases=["default"], stdout=StringIO(), stderr=err)
    return err.getvalue()


def test_each_account_is_listed_with_code_points_reason_and_remedy(db):
    fit = User.objects.create(username="ann")
    mixed = User.objects.create(username="\u0430dmin")
    alike = User.objects.create(username="Ann")

    text = listing()

    assert (
        f"?: (articles.W001) Account {mixed.pk}, \u201c\u0430dmin\u201d (\\u0430dmin): The name mixes" in text
    )
    assert f"Account {alike.pk}, \u201cAnn\u201d: The name looks like \u201cann\u201d" in text
    assert f"HINT: {checks.HINT}" in text
    assert f"Account {fit.pk}," not in text


def test_no_control_character_reaches_the_terminal(db):
    User.objects.create(username="a\x1b[2J\u202eb")

    text = listing()

    assert "\u201ca\\x1b[2J\\u202eb\u201d (a\\x1b[2J\\u202eb): Character 2 of the name is not seen by" in text
    assert "\x1b[2J" not in text
    assert "\u202e" not in text


def test_site_with_fit_names_has_no_warning(db):
    User.objects.create(username="\u0414\u043c\u0438\u0442\u0440\u0438\u0439")

    assert listing() == ""


def test_accounts_are_read_only_if_a_database_is_named(db, django_assert_num_queries):
    User.objects.create(username="\u0430dmin")

    with django_assert_num_queries(0):
        assert run_checks() == []


@pytest.mark.parametrize(("number", "rest"), [(2, ""), (3, "1 more"), (1_005, "1,003 more")])
def test_long_list_is_cut(db, monkeypatch, number, rest):
    monkeypatch.setattr(checks, "MOST_LISTED", 2)
    User.objects.bulk_create(User(username=f"\u0430dmin{n}") for n in range(number))

    text = listing()

    assert text.count("Account ") == 2
    assert (f"(articles.W001) {rest} accounts have such names." in text) == bool(rest)


def test_warnings_make_the_command_fail_on_request(db):
    User.objects.create(username="\u0430dmin")

    with pytest.raises(CommandError, match="WARNINGS"):
        call_command(
            "check", databases=["default"], fail_level="WARNING", stdout=StringIO(), stderr=StringIO()
        )


def test_database_without_tables_passes(db, monkeypatch):
    monkeypatch.setattr(User._meta, "db_table", "not_yet_migrated")

    assert listing() == ""
