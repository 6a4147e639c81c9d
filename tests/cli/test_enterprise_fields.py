"""Every project field that Enterprise has: created, read back, changed, on the sandbox."""

from __future__ import annotations

import httpx
import pytest

from lsops.schema import kinds, settable
from tests.support.cli import Lsops
from tests.support.field_cycle import run_cycle
from tests.support.project_values import APART, VALUES

FIELDS = settable(kinds()["project"].fields())


def test_every_settable_field_is_tried() -> None:
    assert set(VALUES) | APART == set(FIELDS)


@pytest.mark.parametrize("field", sorted(set(FIELDS) - APART))
def test_a_field_is_created_read_back_and_changed(lsops: Lsops, enterprise: httpx.Client, field: str) -> None:
    run_cycle(lsops, field, VALUES[field], workspace="Radiology")


def test_every_leaf_of_the_review_settings_is_kept(lsops: Lsops, enterprise: httpx.Client) -> None:
    leaves = settable(FIELDS["review_settings"].properties)
    lines = "".join(f"      {name}: {_value(field)}\n" for name, field in leaves.items())
    lsops.write(f"version: 1\nprojects:\n  Reviewed:\n    workspace: Radiology\n    review_settings:\n{lines}")
    assert lsops("apply", "--yes").code == 0
    assert lsops("plan", "--detailed-exitcode").code == 0
    lsops.write("version: 1\nprojects:\n  Reviewed: {review_settings: {review_criteria: one}}\n")
    assert lsops("apply", "--yes").code == 0
    lsops.write(f"version: 1\nprojects:\n  Reviewed:\n    review_settings:\n{lines}")
    planned = lsops("plan")
    assert [row for row in planned.out.splitlines() if row.startswith("|")] == [
        '|   review_settings/review_criteria: "one" -> "all"   lsops.yaml:4'
    ]


def _value(field: object) -> str:
    enum = [item for item in field.raw.get("enum", ()) if item]  # type: ignore[attr-defined]  # a schema.Field
    if enum:
        return enum[0]
    return "true" if "boolean" in field.types else "'10'"  # type: ignore[attr-defined]  # a schema.Field


def test_a_password_is_sent_on_create_and_again_when_asked(lsops: Lsops, enterprise: httpx.Client) -> None:
    lsops.write(
        "version: 1\nprojects:\n  With login: {workspace: Radiology, task_data_password: '${env:TASK_PASSWORD}'}\n"
    )
    lsops.setenv(TASK_PASSWORD="first password")
    assert lsops("apply", "--yes").code == 0
    lsops.setenv(TASK_PASSWORD="second password")
    assert lsops("plan", "--detailed-exitcode").code == 0
    assert lsops("apply", "--yes", "--resend-secrets", "/projects/*").code == 0
    number = enterprise.get("/api/projects/").json()["results"][0]["id"]
    assert enterprise.get(f"/api/projects/{number}/").json()["task_data_password"] == "second password"
