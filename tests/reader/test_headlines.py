"""What stands around the text of a published article, and what the list shows of it."""

import re

import pytest
from django.core.files.base import ContentFile

from articles import workflow
from articles.models import Revision
from tests.conftest import content
from tests.pictures import file

IMAGE = "0123456789abcdef01234567-800x600.png"


def text(client, address="/articles/tides/"):
    return client.get(address).content.decode()


def words(html):
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def imprint(client):
    return words(text(client).partition('<div class="imprint"')[2].partition("</header>")[0])


def test_imprint_names_authors_versions_and_length(client, published, save, moderator, other_author):
    workflow.publish(save("Other.\n", by=other_author, tags=("sea",)), by=moderator)
    workflow.publish(save("Another.\n", by=other_author, tags=("sea",)), by=moderator)

    shown = imprint(client)

    assert "By other_author , author" in shown
    assert "3 versions" in shown
    assert "1 minute" in shown
    assert shown.endswith("sea")
    assert 'href="/articles/tides/history/">3 versions</a>' in text(client)
    assert '<svg class="ribbon"' in text(client)


def test_who_corrects_a_typo_is_no_author(client, published, save, moderator, other_author):
    workflow.publish(save("Other.\n", by=other_author, change_kind="typo"), by=moderator)

    assert "other_author" not in imprint(client)


def test_name_without_a_page_is_no_link(client, published, save, author, other_author):
    save("A draft.\n", by=other_author)
    client.force_login(author)

    assert re.findall('<a rel="author" href="([^"]+)"', text(client)) == ["/authors/author/"]
    assert "other_author" in imprint(client)


def test_drafts_count_for_nobody_but_the_newsroom(client, published, save, author):
    save("A draft.\n")

    assert "1 version " in imprint(client) + " "
    client.force_login(author)
    assert "2 versions" in imprint(client)


def test_page_of_a_version_has_no_imprint(client, published):
    assert 'class="imprint"' not in text(client, "/articles/tides/revisions/1/")


def test_contents_lead_to_the_headings(client, save, moderator):
    workflow.publish(save("## One\n\n### Below\n\n## Two\n\nText.\n"), by=moderator)

    page = text(client)

    contents = page.partition('<details class="contents rail">')[2].partition("</details>")[0]
    addresses = re.findall('href="#([^"]+)"', contents)
    assert addresses == ["user-content-one", "user-content-below", "user-content-two"]
    assert all(f'id="{address}"' in page for address in addresses)


@pytest.fixture
def stories(author, moderator, settings, tmp_path):
    """Three published articles; the last has a picture in its text, the first a cover, which is returned."""
    settings.MEDIA_ROOT = tmp_path
    chosen = workflow.upload_image(ContentFile(file()), alt="", by=author).name
    for slug, source, cover in (
        ("first", "One.\n", chosen.file()),
        ("second", "Two.\n", ""),
        ("third", f"Three.\n\n![A door](/media/images/{IMAGE})\n", ""),
    ):
        written = content(source, slug=slug, title=slug.title(), cover=cover)
        workflow.publish(workflow.save_revision(None, by=author, content=written), by=moderator)
    return chosen


def test_list_begins_with_a_story_and_its_picture(client, stories):
    page = text(client, "/")

    story, _, rest = page.partition('<ol class="list">')
    assert f'src="/media/images/{IMAGE}"' in story
    assert 'loading="lazy"' not in story
    assert "Third" in words(story)
    assert re.findall("<bdi>(\\w+)</bdi></a>", rest) == ["Second", "First"]
    assert re.findall('src="([^"]+)"', rest) == [stories.thumbnail]


def test_facts_of_a_text_stand_on_its_side(client, publish):
    publish("one", language="ar", tags=("sea",))
    publish("two")

    for address in ("/", "/search/?q=text"):
        sides = re.findall(r'<ul class="facts meta" dir="(\w+)">\s*<li dir="(\w+)">', text(client, address))
        assert sides == [("ltr", "ltr"), ("rtl", "ltr")]
    assert '<ul class="tags" dir="rtl"' in text(client, "/")


def test_index_is_a_list_alone(client, stories):
    page = text(client, "/articles/")

    assert 'class="story"' not in page
    assert re.findall("<bdi>(\\w+)</bdi></a>", page) == ["Third", "Second", "First"]
    assert '<link rel="canonical" href="http://127.0.0.1:8000/">' in page


def test_hidden_text_shows_no_picture_in_the_list(client, stories, administrator):
    third = Revision.objects.get(slug="third")

    workflow.hide(third, by=administrator, parts=["text"], reason="Private.")

    assert IMAGE not in text(client, "/")


def test_footer_says_whose_site_it_is(client, published, settings):
    assert "Published by Palimpsest" in text(client, "/")

    settings.SITE_OWNER = "The Reading Room, 4 Quay Steps"

    assert "Published by The Reading Room, 4 Quay Steps" in text(client, "/")
