"""`docs/deploy.md`, followed to the letter: `make deploy-test` runs its code blocks on both databases.

As root, the site has an account of its own, as the page says. Otherwise all happens in a folder, by oneself.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.chaos.processes import free_port

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/deploy.md").read_text()
BLOCKS = re.findall(r"```sh (root|site|probe)(?: (\w+))?\n(.*?)```", PAGE, re.S)
IS_ROOT = os.geteuid() == 0

pytestmark = pytest.mark.skipif(
    not os.environ.get("DEPLOY"), reason="installs a site; run `make deploy-test`"
)


class Machine:
    """A folder that stands for the machine of the page, and an account that stands for the site's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.account = f"palimpsest{os.getpid()}" if IS_ROOT else ""
        stubs = folder / "bin"
        stubs.mkdir()
        (stubs / "systemctl").write_text("#!/bin/sh\n")  # the test starts the services itself
        (stubs / "systemctl").chmod(0o755)
        (folder / "units").mkdir()
        self.environment = {
            name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "LANG"))
        } | {
            "PATH": f"{stubs}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }

    def adapted(self, text: str) -> str:
        """Return a text of the page with the paths, names and ports of this machine."""
        for stands_there, here in (
            ("https://github.com/OWNER/palimpsest", f"{self.folder}/origin"),
            ("/srv/palimpsest", f"{self.folder}/srv"),
            ("/etc/systemd/system", f"{self.folder}/units"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.port}"),
            ("postgres:///palimpsest", f"postgres:///{self.account}"),
        ):
            text = text.replace(stands_there, here)
        return re.sub(r"(?<![\w/.-])palimpsest(?![\w.-])", self.account, text) if self.account else text

    def sh(self, script: str, *, as_root: bool = False) -> str:
        command = ["bash", "-euo", "pipefail", "-c", self.adapted(script)]
        if IS_ROOT and not as_root:
            command = ["runuser", "-u", self.account, "--", *command]
        home = {"HOME": str(self.folder / "srv")}
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment | home, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def follow(self, who: str, *labels: str) -> str:
        """Run the blocks of the page for one person that have one of the labels, in order."""
        scripts = [script for each, label, script in BLOCKS if each == who and label in labels]
        assert scripts, (who, labels)
        return "".join(self.sh(script, as_root=who == "root") for script in scripts)


@pytest.fixture(scope="module")
def machine():
    """A machine with the code installed, as far as the page goes without a database."""
    folder = Path(tempfile.mkdtemp(prefix="deploy-"))
    folder.chmod(0o755)
    machine = Machine(folder)
    origin = folder / "origin"
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    for name in names.decode().split("\0")[:-1]:
        if (ROOT / name).exists():
            (origin / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, origin / name)
    commit(origin, "first")
    try:
        account, clone = next(script for who, _, script in BLOCKS if who == "root").splitlines()
        if IS_ROOT:
            machine.sh(account, as_root=True)
            subprocess.run(["chown", "-R", machine.account, origin], check=True)
            machine.sh(clone, as_root=True)
        else:
            machine.sh(clone.removeprefix("runuser -u palimpsest -- "))
        machine.sh(next(script for who, label, script in BLOCKS if (who, label) == ("site", "")))
        yield machine
    finally:
        if IS_ROOT:
            subprocess.run(["userdel", "--force", machine.account], check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def site(machine, request):
    """A site that is set up; its kind of database."""
    kind = request.param
    if kind == "postgresql":
        if not IS_ROOT:
            pytest.skip("only root can make an account of PostgreSQL")
        machine.follow("root", "postgresql")
    try:
        told = machine.follow("site", kind)
        assert re.search("Administrator ada, password .{16}\n", told)
        yield kind
        machine.sh("cd /srv/palimpsest; rm -r data site/palimpsest.env; cd site; git switch --quiet -")
    finally:
        if kind == "postgresql":
            machine.sh(DROP.replace("PREFIX", machine.account), as_root=True)


DROP = """
query="SELECT datname FROM pg_database WHERE starts_with(datname, 'PREFIX')"
for name in $(runuser -u postgres -- psql -Atc "$query"); do
    runuser -u postgres -- dropdb "$name"
done
runuser -u postgres -- dropuser palimpsest
"""


def test_page_leads_to_a_site_that_runs_is_upgraded_and_comes_back(machine, site):
    _install, doctor = [script for who, label, script in BLOCKS if (who, label) == ("site", "")]
    text = machine.folder / "tides.md"
    text.write_text("The tide table hangs by the door.\n")

    save = "cd /srv/palimpsest/site; .venv/bin/python manage.py save_article"
    machine.sh(f"{save} {text} --slug tides --title Tides --author ada --publish")
    told = machine.sh(doctor)
    assert "restored for a check and verified" in told
    assert "problem" not in told

    machine.sh(UNITS, as_root=IS_ROOT)
    with serving(machine):
        machine.follow("probe", "")
        assert "door" in read(machine, "/articles/tides/")

    release = machine.sh(RELEASE)
    (machine.folder / "origin/CHANGELOG.md").write_text(f"A new release, tried on {site}.\n")
    commit(machine.folder / "origin", "second")
    told = machine.follow("site", "upgrade")
    assert "The way back: " in told
    assert "Every version is whole" in told

    text.write_text("Vandals were here.\n")
    machine.sh(f"{save} {text} --slug tides --title Tides --author ada --publish")
    machine.follow("site", "back")
    told = machine.sh("cd /srv/palimpsest/site; .venv/bin/python manage.py attribute tides")
    assert "door" in told
    assert "Vandals" not in told
    assert machine.sh(RELEASE) == release

    assert "Every version is whole" in machine.follow("site", "restore")
    modes = machine.sh("cd /srv/palimpsest; find data site/palimpsest.env -perm /077")
    assert modes == ""


RELEASE = "cd /srv/palimpsest/site; git rev-parse HEAD"
UNITS = next(script for who, _, script in BLOCKS if who == "root" and "systemd" in script)


@contextmanager
def serving(machine):
    """Starts what the unit of the site starts."""
    unit = (machine.folder / "units/palimpsest.service").read_text()
    command = machine.adapted(re.search("ExecStart=(.*)", unit)[1])
    prefix = ["runuser", "-u", machine.account, "--"] if IS_ROOT else []
    process = subprocess.Popen(
        [*prefix, "bash", "-c", f"umask 0077; exec {command}"],
        cwd=machine.folder / "srv/site",
        env=machine.environment,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(OSError):
                read(machine, "/healthz")
                break
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def read(machine, address):
    """A page, as a proxy asks for it."""
    headers = {"Host": "cms.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    request = urllib.request.Request(f"http://127.0.0.1:{machine.port}{address}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def commit(origin: Path, message: str) -> None:
    """Commit all that lies in a repository, as its owner."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-c", f"safe.directory={origin}"]
    for arguments in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "-m", message]):
        subprocess.run([*git, *arguments], cwd=origin, check=True)
