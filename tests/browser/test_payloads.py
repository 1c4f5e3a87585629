"""No payload runs a script or makes a request leave, in Chromium: on the site's pages, and without their policy."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyromark
import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import workflow
from articles.models import Review
from articles.text.content import Content
from articles.text.page import SourceRefused, sanitize, sanitizer
from tests.browser.conftest import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAYLOADS = json.loads(Path(__file__).parents[1].joinpath("cases", "xss.json").read_text())
BATCHES = [PAYLOADS[start : start + 15] for start in range(0, len(PAYLOADS), 15)]
ALL = "\n\n".join(f"> {payload}" for payload in PAYLOADS if "\n" not in payload)
# `hit` is what payloads call; it is there before the page is.
TRAP = "window.hits = 0; window.hit = () => { window.hits += 1 }; window.alert = window.hit;"
SPRING = """
const place = document.querySelector("[data-place]") || document.body;
const odd = [];
for (const element of place.querySelectorAll("*")) {
  for (const { name, value } of element.attributes)
    if (/^on/i.test(name)) odd.push(`${element.tagName} ${name}=${value}`);
  for (const type of ["mouseover", "pointerover", "focus", "toggle", "keydown", "animationstart", "error"])
    element.dispatchEvent(new Event(type));
  const leaves = typeof element.href === "string" && element.href.split("#")[0] !== location.href.split("#")[0];
  if (leaves && !/^(https?|mailto|tel):$/.test(element.protocol)) {
    if (element.protocol !== ":") odd.push(element.href);
    element.click();
  }
}
return { odd, hits: typeof window.hits === "number" ? window.hits : "gone", here: location.href,
  asked: performance.getEntriesByType("resource").map((entry) => entry.name).filter(Boolean) };
"""


@pytest.fixture
def trapped(browser: Browser) -> Iterator[Browser]:
    script = browser.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TRAP})
    yield browser
    browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def assert_harmless_alone(browser: Browser, html: str) -> None:
    """In a page without a policy, with nothing but the HTML."""
    page = f"<!DOCTYPE html><meta charset=utf-8><div data-place>{html}</div>"
    address = f"data:text/html;charset=utf-8,{quote(page)}"
    browser.driver.get(address)

    seen = browser.driver.execute_script(SPRING)

    assert (seen["hits"], seen["odd"], seen["asked"]) == (0, [], []), html
    assert seen["here"].startswith("data:"), html


def test_the_trap_catches_what_is_not_sanitized(trapped: Browser) -> None:
    for payload in ("<script>hit()</script>", "<b onmouseover=hit()>x</b>", "<a href=javascript:hit()>x</a>"):
        with pytest.raises(AssertionError):
            assert_harmless_alone(trapped, payload)
    with pytest.raises(AssertionError):
        assert_harmless_alone(trapped, f"<img src={trapped.url}/static/articles/icon.svg>")


def test_no_payload_does_harm_without_a_policy(trapped: Browser) -> None:
    for payloads in BATCHES:
        assert_harmless_alone(
            trapped, "".join(f"<div>{sanitize(payload).html}</div>" for payload in payloads)
        )


@pytest.mark.parametrize("clean", [sanitizer._clean, sanitizer._NH3.clean], ids=["bleach", "nh3"])
def test_neither_sanitizer_lets_a_payload_through_alone(trapped: Browser, clean) -> None:
    for payloads in BATCHES:
        pages = [clean(pyromark.html(payload)) for payload in payloads]
        assert_harmless_alone(trapped, "".join(f"<div>{page}</div>" for page in pages))


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([*PAYLOADS, "\n\n", "\n", " ", "> ", "- ", "`", '"', ">", "</p>"]), max_size=8)
)
def test_no_mixture_of_payloads_does_harm(trapped: Browser, parts: list[str]) -> None:
    try:
        page = sanitize("".join(parts))
    except SourceRefused:
        return

    assert page.agreed
    assert_harmless_alone(trapped, page.html)


@pytest.fixture
def payload_article(author, other_author, administrator):
    """Two public versions that hold all payloads, titles and summaries included, and a third that waits."""
    article = None
    for number, tail in enumerate(("one", "two", "three"), 1):
        content = Content(
            title=f"<script>hit()</script><img src=x onerror=hit()> {tail}",
            slug="payloads",
            source=f"{ALL}\n\n{tail}",
            tags=("<img src=x onerror=hit()>",),
            summary=f'"><script>hit()</script> {tail}',
        )
        revision = workflow.save_revision(article, by=author, content=content, base=number - 1 or None)
        article = revision.article
        review = workflow.submit(revision, by=author)
        if tail != "three":
            workflow.approve(review, by=administrator)
    return article


ADDRESSES = [
    "/",
    "/articles/payloads/",
    "/articles/payloads/?escape=1",
    "/articles/payloads/history/",
    "/articles/payloads/revisions/1/",
    "/articles/payloads/revisions/1/source",
    "/articles/payloads/compare/1..2/?view=source",
    "/articles/payloads/compare/1..2/?view=side",
    "/articles/payloads/compare/1..2/?view=page",
    "/articles/payloads/compare/1..2.diff",
    "/moderation/",
    "/admin/",
    "/admin/articles/article/",
]


def test_no_payload_does_harm_on_the_pages_of_the_site(
    trapped: Browser, payload_article, administrator
) -> None:
    trapped.log_in(administrator)
    editor = reverse("admin:articles_article_change", args=[payload_article.pk])
    review = Review.objects.pending().get().get_absolute_url()

    for address in [*ADDRESSES, review, editor]:
        trapped.open(address)
        if address == editor:  # typed text comes back as a preview
            trapped.type("#id_source", f"{ALL}\n\nfour")
            trapped.wait(lambda: "four" in trapped.find("[data-preview]").text)
        seen = trapped.driver.execute_script(SPRING)

        assert (seen["hits"], seen["odd"]) == (0, []), address
        assert [url for url in seen["asked"] if not url.startswith(trapped.url)] == [], address
        assert seen["here"] == trapped.url + address
