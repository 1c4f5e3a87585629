"""Law 6: nothing that is not public shows at any address that visitors or readers can reach.

Texts in every other state hold a marker in each field. Two walks follow: through all public addresses and all links
that their answers have, where the marker may not stand; and to addresses that ask for the marker, which have to be
answered as those are that ask for a word that nobody ever wrote.
"""

import itertools
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.urls import get_resolver, reverse
from django.utils import timezone

from articles import workflow
from articles.models import Article, Facet
from tests.conftest import CLEAN, content

MARKER = "zqxwvjk"
NEVER = "zqxwvjn"  # the same length and kind of letters, written nowhere
NOT_FOR_VISITORS = ("admin/", "moderation/", "account/", "language/")
ROUTES = [
    (name, parameters)
    for name in get_resolver("articles.urls").reverse_dict
    if isinstance(name, str)
    for ((route, parameters), *_rest) in [get_resolver("articles.urls").reverse_dict.getlist(name)[0][0]]
    if not route.startswith(NOT_FOR_VISITORS)
]
QUESTIONS = (  # that ask for a word of a text: as it stands, mistyped, in part, or beside others
    *("/search/?q=WORDword", "/search/?q=WORDwrod", "/search/?q=WORD*", "/search/?q=%22le+WORDword%22"),
    *(
        "/search/?q=tide+-WORDword",
        "/search/?q=tide+WORDtitle",
        "/search/?q=WORDtag",
        "/search/?q=WORDwriter",
    ),
    *(
        "/search/?q=Le+WORDword&language=fr",
        "/search/?q=tide&tag=WORDtag",
        "/search/?q=tide&author=WORDwriter",
    ),
    *(
        "/feed/?tag=WORDtag",
        "/feed/?author=WORDwriter",
        "/feed.json?tag=WORDtag",
        "/feed.json?author=WORDwriter",
    ),
    *("/articles/open/history/?author=WORDwriter", "/articles/amid/history/?author=WORDwriter"),
    *("/articles/open/revisions/2/?quote=WORDword", "/articles/amid/revisions/3/?quote=WORDword"),
    *("/articles/WORD-darft/", "/articles/WORD-draft.md", "/WORD-draft/", "/articles/WORD-DRAFT/"),
)


@pytest.fixture(autouse=True)
def without_limits(settings):
    settings.LIMITS = False


@pytest.fixture(params=["visitor", "reader"])
def site(request, client):
    if request.param == "reader":
        client.force_login(request.getfixturevalue("reader"))
    return client


@pytest.fixture
def secrets(author, other_author, moderator, administrator):
    """Texts in each state that is not public; each field of them has the marker, and so has what is said about them."""
    writer = User.objects.create_user(f"{MARKER}writer", is_staff=True)
    writer.groups.set(Group.objects.filter(name="authors"))

    def write(name, by=writer, **changes):
        article = Article.objects.filter(slug=name).first()
        fields = {
            "title": f"{MARKER}title {name}",
            "slug": name,
            "language": "fr",
            "tags": (f"{MARKER}tag",),
            "summary": f"{MARKER}summary",
            "source": f"Le {MARKER}word.\n\n![{MARKER}image](/media/{MARKER}.png)\n\nZ{MARKER[1:]}p\u0430per.\n",
        }
        return workflow.save_revision(
            article,
            by=by,
            content=content(**fields | changes),
            base=article.latest_revision.number if article else None,
        )

    def plain(slug, source=CLEAN):
        return write(
            slug, author, title=slug.title(), language="en", tags=("tides",), summary="", source=source
        )

    def live(revision):
        review = workflow.submit(revision, by=author if revision.author == author else writer)
        workflow.approve(review, by=moderator, reason=f"{MARKER}reason")
        return revision

    live(plain("open"))
    live(plain("open", CLEAN + "It is read twice.\n"))
    write("open", slug=f"{MARKER}-moved")  # a draft over a public text
    workflow.remark(Article.objects.get(slug="open").latest_revision, by=moderator, text=f"{MARKER}remark")
    live(plain("amid"))
    hidden = live(write("amid"))
    live(plain("amid", CLEAN + "It hangs there.\n"))
    workflow.hide(hidden, by=administrator, parts=["text", "summary", "author"], reason=MARKER)
    write(f"{MARKER}-draft")
    waiting = workflow.submit(write(f"{MARKER}-waiting"), by=writer)
    workflow.note_review(waiting, by=moderator, text=f"{MARKER}note")
    for number, decide in enumerate((workflow.reject, workflow.request_changes)):
        review = workflow.submit(write(f"{MARKER}-decided-{number}"), by=writer)
        decide(review, by=moderator, reason=f"{MARKER}reason")
    starts = timezone.now() + timedelta(days=1)
    planned = workflow.submit(write(f"{MARKER}-planned"), by=writer).revision
    workflow.schedule(planned, by=moderator, starts_at=starts, zone="UTC", sure=True, reason="Seen.")
    workflow.archive(write(f"{MARKER}-archived").article, by=writer)
    ended = live(write(f"{MARKER}-ended"))
    workflow.unpublish(ended.article, by=moderator, reason=f"{MARKER}reason")
    workflow.hide(live(write(f"{MARKER}-hidden")), by=administrator, parts=["text", "author"], reason=MARKER)


def public_values():
    """Values for the parameters of addresses, all of them public."""
    today = timezone.localdate()
    return {
        "slug": list(Article.objects.public().values_list("slug", flat=True)),
        "number": [1, 2, 3],
        "old": [1, 2],
        "new": [2, 3],
        "value": ["tides", "en", "author", *Facet.Kind.values],
        "year": [f"{today:%Y}"],
        "month": [f"{today:%m}"],
        "level": ["0"],
        "place": ["000"],
        "width": ["1"],
        "file": [],  # whoever knows the address of an image may see it
    }


def addresses(values):
    for name, parameters in ROUTES:
        for each in itertools.product(*(values[parameter] for parameter in parameters)):
            yield reverse(name, kwargs=dict(zip(parameters, each, strict=True)))


def answer(site, address):
    response = site.get(address)
    assert response.status_code < 500, address
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(), f"{response.status_code} {sorted(response.items())}"


def linked(address, text, settings):
    """The addresses on this site that an answer names, in HTML, XML, JSON or Markdown."""
    for found in re.findall(r"[\"'(>\s<]((?:/|\?)[^\"'()<>\s\\]*)", text.replace(settings.SITE_URL, "")):
        path = unescape(found).partition("#")[0]
        path = address.partition("?")[0] + path if path.startswith("?") else path
        if path.startswith("/") and not path.startswith(
            ("//", "/static/", *(f"/{room}" for room in NOT_FOR_VISITORS))
        ):
            yield path


def test_no_address_and_no_link_leads_to_what_is_not_public(secrets, site, settings):
    waiting = list(addresses(public_values()))
    waiting += [f"{address}?escape=1" for address in waiting if address.endswith("/")]
    seen = set(waiting)
    for address in waiting:
        text, headers = answer(site, address)
        assert MARKER not in (text + headers).lower(), address
        new = set(linked(address, text, settings)) - seen
        seen |= new
        waiting += sorted(new)

    assert len(waiting) > 200
    assert {"/articles/open/", "/articles/amid/compare/1..3/", "/tags/tides/", "/feed/?tag=tides"} <= seen


def asking(word):
    """Addresses that ask for a word, as an article, a tag, a name or a passage."""
    asked = public_values() | {
        "slug": [f"{word}-{end}" for end in ("draft", "moved", "planned")],
        "number": [1],
        "old": [1],
        "new": [1],
        "value": [f"{word}tag", f"{word}writer"],
    }
    return [*addresses(asked), *(question.replace("WORD", word) for question in QUESTIONS)]


def test_what_is_not_public_is_answered_like_what_was_never_written(secrets, site):
    for secret, never in zip(asking(MARKER), asking(NEVER), strict=True):
        answers = [" ".join(answer(site, address)) for address in (secret, never)]
        # Without hashes, tokens, and the time that a feed without entries tells
        texts = [
            re.sub(r"\b(?:[0-9a-f]{16,}|\w{64})\b|\d\d:\d\d:\d\d(?:\.\d+)?", "", each) for each in answers
        ]
        assert texts[0].replace(MARKER, NEVER) == texts[1], secret


def test_what_was_taken_offline_tells_no_more_than_when(secrets, site):
    for end in ("ended", "hidden"):
        slug = f"{MARKER}-{end}"
        for address in addresses(public_values() | {"slug": [slug]}):
            text, _headers = answer(site, address)
            assert MARKER not in text.replace(slug, ""), address
