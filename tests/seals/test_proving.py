"""Proofs as readers download them: verified without the site, and whole whatever is hidden or deleted later."""

import json
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from articles import workflow
from articles.models import Article, Revision
from articles.proofs.cli import main
from articles.proofs.proof import Proof
from articles.proofs.versions import COLUMNS
from articles.revisions import triggers
from articles.seals.checkpoints import signing_key
from tests.conftest import forget_pages
from tests.proofs import independent

from .conftest import seal, verify


@pytest.fixture
def tides(save, moderator):
    """An article with three published versions, the last of them with all that a version can hold."""
    for number in range(1, 3):
        workflow.publish(save(f"Version {number}.\n"), by=moderator)
    last = save(
        "Version 3, “ebb” & \u0645\u062f.\n",
        tags=("sea", "m\u00f8lle"),
        summary="Ebb",
        excerpt="Short.",
        description="Shorter.",
        change_kind="update",
        software_share="assisted",
    )
    workflow.publish(last, by=moderator)
    return Article.objects.get(slug="tides")


def ask(client, number=3, **query):
    return client.get(reverse("proof", args=["tides", number]), query)


def download(client, number=3, **query):
    response = ask(client, number, **query)
    assert response.status_code == 200
    return response.content


def is_whole(data, *, key=None):
    """Whether the program and the independent verifier agree that a file is proven."""
    proof = Proof.parse(data)
    assert proof.verify(key=key or signing_key().verifier)
    return independent.is_proven(data)


def test_reader_downloads_a_proof_of_each_version(client, tides):
    seal()

    for number in (1, 2, 3):
        data = download(client, number)
        assert is_whole(data)
        version = json.loads(data)["version"]
        revision = Revision.objects.with_text().get(number=number)
        assert (version["number"], version["source"]) == (number, revision.source)
        assert json.loads(data)["sha256"] == revision.sha256


def test_file_has_a_name_and_is_kept_out_of_searches(client, tides):
    seal()

    response = ask(client)

    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'attachment; filename="tides-3.proof.json"'
    assert "noindex" in response["X-Robots-Tag"]


def test_columns_are_those_that_the_checksum_covers(tides):
    revision = Revision.objects.with_text().get(number=3)
    values = revision.covered(revision.based_on.sha256, revision.source)

    assert tuple(values) == COLUMNS
    assert values["author"] == "author"
    assert {name: values[name] for name in ("title", "slug", "language", "excerpt", "software_share")} == {
        "title": "Tides",
        "slug": "tides",
        "language": "en",
        "excerpt": "Short.",
        "software_share": "assisted",
    }


def test_proof_stays_whole_when_history_goes_on(client, save, tides, moderator):
    seal()
    before = download(client)
    workflow.publish(save("Version 4.\n"), by=moderator)
    seal()

    assert is_whole(before)
    assert is_whole(download(client))
    size = Proof.parse(before).verify().size
    assert download(client, size=size) == before


@pytest.mark.parametrize("parts", [["text"], ["summary"], ["author"], ["text", "summary", "author"]])
def test_hiding_breaks_no_proof(client, tides, administrator, parts):
    seal()
    before = {number: download(client, number) for number in (1, 2, 3)}
    hiding = workflow.hide(tides.revisions.get(number=2), by=administrator, parts=parts, reason="Private.")
    seal()

    assert all(is_whole(data) for data in before.values())
    assert is_whole(download(client, 1))
    assert verify()[0] == 0
    workflow.unhide(hiding, by=administrator)
    assert is_whole(download(client, 2))


@pytest.mark.parametrize("parts", [["text"], ["summary"], ["author"]])
def test_no_proof_holds_what_is_hidden_or_lets_anybody_test_a_guess(client, tides, administrator, parts):
    second, third = (tides.revisions.get(number=number) for number in (2, 3))
    workflow.hide(second, by=administrator, parts=parts, reason="Private.")
    seal()

    for who in (None, administrator):
        if who:
            client.force_login(who)
        answers = [ask(client, number) for number in (2, 3)]
        assert [answer.status_code for answer in answers] == [
            403 if parts == ["text"] and not who else 404,
            404,
        ]
        for answer in answers:
            assert second.sha256 not in answer.content.decode()
            assert third.sha256 not in answer.content.decode()
        assert "is hidden" in answers[1].content.decode()


def test_deletion_of_an_account_breaks_no_proof(client, tides, author, administrator):
    seal()
    before = download(client)
    administrator.is_superuser = True
    administrator.save()
    workflow.delete_account(author, by=administrator)

    assert download(client) == before
    assert is_whole(before)
    seal()
    assert is_whole(download(client))


def test_what_is_not_sealed_yet_has_a_page_that_says_so(client, save, tides, moderator):
    assert "not sealed yet" in ask(client).content.decode()
    seal()
    workflow.publish(save("Version 4.\n"), by=moderator)

    response = ask(client, 4)

    assert response.status_code == 404
    assert "not sealed yet" in response.content.decode()


@pytest.mark.parametrize("size", ["", "0", "1", "999999999", "9999999999", "-1", "all", "\0"])
def test_size_of_no_checkpoint_that_covers_the_version_is_told(client, tides, size):
    seal()

    response = ask(client, size=size)

    assert response.status_code == 404
    assert "No checkpoint of this size" in response.content.decode()


def test_draft_has_a_proof_for_the_newsroom_alone(client, save, tides, author, reader):
    save("A draft.\n")
    seal()

    assert ask(client, 4).status_code == 404
    client.force_login(reader)
    assert ask(client, 4).status_code == 404
    client.force_login(author)
    assert is_whole(download(client, 4))


def test_pages_offer_the_proof_once_the_site_seals(client, tides):
    link = f'href="{reverse("proof", args=["tides", 3])}"'
    addresses = tides.get_absolute_url(), reverse("revision", args=["tides", 3])
    assert not any(link in client.get(address).content.decode() for address in addresses)

    seal()
    forget_pages()  # a minute later, for a page that is made anew

    assert all(link in client.get(address).content.decode() for address in addresses)


def test_few_queries_whatever_the_length(client, save, tides, moderator, django_assert_max_num_queries):
    for number in range(4, 12):
        workflow.publish(save(f"Version {number}.\n"), by=moderator)
    for _ in range(2):
        seal()

    with django_assert_max_num_queries(8):
        download(client)


def test_altered_text_has_no_proof(client, tides):
    seal()
    with triggers.dropped(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE articles_revision SET title = 'Altered' WHERE number = 3")

    assert ask(client).status_code == 500


# The command


def command(*arguments):
    out = StringIO()
    call_command("verify-proof", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_site_verifies_a_proof_as_the_program_does(client, tides, tmp_path):
    seal()
    file = tmp_path / "proof.json"
    file.write_bytes(download(client))

    assert "Proven: version 3" in command(str(file), "--key", str(signing_key().verifier))
    file.write_bytes(file.read_bytes().replace(b"Version 3", b"Version 4"))
    with pytest.raises(SystemExit) as end:
        command(str(file))
    assert end.value.code == 1
    with pytest.raises(CommandError) as error:
        command("nowhere")
    assert error.value.returncode == 2


def test_commands_of_the_docs_do_what_they_say(client, tides, tmp_path, monkeypatch, capsys):
    """Runs each line with `verify-proof` of docs/proofs.md, in a folder with the files that it names."""
    page = Path("docs/proofs.md").read_text(encoding="utf-8")
    lines = [
        shlex.split(line, comments=True)
        for line in re.findall(r"^    (?:palimpsest|manage\.py) verify-proof .*$", page, re.MULTILINE)
    ]
    folder = tmp_path / "kept"
    seal("--to", str(folder))
    monkeypatch.chdir(tmp_path)
    Path("tides-3.proof.json").write_bytes(download(client))
    Path("checkpoint").write_bytes(client.get("/seal/checkpoint").content)
    key = client.get("/seal/key").content.decode().strip()

    assert len(lines) >= 3
    for program, *arguments in lines:
        arguments = [key if argument == "VKEY" else argument for argument in arguments]
        if program == "palimpsest":
            assert main(arguments) == 0, capsys.readouterr()
        else:
            assert "Proven" in command(*arguments[1:])


def test_checkpoints_that_a_witness_keeps_are_taken(client, tides, tmp_path, capsys):
    folder = tmp_path / "kept"
    seal("--to", str(folder))
    file = tmp_path / "proof.json"
    file.write_bytes(download(client))
    kept = [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and b"cms.example.org" in path.read_bytes()
    ]

    results = {path.name: main(["verify-proof", str(file), "--against", str(path)]) for path in kept}

    assert 0 in results.values(), results
