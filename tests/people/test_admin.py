"""The admin pages of accounts: unfit names are refused at their field, from both sides of the permission."""

import re
from html import unescape

import pytest
from django.contrib.auth.forms import ReadOnlyPasswordHashField
from django.contrib.auth.models import Permission, User

ADD = "/admin/auth/user/add/"
PASSWORD = "sluice tide gate"


@pytest.fixture
def clerk(reader):
    """An account that may add and change accounts, and nothing else."""
    reader.is_staff = True
    reader.save()
    reader.user_permissions.set(Permission.objects.filter(codename__in=["add_user", "change_user"]))
    return reader


def errors(answer):
    """Return the errors that a page shows, by field."""
    fields = answer.context["adminform"].form.errors
    page = unescape(answer.content.decode())
    assert all(message in page for messages in fields.values() for message in messages)
    return dict(fields)


def add(client, name):
    return client.post(ADD, {"username": name, "password1": PASSWORD, "password2": PASSWORD})


def change(client, account, **changes):
    """Submit the page of an account with the fields that it shows, and with changes."""
    address = f"/admin/auth/user/{account.pk}/change/"
    form = client.get(address).context["adminform"].form
    fields = [field for field in form if not isinstance(field.field, ReadOnlyPasswordHashField)]
    data = {field.html_name: field.value() for field in fields if field.value() not in (None, False, [])}
    joined = data.pop("date_joined")
    data |= {"date_joined_0": joined.strftime("%Y-%m-%d"), "date_joined_1": joined.strftime("%H:%M:%S")}
    return client.post(
        address, {name: value for name, value in (data | changes).items() if value is not None}
    )


def test_clerk_adds_an_account_with_a_fit_name(client, clerk):
    client.force_login(clerk)

    assert add(client, "\u0414\u043c\u0438\u0442\u0440\u0438\u0439").status_code == 302
    assert User.objects.filter(username="\u0414\u043c\u0438\u0442\u0440\u0438\u0439").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("re\u0430der", "The name mixes scripts: character 3, Cyrillic small letter a (U+0430), "),
        ("rea\u200bder", "Character 4 of the name is not seen by readers: Zero width space (U+200B)."),
        ("\u3164", "Character 1 of the name is not seen by readers: Hangul jungseong filler (U+1160)."),
        ("\u0645\u06f1\u0662", "The name mixes digits of two kinds: character 3, "),
        ("\u0441\u043e\u0441\u043e", "The name looks like \u201ccoco\u201d, the name of another account."),
        ("c0c0", "The name looks like \u201ccoco\u201d, the name of another account."),
    ],
    ids=ascii,
)
def test_unfit_name_is_refused_at_its_field_and_stays_there(client, clerk, name, message):
    User.objects.create(username="coco")
    client.force_login(clerk)

    answer = add(client, name)

    assert answer.status_code == 200
    assert User.objects.count() == 2
    ((field, (found,)),) = errors(answer).items()
    assert field == "username"
    assert found.startswith(message)
    assert re.search(rf'name="username" value="{name}"', answer.content.decode())


def test_who_may_not_add_accounts_gets_no_form(client, author):
    client.force_login(author)

    assert add(client, "somebody").status_code == 403
    assert not User.objects.filter(username="somebody").exists()


def test_name_that_exists_keeps_the_message_of_django(client, clerk):
    client.force_login(clerk)

    assert errors(add(client, "Reader")) == {"username": ["A user with that username already exists."]}


def test_account_is_renamed(client, clerk, author):
    client.force_login(clerk)

    assert change(client, author, username="ann").status_code == 302
    author.refresh_from_db()
    assert author.username == "ann"


def test_account_takes_a_look_alike_of_its_own_name(client, clerk, author):
    client.force_login(clerk)

    assert change(client, author, username="Author").status_code == 302
    author.refresh_from_db()
    assert author.username == "Author"


@pytest.mark.parametrize("name", ["\u0430uthor", "author\u2060", "READER", "read\u0435r"], ids=ascii)
def test_account_is_not_renamed_to_an_unfit_name(client, clerk, author, name):
    client.force_login(clerk)

    answer = change(client, author, username=name, first_name="Ann")

    assert errors(answer).keys() == {"username"}
    assert 'value="Ann"' in answer.content.decode()
    author.refresh_from_db()
    assert author.username == "author"


def test_account_with_an_unfit_name_can_be_deactivated_without_a_new_one(client, clerk):
    impostor = User.objects.create(username="re\u0430der", first_name="A\u202en")
    client.force_login(clerk)

    assert change(client, impostor, is_active=None).status_code == 302
    impostor.refresh_from_db()
    assert not impostor.is_active


@pytest.mark.parametrize("field", ["first_name", "last_name"])
@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", True),
        ("O\u2019Brien-\u0141uk", True),
        ("A\u202enn", False),
        ("Ann\u200b", False),
    ],
    ids=ascii,
)
def test_full_name_holds_nothing_hidden(client, clerk, author, field, name, is_taken):
    client.force_login(clerk)

    answer = change(client, author, **{field: name})

    author.refresh_from_db()
    assert (getattr(author, field) == name) is is_taken
    if not is_taken:
        ((place, (found,)),) = errors(answer).items()
        assert place == field
        assert " of the name is not seen by readers: " in found
