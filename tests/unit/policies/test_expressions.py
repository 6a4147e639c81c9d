"""An expression is true, false, or a fault at its place."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest

from lsops.engine.expressions import FUNCTIONS, LONGEST, Fault, expression_of, new_context
from lsops.errors import UsageError
from tests.support.policies import needs_cel, without_cel

VALUES = {"n": 5, "x": 1.5, "t": "text", "none": None, "l": [1, 2], "m": {"a": {"b": True}}, "big": 2**70}
SEEN = {"key": "Gold", "values": VALUES}


def holds(text: str) -> bool:
    context = new_context()
    context.add_variable("resource", SEEN)
    return expression_of(text, "resource").holds(context)


@needs_cel
@pytest.mark.parametrize(
    "text",
    [
        'resource.key == "Gold"',
        "resource.values.n > 4.5",
        "has(resource.values.none) && resource.values.none == null",
        "!has(resource.values.nothing)",
        'resource.values.t.matches("^te") && resource.values.t.startsWith("te")',
        "resource.values.l.exists(x, x == 2) && resource.values.l.all(y, y > 0)",
        "resource.values.m.a.b",
        "'n' in resource.values && resource.values['n'] in [5, 6]",
        "type(resource.values.n) == int && size(resource.values.l) == 2",
        "resource.values.l.map(x, x * 2) == [2, 4]",
        "resource.values.nothing == 1 || true",
        "resource.values.big > 1",
        "resource.key == 'Gold' // a comment\n",
    ],
)
def test_what_is_true_holds(text: str) -> None:
    assert holds(text)
    assert not holds(f"!({text.partition('//')[0]})")


FAULTS = {
    "a typo in the subject": ("resource.key == 'x' && resorce.key == 'y'", 'unknown name "resorce"', (1, 24)),
    "another subject": ("change.key == ''", 'unknown name "change"', (1, 1)),
    "a typo in a function": ("resource.key.startWith('G')", 'unknown function "startWith"', (1, 14)),
    "a macro with too many names": ("resource.values.m.exists(k, v, true)", 'unknown name "v"', (1, 29)),
    "no end": ("resource.key ==", "unexpected end", (1, 16)),
    "an assignment": ("resource.key = 'x'", "", (1, 14)),
    "a second line": ("resource.key == 'x' &&\n  && true", "unexpected '&&'", (2, 3)),
    "signs beyond ASCII": ("'éé' == 'é' && &&", "unexpected '&&'", (1, 16)),
    "nothing": (" ", "unexpected end", (1, 2)),
    "too long": ("true" + " && true" * 600, "longer than 4,000 characters", (0, 0)),
    "a missing key": ("resource.values.presing_ttl > 60", 'there is no "presing_ttl"', (1, 17)),
    "a missing key of a missing key": ("has(resource.values.s.t)", 'there is no "s"', (1, 21)),
    "a number": ("resource.values.n", "it gives a number, not true or false", (0, 0)),
    "a text": ("resource.key", "it gives a text", (0, 0)),
    "null": ("resource.values.none", "it gives null", (0, 0)),
    "a list": ("[true]", "it gives a list", (0, 0)),
    "other types": ("resource.values.n > resource.key", "different types", (0, 0)),
    "no such item": ("resource.values.l[7] == 1", "a list has no such item", (0, 0)),
    "a division": ("1 / 0 == 1", "divides by zero", (0, 0)),
    "a sum": ("9223372036854775807 + resource.values.n > 0", "too large", (0, 0)),
    "a regular expression": ("resource.key.matches('(')", "a regular expression is not valid", (0, 0)),
}


@needs_cel
@pytest.mark.parametrize(("text", "message", "place"), FAULTS.values(), ids=FAULTS)
def test_whatever_is_neither_true_nor_false_is_a_fault(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(Fault) as found:
        holds(text)
    assert message in str(found.value)
    assert (found.value.line, found.value.column) == place


@needs_cel
def test_a_fault_says_how_to_ask_for_what_may_be_absent() -> None:
    with pytest.raises(Fault) as found:
        holds("resource.values.ttl > 60")
    assert "has(resource.values.ttl)" in found.value.hint


@needs_cel
def test_a_fault_repeats_no_value() -> None:
    with pytest.raises(Fault) as found:
        holds("'x'.matches('(' + resource.values.t)")
    assert "text" not in str(found.value)


CALLS = {
    "size": "size('a')",
    "bytes": "bytes('a')",
    "duration": "duration('1s')",
    "timestamp": "timestamp('2026-01-01T00:00:00Z')",
}


@needs_cel
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_that_may_be_called_is_there(name: str) -> None:
    moment = "timestamp('2026-01-01T00:00:00Z')"
    argument = "'a'" if name in ("contains", "endsWith", "matches", "startsWith") else ""
    called = f"{moment}.{name}()" if name.startswith("get") else f"'a'.{name}({argument})" if argument else f"{name}(1)"
    context = new_context()
    context.add_variable("resource", SEEN)
    expression_of(f"type({CALLS.get(name, called)}) != null", "resource")
    with pytest.raises(Fault, match="it gives"):
        expression_of(f"[{CALLS.get(name, called)}]", "resource").holds(context)


@needs_cel
def test_the_longest_expressions_break_nothing() -> None:
    n = LONGEST - 20
    texts = ["!" * n + "true", "resource" + ".a" * (n // 2 - 8), "1" + "+1" * (n // 2 - 8) + " == 1", "(" * n, "[" * n]
    texts += ["true" + "||true" * (n // 6 - 2), "[1]" + ".map(x,x)" * (n // 9 - 2) + " == [1]"]
    for text in texts:
        assert LONGEST - 50 < len(text) <= LONGEST
        with suppress(Fault):
            assert holds(text) in (True, False)


def test_without_the_package_nothing_is_an_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    without_cel(monkeypatch)
    with pytest.raises(UsageError) as found:
        expression_of("false", "resource")
    (finding,) = found.value.findings
    assert (finding.code, "lsops[policy]" in finding.hint) == ("LS607", True)


@needs_cel
def test_a_script_may_use_the_package_itself_afterwards() -> None:
    ours = "from lsops.engine.expressions import expression_of; expression_of('true', 'plan')"
    theirs = "import cel; assert cel.evaluate('1 + 1') == 2"
    ran = subprocess.run([sys.executable, "-c", f"{ours}; {theirs}"], capture_output=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
