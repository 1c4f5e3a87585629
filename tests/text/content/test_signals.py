"""What an edit does to a text, as one value."""

from dataclasses import replace

import pytest

from articles.text.content import Content, unseen_in
from articles.text.content.damage import Damage
from articles.text.content.host_twins import HostTwin
from articles.text.content.personal import DataKind, PersonalData
from articles.text.content.relinks import Relink
from articles.text.content.signals import Signals, signals
from articles.text.diff import compare

TEXT = (
    "The keeper reads the tide table before breakfast, and hangs it by the door of the old boat house. " * 3
)
NONE = Signals(Damage(), (), (), (), 0)
PHONE = PersonalData(DataKind.PHONE, "442079460018", "+44 20 7946 0018")
MAIL = PersonalData(DataKind.MAIL, "a@mail.example", "a@mail.example")
CARD = PersonalData(DataKind.CARD, "4111111111111111", "4111 1111 1111 1111")
LINK = Relink("museum", "museum.example", "casino.example")
TWIN = HostTwin("rnuseum.example", "museum.example")


def found(old, new, *, new_hosts=(), known_hosts=(), before=None, after=None):
    was = replace(Content("t", "t", old), **(before or {}))
    now = replace(Content("t", "t", new), **(after or {}))
    return signals(
        was if old or before else None,
        now,
        source_changes=compare(old, new).changes,
        new_hosts=new_hosts,
        known_hosts=known_hosts,
        unseen=unseen_in(new),
    )


def test_plain_edit_has_none():
    assert found(TEXT, TEXT.replace("door", "gate")) == NONE


@pytest.mark.parametrize(
    "hides", ["<!-- {} -->", "[^1]: {}", "[x]: https://a.example '{}'", "lol\n\n<!--\n{}"]
)
def test_text_that_is_hidden_from_readers_counts_as_removed(hides):
    assert found(TEXT, hides.format(TEXT.strip())).damage.is_blanking


def test_a_comment_beside_the_text_removes_nothing():
    assert found(TEXT, f"{TEXT}\n<!-- {TEXT} -->\n").damage == Damage()


def test_all_that_an_edit_does_is_found():
    old = f"[museum](https://museum.example)\n\n{TEXT}\n"
    new = f"[museum](https://rnuseum.example)\n\nlol {PHONE.text} {MAIL.text}!!!!!!!\n"

    result = found(old, new, new_hosts=["rnuseum.example"], known_hosts=["museum.example"])

    assert result.damage.removed > 50
    assert result.relinks == (Relink("museum", "museum.example", "rnuseum.example"),)
    assert result.twins == (TWIN,)
    assert result.personal == (PHONE, MAIL)
    assert result.noise == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"Call {PHONE.text}.\n", f"Please call {PHONE.text}.\n"),
        (f"Call {PHONE.text}.\n", "Call +44 (20) 7946-0018.\n"),
        (f"Call {PHONE.text}.\n\n{TEXT}\n", f"{TEXT}\n\nCall {PHONE.text}.\n"),
        (f"Call {PHONE.text}.\n", f"Call {PHONE.text}.\n\nOnce more: {PHONE.text}\n"),
        (f"Call {PHONE.text}.\n", "Call nobody.\n"),
        ("WAKE UP EVERYBODY HERE\n", "WAKE UP EVERYBODY HERE now\n"),
        ("Aaaaaaaaah!\n", "Aaaaaaaaaaah!\n"),
    ],
)
def test_what_was_there_before_is_not_brought_in(old, new):
    assert found(old, new) == NONE


def test_one_changed_digit_makes_another_number():
    assert len(found(f"Call {PHONE.text}.\n", "Call +44 20 7946 0019.\n").personal) == 1


@pytest.mark.parametrize("field", ["title", "summary", "excerpt", "description"])
def test_other_fields_count_if_they_changed(field):
    brought = {field: f"Call {PHONE.text}"}

    assert found(TEXT, TEXT, after=brought).personal == (PHONE,)
    assert found(TEXT, TEXT, before=brought, after=brought).personal == ()


def test_first_version_brings_all_in():
    assert found("", f"Call {PHONE.text}.\n").personal == (PHONE,)


@pytest.mark.parametrize(
    ("known", "is_silent"), [("mail.example", True), ("www.mail.example", True), ("other.example", False)]
)
def test_mail_address_at_a_known_host_is_silent(known, is_silent):
    assert found("", f"Write to {MAIL.text}.\n", known_hosts=[known]).personal == (
        () if is_silent else (MAIL,)
    )
