"""Pages for readers: whole journeys, query counts, escaping."""

import re
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from articles.text.content import Field, FieldFinding, findings_in
from tests.conftest import CLEAN, FLAGGED, NOON, content
from tests.management.test_attribute import forget

# Linked data is no script to a browser.
INLINE = re.compile(r'<script(?![^>]*(?:src=|type="application/ld\+json"))|<style|\sstyle=|\son[a-z]+=')
XSS = "<script>alert(1)</script> <img src=x onerror=alert(1)> & \"quoted\" 'text'"


@pytest.fixture
def flagged(save, author, moderator):
    """A live page with a look-alike, an override and a title that is flagged too."""
    revision = save(FLAGGED + "\nAn invoice\u202egnp.exe.\n\n`n\u0440m install`\n", title="P\u0430per")
    workflow.approve(workflow.submit(revision, by=author), by=moderator)
    return Revision.objects.with_text().get(pk=revision.pk)


def text(response):
    return response.content.decode()


def without_marks(html):
    return re.sub(r"</?mark[^>]*>", "", html)


def test_reader_reads_an_article_and_its_history(client, published, save, moderator):
    workflow.publish(save("The tide table hangs by the gate.\n"), by=moderator)

    assert "Tides" in text(client.get("/"))
    page = text(client.get("/articles/tides/"))
    assert "by the gate" in page
    assert "notice" not in page
    history = text(client.get("/articles/tides/history/"))
    assert reverse("compare", args=["tides", 1, 2]) in history
    comparison = text(client.get("/articles/tides/compare/1..2/"))
    assert "<del" in comparison
    assert "gate" in comparison
    assert "This is the version that readers see" in text(client.get("/articles/tides/revisions/2/"))


def test_old_version_says_its_number_and_day_and_which_one_is_live(client, at, published, save, moderator):
    at(NOON + timedelta(days=9))
    workflow.publish(save("It hangs by the gate.\n"), by=moderator)
    banner = (
        "<span>You are reading version 1 of March 1, 2027; the live one is"
        ' <a href="/articles/tides/">version 2</a>.'
    )
    assert banner in text(client.get("/articles/tides/revisions/1/"))
    assert banner not in text(client.get("/articles/tides/revisions/2/"))

    workflow.unpublish(published.article, by=moderator)
    client.force_login(moderator)

    banner = "You are reading version 2 of March 10, 2027; no version is live."
    assert banner in text(client.get("/articles/tides/revisions/2/"))


def test_list_shows_the_excerpt_or_the_beginning_of_the_text(client, save, moderator, administrator):
    workflow.publish(save("The *sea* rises.\n\nIt falls.\n"), by=moderator)
    assert 'dir="ltr">The sea rises.</p>' in text(client.get("/"))

    excerpted = save("The sea falls.\n", excerpt="A day at <b>sea</b>.")
    workflow.publish(excerpted, by=moderator)
    assert 'dir="ltr">A day at &lt;b&gt;sea&lt;/b&gt;.</p>' in text(client.get("/"))

    workflow.publish(save("A private name.\n"), by=moderator)
    workflow.hide(Revision.objects.get(number=1), by=administrator, parts=["text"], reason="A name.")
    assert "A private name." in text(client.get("/"))


def test_page_describes_itself_to_search_engines(client, save, moderator, settings):
    settings.SITE_URL = "https://example.org"
    name = "0123456789abcdef01234567-8x6.png"
    workflow.publish(save(f'The *sea* "rises".\n\n![A door](/media/images/{name})\n'), by=moderator)
    page = text(client.get("/articles/tides/"))
    assert '<meta name="description" content="The sea &quot;rises&quot;.">' in page
    assert f'<meta property="og:image" content="https://example.org/media/images/{name}">' in page

    workflow.publish(save("It falls.\n", description="Of tides."), by=moderator)
    page = text(client.get("/articles/tides/"))
    assert '<meta name="description" content="Of tides.">' in page
    assert "og:image" not in page


@pytest.mark.parametrize("slug", ["tides", "приливы-и-отливы"])
def test_history_leads_to_pages_that_are_there(client, author, administrator, published, slug):
    article = published.article
    second = workflow.save_revision(article, by=author, content=content("Other.\n", slug=slug), base=1)
    workflow.publish(second, by=administrator)
    client.force_login(administrator)

    rows = "".join(
        re.findall(r'<li class="version".*?</li>', text(client.get(reverse("history", args=[slug]))), re.S)
    )

    links = re.findall(r'href="([^"]+)"', rows)
    assert reverse("hide", args=[second.pk]) in links
    assert len(links) == 2 + 1 + 1 + 2 + 2  # both versions, the one before and the live one, others, hiding
    assert all(
        client.get(urljoin(reverse("history", args=[slug]), link)).status_code == 200 for link in links
    )


def test_source_is_the_text_as_written(client, flagged):
    response = client.get("/articles/tides/revisions/1/source")

    assert response.content.decode() == flagged.source
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_any_two_versions_are_compared_from_the_history(client, published, save, moderator):
    workflow.publish(save("Other.\n"), by=moderator)

    response = client.get("/articles/tides/history/", {"old": "2", "new": "1"})

    assert response.url == reverse("compare", args=["tides", 1, 2])
    for old in ("x", "", "9" * 11, "9" * 5000, "-1"):
        assert client.get("/articles/tides/history/", {"old": old, "new": "1"}).status_code == 404


def test_flagged_page_has_a_notice_outside_the_text_and_marks_only_on_request(client, flagged):
    plain = text(client.get("/articles/tides/"))

    assert 'class="page-notice"' in plain.partition("<article")[0]
    assert "?escape=1" in plain
    assert "<mark" not in plain


def test_escape_marks_each_flagged_character_and_changes_no_text(client, flagged):
    plain, escaped = (text(client.get("/articles/tides/" + query)) for query in ("", "?escape=1"))
    article = re.compile(r'(<h1.*?</h1>).*(<div class="prose">.*?</div>)', re.DOTALL)

    marked = "".join(article.search(escaped).groups())
    assert without_marks(marked) == "".join(article.search(plain).groups())
    assert 'data-code="U+0430"' in marked
    assert 'data-like="a"' in marked
    assert 'data-code="U+202E" data-box="RLO"' in marked
    assert len(re.findall("<mark", marked)) == 4  # title, paper, override, npm
    assert "<mark" not in text(client.get("/articles/tides/?escape=0"))


def test_text_with_markup_is_escaped_in_every_view(client, save, author, moderator):
    for source in (f"{XSS}\nsame {XSS}\n", f"{XSS} changed\nsame {XSS}\n"):
        revision = save(source, title=f"T {XSS}", summary=XSS, tags=("<b>x</b>",))
        workflow.approve(workflow.submit(revision, by=author), by=moderator, reason=XSS)
    waiting = workflow.submit(save(f"{XSS} again\n", title=f"T {XSS}!"), by=author)
    client.force_login(moderator)

    for url in (
        "/",
        "/articles/tides/",
        "/articles/tides/?escape=1",
        "/articles/tides/history/",
        "/articles/tides/revisions/1/",
        "/articles/tides/compare/1..2/",
        "/articles/tides/compare/1..3/",
        "/moderation/",
        f"/moderation/{waiting.pk}/",
        "/admin/articles/article/",
        f"/admin/articles/article/{waiting.revision.article_id}/change/",
    ):
        page = text(client.get(url))
        assert "<script>alert" not in page, url
        assert not re.search(r"<img[^>]*onerror", page), url
        assert "<b>x</b>" not in page, url
        assert "alert(1)" in page, url


def test_address_of_a_draft_never_redirects(client, published, save):
    save("Moved.\n", slug="ebb")

    assert client.get("/articles/ebb/").status_code == 404


def test_reused_address_belongs_to_its_new_article(client, published, save, moderator):
    workflow.publish(save("Moved.\n", slug="ebb"), by=moderator)
    other = workflow.save_revision(None, by=moderator, content=content("Other.\n"))
    workflow.publish(other, by=moderator)

    assert "Other." in text(client.get("/articles/tides/"))


@pytest.mark.parametrize("number", ["0", "99", "999999999"])
def test_versions_that_do_not_exist_are_not_found(client, published, number):
    assert client.get(f"/articles/tides/revisions/{number}/").status_code == 404
    assert client.get(f"/articles/tides/compare/1..{number}/").status_code == 404


def test_right_to_left_article_says_so(client, author, moderator):
    revision = workflow.save_revision(
        None, by=author, content=content("\u0634\u0631\u0643\u0629\n", slug="sea", language="ar")
    )
    workflow.approve(workflow.submit(revision, by=author), by=moderator)

    assert 'lang="ar" dir="rtl"' in text(client.get("/articles/sea/"))


def test_pages_refuse_everything_but_reading(client, published):
    for url in ("/", "/articles/tides/", "/articles/tides/history/", "/articles/tides/compare/1..1/"):
        assert client.post(url).status_code == 405


def test_every_page_carries_a_strict_policy(client, flagged, administrator):
    client.force_login(administrator)
    for url in ("/", "/articles/tides/", "/moderation/", "/admin/", "/admin/articles/article/", "/nowhere/"):
        response = client.get(url)
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert not INLINE.search(text(response)), url


def test_no_public_address_tells_of_a_draft(client, published, save, moderator):
    draft = {
        "title": "Secret title",
        "summary": "Secret summary",
        "slug": "secret-slug",
        "tags": ("Secret tag",),
    }
    save("Secret text\n", **draft)
    workflow.publish(
        workflow.save_revision(None, by=moderator, content=content("Other.\n", slug="other")), by=moderator
    )

    for url in (
        "/",
        "/articles/tides/",
        "/articles/tides/?escape=1",
        "/articles/tides/history/",
        "/articles/tides/revisions/1/",
        "/articles/tides/revisions/1/source",
        "/articles/tides/compare/1..1/",
        "/articles/tides/revisions/2/",
        "/search/?q=text*",
        "/tags/",
        "/feed/",
        "/feed.json",
        "/sitemap.xml",
        "/llms.txt",
        "/articles/tidse/",
    ):
        assert "secret" not in text(client.get(url)).lower(), url
    assert client.get("/articles/secret-slug/").status_code == 404


# The cost of a request in queries does not grow with what it lists


def _many(author, moderator, number):
    for n in range(number):
        revision = workflow.save_revision(
            None, by=author, content=content(f"Text {n}.\n", slug=f"n{Article.objects.count()}")
        )
        review = workflow.submit(revision, by=author)
        if n % 2:
            workflow.approve(review, by=moderator)


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/", 3),
        ("/moderation/", 17),
        ("/admin/articles/article/", 11),
    ],
)
def test_lists_take_the_same_number_of_queries_whatever_their_length(
    client, author, moderator, django_assert_max_num_queries, url, queries
):
    if url != "/":
        client.force_login(moderator)
    for size in (2, 20):
        _many(author, moderator, size)
        with django_assert_max_num_queries(queries):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/articles/tides/", 10),
        ("/articles/tides/?escape=1", 11),
        ("/articles/tides/history/", 7),
        ("/articles/tides/revisions/3/", 6),
        ("/articles/tides/compare/1..3/", 7),
    ],
)
def test_pages_take_few_queries_however_long_the_history(
    client, save, moderator, django_assert_max_num_queries, url, queries
):
    for n in range(12):
        workflow.publish(save(f"{n}\n"), by=moderator)

    with django_assert_max_num_queries(queries):
        assert client.get(url).status_code == 200


# Who brought in what the notice counts


def notice(response):
    """The words of the notice."""
    (found,) = re.findall(r'<aside class="page-notice".*?</aside>', response.content.decode(), re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", found).split())


@pytest.fixture
def approved(save, moderator):
    """Saves a version and has it approved."""

    def approved(source, by, **changes):
        revision = save(source, by=by, **changes)
        return workflow.approve(workflow.submit(revision, by=by), by=moderator) and revision

    return approved


def test_notice_names_the_version_that_brought_the_characters_in(client, approved, author, other_author):
    approved(CLEAN, author)
    approved(CLEAN + FLAGGED, other_author)
    approved(CLEAN + FLAGGED + "More.\n", author)

    response = client.get("/articles/tides/")

    assert "Brought in by: other_author, version 2. " in notice(response)
    assert b'<a href="/articles/tides/revisions/2/">version 2</a>' in response.content


def test_notice_counts_by_version_and_names_at_most_three(client, approved, author, other_author):
    source = ""
    for n, person in enumerate([author, other_author, author, author]):
        source += FLAGGED.replace("door", f"door {n}") * (2 if n == 3 else 1)
        approved(source, person)

    assert (
        "Brought in by: author, version 4 (2); author, version 3 (1); other_author, version 2 (1); 1 more."
        in notice(client.get("/articles/tides/"))
    )


def test_notice_tells_readers_of_no_draft_and_no_hidden_name(
    client, approved, save, author, other_author, administrator
):
    save(CLEAN)
    draft = save(CLEAN + FLAGGED, by=other_author)
    approved(CLEAN + FLAGGED + "More.\n", author)
    assert "Brought in by: author, version 3. " in notice(client.get("/articles/tides/"))
    assert "Brought in by: author, version 3. " in notice(client.get("/articles/tides/revisions/3/"))

    client.force_login(author)
    assert "Brought in by: other_author, version 2. " in notice(client.get("/articles/tides/"))

    workflow.hide(draft, by=administrator, parts=["author"], reason="Private.")
    assert "Brought in by: (name hidden), version 2. " in notice(client.get("/articles/tides/"))
    client.force_login(administrator)
    assert "Brought in by: other_author, version 2. " in notice(client.get("/articles/tides/"))


def test_notice_names_nobody_for_what_is_allowed_or_stands_elsewhere(client, approved, author, moderator):
    approved(CLEAN + FLAGGED, author)
    revision = approved(CLEAN + FLAGGED + "A d\u043eor.\n", author)
    revision = Revision.objects.with_text().get(pk=revision.pk)
    first = findings_in(revision.content, Field.SOURCE)[0]
    item = FieldFinding(Field.SOURCE, first)
    workflow.allow_finding(
        revision, item, by=moderator, kind="word", scope="article", reason="It is its name."
    )
    assert "Brought in by: author, version 2. " in notice(client.get("/articles/tides/"))

    approved(CLEAN, author, title="Tid\u0435s")
    assert "Brought in" not in notice(client.get("/articles/tides/"))


def test_notice_names_nobody_for_what_is_only_worth_knowing(client, approved, author, other_author):
    approved(FLAGGED, author)
    approved(FLAGGED + "One \u2003 two.\n", other_author)

    assert "Brought in by: author, version 1." in notice(client.get("/articles/tides/"))


def test_notice_does_without_where_it_is_not_known(client, approved, author):
    approved(FLAGGED, author)
    forget()

    assert "Brought in" not in notice(client.get("/articles/tides/"))


# The list


def test_list_tells_apart_when_an_article_came_and_when_it_changed(client, save, moderator, at):
    workflow.publish(save(), by=moderator)
    at(NOON + timedelta(days=9))
    workflow.publish(save("Other.\n"), by=moderator)

    page = " ".join(re.sub("<[^>]*>", "", text(client.get("/"))).split())

    assert "March 1, 2027 updated March 10, 2027" in page


# How readers get a text


def test_only_escape_1_marks(client, flagged):
    for query in ("?escape=0", "?escape=", "?escape=yes"):
        for address in ("/articles/tides/", "/articles/tides/revisions/1/"):
            assert "<mark" not in text(client.get(address + query))


def test_text_is_drawn_on_each_page_that_shows_it(client, save, moderator):
    picture = "/media/images/0123456789abcdef01234567-8x6.png"
    workflow.publish(save(f"![a]({picture})\n\n# Ebb\n\n|a|\n|-|\n|b|\n"), by=moderator)

    for address in (
        "/articles/tides/",
        "/articles/tides/?escape=1",
        "/articles/tides/revisions/1/",
        "/articles/tides/revisions/1/authors/",
    ):
        page = text(client.get(address))
        assert page.count("<h1") == 1, address
        assert page.count("<img") == 1, address
        assert '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>' in page, address
    compared = text(client.get("/articles/tides/compare/1..1/?view=page&context=all"))
    assert compared.count("<h1") == 1
    assert '<table tabindex="0">' in compared


def test_times_are_whole_seconds(client, published, save, moderator):
    workflow.publish(save("Other.\n"), by=moderator)

    for address in (
        "/",
        "/articles/tides/",
        "/articles/tides/history/",
        "/articles/tides/compare/1..2/",
        "/articles/tides/revisions/1/authors/",
    ):
        times = re.findall(r'datetime="([^"]*)"', text(client.get(address)))
        assert times, address
        assert not [time for time in times if "." in time], address
