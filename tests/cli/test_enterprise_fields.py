"""The review settings of a project leaf by leaf, and its password, on the Enterprise sandbox."""

from __future__ import annotations

import httpx

from lsops.schema import kinds, settable
from tests.support.cli import Lsops

FIELDS = settable(kinds()["project"].fields())


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
    if "array" in field.types:  # type: ignore[attr-defined]  # a schema.Field
        return f"[{field.raw['items']['enum'][-1]}]"  # type: ignore[attr-defined]  # a schema.Field
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
