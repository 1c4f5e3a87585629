"""The library of images: what a search in the editor finds, page by page."""

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils.timezone import localtime

from articles import workflow
from articles.models import Image
from tests.pictures import drawn, file

pytestmark = pytest.mark.django_db

FIND = "/admin/articles/image/find/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def upload(author):
    def upload(alt="", *, name=None, by=None):
        return workflow.upload_image(ContentFile(file(), name=name), alt=alt, by=by or author)

    return upload


@pytest.fixture
def answer(client, author):
    client.force_login(author)
    return lambda **query: client.get(FIND, query).json()


@pytest.fixture
def found(answer):
    return lambda query: [image["alt"] for image in answer(q=query)["images"]]


def test_image_is_told_with_its_thumbnail_name_uploader_and_day(answer, author):
    image = workflow.upload_image(
        ContentFile(file(image=drawn((700, 500))), name="C:/mill_2041.png"), alt="A [red] mill", by=author
    )

    assert answer() == {
        "images": [
            {
                "address": image.name.address,
                "thumbnail": image.name.thumbnail,
                "alt": "A [red] mill",
                "file_name": "mill_2041.png",
                "uploaded_by": "author",
                "uploaded_on": localtime(image.uploaded_at).strftime("%m/%d/%Y"),
            }
        ],
        "next": None,
    }
    assert "-320.png" in image.name.thumbnail


def test_images_of_everybody_are_listed_newest_first(answer, upload, other_author):
    upload("Mine")
    upload("Theirs", by=other_author)

    assert [image["uploaded_by"] for image in answer()["images"]] == ["other_author", "author"]


@pytest.mark.parametrize(
    ("query", "alts"),
    [
        ("mill", ["A wind mill", "A tide mill"]),
        ("tide mi", ["A tide mill"]),
        ("2041", ["A tide mill"]),
        ("IMG_2041.jpg", ["A tide mill"]),
        ("МЕЛЬНИЦА", ["Мельница"]),
        ("author", ["Мельница", "A wind mill", "A tide mill"]),
        ("gate", []),
        ("?!", []),
        (" ", ["Мельница", "A wind mill", "A tide mill"]),
    ],
)
def test_search_looks_at_text_file_name_and_uploader(found, upload, query, alts):
    upload("A tide mill", name="IMG_2041.jpg")
    upload("A wind mill")
    upload("Мельница")

    assert found(query) == alts


def test_pages_follow_each_other_without_gap_or_repetition(answer, upload, monkeypatch):
    monkeypatch.setattr("articles.editor.finding.IMAGES_A_PAGE", 2)
    for number in range(5):
        upload(f"mill {number}")

    pages = [answer(q="mill")]
    while pages[-1]["next"]:
        pages.append(answer(q="mill", before=pages[-1]["next"]))

    assert [[image["alt"] for image in page["images"]] for page in pages] == [
        ["mill 4", "mill 3"],
        ["mill 2", "mill 1"],
        ["mill 0"],
    ]


def test_page_of_many_is_read_in_one_query(
    answer, upload, django_assert_num_queries, django_assert_max_num_queries
):
    upload("mill")
    with django_assert_max_num_queries(6) as few:  # one less where a cache has the session
        answer(q="mill")
    for _ in range(5):
        upload("mill")

    with django_assert_num_queries(len(few)):
        assert len(answer(q="mill")["images"]) == 6


def test_library_is_for_those_who_may_write(client, upload, moderator):
    upload("mill")
    assert client.get(FIND).status_code == 401

    client.force_login(User.objects.create_user("reader"))
    assert client.get(FIND).status_code == 403

    client.force_login(moderator)
    assert client.get(FIND).status_code == 200


def test_deleted_image_is_not_found(found, upload, author):
    image = upload("mill")
    assert found("mill") == ["mill"]

    workflow.delete_image(image, by=author)

    assert found("mill") == []
    assert not Image.objects.found_by("mill").exists()
