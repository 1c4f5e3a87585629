"""The files that other programs read: the hook of pre-commit, and the workflow that people copy."""

import shlex
from pathlib import Path
from typing import Any

import yaml

from articles.text.cli import parse

ROOT = Path(__file__).parent.parent


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def test_hook_calls_the_command_with_files() -> None:
    (hook,) = read(".pre-commit-hooks.yaml")

    program, *arguments = shlex.split(hook["entry"])
    assert (hook["id"], hook["language"], program) == ("palimpsest-scan", "python", "palimpsest")
    assert parse([*arguments, "a.md", "b.md"]).paths == ["a.md", "b.md"]


def test_workflow_uploads_what_the_command_writes() -> None:
    steps = read("docs/github-workflow.yml")["jobs"]["scan"]["steps"]

    (line,) = [
        line for step in steps for line in step.get("run", "").splitlines() if "palimpsest scan" in line
    ]
    command, _, rest = line.partition(" > ")
    (upload,) = [step for step in steps if "upload-sarif" in step.get("uses", "")]
    options = parse(shlex.split(command)[1:])
    assert (options.paths, options.format) == (["."], "sarif")
    assert rest.split()[0] == upload["with"]["sarif_file"]
