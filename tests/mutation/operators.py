"""Mutants of a module: copies with one small fault each. No file is written.

Most operators are mutmut's: swapped comparisons, `and` for `or`, other numbers and strings, dropped arguments and
cases. Four are added: leave a step out, turn a condition round, drop a filter, drop a side of `and` and `or`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation import mutators

# Methods that narrow, order or trim. A dropped `select_related` would change no result.
_NARROWING = frozenset(
    "filter exclude distinct order_by strip lstrip rstrip lower casefold removeprefix removesuffix".split()
)
_MESSAGES = frozenset({"_", "gettext", "gettext_lazy", "ngettext"})
_NEVER = frozenset({"len", "isinstance", "cast"})
# What only a second writer at the same time could notice; the tests of concurrency and `make chaos` look at that.
# `strict` of zip states what holds anyway, as assert does.
_LEFT_OUT = frozenset({"locked", "select_for_update", "update_fields", "strict"})
_COMMENT = re.compile(r"  # .*")
# Of a string, one change tells as much as three. Arguments and local names that become None or vanish fail at once.
_REPLACED = (mutators.operator_string, mutators.operator_arg_removal, mutators.operator_assignment)
_OPERATORS = [pair for pair in mutators.mutation_operators if pair[1] not in _REPLACED]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one fault.

    `function` is the function or method that holds it ("" at the top level), and `lines` are the lines from the
    start of its statement. A test that runs none of these cannot notice the fault.
    """

    path: str
    function: str
    lines: range
    was: str
    now: str
    code: str

    @property
    def name(self) -> str:
        """What the list of equivalent mutants calls it. It survives a move of the function, not an edit of the line."""
        return f"{self.function or '(module)'}: {self.was} → {self.now}"


def mutants(path: str, *, only: str = "") -> list[Mutant]:
    """Return the mutants of a file in the order of its lines, those of one function or method if `only` names it."""
    wrapper = MetadataWrapper(cst.parse_module(Path(path).read_text(encoding="utf-8")))
    visitor = _Visitor(path, wrapper.module)
    wrapper.visit(visitor)
    by_code = {mutant.code: mutant for mutant in visitor.made if not only or mutant.function == only}
    return sorted(by_code.values(), key=lambda mutant: mutant.lines.start)


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, WhitespaceInclusivePositionProvider)

    def __init__(self, path: str, module: cst.Module) -> None:
        super().__init__()
        self.made: list[Mutant] = []
        self._path = path
        self._module = module
        self._source = module.code
        self._starts = [0]
        for line in self._source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._names: list[str] = []
        self._open_functions = 0
        self._signature_ends: int | None = None  # the last line of the function whose parameters are open
        self._statement = 1  # the first line of the innermost statement

    def on_visit(self, node: cst.CSTNode) -> bool:
        if self._is_left_out(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.append(node.name.value)
            self._open_functions += isinstance(node, cst.FunctionDef)
        if isinstance(node, cst.FunctionDef):  # its defaults work wherever it runs
            self._signature_ends = self.get_metadata(PositionProvider, node).end.line
        elif isinstance(node, cst.BaseSuite):
            self._signature_ends = None
        if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement):
            self._statement = self.get_metadata(PositionProvider, node).start.line
        if self._open_functions or not self._names:  # not the fields of classes
            for original, changed in _changes(node):
                self.made.append(self._mutant(original, changed))
        return True

    def on_leave(self, node: cst.CSTNode) -> None:
        super().on_leave(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._names.pop()
            self._open_functions -= isinstance(node, cst.FunctionDef)

    def _mutant(self, node: cst.CSTNode, changed: cst.CSTNode) -> Mutant:
        where = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        first, last = where.start.line - 1, where.end.line - 1
        start, end = self._starts[first] + where.start.column, self._starts[last] + where.end.column
        if isinstance(node, cst.Match):  # its cases are indented
            code = self._module.deep_replace(node, changed).code  # type: ignore[union-attr]
            was, now = f"match with {len(node.cases)} cases", _missing_case(self._module, node, changed)
        else:
            text = self._module.code_for_node(changed)
            code = self._source[:start] + text + self._source[end:]
            lines = self._starts[first], self._starts[last + 1]
            was = _on_one_line(self._source[slice(*lines)])
            now = _on_one_line(self._source[lines[0] : start] + text + self._source[end : lines[1]])
        lines_run = range(self._statement, (self._signature_ends or last + 1) + 1)
        return Mutant(self._path, ".".join(self._names), lines_run, was, now, code)

    def _is_left_out(self, node: cst.CSTNode) -> bool:
        """Whether a fault inside would be none (types, imports, docstrings) or one of words (messages) or of locks."""
        match node:
            case cst.Annotation() | cst.Decorator() | cst.Import() | cst.ImportFrom() | cst.Assert():
                return True
            case cst.Call(func=cst.Name(value=name)):
                return name in _MESSAGES or name in _NEVER
            case cst.Expr(value=cst.Call(func=cst.Name(value=name))):
                return name in _LEFT_OUT
            case (
                cst.Call(func=cst.Attribute(attr=cst.Name(value=name)))
                | cst.Arg(keyword=cst.Name(value=name))
            ):
                return name in _LEFT_OUT
            case cst.If(test=cst.Name(value="TYPE_CHECKING")) | cst.Expr(value=cst.BaseString()):
                return True
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value="__all__"))]):
                return True
            case cst.Assign(value=cst.Subscript()):
                return not self._open_functions  # the alias of a type
        return False


def _on_one_line(code: str) -> str:
    """Return lines of code as one, without comments."""
    return " ".join(_COMMENT.sub("", code).split())


def _changes(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:  # noqa: C901, one case a kind
    """Yield parts of a node, each with what to put in its place."""
    for kind, operator in _OPERATORS:
        if isinstance(node, kind):
            yield from ((node, changed) for changed in operator(node))
    match node:
        case cst.SimpleString():
            yield from ((node, changed) for changed in list(mutators.operator_string(node))[:1])
        case cst.Expr(value=cst.Call() | cst.Yield()):
            yield node, cst.Pass()
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Attribute() | cst.Subscript())]):
            yield from ((node, changed) for changed in mutators.operator_assignment(node))
        case cst.If(test=test) | cst.While(test=test) | cst.CompIf(test=test) if not isinstance(
            test, cst.Comparison | cst.UnaryOperation | cst.BooleanOperation
        ):
            inner = test.with_changes(lpar=[*test.lpar, cst.LeftParen()], rpar=[*test.rpar, cst.RightParen()])
            yield test, cst.UnaryOperation(cst.Not(), inner)
        case cst.BooleanOperation(left=left, right=right):
            yield node, _instead_of(node, left)
            yield node, _instead_of(node, right)
        case cst.Call(func=func, args=args):
            for index, argument in enumerate(args):
                if argument.keyword and argument.keyword.value not in _LEFT_OUT:
                    yield node, node.with_changes(args=[*args[:index], *args[index + 1 :]])
            if isinstance(func, cst.Attribute) and func.attr.value in _NARROWING:
                yield node, _instead_of(node, func.value)


def _instead_of(whole: cst.BaseExpression, part: cst.BaseExpression) -> cst.BaseExpression:
    """Return a part of an expression with the brackets of the whole, which may hold line ends together."""
    return part.with_changes(lpar=[*whole.lpar, *part.lpar], rpar=[*part.rpar, *whole.rpar])


def _missing_case(module: cst.Module, node: cst.Match, changed: cst.CSTNode) -> str:
    left = {id(case) for case in getattr(changed, "cases", ())}
    (gone,) = (case for case in node.cases if id(case) not in left)
    return f"without case {module.code_for_node(gone.pattern)}"
