"""Which mail a person gets: their own choice, on their page or by the link in a mail, and nobody else's."""

from email import policy
from urllib.parse import urlencode

import django
import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.utils import translation

from articles import permissions, workflow
from articles.models import MailPreferences
from articles.people import preferring
from articles.people.mailing import Letter, Passage, isolated, language_of, send_letter
from articles.people.preferences import Kind, preferences_of
from articles.people.preferring import DIGEST, named_by, opt_out_token

PAGE, STOP = "/account/mail/", "/account/mail/stop/"
DAILY = dict.fromkeys(Kind.values, "daily")
ROLES = ["reader", "author", "moderator", "administrator"]


def stop(token):
    return f"{STOP}?{urlencode({'token': token})}"


def chosen(account):
    row = MailPreferences.objects.get(account=account)
    return row.language, row.decisions, row.replies, row.answers


# Who sees and changes them


def test_decisions_come_at_once_and_the_rest_once_a_day_unless_chosen(author):
    defaults = preferences_of(author)

    assert [defaults.when(kind) for kind in Kind.values] == ["at once", "daily", "daily", "daily"]
    assert not MailPreferences.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_and_changes_their_own_alone(request, author, other_author, role):
    person = request.getfixturevalue(role)
    others = workflow.choose_mail(preferences_of(other_author), by=other_author, language="de", when=DAILY)
    own = workflow.choose_mail(preferences_of(person), by=person, language="en", when=DAILY)

    assert permissions.can_choose_mail(person, own)
    assert not permissions.can_choose_mail(person, others)
    assert not permissions.can_choose_mail(AnonymousUser(), own)
    assert list(MailPreferences.objects.visible_to(person)) == [own]
    assert not MailPreferences.objects.visible_to(AnonymousUser()).exists()
    with pytest.raises(PermissionDenied):
        workflow.choose_mail(others, by=person, language="ar", when=DAILY)
    assert chosen(other_author) == ("de", "daily", "daily", "daily")


def test_choosing_again_replaces_the_choice(author):
    for language in ("de", "ar"):
        workflow.choose_mail(preferences_of(author), by=author, language=language, when=DAILY)
        author.refresh_from_db()

    assert chosen(author) == ("ar", "daily", "daily", "daily")


@pytest.mark.parametrize(
    ("language", "changes", "field"),
    [("xx", {}, "language"), ("", {}, "language"), ("en", {"replies": "hourly"}, "replies")],
)
def test_what_the_site_does_not_offer_is_refused_at_its_field(author, language, changes, field):
    with pytest.raises(ValidationError) as error:
        workflow.choose_mail(preferences_of(author), by=author, language=language, when=DAILY | changes)

    assert error.value.message_dict.keys() == {field}
    assert not MailPreferences.objects.exists()


def test_language_that_the_site_gave_up_is_the_language_of_the_site(author, settings):
    workflow.choose_mail(preferences_of(author), by=author, language="ar", when=DAILY)
    author.refresh_from_db()
    assert preferences_of(author).language_of_mail == "ar"

    settings.LANGUAGES = [("en", "en"), ("de", "de")]

    assert preferences_of(author).language_of_mail == "en"


@pytest.mark.parametrize("role", [*ROLES, "other_author"])
def test_mail_goes_to_active_accounts_with_an_address_that_see_drafts(request, role):
    person = request.getfixturevalue(role)
    assert not permissions.can_be_written_to(person)

    person.email = "person@site.example"
    assert permissions.can_be_written_to(person) is (role != "reader")

    person.is_active = False
    assert not permissions.can_be_written_to(person)


# The page


def test_page_stores_the_choice_and_takes_its_language(client, author):
    client.force_login(author)

    answer = client.post(PAGE, DAILY | {"language": "ar", "answers": "never"}, follow=True)

    assert chosen(author) == ("ar", "daily", "daily", "never")
    assert client.cookies["django_language"].value == "ar"
    assert 'lang="ar" dir="rtl"' in answer.content.decode()
    assert answer.context["form"].initial["answers"] == "never"


def test_page_begins_with_the_language_in_which_it_is_read(client, author):
    client.force_login(author)

    assert client.get(PAGE, headers={"Accept-Language": "de"}).context["form"].initial["language"] == "de"


def test_page_is_for_who_is_signed_in(client, db):
    for answer in (client.get(PAGE), client.post(PAGE, DAILY | {"language": "en"})):
        assert answer.status_code == 302
        assert "/admin/login/" in answer["Location"]
    assert not MailPreferences.objects.exists()


def test_form_without_a_choice_says_so_and_stores_nothing(client, author):
    client.force_login(author)

    answer = client.post(PAGE, {"language": "xx", "decisions": "hourly"})

    assert answer.context["form"].errors.keys() == {"language", *Kind.values}
    assert not MailPreferences.objects.exists()


@pytest.mark.parametrize(
    ("role", "address", "words"),
    [
        ("author", "", "no e-mail address"),
        ("author", "a@site.example", "It goes to <bdi>a@site.example</bdi>"),
        ("reader", "a@site.example", "may not see drafts"),
    ],
)
def test_page_says_whether_mail_comes(client, request, role, address, words):
    person = request.getfixturevalue(role)
    person.email = address
    person.save()
    client.force_login(person)

    assert words in client.get(PAGE).content.decode()


def test_every_page_leads_there_for_who_is_signed_in(client, author):
    assert PAGE not in client.get("/").content.decode()
    client.force_login(author)
    assert PAGE in client.get("/").content.decode()


# The link in a mail


@pytest.mark.parametrize(
    ("what", "after"),
    [
        ("decisions", ("never", "daily", "daily")),
        ("answers", ("at once", "daily", "never")),
        (DIGEST, ("at once", "never", "never")),
    ],
)
def test_link_ends_its_mail_for_who_never_chose(client, author, what, after):
    for _ in range(2):
        answer = client.post(stop(opt_out_token(author, what)), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert chosen(author) == ("", *after)


def test_opening_the_link_changes_nothing_and_shows_a_button(client, author):
    for method in (client.get, client.head):
        answer = method(stop(opt_out_token(author, "decisions")))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert not MailPreferences.objects.exists()

    page = client.get(stop(opt_out_token(author, "decisions"))).content.decode()
    assert "Nothing has changed yet." in page
    assert "Decisions on my versions" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "author" not in main  # a link that was passed on names nobody


def test_link_ends_the_mail_of_its_person_whoever_is_signed_in(client, author, moderator):
    client.force_login(moderator)
    client.post(stop(opt_out_token(author, "decisions")))

    assert MailPreferences.objects.get().account == author


@pytest.mark.parametrize("method", ["get", "post"])
def test_token_that_is_none_changes_nothing_and_tells_of_nobody(client, author, method):
    good = opt_out_token(author, "decisions")
    gone = User.objects.create_user("gone")
    of_the_gone = opt_out_token(gone, "decisions")
    gone.delete()
    for_another_purpose = Signer(salt="password").sign_object([author.pk, "decisions"])
    tokens = ["", "x", good[:-1], good.swapcase(), f"{good}x", of_the_gone, for_another_purpose, "\u0663:\0"]

    answers = [getattr(client, method)(stop(token)) for token in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "This link ends no mail" in answers[0].content.decode()
    assert not MailPreferences.objects.exists()


def test_token_stays_good_and_is_bound_to_person_and_kind(author, moderator):
    tokens = {opt_out_token(person, kind) for person in (author, moderator) for kind in ("decisions", DIGEST)}

    assert len(tokens) == 4
    assert opt_out_token(author, DIGEST) in tokens
    assert named_by(opt_out_token(author, DIGEST)) == (author, DIGEST)


def test_token_needs_the_key_of_the_site(author, settings):
    token = opt_out_token(author, DIGEST)
    settings.SECRET_KEY = "another key"

    with pytest.raises(BadSignature):
        preferring.opt_out(token)


# A letter


def sent_to(account, **changes):
    account.email = "person@site.example"
    fields = {"subject": "News", "passages": [Passage(sentences=["It is so."])], "ends": "replies"}
    with language_of(account):
        send_letter(Letter(to=account, name="n.1", **fields | changes))
    return mail.outbox[-1]


def test_headers_stay_whole_however_long_they_are(author, settings):
    settings.SITE_URL = "https://a-long-name-of-a-site.of-some-department.example"
    options = {"policy": policy.SMTP} if django.VERSION >= (6, 0) else {}

    raw = sent_to(author).message(**options).as_bytes()

    assert f"<{settings.SITE_URL}{STOP}?token=".encode() in raw
    assert b"=?" not in raw


def test_site_with_letters_in_its_name_has_ascii_message_ids(author, settings):
    settings.SITE_URL = "https://b\u00fccher.example:8000"

    assert sent_to(author).extra_headers["Message-ID"] == "<n.1@xn--bcher-kva.example>"


def test_subject_is_one_line(author, settings):
    settings.SITE_NAME = "Site"

    assert sent_to(author, subject="One\r\ntwo\u2028three").subject == "[Site] One two three"


def test_quote_and_link_are_escaped_in_html(author):
    passage = Passage(
        sentences=["A & B"],
        quote="<b>\u202eno</b>\n\nend",
        link=("Go \u201con\u201d", "https://x.example/?a&b"),
    )

    page = sent_to(author, passages=[passage, passage]).alternatives[0][0]

    assert page.count("<p>A &amp; B</p>") == 2
    assert page.count("<hr>") == 2
    assert "&lt;b&gt;\\u202eno&lt;/b&gt;<br>\n<br>\nend</blockquote>" in page
    assert 'href="https://x.example/?a&amp;b"' in page


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ann", "ann"),
        ("\u0639\u0644\u06cc", "\u2068\u0639\u0644\u06cc\u2069"),
        ("a\u2069\n", "\u2068a\\u2069\\n\u2069"),
    ],
    ids=ascii,
)
def test_name_stays_apart_from_the_sentence(name, shown):
    assert isolated(name) == shown


def test_every_name_stays_apart_from_a_sentence_from_right_to_left():
    with translation.override("ar"):
        assert isolated("Tides!") == "\u2068Tides!\u2069"


def test_language_of_a_person_ends_with_the_letter(author):
    workflow.choose_mail(preferences_of(author), by=author, language="de", when=DAILY)
    author.refresh_from_db()
    with translation.override("ar"):
        with language_of(author):
            assert translation.get_language() == "de"
        assert translation.get_language() == "ar"
