"""Purge keys for a CDN: on public pages alone, where a setting asks for them."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from articles.http.purging import purge_keys


@pytest.fixture
def keys(settings, db):
    settings.PURGE_KEYS = "Surrogate-Key"
    return lambda address: Client().get(address).get("Surrogate-Key", "")


def test_no_key_without_the_setting(client, published):
    for header in ("Surrogate-Key", "Cache-Tag"):
        assert header not in client.get("/articles/tides/")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", "site lists"),
        ("/articles/tides/", "site article:tides"),
        ("/articles/tides/?escape=1", "site article:tides"),
        ("/articles/tides.md", "site article:tides"),
        ("/articles/tides/history/", "site article:tides"),
        ("/articles/G%C3%A4%20%2C/", "site article:G%C3%A4%20%2C"),
        ("/tags/Sea/", "site tag:sea"),
        ("/languages/EN/", "site language:en"),
        ("/authors/author/", "site author:author"),
        ("/feed/", "site lists"),
        ("/feed/?tag=Sea", "site tag:sea"),
        ("/search/?q=tide", "site lists"),
        ("/sitemap.xml", "site lists"),
        ("/admin/login/", ""),
        ("/moderation/", ""),
        ("/healthz", ""),
        ("/missing", ""),
    ],
)
def test_keys_of_an_address(keys, published, address, expected):
    for _first_and_from_the_cache in range(2):
        assert keys(address) == expected


def test_header_of_another_network(settings, published):
    settings.PURGE_KEYS = "Cache-Tag"

    assert Client().get("/articles/tides/")["Cache-Tag"] == "site,article:tides"


def test_page_of_an_account_has_no_keys(settings, published, reader):
    settings.PURGE_KEYS = "Surrogate-Key"
    client = Client()
    client.force_login(reader)

    assert "Surrogate-Key" not in client.get("/articles/tides/")


def test_unknown_header_is_refused(settings):
    settings.PURGE_KEYS = "X-Keys"

    with pytest.raises(ImproperlyConfigured):
        purge_keys(lambda request: None)
