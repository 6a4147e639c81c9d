"""A saved plan no longer fits when what it masks has changed since; and nobody can read from it what it masks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.site import BASE, Site

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)

HOOK = "https://hooks.example.com/ls"


def hook(**fields: Any) -> dict[str, Any]:
    return {"webhooks": {"a": {"url": HOOK, **fields}}}


def backend(**fields: Any) -> dict[str, Any]:
    return {"ml_backends": {"triage": {"url": f"{BASE}/model", **fields}}}


MASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a header": (hook(headers={"A": "canary-1"}), hook(headers={"A": "canary-2"})),
    "a header beside a secret": (
        hook(headers={"A": "canary-1", "B": "${env:ML_PASSWORD}"}),
        hook(headers={"A": "canary-2", "B": "${env:ML_PASSWORD}"}),
    ),
    "headers that change places": (
        hook(headers={"A": "canary-1", "B": "canary-2"}),
        hook(headers={"A": "canary-2", "B": "canary-1"}),
    ),
    "a query": (hook(url=f"{HOOK}?t=canary-1"), hook(url=f"{HOOK}?t=canary-2")),
    "a password": (hook(url="https://u:canary-1@h.example.com"), hook(url="https://u:canary-2@h.example.com")),
    "of a backend": (backend(url=f"{BASE}/m?t=canary-1"), backend(url=f"{BASE}/m?t=canary-2")),
    "inside a value": (
        backend(extra_params={"call": [f"{BASE}?t=canary-1"]}),
        backend(extra_params={"call": [f"{BASE}?t=canary-2"]}),
    ),
    "of a filter": tuple(
        {
            "views": {
                "Tab": {
                    "filters": {
                        "conjunction": "and",
                        "items": [
                            {
                                "filter": "filter:tasks:data.text",
                                "operator": "equal",
                                "type": "String",
                                "value": f"{BASE}?t=canary-{number}",
                            }
                        ],
                    }
                }
            }
        }
        for number in (1, 2)
    ),  # type: ignore[dict-item]  # two of them
}


def saved(site: Site, project: dict[str, Any]) -> str:
    site.declare(project)
    assert site.lsops("plan", "--out", "plan.json").code == 0
    return (site.lsops.folder / "plan.json").read_text("utf-8")


@pytest.mark.parametrize(("first", "second"), MASKED.values(), ids=MASKED)
@pytest.mark.parametrize("there", [False, True], ids=["created", "updated"])
def test_a_plan_does_not_fit_once_a_masked_value_is_another(
    site: Site, first: dict[str, Any], second: dict[str, Any], *, there: bool
) -> None:
    if there:
        site.declare(json.loads(json.dumps(first).replace("canary-", "other-")))
        site.settled()
    text = saved(site, first)
    assert "canary" not in text
    assert '"sealed"' in text
    site.declare(second)
    before = site.state()
    ran = site.lsops("apply", "--plan", "plan.json", "--allow-deletes", "9")
    assert ran.code == 5, ran
    assert "the saved plan no longer fits" in ran.err
    assert "canary" not in ran.out + ran.err
    assert site.state() == before
    site.declare(first)
    assert site.lsops("apply", "--plan", "plan.json", "--allow-deletes", "9").code == 0


def test_a_plan_without_masked_values_has_no_seal(site: Site) -> None:
    text = saved(
        site, {**hook(headers={"B": "${env:ML_PASSWORD}"}), **backend(extra_params={"a": "b"}), "views": {"Tab": {}}}
    )
    assert "sealed" not in text


def test_the_seal_is_shown_again_and_is_the_same_every_time(site: Site) -> None:
    seals = [json.loads(saved(site, hook(headers={"A": "canary"})))["changes"][-1]["sealed"] for _ in range(2)]
    shown = site.lsops("show", "plan.json", "--format", "json").json()["changes"][-1]["sealed"]
    assert {*seals, shown} == {shown}


@pytest.mark.parametrize("mark", ["", "000000", None])
def test_a_plan_whose_seal_was_taken_away_does_not_fit(site: Site, mark: str | None) -> None:
    document = json.loads(saved(site, hook(headers={"A": "canary"})))
    document["changes"][-1]["sealed"] = mark
    if mark is None:
        del document["changes"][-1]["sealed"]
    site.lsops.write(json.dumps(document), "plan.json")
    assert site.lsops("apply", "--plan", "plan.json").code == 5
