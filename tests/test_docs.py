"""The documentation names only files, commands, options, Python names and headings that exist."""

import re
from functools import cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from articles import workflow

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_FENCE = re.compile(r"^( *)```.*?^\1```[ \t]*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_PATH = re.compile(r"(?<![\w./-])(?:articles|cms_site|tests|templates|docs)/[\w./*-]*")
_DOTTED = re.compile(r"(?<![\w./-])(?:articles|cms_site)(?:\.[A-Za-z_]\w*)+")
_COMMAND = re.compile(r"manage\.py ([a-z_]+(?:-[a-z]+)*)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
_OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")


@cache
def prose(page: Path) -> str:
    """Return a page without its fenced blocks of code."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def spans(page: Path) -> list[str]:
    """Return what stands between backticks in a page."""
    return [span[2] for span in _SPAN.finditer(prose(page))]


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as forges make them."""
    headings = [heading.lower() for heading in _HEADING.findall(prose(page))]
    return frozenset(re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings)


def is_there(path: str) -> bool:
    """Return whether a pattern names something in the repository; a folder of compiled files alone is nothing."""
    return any(
        found.is_file() or any(child.is_file() and child.suffix != ".pyc" for child in found.rglob("*"))
        for found in ROOT.glob(path.rstrip("/"))
    )


def resolve(name: str) -> object:
    """Return what a dotted name stands for: a module, or something in one. Raises `AttributeError`."""
    parts = name.split(".")
    found: object = import_module(parts[0])
    for number, part in enumerate(parts[1:], start=2):
        try:
            found = getattr(found, part)
        except AttributeError:
            try:
                found = import_module(".".join(parts[:number]))
            except ImportError:
                raise AttributeError(name) from None
    return found


def test_patterns_find_what_they_look_for():
    found = [text for page in PAGES for text in spans(page)]

    assert sum(bool(_PATH.match(text)) for text in found) > 50
    assert sum(bool(_DOTTED.match(text)) for text in found) > 5
    assert sum(len(_LINK.findall(prose(page))) for page in PAGES) > 50
    assert sum(len(_COMMAND.findall(page.read_text(encoding="utf-8"))) for page in PAGES) > 20


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_exist(page: Path):
    paths = {path for text in spans(page) for path in _PATH.findall(text)}

    assert sorted(path for path in paths if not is_there(path)) == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_dotted_names_exist(page: Path):
    for name in {name for text in spans(page) for name in _DOTTED.findall(text)}:
        resolve(name)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_exist(page: Path):
    assert set(_COMMAND.findall(page.read_text(encoding="utf-8"))) <= get_commands().keys()


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_and_their_anchors_resolve(page: Path):
    for link in _LINK.findall(_SPAN.sub("", prose(page))):
        url = urlsplit(link)
        target = page.parent / url.path if url.path else page

        assert url.scheme in ("", "https")
        if not url.scheme:
            assert target.exists(), link
            assert not url.fragment or url.fragment in anchors(target), link


def test_commands_page_lists_each_command_with_its_options():
    page = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([\w-]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    shared = BaseCommand().create_parser("manage.py", "any")._option_string_actions.keys()

    assert sections.keys() == {name for name, app in get_commands().items() if app == "articles"}
    for name, section in sections.items():
        usage = section.strip().split("\n\n")[0]
        parser = load_command_class("articles", name).create_parser("manage.py", name)
        assert set(_OPTION.findall(usage)) == parser._option_string_actions.keys() - shared, name
        assert set(_OPTION.findall(section)) <= parser._option_string_actions.keys(), name


def test_workflow_page_lists_operations_that_exist():
    page = (ROOT / "docs/workflow.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \|", page, re.MULTILINE)
    operations = [name for row in rows for name in re.findall(r"\w+", row)]

    assert "save_revision" in operations
    assert set(operations) <= set(workflow.__all__)


def test_workflow_page_names_every_operation():
    """An operation is done by somebody; the few that only ask or plan change no state."""
    page = (ROOT / "docs/workflow.md").read_text(encoding="utf-8")
    questions = {"decides_on", "may_publish_at_once", "plan_sweep", "require_reviewer"}
    functions = {name: getattr(workflow, name) for name in workflow.__all__ if name.islower()}
    operations = {name for name, each in functions.items() if "by" in signature(each).parameters}

    assert questions < operations
    assert {name for name in operations - questions if f"`{name}`" not in page} == set()
