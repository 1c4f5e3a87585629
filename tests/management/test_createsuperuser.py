"""`createsuperuser` refuses unfit names, however they reach it."""

import getpass
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

MIXED = "The name mixes scripts: character 1, Cyrillic small letter a (U+0430), is foreign to the rest."
ALIKE = "The name looks like \u201ccoco\u201d, the name of another account. Choose a different name."


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.fixture
def coco(db):
    return User.objects.create(username="coco")


@pytest.fixture
def dialogue(monkeypatch):
    """Runs the command at a terminal where somebody types names; returns what it says of them."""

    def dialogue(*typed, **options):
        answers, err = iter(typed), StringIO()
        monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
        monkeypatch.setattr(getpass, "getpass", lambda *prompt: "sluice tide gate")
        call_command(
            "createsuperuser",
            stdin=Terminal(),
            stdout=StringIO(),
            stderr=err,
            email="a@b.example",
            **options,
        )
        assert list(answers) == []
        return err.getvalue()

    return dialogue


def test_fit_name_is_taken(coco):
    name = "\u041e\u043b\u044c\u0433\u0430"

    call_command("createsuperuser", "--noinput", username=name, email="a@b.example", verbosity=0)

    assert User.objects.get(username=name).is_superuser


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("\u0430dmin", MIXED),
        ("co\u200bco", "Character 3 of the name is not seen by readers: Zero width space (U+200B)."),
        ("\u0441\u043e\u0441\u043e", ALIKE),
        ("c0c0", ALIKE),
        ("\uff43oco", ALIKE),  # stored as coco
    ],
    ids=ascii,
)
@pytest.mark.parametrize("source", ["option", "environment"])
def test_unfit_name_is_refused_without_input(coco, monkeypatch, name, reason, source):
    options = {"username": name} if source == "option" else {}
    monkeypatch.setenv("DJANGO_SUPERUSER_USERNAME", name)

    with pytest.raises(CommandError) as refusal:
        call_command("createsuperuser", "--noinput", email="a@b.example", **options)

    assert str(refusal.value).startswith(reason)
    assert list(User.objects.all()) == [coco]


def test_dialogue_gives_the_reason_and_asks_again(coco, dialogue):
    said = dialogue("\u0430dmin", "\u0441\u043e\u0441\u043e", "ann")

    assert [line.partition("Latin letters.")[0] for line in said.splitlines()] == [
        f"Error: {MIXED} Write the whole name in one script. Only Chinese, Japanese and Korean may stand beside ",
        f"Error: {ALIKE}",
    ]
    assert User.objects.get(is_superuser=True).username == "ann"


def test_dialogue_asks_again_after_an_unfit_option(coco, dialogue):
    said = dialogue("ann", username="c0c0")

    assert said == f"{ALIKE}\n"
    assert User.objects.get(is_superuser=True).username == "ann"


def test_name_that_exists_keeps_the_message_of_django(coco, dialogue):
    assert dialogue("coco", "ann") == "Error: That username is already taken.\n"
