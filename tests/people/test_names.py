"""Names of accounts: what is refused and with which reason, and which existing ones are found."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from articles.people.names import UnfitAccount, unfit_accounts, validate_full_name, validate_name

CASES = json.loads(Path(__file__).parents[1].joinpath("cases/names.json").read_text(encoding="ascii"))
UNSEEN = "Character 6 of the name is not seen by readers: Zero width space (U+200B). Type the name again without it."


def reason(name, **options):
    """Return why a name is refused; None if it is not."""
    try:
        validate_name(name, **options)
    except ValidationError as error:
        return error.messages
    return None


def make(*names):
    return [User.objects.create(username=name) for name in names]


@pytest.mark.parametrize("name", CASES["fit"], ids=ascii)
def test_fit_name_is_taken(db, name):
    make("somebody")

    assert reason(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("admin\u200b", UNSEEN),
        (
            "adm\u0456n",
            "The name mixes scripts: character 4, Cyrillic small letter byelorussian-ukrainian i (U+0456), is foreign"
            " to the rest. Write the whole name in one script. Only Chinese, Japanese and Korean may stand beside"
            " Latin letters.",
        ),
        (
            "\u0645\u062d\u0645\u062f1\u0662",
            "The name mixes digits of two kinds: character 6, Arabic-indic digit two (U+0662), is of another kind than"
            " the first digit. Use one kind.",
        ),
    ],
    ids=ascii,
)
def test_unfit_name_is_refused_with_the_character_and_the_remedy(db, name, expected):
    assert reason(name) == [expected]


@pytest.mark.parametrize(("other", "name"), CASES["alike"], ids=ascii)
def test_name_that_looks_like_another_one_is_refused(db, other, name):
    make("somebody", other)

    assert reason(name)


@pytest.mark.parametrize(("other", "name"), CASES["apart"], ids=ascii)
def test_name_that_can_be_told_apart_is_taken(db, other, name):
    make("somebody", other)

    assert reason(name) is None


def test_refusal_names_the_other_account_without_its_controls(db):
    make("ad\u202emin")

    assert reason("admin") == [
        "The name looks like \u201cad\\u202emin\u201d, the name of another account. Choose a different name."
    ]


def test_equal_name_is_left_to_the_unique_column(db):
    make("admin")

    assert reason("admin") is None


def test_account_may_take_a_look_alike_of_its_own_name_only(db):
    ann, bob = make("ann", "bob")

    assert reason("Ann", account=ann) is None
    assert reason("Ann", account=bob)
    assert reason("Ann", account=User())


def test_names_are_read_in_one_query(db, django_assert_num_queries):
    make("ann", "bob", "eve")

    with django_assert_num_queries(1):
        validate_name("somebody")


@pytest.mark.parametrize("name", CASES["full"], ids=ascii)
def test_full_name_is_taken(name):
    validate_full_name(name)


@pytest.mark.parametrize(("name", "place"), CASES["hidden"], ids=ascii)
def test_full_name_with_a_hidden_character_is_refused(name, place):
    with pytest.raises(
        ValidationError, match=rf"^\['Character {place + 1} of the name is not seen by readers: "
    ):
        validate_full_name(name)


def test_existing_accounts_are_found_and_the_oldest_of_a_look_alike_is_spared(db):
    _, _, capital, digit, unseen = make("ann", "paull", "Paull", "paul1", "paul1\u200b")

    found = list(unfit_accounts("default"))

    assert [(account.pk, account.name) for account in found] == [
        (capital.pk, "Paull"),
        (digit.pk, "paul1"),
        (unseen.pk, "paul1\u200b"),
    ]
    assert found[0].reason.startswith("The name looks like \u201cpaull\u201d")
    assert found[-1] == UnfitAccount(unseen.pk, "paul1\u200b", UNSEEN)


@pytest.mark.parametrize(("first", "second"), [("ian", "lan"), ("lan", "ian")])
def test_reason_names_the_oldest_of_several_look_alikes(db, first, second):
    make(first, second, "Ian")

    (found,) = unfit_accounts("default")

    assert found.reason.startswith(f"The name looks like \u201c{first}\u201d")


def test_fit_accounts_are_not_found(db):
    make(*CASES["fit"])

    assert list(unfit_accounts("default")) == []
