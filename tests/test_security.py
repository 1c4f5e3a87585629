"""What `docs/security.md` promises and no other file tests, and that each test it names exists."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from articles.reader import history

ROOT = Path(__file__).parent.parent
PROGRAM = [path for folder in ("articles", "cms_site") for path in (ROOT / folder).rglob("*.py")]
HTTPS = """
import django; django.setup()
from django.test import Client
answer = Client().get("/admin/login/", headers={"host": "localhost"}, secure=%s)
print(answer.status_code, answer.headers.get("Strict-Transport-Security"), answer.headers.get("Location"))
print(answer.cookies.output())
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE)
"""


def under_https(*, secure: bool) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", HTTPS % secure],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "cms_site.settings",
            "HTTPS": "1",
            "DATABASE_URL": "sqlite://:memory:",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.splitlines()


def test_each_test_that_the_page_names_exists():
    for name in re.findall(r"`(tests/[^`]+)`", (ROOT / "docs/security.md").read_text()):
        file, _, function = name.partition("::")
        source = (ROOT / file).read_text()

        assert not function or f"def {function}(" in source, name


def test_program_runs_no_commands_and_evaluates_nothing():
    for path in PROGRAM:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None) or node.names[0].name
                if module == "subprocess" and path.name in {"postgresql.py", "git_opening.py"}:
                    continue  # `pg_dump`, `pg_restore`, `git index-pack`; an import rule keeps requests away
                if module == "yaml" and path.name in {"front_matter.py", "page_fields.py"}:
                    assert "CSafeLoader" in path.read_text(), path
                    continue
                assert module.split(".")[0] not in {"subprocess", "pickle", "marshal", "yaml", "shelve"}, path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path


def test_program_opens_no_address():
    opens = r"^\s*(?:import|from) (?:requests|httpx|socket|http\.client|urllib\.request)\b|urlopen"
    for path in PROGRAM:
        if path.match("seals/fetching.py"):
            continue  # for commands; an import rule keeps requests away
        assert not re.search(opens, path.read_text(), re.M), path


def test_random_values_come_from_the_system():
    for path in PROGRAM:
        if "demo" in path.parts:
            continue  # demonstrations have to come out the same each time
        assert not re.search(r"^\s*(?:import|from) random\b", path.read_text(), re.M), path


def test_cookies_under_https():
    _answer, cookie, session = under_https(secure=True)

    assert cookie.startswith("Set-Cookie: __Host-csrftoken=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(cookie.split("; "))
    assert session == "__Host-sessionid True True Lax"


def test_https_is_asked_for_and_remembered():
    assert under_https(secure=True)[0] == "200 max-age=31536000; includeSubDomains None"
    assert under_https(secure=False)[0].startswith("301 None https://localhost/")


def test_no_other_origin_is_let_in(client, published):
    for address in ("/", "/search/", "/feed.json", "/articles/tides/compare/1..1.json", "/admin/login/"):
        answer = client.get(address, headers={"origin": "https://elsewhere.example"})

        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


@pytest.mark.parametrize(
    "goal", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/\\x.y"]
)
def test_signing_in_leads_to_no_other_host(client, author, settings, goal):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    author.set_password("the right one")
    author.save()

    answer = client.post("/admin/login/", {"username": "author", "password": "the right one", "next": goal})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_every_answer_names_its_type_and_charset(client, published):
    addresses = [
        "/",
        "/search/?q=tide",
        "/tags/",
        "/robots.txt",
        "/llms.txt",
        "/seal/checkpoint",
        "/articles/tides/",
        "/articles/tides/revisions/1/source",
        "/healthz",
        "/readyz",
        "/missing",
    ]
    for address in addresses:
        assert re.fullmatch(
            r"text/(html|plain); charset=utf-8|text/plain", client.get(address)["Content-Type"]
        )


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("short", False),
        ("elevenchars", False),
        ("password1234", False),
        ("sluice tide gate", True),
        ("\N{CYRILLIC SMALL LETTER A}" * 12, True),
        ("x" * 200, True),
    ],
)
def test_which_passwords_are_taken(password, taken):
    if taken:
        validate_password(password)
    else:
        with pytest.raises(ValidationError):
            validate_password(password)


def test_new_password_ends_other_sessions(author):
    elsewhere = Client()
    elsewhere.force_login(author)
    assert elsewhere.get("/admin/").status_code == 200

    author.set_password("sluice tide gate")
    author.save()

    assert elsewhere.get("/admin/").status_code == 302


def test_deactivated_account_is_out_at_once(author):
    signed_in = Client()
    signed_in.force_login(author)
    author.is_active = False
    author.save()

    assert signed_in.get("/admin/").status_code == 302


def test_error_page_tells_nothing(client, published, monkeypatch):
    def broken(*_):
        raise RuntimeError("the sluice key hangs behind the clock")

    monkeypatch.setattr(history, "get_object_or_404", broken)
    client.raise_request_exception = False

    answer = client.get("/articles/tides/history/")

    assert answer.status_code == 500
    assert b"sluice" not in answer.content
    assert b"Traceback" not in answer.content
    assert settings.DEBUG is False
