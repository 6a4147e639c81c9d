"""Expressions in CEL: compiled once, and a boolean or a fault at its place, never anything else.

The package is `common-expression-language`, the extra `policy`; nothing of it is imported before there is an
expression.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

from lsops.errors import UsageError
from lsops.manifest.findings import quote

LONGEST = 4_000
"""Characters of an expression. One of four times as many may nest so deep that the parser runs out of stack (8 MiB)."""

TYPES = frozenset("bool bytes double int list map null_type string type uint".split())
"""Names that an expression may use beside what it judges: `type(x) == string`."""
FUNCTIONS = frozenset(
    """bytes contains double duration dyn endsWith getDate getDayOfMonth getDayOfWeek getDayOfYear getFullYear getHours
    getMilliseconds getMinutes getMonth getSeconds int matches size startsWith string timestamp type uint""".split()
)
"""The functions of the language's core; operators and macros have names of their own."""

MACROS = frozenset("all exists exists_one filter has map".split())
KNOWN = (
    ", ".join(sorted(FUNCTIONS - {name for name in FUNCTIONS if name.startswith("get")}))
    + " and getFullYear to getMilliseconds"
)
REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TypeError, "it compares or joins values of different types"),
    (IndexError, "a list has no such item"),
    (ZeroDivisionError, "it divides by zero"),
    (OverflowError, "a number in it grows too large"),
)

NAMED_BY_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|filter|map)\s*\(\s*([A-Za-z_]\w*)\s*,")
WHERE = re.compile(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")
TYPE_NAMES: Mapping[type, str] = {int: "a number", float: "a number", str: "a text", list: "a list", dict: "a map"}


class Fault(Exception):
    """Why an expression has no answer; `line` and `column` are within it, from 1, and 0 where that is not known."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.hint = hint


@dataclass(frozen=True)
class Expression:
    """A compiled expression."""

    text: str
    run: Callable[[Any], object]

    def holds(self, context: Any) -> bool:
        """Whether it is true in a context. Raises: Fault, where it has no answer or one that is no boolean."""
        try:
            answer = self.run(context)
        except Exception as problem:  # the package raises whatever fits
            raise _failed(problem, self.text) from problem
        except BaseException as problem:
            _refuse_panic(problem)
            raise
        if answer is True or answer is False:
            return answer
        raise Fault(f"it gives {_type_name(answer)}, not true or false")


def expression_of(text: str, subject: str) -> Expression:
    """An expression that sees nothing but its subject. Raises: Fault; UsageError, where CEL is not installed."""
    language = cel()
    if len(text) > LONGEST:
        raise Fault(f"it is longer than {LONGEST:,} characters", hint="write several policies")
    try:
        program = language.compile(text)
    except Exception as problem:  # the package raises whatever fits
        raise _no_syntax(str(problem), text) from problem
    except BaseException as problem:
        _refuse_panic(problem)
        raise
    _refuse_unknown(program, text, subject)
    return Expression(text, program.execute)


def new_context() -> Any:
    """What expressions are evaluated in; it is filled anew for each subject, for a mapping costs 30 µs each time.

    Raises: UsageError, where CEL is not installed.
    """
    return cel().Context()


# ---- the package ---------------------------------------------------------------------------------


def cel() -> ModuleType:
    """The package's compiled part, without its command line, which takes half a second to import.

    Raises: UsageError, where it is not installed.
    """
    known = sys.modules.get("cel.cel")
    if known is not None:
        return known
    package = find_spec("cel")
    inner = package and PathFinder.find_spec("cel.cel", package.submodule_search_locations)
    if inner is None or inner.loader is None:
        raise _missing()
    try:
        sys.modules["cel.cel"] = module = module_from_spec(inner)  # where the whole package finds it, too
        inner.loader.exec_module(module)
    except ImportError as problem:
        del sys.modules["cel.cel"]
        raise _missing() from problem
    return module


def _missing() -> UsageError:
    hint = "pip install 'lsops[policy]', on Python 3.11 or newer"
    return UsageError.of("there are policies, and what judges them is not installed", code="LS607", hint=hint)


def _refuse_panic(problem: BaseException) -> None:
    """Raises: Fault, where the package itself broke: a panic is no Exception."""
    if type(problem).__name__ == "PanicException":
        raise Fault("it makes the package that evaluates it fail") from problem


# ---- what is wrong with an expression ------------------------------------------------------------


def _no_syntax(told: str, text: str) -> Fault:
    """What the parser complains of first, without the list of all that might stand there."""
    found = WHERE.search(told.removeprefix(f"Failed to parse expression '{text}'"))
    if found is None:
        return Fault("it cannot be read")
    line, column, complaint = found.groups()
    words = re.sub("^(?:mismatched|extraneous) input", "unexpected", complaint.partition(" expecting ")[0])
    words = words.replace("'<EOF>'", "end")
    return Fault(words, line=int(line), column=int(column))


def _refuse_unknown(program: Any, text: str, subject: str) -> None:
    """Raises: Fault, for a name that stands for nothing: evaluated, it may stay unnoticed behind an `&&`."""
    names = {subject, *TYPES, *NAMED_BY_MACRO.findall(text)}
    for name in program.variables():
        if name not in names:
            hint = f"on: {subject} gives it the name {subject}, and no other"
            raise _at(name, text, Fault(f"unknown name {quote(name)}", hint=hint))
    for name in program.functions():
        if name not in FUNCTIONS and name.isidentifier() and not name.startswith("_"):
            hint = "a macro such as exists takes a name and an expression" if name in MACROS else ""
            raise _at(name, text, Fault(f"unknown function {quote(name)}", hint=hint or f"functions: {KNOWN}"))


def _at(name: str, text: str, fault: Fault) -> Fault:
    """The fault at the first place of a name in an expression."""
    found = re.search(rf"\b{re.escape(name)}\b", text)
    if found is not None:
        before = text[: found.start()]
        fault.line, fault.column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return fault


def _failed(problem: Exception, text: str) -> Fault:
    """Why an expression could not be evaluated; of what the package says only a key is repeated, for values are not."""
    if isinstance(problem, KeyError):
        key = str(problem.args[0]).strip("'") if problem.args else ""
        path = re.search(rf"\b(?:\w+\.)+{re.escape(key)}\b", text)
        asked = f"has({path[0]})" if path else "has()"
        hint = f"what is absent is absent: {asked} tells whether it is there"
        return _at(key, text, Fault(f"there is no {quote(key)}", hint=hint))
    for kind, words in REASONS:
        if isinstance(problem, kind):
            return Fault(words)
    return Fault("a regular expression is not valid" if "regex" in str(problem) else "it cannot be evaluated")


def _type_name(answer: object) -> str:
    return "null" if answer is None else TYPE_NAMES.get(type(answer), "something else")
