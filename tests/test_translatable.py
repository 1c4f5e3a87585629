"""Every word of a page that nobody typed passes through gettext.

The pages of the demo are drawn in a made-up language that puts ⟦…⟧ around each message. What a page shows outside of
these brackets has to be somebody's text, in an element that isolates it, or one of the few exceptions below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import _trans

from articles import workflow
from articles.models import Allowance, Article, Image, Notice, ReasonTemplate, Review, Revision
from articles.moderation.delivering import send_notices
from articles.people.preferences import Kind
from articles.people.preferring import DIGEST, opt_out_token
from articles.reader import pages
from articles.revisions import language_names
from articles.text.content import findings

OPEN, CLOSE = "⟦", "⟧"
# Elements with what people typed, with code, or with names of languages. `lang` and `dir` set apart, too, but for those
# of the whole page.
SET_APART = {"bdi", "code", "pre", "textarea", "kbd", "script", "style", "datalist"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
READ_ALOUD = {"title", "aria-label", "aria-description", "placeholder", "alt", "label", "abbr"}
# What is spelled alike in every language: names, code points, keys, ends of files, and a letter as a sign on a button.
NAMES = re.compile(
    r"\b(?:Palimpsest|Markdown|Unicode|CSV|U\+[0-9A-F]{4,6}|(?:Ctrl|Alt)\+\w|F\d|H\d|\w)\b|\bCtrl\+↵|(?<!\w)\.(?:json|diff|csv)\b"
)
# In Django's own templates.
OF_DJANGO = {"<img alt='Search'>", "<img alt='True'>", "<img alt='False'>"}


class Reader(HTMLParser):
    """Collects the words of a page that stand outside of brackets."""

    def __init__(self, typed: re.Pattern[str], *, is_stock: bool) -> None:
        super().__init__()
        self.typed, self.is_stock = typed, is_stock
        self.found: list[str] = []
        self.elements: list[tuple[str, bool]] = []
        self.depth = 0

    def is_apart(self) -> bool:
        return any(is_apart for _, is_apart in self.elements)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_apart = tag in SET_APART or (tag != "html" and bool({"lang", "dir"} & values.keys()))
        for name, value in values.items():
            is_said = name in READ_ALOUD or (
                name == "value" and tag == "input" and values.get("type") == "submit"
            )
            is_said &= (tag, name) != ("textarea", "placeholder")  # the beginning of the author's text
            is_for_scripts = name.startswith("data-") and " " in value.strip() and not value.startswith("/")
            text = outside(self.typed.sub("", value) if tag in ("option", "img") else value)[0]
            if (is_said or is_for_scripts) and has_words(text) and not self.is_apart():
                self.found.append(f"<{tag} {name}={value!r}>")
        if tag not in VOID:
            self.elements.append((tag, is_apart))

    def handle_endtag(self, tag: str) -> None:
        while self.elements and self.elements.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text, self.depth = outside(data, self.depth)
        if self.is_stock or (
            self.elements and self.elements[-1][0] in ("title", "option")
        ):  # these hold text alone
            text = self.typed.sub("", text)
        if has_words(text) and not self.is_apart():
            self.found.append(f"<{'/'.join(tag for tag, _ in self.elements[-3:])}> {' '.join(text.split())}")


def outside(text: str, depth: int = 0) -> tuple[str, int]:
    """Return what stands outside of all brackets, and how many are open at the end."""
    kept = []
    for char in text:
        if char == CLOSE:
            depth -= 1
        elif char == OPEN:
            depth += 1
            kept.append(" ")
        elif not depth:
            kept.append(char)
    return "".join(kept), depth


def has_words(text: str) -> bool:
    return any(char.isalpha() for char in NAMES.sub("", text))


def words_left(page: str, typed: re.Pattern[str], *, is_stock: bool = False) -> set[str]:
    """Return the words of a page outside of brackets. A stock page of the admin isolates nothing that was typed."""
    reader = Reader(typed, is_stock=is_stock)
    reader.feed(page)
    reader.close()
    return set(reader.found) - OF_DJANGO


def typed_by_people() -> re.Pattern[str]:
    """Return a pattern of names, titles and other rows. Django stores names of permissions in English."""
    rows = [
        *User.objects.values_list("username", flat=True),
        *Group.objects.values_list("name", flat=True),
        *Revision.objects.values_list("title", flat=True),
        "Kelp",
        *Revision.objects.values_list("language", flat=True),
        *Image.objects.values_list("alt", flat=True),
        *ReasonTemplate.objects.values_list("name", flat=True),
        *ReasonTemplate.objects.values_list("text", flat=True),
        *Permission.objects.values_list("name", flat=True),
    ]
    words = "|".join(map(re.escape, sorted(set(rows), key=len, reverse=True)))
    return re.compile(rf"(?<!\w)(?:{words}|Axes|Tasks Database Backend)(?!\w)")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bracketed(demo, db, monkeypatch, settings):
    """Puts brackets around every message, and around the names of languages, which come from elsewhere."""

    def wrap(module, name: str) -> None:
        plain = getattr(module, name)

        def wrapped(*args):
            message = plain(*args)
            return f"{OPEN}{message}{CLOSE}" if message else message

        monkeypatch.setattr(module, name, wrapped)

    settings.LIMITS = False
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        wrap(_trans, name)
    wrap(language_names, "_name_of")


@pytest.fixture
def people(bracketed):
    """Clients by account."""
    clients = {}
    for name in ("administrator", "moderator", "author", None):
        clients[name] = Client(raise_request_exception=False)
        if name:
            clients[name].force_login(User.objects.get(username=name))
    return clients


def flagged_page() -> Article:
    return next(a for a in Article.objects.public() if a.published_revision.renderings.latest().flagged)


def addresses(*, all_versions: bool) -> Iterator[str]:
    live = Article.objects.get(slug="dry-stone-wall")
    yield from ["/", "/corrections/", "/nowhere/", "/language/", "/articles/dry-stone-wal/"]
    yield from [f"/search/{query}" for query in ("", "?q=wall", "?q=wal", "?q=-x", "?q=!&from=x&language=de")]
    yield from ["/tags/", "/languages/", "/languages/en/", "/authors/", "/archive/"]
    for article in (live, flagged_page()):
        page, number = article.get_absolute_url(), article.latest_revision.number
        yield from [page, f"{page}?escape=1", f"{page}revisions/1/", f"{page}revisions/1/?escape=1"]
        yield from [f"{page}history/{query}" for query in ("", "?old=1", "?at=nothing", "?author=nobody")]
        yield from [f"{page}compare/1..{number}/{query}" for query in ("", "?view=source", "?view=side")]
        yield from [f"{page}revisions/1/authors/", f"{page}corrections/"]
    for article in Article.objects.all():
        for number in range(2, article.latest_revision.number + 1) if all_versions else ():
            yield f"{article.get_absolute_url()}compare/{number - 1}..{number}/"
        yield reverse("admin:articles_article_change", args=[article.pk])
    yield reverse("admin:articles_article_schedule", args=[live.pk])
    yield from ["/moderation/", "/moderation/?q=nothing", "/moderation/log/", "/moderation/report/"]
    yield from [
        "/moderation/allowances/",
        "/moderation/allowances/?state=ended",
        "/moderation/allowances/add/",
    ]
    yield from ["/account/mail/", "/account/mail/stop/?token=no"]
    for what in ("decisions", DIGEST):
        token = opt_out_token(User.objects.get(username="author"), what)
        yield f"/account/mail/stop/?{urlencode({'token': token})}"
    yield from ["/moderation/hidden/", reverse("hide", args=[live.published_revision_id])]
    yield from [row.get_absolute_url() for row in [*Review.objects.all(), *Allowance.objects.all()]]
    for model in ("articles_article", "articles_image", "articles_reasontemplate", "auth_user", "auth_group"):
        yield from [reverse(f"admin:{model}_{page}") for page in ("changelist", "add")]
    yield from ["/admin/", "/admin/password_change/", "/admin/login/", "/admin/articles/article/unsaved/"]
    yield reverse("admin:auth_user_change", args=[User.objects.get(username="author").pk])


def read(answers: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Return the words left, with the first address of each."""
    found: dict[str, str] = {}
    typed = typed_by_people()
    for address, page in answers:
        for words in words_left(page, typed, is_stock=address.startswith("/admin/")):
            found.setdefault(words, address)
    return found


def test_reader_of_this_test_finds_words():
    page = """<html lang="en"><title>⟦News⟧ – Two words</title><p title="Over">⟦It is <bdi>her name</bdi>⟧ and
        <code>code</code><img alt="A dog"><b data-words="No answer" data-kind="two-three">7 × B</b></p>"""

    found = words_left(page, re.compile("words"))

    assert found == {
        "<html/title> – Two",
        "<p title='Over'>",
        "<html/p> and",
        "<img alt='A dog'>",
        "<b data-words='No answer'>",
    }


def test_pages(people):
    def answers():
        for name, client in people.items():
            for address in addresses(all_versions=name == "administrator"):  # the others see the same words
                answer = client.get(address)
                assert answer.status_code < 500, address
                if answer.headers.get("Content-Type", "").startswith("text/html"):
                    yield address, answer.content.decode()

    assert read(answers()) == {}


def test_what_operations_and_refused_forms_say(people):
    author, moderator, administrator = people["author"], people["moderator"], people["administrator"]
    revision = Revision.objects.with_text().get(pk=flagged_page().published_revision_id)
    by = User.objects.get(username="moderator")
    found = findings(revision.content)[0]
    allowance = workflow.allow_finding(
        revision, found, by=by, kind="character", scope="article", reason="As it was printed."
    )
    hide = reverse("hide", args=[revision.pk])
    pending = list(Review.objects.pending().order_by("pk"))
    new = {"title": "Kelp", "slug": "kelp", "language": "en", "source": "P\u0430per <b onclick=x>kelp</b>.\n"}
    stop = opt_out_token(by, "replies")

    posts = [
        (author, "/admin/articles/article/add/", {"title": "", "slug": "/", "language": "-", "source": "\0"}),
        (author, "/admin/articles/article/add/", new | {"_save": "1"}),
        (author, "/admin/articles/article/add/", new | {"slug": "kelp-2", "_submit": "1"}),
        (moderator, pending[0].get_absolute_url(), {}),
        (moderator, pending[0].get_absolute_url(), {"decision": "reject", "reason": ""}),
        (moderator, pending[0].get_absolute_url(), {"decision": "reject", "reason": "No."}),
        (moderator, pending[0].get_absolute_url(), {"decision": "reject", "reason": "No."}),
        (moderator, pending[1].get_absolute_url(), {"decision": "request changes", "reason": "Why?"}),
        (moderator, pending[2].get_absolute_url(), {"decision": "approve"}),
        (moderator, "/moderation/bulk/", {}),
        (moderator, "/moderation/bulk/", {"ids": [pending[3].pk, pending[0].pk], "decision": "approve"}),
        (moderator, "/moderation/allowances/add/", {}),
        (
            moderator,
            "/moderation/allowances/add/",
            {"kind": "word", "value": "", "scope": "language", "reason": ""},
        ),
        (moderator, allowance.get_absolute_url(), {"reason": "Enough."}),
        (administrator, hide, {}),
        (administrator, hide, {"parts": ["author", "summary"], "reason": "A private name."}),
        (author, "/account/mail/", {"language": "xx", "decisions": "sometimes"}),
        (author, "/account/mail/", dict.fromkeys(Kind.values, "daily") | {"language": "en"}),
        (people[None], f"/account/mail/stop/?{urlencode({'token': stop})}", {}),
        (people[None], "/admin/login/", {"username": "nobody", "password": "wrong"}),
        (administrator, "/admin/auth/user/add/", {"username": "", "password1": "a", "password2": "b"}),
        (administrator, "/admin/articles/image/add/", {}),
    ]

    def answers():
        for client, address, form in posts:
            answer = client.post(address, form, follow=True)
            assert answer.status_code < 500, address
            yield address, answer.content.decode()

    assert read(answers()) == {}


def test_what_the_editor_says_of_a_text(people):
    text = "P\u0430per\u200b and <b onclick=x>b</b> <!-- no --> [](https://a.example) <script>x</script>\n"
    form = {"title": "Kelp", "slug": "kelp", "language": "de", "source": text}

    answer = people["author"].post("/admin/articles/article/live/", form).json()

    said = [
        value
        for row in (*answer["findings"], *answer["removals"], *answer["unseen"])
        for name, value in row.items()
        if name in ("message", "place", "reason", "severity_label", "kind_label")
    ]
    assert len(said) > 10
    assert [words for words in said if not words.startswith(OPEN)] == []
    assert next(row["rewrite"]["label"] for row in answer["removals"] if row["rewrite"]).startswith(OPEN)


def test_error_pages(people, monkeypatch):
    def no_answer(*args, **kwargs):
        raise OperationalError("no answer")

    def broken(*args, **kwargs):
        raise ValueError("broken")

    client = people[None]
    article = Article.objects.get(slug="dry-stone-wall")
    checked = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = [("csrf", checked.post("/admin/login/", {}))]
    answers.append(("403", people["author"].get("/moderation/")))
    answers.append(("400", client.get("/", headers={"Host": "elsewhere.example"})))
    with monkeypatch.context() as patched:
        patched.setattr(pages, "revision_page", no_answer)
        answers.append(("503", client.get(f"{article.get_absolute_url()}revisions/1/")))
        patched.setattr(pages, "revision_page", broken)
        answers.append(("500", client.get(f"{article.get_absolute_url()}revisions/1/")))
    with monkeypatch.context() as patched:
        patched.setattr("articles.http.limits._spent", lambda *args: 10**6)
        patched.setattr("django.conf.settings.LIMITS", True)
        answers.append(("429", client.get(f"{article.get_absolute_url()}revisions/1/?escape=1")))
    with monkeypatch.context() as patched:
        patched.setattr("articles.http.limits.HEAVY_FROM", 0)
        patched.setattr("articles.http.heavy.Place.taken", lambda **_: None)
        answers.append(("503", client.get(f"{article.get_absolute_url()}revisions/1/?escape=1")))
    answers.append(
        (
            "400",
            people["author"].post("/language/", "a=%FF", content_type="application/x-www-form-urlencoded"),
        )
    )

    assert [str(answer.status_code) for _, answer in answers[2:]] == [
        "400",
        "503",
        "500",
        "429",
        "503",
        "400",
    ]
    assert read((name, answer.content.decode()) for name, answer in answers) == {}


def test_mail(bracketed, settings):
    settings.QUEUE_AGE_HOURS, settings.QUEUE_BURST = 0, 1
    User.objects.filter(username="moderator").update(email="moderator@example.org")

    workflow.remind_moderators()

    assert len(mail.outbox) == 3
    for letter in mail.outbox:
        for line in (letter.subject, *letter.body.splitlines()):
            text = outside(line.removeprefix("[Palimpsest]"))[0]
            assert not has_words(text) or line.startswith("http"), line


def test_mail_about_decisions_and_replies(bracketed, settings):
    settings.SITE_NAME = "Palimpsest"
    author, moderator = (User.objects.get(username=name) for name in ("author", "moderator"))
    User.objects.exclude(pk=moderator.pk).update(email="somebody@example.org")
    reviews = Review.objects.pending().exclude(revision__author=moderator).order_by("pk")[:3]
    for review, decide in zip(
        reviews, (workflow.reject, workflow.request_changes, workflow.approve), strict=True
    ):
        decide(review, by=moderator, reason="No.")
    for kind in ("replies", "answers"):
        workflow.notify_of_entry(review.revision.article, to=[author], by=moderator, text="Why?", kind=kind)
    Notice.objects.update(due_at=timezone.now())

    send_notices.call()

    assert len(mail.outbox) >= 4
    typed = typed_by_people()
    for letter in mail.outbox:
        for line in (letter.subject, *letter.body.splitlines()):
            text = outside(typed.sub("", line.removeprefix("[Palimpsest]")))[0]
            assert not has_words(text) or line.startswith(("http", "> ")) or "UTC" in line, line
        assert words_left(letter.alternatives[0][0], typed) <= {"<html/head/title> Palimpsest"}
