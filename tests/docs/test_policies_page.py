"""What the page on policies shows of the three subjects is what policies see."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lsops.engine.seen import resource_document
from lsops.manifest import load
from tests.support.cli import Lsops

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/policies.md").read_text("utf-8")


def shown(title: str) -> dict:
    found = re.search(r"```json\n(.*?)```", TEXT.partition(f"\n### {title}\n")[2], re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_the_resource_is_one_of_the_enterprise_example():
    wanted = shown("resource")
    resources = load(ROOT / "examples/enterprise").desired.resources
    assert wanted == next(resource_document(item) for item in resources if item.address == wanted["address"])


def test_the_change_and_the_plan_are_those_of_the_quickstart(lsops: Lsops):
    made = lsops("plan", str(ROOT / "examples/quickstart"), "-s", "sandbox:x.db", "--format", "json").json()
    wanted = shown("plan")
    assert shown("change") in made["changes"]
    assert {**wanted["server"], "url": made["server"]["url"]} == made["server"]
    assert wanted["summary"] == made["summary"]
    assert set(wanted) <= set(made)
