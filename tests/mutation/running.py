"""Run the tests against one mutant after the other, each in a fork of one warm pytest session.

The session is ready when it forks: everything is imported, the tests are collected, the tables of an in-memory
database are made. A child exchanges code in its own memory, runs the tests that reach it until one fails, and ends.
"""

from __future__ import annotations

import ast
import functools
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import types
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import coverage
import pytest
from _pytest.runner import runtestprotocol

from .operators import Mutant

SECONDS = 60  # of tests, as long as they take without a fault, within which it has to be noticed
SECONDS_AT_LEAST = 10  # of processor time that a child may take, whatever its tests take without a fault
MEMORY = 2 << 30  # bytes that a child may take beyond what it was born with
NO_TEST = "no test reaches it"
NONE_FAILED = ""

_Lines = dict[str, dict[int, set[str]]]  # of each file, which tests run a line


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the tests do without a fault: their seconds, and which lines they run."""

    seconds: dict[str, float]
    lines: _Lines


class Session:
    """A pytest plugin that runs mutants instead of the tests themselves.

    `tests_of` names, for each file with mutants, the test files that have to notice; `report` gets each mutant with
    the test that noticed it, `NONE_FAILED` or `NO_TEST`.
    """

    def __init__(
        self,
        mutants: Sequence[Mutant],
        tests_of: Callable[[Mutant], Collection[str]],
        report: Callable[[Mutant, str], None],
    ) -> None:
        self._mutants = mutants
        self._tests_of = tests_of
        self._report = report
        self._failed = self._why = ""
        self._noticed: dict[tuple[str, str], list[str]] = defaultdict(list)

    def pytest_configure(self) -> None:
        from django.conf import settings  # not before pytest-django has named the settings

        settings.DATABASES["default"]["TEST"]["NAME"] = ":memory:"

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = self._failed or report.nodeid
            self._why = self._why or report.longreprtext

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        files = {mutant.path for mutant in self._mutants}
        items = {item.nodeid: item for item in session.items}
        # One test, with a database if there is one, makes its tables and reads those of Unicode for all children.
        with_database = (item for item in session.items if "db" in getattr(item, "fixturenames", ()))
        _run(next(with_database, session.items[0]), session)
        _forget(files)
        baseline = self._baseline(session, files)
        if self._failed:
            raise pytest.UsageError(f"{self._failed} fails without any fault:\n{self._why}")
        functions = _functions(files)
        gc.collect()
        gc.freeze()
        for mutant in self._mutants:
            reaching = self._reaching(mutant, baseline)
            result = NO_TEST
            if reaching:
                seconds = SECONDS_AT_LEAST + 5 * sum(baseline.seconds[name] for name in reaching)
                result = _forked(
                    lambda mutant=mutant, reaching=reaching: self._first_failure(
                        [items[name] for name in reaching], mutant, functions
                    ),
                    seconds=int(seconds),
                )
            if result not in (NO_TEST, NONE_FAILED):
                self._noticed[mutant.path, mutant.function].append(result)
            self._report(mutant, result)
        return True

    def _baseline(self, session: pytest.Session, files: Collection[str]) -> Baseline:
        def run() -> str:
            measured = coverage.Coverage(
                data_file=None, include=[str(Path(file).resolve()) for file in files], config_file=False
            )
            seconds: dict[str, float] = {}
            measured.start()
            for item in session.items:
                measured.switch_context(item.nodeid)
                seconds[item.nodeid] = _run(item, session)
                if self._failed:
                    break
            measured.stop()
            data = measured.get_data()
            lines = {
                file: {
                    line: sorted(filter(None, names))
                    for line, names in data.contexts_by_lineno(str(Path(file).resolve())).items()
                }
                for file in files
            }
            return json.dumps([self._failed, self._why, seconds, lines])

        self._failed, self._why, seconds, lines = json.loads(_forked(run, seconds=3600))
        return Baseline(
            seconds, {file: {int(k): set(v) for k, v in by_line.items()} for file, by_line in lines.items()}
        )

    def _reaching(self, mutant: Mutant, baseline: Baseline) -> list[str]:
        """Return the tests that run the line, up to `SECONDS`.

        First those that noticed a fault beside it, then by the order in which their files are named, then by time.
        """
        wanted = {file: index for index, file in enumerate(self._tests_of(mutant))}
        names: Iterable[str] = ()
        if mutant.function:
            lines = baseline.lines[mutant.path]
            names = {name for line in mutant.lines for name in lines.get(line, ())}
        noticed = Counter(self._noticed[mutant.path, mutant.function])
        found: list[tuple[int, int, float, str]] = []
        for name in (
            names or baseline.seconds
        ):  # what no test reaches runs while the module is loaded, or never
            file = name.partition("::")[0]
            if file in wanted:
                found.append((-noticed[name], wanted[file], baseline.seconds[name], name))
        ordered = [name for *_, name in sorted(found)]
        until = accumulate(baseline.seconds[name] for name in ordered)
        return [
            name
            for index, (name, end) in enumerate(zip(ordered, until, strict=True))
            if not index or end <= SECONDS
        ]

    def _first_failure(
        self, items: Sequence[pytest.Item], mutant: Mutant, functions: dict[str, list[types.FunctionType]]
    ) -> str:
        try:
            _install(mutant, functions)
        except Exception as error:  # a module that cannot even be loaded
            return f"loading: {error!r}"
        for item, following in zip(items, [*items[1:], None], strict=True):
            _run(item, following or item.session)
            if self._failed:
                return self._failed
        return NONE_FAILED


def _run(item: pytest.Item, following: pytest.Item | pytest.Session) -> float:
    """Run a test and return its seconds. What the session shares is kept for the test that follows."""
    reports = runtestprotocol(item, nextitem=following, log=True)  # type: ignore[arg-type]
    return sum(report.duration for report in reports)


def _forked(work: Callable[[], str], *, seconds: int) -> str:
    """Return what a function returns in a child process; how the child ended if it did not return."""
    with tempfile.TemporaryFile() as answer:
        child = os.fork()
        if child == 0:
            status = 1
            try:
                _confine(seconds)
                answer.write(work().encode())
                answer.flush()
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        answer.seek(0)
        if status:
            return f"ended by {signal.strsignal(status & 127) if status & 127 else 'an error of its own'}"
        return answer.read().decode()


def _confine(seconds: int) -> None:
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    born_with = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (born_with + MEMORY, born_with + MEMORY))
    signal.alarm(10 * seconds)  # for what waits instead of working


def _forget(files: Collection[str]) -> None:
    """Clear what the modules with mutants remember, and every parsed document; tables of characters stay."""
    for module in _modules():
        is_mutated = getattr(module, "__file__", None) in {str(Path(file).resolve()) for file in files}
        for value in list(vars(module).values()):
            if isinstance(value, type):
                continue
            clear = getattr(value, "cache_clear", None)
            if callable(clear) and (is_mutated or not isinstance(value, functools._lru_cache_wrapper)):
                clear()


def _modules() -> list[types.ModuleType]:
    return [
        module
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in ("articles", "cms_site", "tests")
    ]


def _functions(files: Iterable[str]) -> dict[str, list[types.FunctionType]]:
    """Return every live function that was compiled from one of the files, by file."""
    by_path = {str(Path(file).resolve()): file for file in files}
    found: dict[str, list[types.FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, types.FunctionType) and (file := by_path.get(each.__code__.co_filename)):
            found[file].append(each)
    return found


def _install(mutant: Mutant, functions: dict[str, list[types.FunctionType]]) -> None:
    """Put a fault into the running program: into the function that holds it, and into the constants made by it."""
    path = str(Path(mutant.path).resolve())
    (module,) = (module for module in _modules() if getattr(module, "__file__", None) == path)
    tree = ast.parse(mutant.code)
    changed = set()
    if mutant.function:
        new = {code.co_qualname: code for code in _codes(compile(tree, path, "exec"))}
        for function in functions[mutant.path]:
            if function.__code__.co_qualname == mutant.function:
                function.__code__ = new[mutant.function]
                _give_defaults(function, _definition(tree, mutant.function))
        changed.add(mutant.function.split(".")[0])
    for statement in tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        used = {name.id for name in ast.walk(statement) if isinstance(name, ast.Name)} - names
        if used & changed or (not mutant.function and statement.lineno == mutant.lines.start):
            changed |= names
            old = {name: vars(module).get(name) for name in names}
            exec(compile(ast.Module([statement], []), path, "exec"), vars(module))
            _hand_on(old, vars(module))


def _codes(code: types.CodeType) -> Iterable[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _definition(tree: ast.Module, qualname: str) -> ast.FunctionDef:
    body: list[ast.stmt] = tree.body
    for name in qualname.split("."):
        (node,) = (
            each for each in body if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name == name
        )
        body = node.body
    assert isinstance(node, ast.FunctionDef)
    return node


def _give_defaults(function: types.FunctionType, definition: ast.FunctionDef) -> None:
    def value(node: ast.expr) -> object:
        return eval(
            compile(ast.Expression(node), function.__code__.co_filename, "eval"), function.__globals__
        )

    arguments = definition.args
    if arguments.defaults:
        function.__defaults__ = tuple(map(value, arguments.defaults))
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None and function.__kwdefaults__:
            function.__kwdefaults__[argument.arg] = value(default)


def _hand_on(old: dict[str, object], new: dict[str, object]) -> None:
    """Replace a constant where other modules imported it, and where a signature has it as a default."""
    for module in _modules():
        for name, value in old.items():
            if vars(module).get(name) is value and vars(module) is not new:
                setattr(module, name, new[name])
