"""Timestamps by a small authority: openssl signs, a server on this machine answers."""

import http.server
import shutil
import subprocess
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.seals import fetching
from articles.seals.entries import SealedCheckpoint

from .conftest import seal

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")

CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[authority]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = small
[small]
serial = {folder}/serial
signer_cert = {folder}/authority.pem
signer_key = {folder}/authority.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_authority(folder, name):
    """Make a root and an authority that it certifies."""
    folder.mkdir()
    (folder / "serial").write_text("01\n")
    configuration = folder / "openssl.cnf"
    configuration.write_text(CONFIGURATION.format(name=name, folder=folder))
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", configuration)
    root, authority = (folder / f"{each}.pem" for each in ("root", "authority"))
    openssl(
        "req", "-x509", *key, "-keyout", folder / "root.key", "-out", root, "-extensions", "root", "-days", 30
    )
    openssl(
        "req",
        *key,
        "-keyout",
        folder / "authority.key",
        "-out",
        folder / "a.csr",
        "-subj",
        f"/CN={name} clock",
    )
    signing = ("-CA", root, "-CAkey", folder / "root.key", "-set_serial", 2, "-days", 30)
    openssl(
        *("x509", "-req", "-in", folder / "a.csr", *signing, "-out", authority),
        *("-extfile", configuration, "-extensions", "authority"),
    )
    return folder


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authorities")
    return make_authority(folder / "one", "One"), make_authority(folder / "other", "Other")


@pytest.fixture
def authority(authorities, settings):
    """The authority that the site asks, and what it answers with, where that is not a timestamp."""
    folder = authorities[0]
    said = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            question = folder / "question.tsq"
            question.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            answer = folder / "answer.tsr"
            configuration = folder / "openssl.cnf"
            openssl("ts", "-reply", "-config", configuration, "-queryfile", question, "-out", answer)
            said.setdefault("last", answer.read_bytes())
            self.send_response(said.get("status", 200))
            self.end_headers()
            self.wfile.write(said.get("answer", answer.read_bytes()))

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    yield said
    server.shutdown()
    thread.join()
    server.server_close()


def test_checkpoint_is_stamped_and_openssl_agrees(history, authority, authorities, settings, tmp_path):
    root = authorities[0] / "root.pem"
    settings.TIMESTAMP_ROOTS = str(root)

    seal("--to", str(tmp_path))

    (stamp,) = tmp_path.glob("*.tsr")
    openssl("ts", "-verify", "-data", stamp.with_suffix(".checkpoint"), "-in", stamp, "-CAfile", root)
    assert bytes(SealedCheckpoint.objects.get().timestamp) == stamp.read_bytes()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"status": 500}, "does not answer"),
        ({"answer": b"no timestamp"}, "answers with no timestamp"),
        ({"answer": b"x" * 200_000}, "more than 100,000 bytes"),
    ],
)
def test_checkpoint_stands_without_a_timestamp_until_the_authority_answers(
    history, authority, tmp_path, said, told
):
    authority.update(said)
    with pytest.raises(CommandError, match=told) as error:
        seal("--to", str(tmp_path))
    assert error.value.returncode == 2
    assert len(list(tmp_path.glob("*.checkpoint"))) == 1
    assert not list(tmp_path.glob("*.tsr"))

    for name in said:
        del authority[name]
    seal("--to", str(tmp_path))

    assert SealedCheckpoint.objects.get().timestamp
    assert len(list(tmp_path.glob("*.tsr"))) == 1


def test_answer_to_an_earlier_question_is_refused(history, authority, save):
    seal()
    authority["answer"] = authority["last"]
    save("Another.\n")

    with pytest.raises(CommandError, match="answers another question"):
        seal()


def test_authority_that_the_roots_do_not_know_is_refused(history, authority, authorities, settings):
    settings.TIMESTAMP_ROOTS = str(authorities[1] / "root.pem")

    with pytest.raises(CommandError, match="is not to be trusted"):
        seal()


@pytest.mark.parametrize(
    ("name", "value"), [("TIMESTAMP_URL", "file:///etc/passwd"), ("TIMESTAMP_ROOTS", "/none")]
)
def test_settings_that_cannot_be_used_are_named(history, authority, settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(CommandError, match=name) as error:
        call_command("seal", stdout=StringIO())
    assert error.value.returncode == 2


def test_silent_authority_is_given_up(history, settings, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.05)
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as silent:
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{silent.server_port}/"
        with pytest.raises(CommandError, match="does not answer"):
            seal()
