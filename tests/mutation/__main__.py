"""Mutation testing: put one small fault after the other into the code, and see whether a test notices.

`[tool.mutants]` in `pyproject.toml` names the modules, and for each the tests that have to notice.
`equivalent.toml` beside this file lists faults that change nothing a test could see, each with its reason. Exit
status 0 if every other fault is noticed, 1 if one survives or the list names a fault that does not exist, 2 if the
tests fail without any.

Usage: `python -m tests.mutation [MODULE…] [--equivalent]`
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from .operators import Mutant, mutants
from .running import NO_TEST, NONE_FAILED, Session

EQUIVALENT = Path(__file__).with_name("equivalent.toml")


class Tally:
    """What became of the mutants, by target of `[tool.mutants]`. Survivors are printed as they are found."""

    def __init__(self, target_of: dict[Mutant, str], reasons: dict[tuple[str, str], str]) -> None:
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.survivors = 0
        self.noticed: list[Mutant] = []  # though listed as equivalent
        self._target_of = target_of
        self._reasons = reasons
        for mutant, target in target_of.items():
            self.counts[target]["equivalent"] += self.is_listed(mutant)

    def is_listed(self, mutant: Mutant) -> bool:
        """Return whether a mutant is listed as equivalent."""
        return (mutant.path, mutant.name) in self._reasons

    def report(self, mutant: Mutant, noticed_by: str) -> None:
        """Count a mutant that was run."""
        is_killed = noticed_by not in (NO_TEST, NONE_FAILED)
        if self.is_listed(mutant):
            self.noticed += [mutant] * is_killed
            return
        self.counts[self._target_of[mutant]]["killed" if is_killed else "survived"] += 1
        if not is_killed:
            self.survivors += 1
            why = f" ({noticed_by})" if noticed_by else ""
            print(f"{mutant.path}:{mutant.lines[-1]}: {mutant.name}{why}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Mutation testing.")
    parser.add_argument(
        "modules", nargs="*", metavar="MODULE", help="as named in pyproject.toml; all by default"
    )
    parser.add_argument(
        "--equivalent", action="store_true", help="run those that are listed as equivalent, too"
    )
    options = parser.parse_args()
    tests_of = _targets()
    if unknown := set(options.modules) - tests_of.keys():
        parser.error(f"not in [tool.mutants] of pyproject.toml: {', '.join(sorted(unknown))}")

    targets = options.modules or list(tests_of)
    target_of = {
        mutant: target
        for target in targets
        for mutant in mutants(target.partition("::")[0], only=target.partition("::")[2])
    }
    reasons = _equivalent(target.partition("::")[0] for target in targets)
    tally = Tally(target_of, reasons)
    chosen = [mutant for mutant in target_of if options.equivalent or not tally.is_listed(mutant)]
    session = Session(chosen, lambda mutant: tests_of[target_of[mutant]], tally.report)
    begun = time.monotonic()
    if not _run(session, sorted({file for target in targets for file in tests_of[target]})):
        return 2

    _print_figures(tally.counts, seconds=time.monotonic() - begun)
    missing = reasons.keys() - {(mutant.path, mutant.name) for mutant in target_of}
    for path, name in sorted(missing):
        print(f"equivalent.toml names what does not exist: {path}: {name}")
    for mutant in tally.noticed:
        print(f"equivalent.toml names what a test notices: {mutant.path}: {mutant.name}")
    return 1 if tally.survivors or missing or tally.noticed else 0


def _run(session: Session, files: list[str]) -> bool:
    """Run a session on test files, without a trace on the disk; False if the tests fail without any fault."""
    quiet = ["-s", "-qq", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:xdist"]
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = scratch
        status = pytest.main([*quiet, "--hypothesis-seed=0", *files], plugins=[session])
    return status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


def _targets() -> dict[str, list[str]]:
    with Path("pyproject.toml").open("rb") as file:
        return tomllib.load(file)["tool"]["mutants"]


def _equivalent(paths: Iterable[str]) -> dict[tuple[str, str], str]:
    """Return the reason of each mutant that is listed as equivalent, by file and name."""
    with EQUIVALENT.open("rb") as file:
        listed = tomllib.load(file)
    return {
        (path, name): group["reason"]
        for path in set(paths)
        for group in listed.get(path, ())
        for name in group["mutants"]
    }


def _print_figures(counts: dict[str, Counter[str]], *, seconds: float) -> None:
    columns = ("killed", "survived", "equivalent")
    print(f"\n{'module':56}{'mutants':>9}{''.join(f'{name:>12}' for name in columns)}{'score':>9}")
    for target, each in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        judged = each["killed"] + each["survived"]
        score = f"{100 * each['killed'] / judged:.1f} %" if judged else "-"
        numbers = "".join(f"{each[name]:>12}" for name in columns)
        print(f"{target:56}{each.total():>9}{numbers}{score:>9}")
    print(f"{seconds:.0f} seconds; the equivalent ones are listed in {EQUIVALENT.relative_to(Path.cwd())}")


if __name__ == "__main__":
    sys.exit(main())
