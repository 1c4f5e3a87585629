"""Images from upload to page: taken in, shown, listed, and deleted only while no version shows them."""

import errno
import os
import re
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles import workflow
from articles.models import Event, Image, ImageUse
from articles.search import index
from articles.templatetags import prose
from tests.conftest import CLEAN, content
from tests.management.test_commands import run
from tests.pictures import drawn, file, opened

pytestmark = pytest.mark.django_db

ADD = reverse("admin:articles_image_add")
LIST = reverse("admin:articles_image_changelist")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def upload(author):
    def upload(data=None, *, by=None, alt="A gate."):
        return workflow.upload_image(ContentFile(data or file()), alt=alt, by=by or author)

    return upload


def stored(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def logged():
    return list(Event.objects.order_by("pk").values_list("actor_name", "action", "detail"))


# Taking in


def test_full_disk_is_told_and_leaves_nothing(author, media, monkeypatch):
    real = default_storage.save

    def save(name, content):
        real(name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", save)
    client = Client(raise_request_exception=False)
    client.force_login(author)

    answer = client.post(ADD, {"file": SimpleUploadedFile("gate.png", file()), "alt": "A gate."})

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert stored(media) == []
    assert not Image.objects.exists()


def test_upload_and_deletion_are_logged(upload, author):
    image = upload()
    name = image.name.file()
    workflow.delete_image(image, by=author)
    plain = upload(alt="")
    workflow.delete_image(plain, by=None)

    assert logged() == [
        ("author", "upload image", f"{name} A gate."),
        ("author", "delete image", f"{name} A gate."),
        ("author", "upload image", plain.name.file()),
        ("(system)", "delete image", plain.name.file()),
    ]


def test_deletion_that_is_refused_or_was_done_is_not_logged(upload, save, author):
    shown, gone = upload(), upload()
    save(shown.markdown)
    workflow.delete_image(gone, by=author)
    before = logged()

    workflow.delete_image(gone, by=author)
    with pytest.raises(workflow.WorkflowError):
        workflow.delete_image(shown, by=author)

    assert logged() == before


def test_upload_keeps_the_image_its_copies_and_who_brought_it(upload, author, media):
    image = upload(file("JPEG", drawn((700, 500))), alt=" A gate.\n")

    assert (image.format, image.width, image.height, image.moving) == ("jpg", 700, 500, False)
    assert (image.alt, image.uploaded_by, image.uploaded_by_name) == ("A gate.", author, "author")
    assert stored(media) == sorted(image.name.files)
    assert len(stored(media)) == 3
    data = (media / "images" / image.name.file()).read_bytes()
    assert (len(data), sha256(data).hexdigest()) == (image.size_bytes, image.sha256)


def test_account_goes_and_the_recorded_name_stays(upload, other_author):
    image = upload(by=other_author)

    other_author.delete()

    image.refresh_from_db()
    assert (image.uploaded_by, image.uploaded_by_name) == (None, "other_author")


def test_names_are_random(upload):
    data = file()

    assert len({upload(data).token for _ in range(5)}) == 5


def test_file_at_the_limit_is_taken_and_one_byte_more_is_refused(upload, settings):
    data = file()

    settings.MAX_IMAGE_BYTES = len(data)
    assert upload(data)
    settings.MAX_IMAGE_BYTES = len(data) - 1
    with pytest.raises(ValidationError) as refusal:
        upload(data)

    assert "larger than" in refusal.value.message_dict["file"][0]


@pytest.mark.parametrize(
    ("alt", "message"),
    [
        ("a\nb", "Character 2 (U+000A)"),
        ("x" * 501, "501 characters; at most 500"),
        ("a\0b", "Character 2 (U+0000)"),
    ],
)
def test_alt_text_is_one_short_line(upload, media, alt, message):
    with pytest.raises(ValidationError) as refusal:
        upload(alt=alt)

    assert message in refusal.value.message_dict["alt"][0]
    assert stored(media) == []


def test_failed_upload_leaves_no_file(upload, media, monkeypatch):
    def fail(self, **kwargs):
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(models.Model, "save", fail)

    with pytest.raises(RuntimeError):
        upload()

    assert stored(media) == []


def test_upload_stops_at_the_cap_whoever_sends(client, author, settings, monkeypatch):
    settings.MAX_IMAGE_BYTES = 100_000
    taken = []
    keep = MemoryFileUploadHandler.receive_data_chunk

    def count(self, data, start):
        taken.append(len(data))
        return keep(self, data, start)

    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", count)
    strict = Client(enforce_csrf_checks=True)  # the guard reads the form before any view does
    strict.cookies["csrftoken"] = "a" * 32

    strict.post(ADD, {"file": SimpleUploadedFile("a.png", bytes(2_000_000))})

    assert 100_000 < sum(taken) < 300_000
    client.force_login(author)
    assert "larger than 97.7" in post_json(client, bytes(2_000_000)).json()["errors"]["file"][0]


# Doors


def post(client, data=None, *, name="gate.png", alt="A gate.", **headers):
    upload = SimpleUploadedFile(name, file() if data is None else data, content_type="image/png")
    return client.post(ADD, {"file": upload, "alt": alt}, headers=headers)


def post_json(client, data=None, **options):
    return post(client, data, accept="application/json", **options)


def test_page_without_script_shows_the_line_to_copy(client, author):
    client.force_login(author)
    assert 'type="file"' in client.get(ADD).content.decode()

    response = post(client, alt="A [red] gate")

    image = Image.objects.get()
    assert response.headers["Location"] == reverse("admin:articles_image_change", args=[image.pk])
    page = client.get(response.headers["Location"]).content.decode()
    assert f"![A \\[red\\] gate]({image.name.address})" in page


def test_script_gets_the_line_as_json(client, author):
    client.force_login(author)

    answer = post_json(client).json()

    assert answer == {"markdown": Image.objects.get().markdown, "address": Image.objects.get().name.address}


def test_page_tells_errors_where_they_are_and_keeps_the_words(client, author):
    client.force_login(author)

    page = post(client, b"<svg onload=alert(1)>", alt="My words").content.decode()

    assert "This is no PNG, JPEG, WebP, GIF or AVIF image" in page
    assert 'value="My words"' in page
    assert "This field is required" in client.post(ADD, {"alt": "x"}).content.decode()


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"<script>alert(1)</script>", "a.html", "no PNG, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "no PNG, JPEG"),
        (b"", "a.png", "empty"),
        (file()[:60], "a.png", "damaged or incomplete"),
    ],
)
def test_script_gets_the_reason_as_json(client, author, data, name, message):
    client.force_login(author)

    response = post_json(client, data, name=name)

    assert response.status_code == 400
    assert message in response.json()["errors"]["file"][0]
    assert not Image.objects.exists()


def test_name_and_claimed_type_of_the_file_mean_nothing(client, author):
    client.force_login(author)

    address = post_json(client, file("WEBP"), name="../../evil.html").json()["address"]

    assert re.fullmatch(r"/media/images/[0-9a-f]{24}-64x48\.webp", address)


def test_uploads_are_limited(client, author):
    client.force_login(author)
    statuses = [post_json(client, b"x").status_code for _ in range(31)]

    assert statuses == [400] * 30 + [429]
    assert client.get(ADD).status_code == 200


def test_broken_numbers_in_addresses_are_not_found(client, author):
    client.force_login(author)

    for number in ("0", "99999999999999999999", "x"):
        assert client.get(f"{LIST}{number}/change/").status_code == 404
    assert client.get(f"{LIST}?article=x").status_code == 200


# Serving


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_image_is_served_as_what_it_is_and_as_nothing_else(client, upload, format):
    image = upload(file(format, drawn((700, 500))))

    for name in image.name.files:
        response = client.get(f"/media/images/{name}")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == f"image/{format.lower()}"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")
        assert opened(response.getvalue()).format == format


@pytest.mark.parametrize(
    "path",
    [
        "{name}x",
        "{token}-64x48.html",
        "{token}-64x48-999.png",
        "../db.sqlite3",
        "..%2f..%2fmanage.py",
        "{token}",
        "",
        "{name}%0a",
        "{name}/",
    ],
)
def test_nothing_but_images_is_served(client, upload, path):
    image = upload()
    assert client.get(f"/media/images/{image.name.file()}").status_code == 200

    wrong = path.format(name=image.name.file(), token=image.token)

    assert client.get(f"/media/images/{wrong}").status_code == 404


def test_image_is_read_and_never_written_by_its_address(client, upload):
    address = upload().name.address

    assert client.head(address).status_code == 200
    assert client.post(address).status_code == 405


# On the page


def test_line_to_copy_shows_the_image_with_its_copies(upload, save, moderator, client):
    image = upload(file("JPEG", drawn((1000, 500))), alt="A *red* [gate] & <more>")
    workflow.publish(save(f"{image.markdown}\n"), by=moderator)

    page = client.get("/articles/tides/").content.decode()

    (tag,) = re.findall("<img[^>]*>", page)
    assert 'alt="A *red* [gate] &amp; &lt;more>"' in tag.replace("&gt;", ">")
    assert 'width="1000"' in tag
    assert 'height="500"' in tag
    assert 'fetchpriority="high"' in tag
    offered = re.search('srcset="([^"]*)"', tag)[1].split(", ")
    assert [candidate.split()[1] for candidate in offered] == ["320w", "640w", "960w", "1000w"]
    for candidate in offered:
        address, width = candidate.split()
        assert opened(client.get(address).getvalue()).width == int(width[:-1])


def test_preview_equals_the_page(upload, save, author, client):
    revision = save(f"{upload().markdown}\n")
    client.force_login(author)

    preview = client.post(
        "/admin/articles/article/live/", {"source": revision.source, "language": "en"}
    ).json()["html"]

    assert preview == prose.drawn(revision.renderings.latest().html).whole
    assert "<img" in preview


# Who shows what


def uses(image):
    return sorted(image.uses.values_list("revision__number", flat=True))


def test_every_version_that_names_an_image_is_noted(upload, save):
    image, other = upload(), upload()

    save(f"{image.markdown}\n")
    save(CLEAN)
    save(f'<a href="{image.name.address}">whole</a> and again {image.markdown}\n')
    save(f"{other.markdown} and {image.markdown}\n")

    assert uses(image) == [1, 3, 4]
    assert uses(other) == [4]


def test_cover_counts_as_shown_and_has_to_exist(upload, save):
    image, other = upload(), upload()
    unknown = image.name.file().replace(image.token, "0" * 24)

    save(f"{other.markdown}\n", cover=image.name.file())

    assert uses(image) == uses(other) == [1]
    with pytest.raises(ValidationError) as refusal:
        save(f"{other.markdown} again\n", cover=unknown)
    assert refusal.value.message_dict == {"cover": ["There is no such image. Upload it first."]}


@pytest.mark.parametrize(
    "written",
    [
        "![a]({address})",
        '<img src="{address}">',
        "![a][1]\n\n[1]: {address}",
        "`{address}`",
        "{thumbnail}",
        "<!-- {address} -->",
        "![a]({entities})",
        '<img src="{entities}">',
    ],
)
def test_image_counts_as_shown_however_it_is_written(upload, save, written):
    image = upload(file("PNG", drawn((700, 500))))
    entities = "".join(f"&#{ord(letter)};" for letter in image.name.address)

    save(written.format(address=image.name.address, thumbnail=image.name.thumbnail, entities=entities))

    assert uses(image) == [1]


def test_restored_version_shows_its_images_again(upload, save, author):
    image = upload()
    first = save(image.markdown)
    save(CLEAN)

    workflow.restore(first, by=author)

    assert uses(image) == [1, 3]


def test_text_with_names_of_no_image_is_saved_all_the_same(save):
    assert save(f"![a](/media/images/{'0' * 24}-1x1.png)").number == 1
    assert not ImageUse.objects.exists()


# Deleting


def test_image_that_any_version_shows_is_kept(upload, save, author, media):
    image = upload()
    save(image.markdown)
    save(CLEAN)

    with pytest.raises(workflow.WorkflowError, match="is kept"):
        workflow.delete_image(image, by=author)

    assert Image.objects.exists()
    assert stored(media)


def test_own_image_that_no_version_shows_may_go(
    upload, author, media, client, django_capture_on_commit_callbacks
):
    image = upload()
    client.force_login(author)
    url = reverse("admin:articles_image_delete", args=[image.pk])
    assert "Delete" in client.get(reverse("admin:articles_image_change", args=[image.pk])).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"post": "yes"})

    assert not Image.objects.exists()
    assert stored(media) == []


def test_page_offers_no_deletion_of_an_image_in_use(upload, save, author, client):
    image = upload()
    save(image.markdown)
    client.force_login(author)
    url = reverse("admin:articles_image_delete", args=[image.pk])

    assert url not in client.get(reverse("admin:articles_image_change", args=[image.pk])).content.decode()
    client.post(url, {"post": "yes"})
    assert Image.objects.exists()


def unused_images(*arguments):
    output = StringIO()
    try:
        call_command("unused_images", *arguments, stdout=output)
    except SystemExit as end:
        return end.code, output.getvalue()
    return 0, output.getvalue()


def aged(image):
    Image.objects.filter(pk=image.pk).update(uploaded_at=timezone.now() - timedelta(days=1, minutes=1))
    return image


def test_command_lists_what_no_version_shows_and_is_older_than_a_day(upload, save):
    shown, unused, fresh = aged(upload()), aged(upload()), upload()
    save(shown.markdown)
    save(CLEAN)

    status, output = unused_images()

    assert status == 1
    assert unused.name.address in output
    assert "author" in output
    assert shown.token not in output
    assert fresh.token not in output
    assert Image.objects.count() == 3


def test_command_deletes_them_when_told(upload, save, media, django_capture_on_commit_callbacks):
    shown, unused, fresh = aged(upload()), aged(upload()), upload()
    save(shown.markdown)

    with django_capture_on_commit_callbacks(execute=True):
        status, output = unused_images("--delete")

    assert (status, unused.token in output) == (0, True)
    assert set(Image.objects.all()) == {shown, fresh}
    assert stored(media) == sorted([*shown.name.files, *fresh.name.files])
    assert unused_images() == (0, "")


def test_command_finds_files_that_belong_to_no_image(upload, media):
    upload()
    stray = media / "images" / f"{'0' * 24}-1x1.png"
    stray.write_bytes(b"x")
    assert unused_images() == (0, "")  # an upload may be under way

    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(stray, (long_ago, long_ago))

    assert unused_images() == (1, f"images/{stray.name}: a file without an image\n")
    assert unused_images("--delete")[0] == 0
    assert not stray.exists()


def test_command_is_content_before_the_first_upload():
    assert unused_images() == (0, "")


def test_command_tells_when_the_storage_is_away(media):
    media.mkdir()
    (media / "images").write_text("in the place of the folder")

    with pytest.raises(CommandError, match="does not answer") as error:
        unused_images()

    assert error.value.returncode == 2


# The list


def test_list_shows_where_each_image_stands_in_a_fixed_number_of_queries(
    upload, save, author, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(author)
    first = upload(alt="First gate")
    for n in range(5):
        save(f"{first.markdown} {n}\n")
    client.get(LIST)
    with django_assert_max_num_queries(7) as few:  # one less where a cache has the session
        client.get(LIST)

    for n in range(10):
        save(upload(alt=f"Gate {n}").markdown)

    with django_assert_num_queries(len(few)):
        page = client.get(LIST).content.decode()
    assert "versions 1 to 5" in page
    assert "version 9" in page
    assert page.count('class="thumbnail"') == 11


def test_list_of_one_article_leaves_out_the_others(upload, save, author, client):
    mine, other = upload(alt="Mine"), upload(alt="Other")
    article = save(mine.markdown).article
    workflow.save_revision(None, by=author, content=content(other.markdown, slug="other"))
    client.force_login(author)

    page = client.get(f"{LIST}?article={article.pk}").content.decode()

    assert mine.token in page
    assert other.token not in page
    assert (
        f"{LIST}?article={article.pk}"
        in client.get(reverse("admin:articles_article_change", args=[article.pk])).content.decode()
    )


def test_gap_in_the_versions_is_told(upload, save, author, client):
    image = upload()
    for source in (image.markdown, CLEAN, image.markdown):
        save(source)
    client.force_login(author)

    page = client.get(reverse("admin:articles_image_change", args=[image.pk])).content.decode()

    assert "2 versions between 1 and 3" in page


def test_list_finds_what_is_not_used_yet(upload, save, author, client):
    used, unused = upload(), upload()
    save(used.markdown)
    client.force_login(author)

    page = client.get(f"{LIST}?use=unused").content.decode()

    assert unused.token in page
    assert used.token not in page


# The name of the file


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("gate.png", "gate.png"),
        ("/home/a/gate.png", "gate.png"),
        ("Мельница 1.png", "Мельница 1.png"),
        ("a\nb.png", ""),
        ("x" * 201, ""),
        (None, ""),
    ],
)
def test_name_of_the_file_is_kept_if_it_is_a_short_line(author, given, kept):
    image = workflow.upload_image(ContentFile(file(), name=given), alt="", by=author)

    assert image.file_name == kept
    assert "gate" not in image.name.file()


def test_command_indexes_all_images_anew_and_none_for_one_article(upload, save):
    upload(alt="A tide mill")
    save()
    index.drop(connection)
    index.create(connection)

    assert run("index_articles", "tides") == (0, "1 article indexed.\n")
    assert not Image.objects.found_by("mill").exists()
    assert run("index_articles") == (0, "1 article indexed.\n1 image indexed.\n")
    assert Image.objects.found_by("mill").exists()


def test_list_is_searched_by_the_name_of_the_file_and_shows_it(author, client):
    for name in ("mill_2041.png", "gate.png"):
        workflow.upload_image(ContentFile(file(), name=name), alt="", by=author)
    client.force_login(author)

    page = client.get(LIST, {"q": "2041"}).content.decode()

    assert '<bdi class="help">mill_2041.png</bdi>' in page
    assert "gate.png" not in page
