"""Images in a bucket of S3, as moto plays it: what one host stores another one shows, and none keeps a file."""

import boto3
import pytest
from django.core.files.base import ContentFile
from moto.server import ThreadedMotoServer

from articles import workflow
from tests.pictures import file


@pytest.fixture
def bucket(monkeypatch):
    """Returns the options of a bucket at a server of its own."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="pictures")
    yield {"bucket_name": "pictures"}
    server.stop()


def test_image_is_stored_in_the_bucket_shown_from_there_and_deleted(
    bucket, settings, tmp_path, client, author, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path / "media"
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": bucket}
    settings.STORAGES = settings.STORAGES | {"default": storage}

    image = workflow.upload_image(ContentFile(file()), alt="A gate.", by=author)
    shown = client.get(image.name.address)

    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/png"
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert not settings.MEDIA_ROOT.exists()
    with django_capture_on_commit_callbacks(execute=True):
        workflow.delete_image(image, by=author)
    assert client.get(image.name.address).status_code == 404
