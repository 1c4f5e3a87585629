"""Static files: hashed, compressed and kept for good once they are collected; as they are before."""

import os
import re
import time

import pytest
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client

from articles.http.static import check_collected


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STATIC_ROOT = str(tmp_path / ".")  # so that the names are read anew
    return tmp_path


def test_collected_files_are_kept_for_good_and_compressed(collected, db):
    page = Client().get("/").content.decode()
    (address,) = re.findall(r"/static/articles/site\.[0-9a-f]{12}\.css", page)

    for encoding in ("br", "gzip"):
        response = Client().get(address, headers={"Accept-Encoding": encoding})
        assert response["Content-Encoding"] == encoding
        assert "immutable" in response["Cache-Control"]
        assert int(re.search(r"max-age=(\d+)", response["Cache-Control"])[1]) >= 31_536_000


def test_modules_name_the_collected_ones_that_they_import(collected):
    (script,) = collected.glob("articles/editor.????????????.js")

    imported = re.findall(r'from "\./([^"]+)"', script.read_text())

    assert imported
    assert all(re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", name) for name in imported)
    assert all((collected / "articles" / name).exists() for name in imported)


def test_files_that_nobody_collected_are_served_as_they_are(db):
    assert static("articles/site.css") == "/static/articles/site.css"
    response = Client().get("/static/articles/site.css")
    assert response.status_code == 200
    assert "immutable" not in response["Cache-Control"]


def test_check_warns_of_files_that_were_collected_before_they_changed(collected):
    assert check_collected(None) == []

    os.utime(collected / "staticfiles.json", (0, time.time() - 10**9))

    assert [warning.id for warning in check_collected(None)] == ["articles.W003"]
