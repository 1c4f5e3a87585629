"""The README's pictures: the demo's comparison and its escaped page, taken in Chromium.

`make screenshots` writes them into `docs/images`; without a folder nothing is taken.
"""

import random
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Allowance, Article, Review, Revision, Rule
from articles.text.content import findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("not config.getoption('--screenshots')", reason="--screenshots names no folder"),
]


@pytest.fixture
def demo(transactional_db):
    call_command("demo", stdout=StringIO())


@pytest.fixture
def shoot(browser, request):
    folder = Path(request.config.getoption("--screenshots"))
    folder.mkdir(parents=True, exist_ok=True)

    def shoot(name):
        picture = browser.driver.get_screenshot_as_png()
        assert len(picture) > 10_000  # an empty page is smaller
        (folder / f"{name}.png").write_bytes(picture)

    return shoot


def flagged_public_page():
    return next(a for a in Article.objects.public() if a.published_revision.renderings.latest().flagged)


def diff(browser, shoot):
    browser.log_in(User.objects.get(username="moderator"))
    review = (
        Review.objects.pending().filter(alerts=0, revision__article__published_revision__isnull=False).first()
    )
    browser.size(1200, 1000)
    browser.open(f"{review.get_absolute_url()}?view=source")

    assert browser.all("table.diff ins.look-alike")
    browser.driver.execute_script("document.querySelector('#changes').scrollIntoView()")
    shoot("diff")


def escaped_page(browser, shoot):
    browser.size(1200, 900)
    browser.open(f"{flagged_public_page().get_absolute_url()}?escape=1")

    assert browser.all("article mark")
    shoot("escaped")


def side_by_side(browser, shoot):
    browser.size(1200, 1000)
    browser.open("/articles/dry-stone-wall/compare/2..5/?view=side")
    assert browser.all("table.side .move")
    shoot("side-by-side")


def other_sizes_and_schemes(browser, shoot):
    for name, width, scheme in [("phone", 390, "light"), ("dark", 1200, "dark")]:
        browser.log_out()
        browser.size(width, 900)
        browser.scheme(scheme)
        browser.open(f"{flagged_public_page().get_absolute_url()}?escape=1")
        assert browser.all("article mark")
        shoot(f"escaped-{name}")
        browser.log_in(User.objects.get(username="moderator"))
        browser.open("/moderation/")
        assert browser.all(".queue li")
        shoot(f"queue-{name}")


def guide_for_moderators(browser, shoot):
    browser.log_in(User.objects.get(username="moderator"))
    browser.size(1200, 900)
    browser.open("/moderation/")
    assert browser.all(".queue .risk")
    shoot("queue")
    browser.open(Review.objects.pending().get(revision__slug="library-card").get_absolute_url())
    assert browser.all(".verdict .lead")
    shoot("review")


def right_to_left_page(browser, shoot):
    article = next(a for a in Article.objects.public() if a.published_revision.language in {"ar", "he", "fa"})
    browser.size(1200, 900)
    browser.open(article.get_absolute_url())
    assert browser.find("article").value_of_css_property("direction") == "rtl"
    shoot("right-to-left")


def editor(browser, shoot):
    article = Article.objects.get(slug="dry-stone-wall")
    text = f"{article.latest_revision.source}\nThe p\u0430per of <the mason> says the same.\n"
    browser.log_in(User.objects.get(username="author"))
    for name, width, scheme in [
        ("editor", 1280, "light"),
        ("editor-dark", 1280, "dark"),
        ("editor-phone", 390, "light"),
    ]:
        browser.size(width, 844 if width < 600 else 900)
        browser.scheme(scheme)
        browser.open(reverse("admin:articles_article_change", args=[article.pk]))

        browser.type("[name=source]", text)
        browser.wait(lambda: browser.all("[data-removals] [data-rows] li"))

        browser.sheet("text" if width < 600 else "page")
        assert "Replace" in browser.find("[data-worst]").text
        shoot(name)
        browser.driver.execute_script("sessionStorage.clear()")  # the next one is not offered this text


def rooms_of_moderation(browser, shoot):
    """What two people see in the newer rooms; the last page comes of a decision that was too late."""
    review = Review.objects.pending().get(revision__slug="harbour-light")
    rooms = {
        "person": reverse("person", args=[User.objects.get(username="third_author").pk]),
        "went-live": reverse("changes"),
        "stale": review.get_absolute_url(),
        "rule": Rule.objects.get().get_absolute_url(),
        "proposed": Allowance.objects.get().get_absolute_url(),
    }
    for name, address in rooms.items():
        who = "administrator" if name in ("rule", "proposed") else "moderator"
        browser.log_in(User.objects.get(username=who))
        browser.size(1200, 820 if name == "stale" else 900)
        browser.open(address)
        if name == "stale":
            _decide_too_late(browser, review)
        assert browser.all(SHOWN[name])
        shoot(name)


SHOWN = {
    "person": ".imposed-now",
    "went-live": ".looked .badge",
    "stale": "table.seen",
    "rule": ".replay table tbody tr",
    "proposed": "table.silences",
}


def _decide_too_late(browser, review):
    """Write a reason and approve, after the author has submitted a newer version."""
    author = review.submitted_by
    content = replace(review.revision.content, source=f"{review.revision.source}\nIt is white.\n")
    newer = workflow.save_revision(review.revision.article, by=author, content=content, base=2)
    workflow.submit(newer, by=author)
    browser.find("[name=decision][value=approve]").click()
    browser.find("[name=reason]").send_keys("Checked in the list of lights.")
    browser.click("[data-decision] button.primary")
    browser.find("main details summary").click()


SCENES = [
    diff,
    escaped_page,
    side_by_side,
    other_sizes_and_schemes,
    guide_for_moderators,
    right_to_left_page,
    editor,
    rooms_of_moderation,
]


def test_pages_of_the_demo(browser, demo, shoot, subtests):
    for scene in SCENES:  # the demo takes longer to make than all of them
        with subtests.test(scene.__name__):
            browser.log_out()
            browser.scheme("light")
            scene(browser, shoot)


@pytest.fixture
def busy_month(demo):
    """The demo with a month of decisions on it, as a report would find them; the same every time."""
    chance = random.Random(8)
    now = timezone.now()
    revisions = list(Revision.objects.order_by("pk"))
    reviews = []
    for _ in range(140):
        came = now - timedelta(hours=chance.uniform(0, 24 * 29))
        state = chance.choice(["approved", "approved", "approved", "rejected", "changes requested"])
        reviews.append(
            Review(
                revision=(revision := chance.choice(revisions)),
                article_id=revision.article_id,
                state=state,
                warnings=chance.choice([0, 0, 3]),
                submitted_at=came,
                decided_at=min(now, came + timedelta(hours=chance.expovariate(1 / 6))),
                decided_by_name="moderator",
            )
        )
    Review.objects.bulk_create(reviews)
    return User.objects.get(username="moderator")


@pytest.fixture
def allowance(demo):
    article = flagged_public_page()
    revision = Revision.objects.with_text().get(pk=article.published_revision_id)
    return workflow.allow_finding(
        revision,
        findings(revision.content)[0],
        by=User.objects.get(username="moderator"),
        kind="character",
        scope="article",
        reason="A quotation, kept as it was printed.",
    )


def test_report(browser, busy_month, shoot):
    browser.log_in(busy_month)
    for name, width, scheme in [("", 1200, "light"), ("-dark", 1200, "dark"), ("-phone", 390, "light")]:
        browser.size(width, 1000)
        browser.scheme(scheme)
        browser.open("/moderation/report/")
        assert len(browser.all(".plot svg[role=img]")) == 3
        shoot(f"report{name}")


def test_allowance_log_and_what_is_hidden(browser, allowance, shoot):
    browser.log_in(User.objects.get(username="moderator"))
    browser.size(1200, 900)
    browser.open(allowance.get_absolute_url())
    assert "What it silences now" in browser.text
    shoot("allowance")

    administrator = User.objects.get(username="administrator")
    revision = Revision.objects.filter(publication__isnull=False, number__gt=1).first()
    workflow.hide(revision, by=administrator, parts=["summary", "author"], reason="A private name.")
    browser.log_out()
    browser.size(1200, 700)
    browser.open(f"/articles/{revision.article.slug}/history/")
    assert "hidden: summary, author's name" in browser.text
    shoot("hidden")
    browser.log_in(administrator)
    browser.open("/moderation/log/")
    assert browser.all("table.log tbody tr")
    shoot("log")
