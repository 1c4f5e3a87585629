"""Commands that make accounts give them no name that looks like that of an existing account."""

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.management.commands.demo import ACCOUNTS, WRITERS, make_accounts


@pytest.mark.parametrize(
    ("command", "name", "taken"),
    [(["demo"], "moderator", "Moderator"), (["seed", "--articles", "1", "--revisions", "1"], "seed", "Seed")],
)
def test_command_stops_before_it_makes_a_look_alike(db, command, name, taken):
    User.objects.create(username=taken)

    with pytest.raises(CommandError) as refusal:
        call_command(*command, stdout=StringIO())

    assert str(refusal.value).startswith(
        f"No account '{name}' is made. The name looks like \u201c{taken}\u201d"
    )
    assert refusal.value.returncode == 2
    assert User.objects.get().username == taken


def test_accounts_that_exist_already_are_used_whatever_looks_like_them(db):
    make_accounts(reset_passwords=False)
    call_command("seed", "--articles", "1", "--revisions", "1", stdout=StringIO())
    User.objects.bulk_create([User(username="Moderator"), User(username="Seed")])

    call_command("seed", "--articles", "1", "--revisions", "1", "--seed", "2", stdout=StringIO())

    assert make_accounts(reset_passwords=False) == {}
    assert User.objects.count() == len(ACCOUNTS) + len(WRITERS) + 3
