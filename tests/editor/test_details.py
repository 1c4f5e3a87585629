"""The fields beside the text: what they offer, keep and refuse."""

import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from articles.revisions.forms import ArticleForm
from tests.conftest import CLEAN
from tests.pictures import file

ADD = "/admin/articles/article/add/"
LIVE = "/admin/articles/article/live/"
FIELDS = {"title": "Tides", "slug": "tides", "language": "en", "source": CLEAN}


def change(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def text(response):
    return response.content.decode()


@pytest.fixture
def picture(author, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return lambda alt, by=author: workflow.upload_image(ContentFile(file()), alt=alt, by=by)


def test_details_are_saved_as_chosen(client, author, picture):
    details = {
        "excerpt": "A day at the coast.",
        "description": "When the water comes.",
        "cover": picture("The harbour").name.file(),
        "change_kind": "correction",
        "software_share": "assisted",
        "summary": "Source added",
    }
    client.force_login(author)

    client.post(ADD, FIELDS | details)

    content = Revision.objects.with_text().get().content
    assert {name: getattr(content, name) for name in details} == details


def test_editor_begins_with_the_details_but_not_with_the_kind_of_the_last_change(client, author, save):
    revision = save(excerpt="Old.", software_share="assisted", change_kind="typo", summary="Why")
    client.force_login(author)

    form = client.get(change(revision.article)).context["form"]

    assert (form["excerpt"].value(), form["software_share"].value()) == ("Old.", "assisted")
    assert (form["change_kind"].value() or "", form["summary"].value() or "") == ("", "")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("language", "Russian", "Probably meant: ru – Russian."),
        ("language", "xx-nonsense", "No language has this tag."),
        ("excerpt", "x" * 501, "501 characters; at most 500 fit."),
        ("description", "x" * 301, "301 characters; at most 300 fit."),
        ("cover", "x", "This is not the name of an uploaded image."),
        ("change_kind", "whim", "Choose one of these"),
        ("software_share", "some", "Choose one of these"),
    ],
)
def test_error_stands_at_its_field(client, author, field, value, message):
    client.force_login(author)

    response = client.post(ADD, FIELDS | {field: value})

    assert not Article.objects.exists()
    assert message in str(response.context["form"].errors[field])
    part = re.search(rf'<(div|fieldset) class="field[^"]* {field}">.*?</\1>', text(response), re.S)[0]
    assert message.partition(" – ")[0] in part


def test_line_ends_in_excerpt_and_description_become_spaces(client, author):
    client.force_login(author)

    client.post(ADD, FIELDS | {"excerpt": "Two\r\nlines.", "description": "Two\nlines."})

    revision = Revision.objects.get()
    assert (revision.excerpt, revision.description) == ("Two lines.", "Two lines.")


def test_empty_fields_show_what_stands_for_them(client, author, save):
    revision = save("The *sea* rises.\n\nIt falls.\n")
    client.force_login(author)

    page = text(client.get(change(revision.article)))
    answer = client.post(LIVE, FIELDS | {"source": "It falls.\n", "excerpt": "Ebb."}).json()

    assert page.count('placeholder="The sea rises."') == 2
    assert (answer["excerpt"], answer["description"]) == ("It falls.", "Ebb.")


def test_covers_are_those_of_the_text_then_own_uploads(client, author, other_author, save, picture):
    in_text, own, others = (
        picture("In the text", other_author),
        picture("Mine"),
        picture("Theirs", other_author),
    )
    revision = save(f"{in_text.markdown}\n")
    client.force_login(author)

    page = text(client.get(change(revision.article)))
    answer = client.post(LIVE, FIELDS | {"source": f"{others.markdown}\n"}).json()

    offered = re.search(r'<select name="cover".*?</select>', page, re.S)[0]
    assert re.findall(r'value="(.*?)"', offered) == ["", in_text.name.file(), own.name.file()]
    assert re.findall(r">([^<]+)</option>", offered)[1:] == ["In the text", "Mine"]
    assert answer["covers"] == [others.name.file()]


def test_cover_of_somebody_else_stays_chosen(author, picture, other_author):
    name = picture("Theirs", other_author).name.file()

    form = ArticleForm(initial={"cover": name})

    assert f'<option value="{name}" selected>' in str(form["cover"])


def test_languages_are_offered_by_name_in_the_reader_s_language(client, author):
    client.force_login(author)

    page = text(client.get(ADD))
    german = text(client.get(ADD, headers={"accept-language": "de"}))

    assert '<option value="ru">Russian – русский</option>' in page
    assert '<option value="ru">Russisch – русский</option>' in german
    assert 'list="languages"' in page


def test_unsaved_details_are_kept_and_offered(client, author, save):
    article = save().article
    details = {"excerpt": "Ebb.", "change_kind": "typo", "software_share": "none"}
    client.force_login(author)
    token = {"copy": "0" * 32, "edits": "1", "article": article.pk, "account": author.pk}

    kept = client.post("/admin/articles/article/unsaved/keep/", FIELDS | details | token)
    copy = author.scratch_copies.get()
    form = client.get(change(article), {"copy": copy.pk}).context["form"]

    assert kept.status_code == 200
    assert {name: form[name].value() for name in details} == details
    assert f"unsaved/{copy.pk}/" in text(client.get(change(article)))


def test_clash_of_the_share_of_software_is_asked_in_words(client, author, save):
    article = save(software_share="none").article
    save("Theirs.\n", software_share="generated")
    client.force_login(author)

    response = client.post(change(article), FIELDS | {"base": 1, "software_share": "assisted"})

    page = re.sub(r"<[^>]+>", "", text(response))
    assert response.status_code == 409
    assert "assisted by software" in page
    assert "generated by software" in page
    chosen = {"theirs": 2, "side-software_share": "mine", "_choose": ""}
    draft = client.post(change(article), FIELDS | {"base": 1, "software_share": "assisted"} | chosen)
    assert draft.context["form"]["software_share"].value() == "assisted"
