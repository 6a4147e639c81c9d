"""Testing policies: what they say of examples, without a manifest or a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lsops.engine.expressions import Fault, new_context
from lsops.engine.policies import Rule, rules_of
from lsops.errors import Finding, ManifestError
from lsops.manifest.files import Folder
from lsops.manifest.findings import Findings, quote
from lsops.manifest.include import FileReader
from lsops.manifest.policy_files import read_policy_file
from lsops.model.policy import PolicyTest

FAILED = "LS135"


@dataclass(frozen=True, slots=True)
class Tested:
    """How many tests a policy file has, and why some of them fail."""

    tests: int
    failures: tuple[Finding, ...] = ()


def run_policy_tests(file: Path) -> Tested:
    """What the tests of a policy file find.

    Raises:
        ManifestError: the file is wrong, or it has no tests; every finding is in it.
        UsageError: what judges policies is not installed.
    """
    findings = Findings()
    read = read_policy_file(os.fspath(file), FileReader(Folder(file.parent), findings))
    findings.raise_errors()
    rules = {rule.policy.name: rule for rule in rules_of(read.policies)}
    if not read.tests:
        raise ManifestError.of(f"{file} has no tests", code="LS101", hint="write some beneath tests")
    return Tested(len(read.tests), tuple(_failures(read.tests, rules)))


def _failures(tests: tuple[PolicyTest, ...], rules: dict[str, Rule]) -> Iterator[Finding]:
    context = new_context()
    for test in tests:
        rule = rules[test.policy.name]
        context.add_variable(test.policy.on, test.example)
        if found := _failure(test, rule, context):
            yield found


def _failure(test: PolicyTest, rule: Rule, context: object) -> Finding | None:
    """Why a test fails; None where its policy says what it should."""
    policy = test.policy
    said, hint = _said(rule, context)
    if said == test.expect:
        return None
    place = f" ({policy.source})" if policy.source else ""
    message = f"the policy {quote(policy.name)}{place} says {said}; expected is {test.expect}"
    return Finding(FAILED, message, source=test.source, hint=hint, second=policy.source)


def _said(rule: Rule, context: object) -> tuple[str, str]:
    """What a policy says of an example, and what people are told besides."""
    try:
        return (rule.policy.effect, rule.policy.message) if rule.expression.holds(context) else ("pass", "")
    except Fault as fault:
        return f"no answer: {fault}", fault.hint
