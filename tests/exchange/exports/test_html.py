"""A static site: it opens from disk, asks for no other host, and shows what readers see."""

import re
from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile

from articles import workflow
from articles.exchange.exports import html as exports_html
from articles.exchange.exports.exporting import Format
from articles.exchange.exports.site import link_writer
from articles.text.page.targets import with_targets
from tests.conftest import FLAGGED
from tests.exchange.exports.exporting import exported, hide, read, write
from tests.pictures import drawn, file
from tests.revisions.test_bodies import damage

pytestmark = pytest.mark.django_db
_TARGET = re.compile(r' (?:href|src)="([^"#]*)')


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "export"


@pytest.fixture
def publish(author, moderator):
    def publish(slug, source, **changes):
        revision = write(slug, source, by=author, **changes)
        assert workflow.publish(revision, by=moderator) is None
        return revision

    return publish


def pages(folder):
    return {path: data.decode() for path, data in read(folder).items() if path.endswith(".html")}


def test_every_relative_link_leads_to_a_file(publish, folder, author, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(exports_html, "A_PAGE", 2)
    settings.MEDIA_ROOT = tmp_path / "media"
    image = workflow.upload_image(ContentFile(file(image=drawn((700, 20)))), alt="A gate.", by=author)
    for slug, tags in (("ebb", ("sea", "a/b & c")), ("flow", ("sea", "index")), ("été", ("..sea", "SEA-"))):
        publish(
            slug, f"[Ebb](/articles/ebb/#x) and [été](/articles/{slug}/)\n\n{image.markdown}\n", tags=tags
        )

    exported(folder, Format.HTML)

    found = pages(folder)
    assert {
        "index.html",
        "index.page-2.html",
        "articles/été.html",
        "tags/index.html",
        "tags/sea.html",
    } < found.keys()
    for path, page in found.items():
        for target in _TARGET.findall(page):
            if not target.startswith("http://127.0.0.1"):
                assert target == "" or (folder / path).parent.joinpath(unquote(target)).is_file(), (
                    path,
                    target,
                )
        assert "<script" not in page
        assert "style=" not in page
        assert page.count("Content-Security-Policy") == 1
    assert len([path for path in read(folder) if path.startswith("media/images/")]) == len(
        list(image.name.files)
    )


def test_links_lead_to_files_of_the_export_or_to_the_site():
    write = link_writer({"ebb": "ebb", "a b": "a b.7"}, base="https://site.example/articles/flow/")

    assert {target: write(target) for target in LINKS} == LINKS


LINKS = {
    "#note": "#note",
    "/articles/ebb/": "ebb.html",
    "../ebb/#part": "ebb.html#part",
    "https://site.example/articles/ebb/": "ebb.html",
    "/articles/a%20b/": "a%20b.7.html",
    "/articles/draft/": "https://site.example/articles/draft/",
    "/articles/ebb/history/": "https://site.example/articles/ebb/history/",
    "/articles/../admin/": "https://site.example/admin/",
    "/media/images/x.png": "../media/images/x.png",
    "https://other.example/articles/ebb/": "https://other.example/articles/ebb/",
    "//other.example/": "//other.example/",
    "mailto:a@b.example": "mailto:a@b.example",
    "http://[": "http://[",
}


def test_target_is_escaped_again_and_text_stays():
    page = '<a href="/a?b&amp;c">/a?b&amp;c</a><img srcset="/x 1w, /y 2w" src="/x" alt="/x">'

    assert with_targets(page, lambda target: f'"{target}') == (
        '<a href="&quot;/a?b&amp;c">/a?b&amp;c</a><img srcset="&quot;/x 1w, &quot;/y 2w" src="&quot;/x" alt="/x">'
    )


def test_nothing_of_an_author_is_markup(publish, folder):
    publish("ebb", "Words.\n", title="<script>a</script>&", tags=("<b>",), excerpt="<i>")

    exported(folder, Format.HTML)

    for page in pages(folder).values():
        assert not re.search(r"<script|<b>|<i>", page)
    assert "&lt;script&gt;a&lt;/script&gt;&amp;" in pages(folder)["index.html"]


def test_drafts_and_what_is_hidden_are_not_there(publish, save, author, administrator, folder):
    publish("flow", "FLOW\n")
    shown = publish("ebb", "One.\n", summary="first")
    hide(shown, administrator, "author")
    workflow.save_revision(
        shown.article,
        by=author,
        content=shown.content.__class__(title="DRAFT", slug="ebb", source="DRAFT\n"),
        base=1,
    )
    exported(folder, Format.HTML)
    gone = pages(folder)["articles/flow.html"]
    assert "FLOW" in gone
    workflow.unpublish(shown.article.__class__.objects.get(slug="flow"), by=administrator)

    exported(folder, Format.HTML)

    whole = "".join(pages(folder).values())
    assert "articles/flow.html" not in pages(folder)
    assert not any(word in whole for word in ("DRAFT", "FLOW", ">author<"))


def test_page_says_that_it_holds_odd_characters(save, author, moderator, folder):
    review = workflow.submit(save(FLAGGED), by=author)
    workflow.approve(review, by=moderator)

    exported(folder, Format.HTML)

    page = pages(folder)["articles/tides.html"]
    assert "This page holds 1 character" in page
    assert "/articles/tides/?escape=1" in page


def test_second_export_writes_only_what_differs(publish, folder):
    publish("ebb", "Ebb.\n")
    assert exported(folder, Format.HTML) > 5
    assert exported(folder, Format.HTML) == 0
    publish("flow", "Flow.\n")

    assert exported(folder, Format.HTML) == 2  # its page, and the list
    exported(folder.with_name("fresh"), Format.HTML)
    assert read(folder) == read(folder.with_name("fresh"))


def test_right_to_left_article_is_marked_so(publish, folder):
    publish("ma", "ماء\n", title="ماء", language="ar")

    exported(folder, Format.HTML)

    assert '<h1 lang="ar">ماء</h1>' in pages(folder)["articles/ma.html"]
    assert '<div data-page dir="rtl">' in pages(folder)["articles/ma.html"]


def test_damaged_text_is_told_and_its_page_left_out(published, folder):
    damage(1, data=b"garbage")
    told = []

    exported(folder, Format.HTML, warn=told.append)

    assert "articles/tides.html" not in pages(folder)
    assert len(told) == 1


def test_site_without_articles_is_a_site(db, folder):
    exported(folder, Format.HTML)

    assert "Nothing is published yet." in pages(folder)["index.html"]
