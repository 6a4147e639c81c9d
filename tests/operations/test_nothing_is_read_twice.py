"""What several kinds need of one list is read once in a plan."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.support.cli import Lsops

CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="A"/></Choices></View>'
RULES = "{rules: [{dimension: c, operator: lt, agreement_threshold: 0.5, sample_rate: 1}]}"
CASES = {
    "who asks, for SAML and SCIM": "saml: {domain: a.example}\nscim: {roles_groups: []}\n",
    "who asks, among members": "saml: {domain: a.example}\nmembers: {owner@example.com: {}}\n",
    "dimensions, for themselves and for rules": (
        f"workspaces: {{A: {{}}}}\nprojects: {{Pro: {{workspace: A, label_config: '{CONFIG}', "
        f"dimensions: {{c: {{is_active: true}}}}, review_routing: {RULES}}}}}\n"
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_list_that_several_kinds_need_is_read_once(lsops: Lsops, case: str) -> None:
    lsops.write("version: 1\n" + CASES[case])
    assert lsops("apply", "--yes", "--server", "sandbox:").code == 0

    ran = lsops("plan", "-vv", "--server", "sandbox:")

    assert ran.code == 0, ran.err
    asked = Counter(re.findall(r"GET (/\S+): 200", ran.err))
    assert [path for path, number in asked.items() if number > 1] == []
    assert any(re.search(r"memberships|dimensions", path) for path in asked)
