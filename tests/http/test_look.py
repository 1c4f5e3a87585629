"""How a site looks by its settings: accent colour, logo, licence, and a folder of its own templates and words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from articles.http import look

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("value", "colours"),
    [
        ("", None),
        ("#0b5f58", ("#0b5f58",) * 2),
        ("#ABC", ("#aabbcc",) * 2),
        ("#000 #fff", ("#000000", "#ffffff")),
    ],
)
def test_accent_is_one_colour_or_two(value, colours):
    assert look.accent_of(value) == colours


@pytest.mark.parametrize(
    "value", ["teal", "#12", "#12345", "#ggg", "#000 #111 #222", "#000;}", "#000\n}", "rgb(0)"]
)
def test_accent_that_is_no_colour_is_refused(value):
    with pytest.raises(ImproperlyConfigured):
        look.accent_of(value)


def test_sheet_of_the_accent_is_linked_and_kept_for_good(client, settings, published):
    assert "accent.css" not in client.get("/").content.decode()
    settings.SITE_ACCENT = "#7a1f3d #f0a0b8"

    address = re.search(
        r'<link rel="stylesheet" href="(/accent\.css[^"]*)">', client.get("/").content.decode()
    )[1]
    sheet = client.get(address)

    assert address.endswith("?7a1f3d-f0a0b8")
    assert "--accent: light-dark(#7a1f3d, #f0a0b8)" in sheet.content.decode()
    assert sheet["Content-Type"].startswith("text/css")
    assert "immutable" in sheet["Cache-Control"]
    assert address in client.get("/admin/login/").content.decode()


def test_contrast_is_that_of_the_standard():
    assert round(look.contrast("#000000", "#ffffff"), 1) == 21
    assert round(look.contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize(
    ("value", "hard"), [("", []), ("#0b5f58", ["dark"]), ("#ffe", ["light"]), ("#0b5f58 #76ccb9", [])]
)
def test_accent_that_is_hard_to_read_is_warned_of(settings, value, hard):
    settings.SITE_ACCENT = value

    assert [warning.msg.split()[-2] for warning in look.check_accent(None)] == hard


def test_backgrounds_are_those_of_the_style_sheet():
    tokens = (ROOT / "articles/static/articles/tokens.css").read_text()

    assert f"--paper: light-dark({look.PAPERS['light']}, {look.PAPERS['dark']});" in tokens


def test_logo_stands_for_the_mark(client, settings, db):
    assert b'<svg class="mark"' in client.get("/").content
    for value, address in (("/media/logo.png", "/media/logo.png"), ("own/logo.svg", "/static/own/logo.svg")):
        settings.SITE_LOGO = value
        page = client.get("/").content.decode()
        assert f'<img class="mark" src="{address}" alt="">' in page
        assert '<svg class="mark"' not in page


@pytest.mark.parametrize("value", ["https://elsewhere.example/logo.svg", "//elsewhere.example/logo.svg"])
def test_logo_of_another_site_is_refused(value):
    with pytest.raises(ImproperlyConfigured):
        look.logo_of(value)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-SA 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("All rights reserved", ""),
    ],
)
def test_licence_with_a_known_address(name, address):
    assert look.licence_url(name) == address


def test_licence_stands_below_each_page_and_in_the_byline(client, settings, published):
    assert b'rel="license"' not in client.get("/").content
    settings.SITE_LICENCE = "CC BY 4.0"
    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/"><bdi>CC BY 4.0</bdi></a>'

    assert client.get("/").content.decode().count(link) == 1
    page = client.get("/articles/tides/").content.decode()
    assert page.count(link) == 2
    assert link in page.partition('class="imprint"')[2].partition("</header>")[0]


def test_theme_comes_before_the_project(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/base.html").write_text(
        '{% extends "base.html" %}{% block promise %}<p>A paper of the coast.</p>{% endblock %}'
    )
    (tmp_path / "static/own").mkdir(parents=True)
    (tmp_path / "static/own/coast.css").write_text("body { margin: 0 }")
    probe = (
        "import django; django.setup(); from django.template.loader import render_to_string as r;"
        "from django.contrib.staticfiles import finders;"
        "page = r('410.html', {'site_name': 'Coast'});"
        "print(page.count('A paper of the coast.'), bool(finders.find('own/coast.css')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", probe],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "cms_site.settings",
            "SITE_THEME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["1", "True"]


def test_blocks_that_the_page_on_customizing_names_are_there():
    page = (ROOT / "docs/customizing.md").read_text()
    named = re.findall(r"^\| `(templates/[\w/.]+)` \| `(\w+)`", page, re.MULTILINE)

    assert len(named) > 8
    for template, block in named:
        assert f"{{% block {block} %}}" in (ROOT / template).read_text(), (template, block)
