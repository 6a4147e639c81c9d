"""Judging by policies: what they deny and what they warn of. A policy sees documents, and can change nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lsops.engine.expressions import Expression, Fault, expression_of, new_context
from lsops.engine.seen import plan_document_seen, resource_document
from lsops.errors import Finding, ManifestError, Source
from lsops.manifest.findings import quote
from lsops.model.desired import Desired
from lsops.model.plan import DENIED, Plan
from lsops.model.policy import On, Policy
from lsops.model.resource import Resource
from lsops.tally import told

WARNED, UNREADABLE, UNANSWERED = "LS131", "LS132", "LS133"
OURS = frozenset((DENIED, WARNED, UNANSWERED))
"""The codes of what is found by judging."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A policy that can be asked."""

    policy: Policy
    expression: Expression


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy is asked about: the document that it sees, its address, and where that stands."""

    document: Any
    address: str = ""
    source: Source | None = None


def rules_of(policies: Iterable[Policy]) -> tuple[Rule, ...]:
    """The policies expression_of.

    Raises:
        ManifestError: expressions are not CEL; all of them are in it.
        UsageError: there are policies, and CEL is not installed.
    """
    made = [_rule(policy) for policy in policies]
    if wrong := [one for one in made if isinstance(one, Finding)]:
        raise ManifestError(wrong)
    return tuple(one for one in made if isinstance(one, Rule))


def _rule(policy: Policy) -> Rule | Finding:
    """The policy expression_of, or why it cannot be. Raises: UsageError."""
    try:
        return Rule(policy, expression_of(policy.expression, policy.on))
    except Fault as fault:
        message = f"the {policy.effect} of the policy {quote(policy.name)} is not CEL: {fault}"
        return Finding(UNREADABLE, message, source=policy.place(fault.line, fault.column), hint=fault.hint)


def judged_resources(policies: Sequence[Policy], desired: Desired) -> tuple[Finding, ...]:
    """What the policies on resources say of all that a manifest declares, within targets and without, in its shard.

    Raises: what `rules_of` raises.
    """
    return told(_of_resources(_on("resource", policies), desired)) if policies else ()


def judgement(plan: Plan, desired: Desired) -> tuple[Finding, ...]:
    """What a plan's policies say of it, and of the manifest; what the plan says itself of being denied is not read.

    Raises: what `rules_of` raises.
    """
    if not plan.policies:
        return ()
    policies, bare = plan.policies, _without_findings(plan)
    return told(
        (
            *_of_resources(_on("resource", policies), desired),
            *_of_plan(_on("change", policies), _on("plan", policies), bare),
        )
    )


def judged(plan: Plan, desired: Desired) -> Plan:
    """The plan with what its policies say among its warnings, and otherwise as it was.

    Raises: what `rules_of` raises.
    """
    if not plan.policies:
        return plan
    bare = _without_findings(plan)
    return replace(bare, warnings=(*bare.warnings, *judgement(plan, desired)))


def _without_findings(plan: Plan) -> Plan:
    return replace(plan, warnings=tuple(one for one in plan.warnings if one.code not in OURS))


def _on(subject: On, policies: Iterable[Policy]) -> tuple[Rule, ...]:
    return rules_of(policy for policy in policies if policy.on == subject)


# ---- what policies see ---------------------------------------------------------------------------


def _of_resources(rules: Sequence[Rule], desired: Desired) -> Iterator[Finding]:
    if rules:
        every = (item for item in (*desired.resources, *desired.others) if item.address not in desired.elsewhere)
        yield from _asked(rules, "resource", map(_resource, every))


def _of_plan(on_change: Sequence[Rule], on_plan: Sequence[Rule], plan: Plan) -> Iterator[Finding]:
    if not (on_change or on_plan):
        return
    document = plan_document_seen(plan)
    pairs = zip(plan.changes, document["changes"], strict=True)
    if on_change:
        changes = (Judged(shown, change.address, change.source) for change, shown in pairs)
        yield from _asked(on_change, "change", changes)
    if on_plan:
        yield from _asked(on_plan, "plan", [Judged(document)])


def _resource(item: Resource) -> Judged:
    return Judged(resource_document(item), item.address, item.source)


# ---- asking --------------------------------------------------------------------------------------


def _asked(rules: Sequence[Rule], subject: On, things: Iterable[Judged]) -> Iterator[Finding]:
    """What the rules say of each thing, in the order of the things; one context serves all of them."""
    context = new_context()
    for thing in things:
        context.add_variable(subject, thing.document)
        for rule in rules:
            if found := _said(rule, context, thing):
                yield found


def _said(rule: Rule, context: Any, thing: Judged) -> Finding | None:
    """What one policy says of one thing; None where it has nothing against it."""
    try:
        return _against(rule.policy, thing) if rule.expression.holds(context) else None
    except Fault as fault:
        return unanswered(rule.policy, fault, thing.address)


def _against(policy: Policy, thing: Judged) -> Finding:
    denies, place = policy.effect == "deny", policy.source
    second = place if thing.source else None
    message = f"{'the plan is ' if policy.on == 'plan' else ''}{'denied by' if denies else 'against'} the policy"
    return Finding(
        DENIED if denies else WARNED,
        f"{message} {quote(policy.name)}{f' ({second})' if second else ''}",
        thing.address,
        thing.source or place,
        policy.message,
        "error" if denies else "warning",
        second=second,
    )


def unanswered(policy: Policy, fault: Fault, address: str = "") -> Finding:
    """The error that a policy has no answer, at its place."""
    message = f"the policy {quote(policy.name)} has no answer: {fault}"
    return Finding(UNANSWERED, message, address, policy.place(fault.line, fault.column), fault.hint)
