"""The public Python API, as a script would use it."""

from __future__ import annotations

from pathlib import Path

import lsops
from tests.server.answering import Answering, reply
from tests.support.sandbox import session_with


def test_a_script_loads_plans_and_applies(tmp_path: Path) -> None:
    (tmp_path / "lsops.yaml").write_text("version: 1\nprojects:\n  From a script: {maximum_annotations: 2}\n")
    manifest = lsops.load(tmp_path)
    with session_with(tmp_path / "sandbox.db", edition="community") as session:
        report = lsops.apply(lsops.plan(manifest, session), session)
        assert report.complete
        assert lsops.plan(manifest, session).changes == ()


def test_a_session_that_made_no_plan_hides_parts_of_a_secret_url_too(tmp_path: Path) -> None:
    hook = "https://chat.example.com/in/hidden-0123456789"
    (tmp_path / "lsops.yaml").write_text(
        "version: 1\nprojects: {Cats: {webhooks: {alerts: {url: '${env:HOOK}'}}}}\n", "utf-8"
    )
    with session_with(tmp_path / "sandbox.db", edition="community", faults=["POST /api/webhooks/:400"]) as session:
        plan = lsops.plan(lsops.load(tmp_path), session, secrets={"HOOK": hook})
    told = Answering(reply(400, {"detail": "hidden-0123456789 is not welcome"})).session()
    report = lsops.apply(plan, told, secrets={"HOOK": hook})
    assert not any("hidden" in outcome.reason for outcome in report.outcomes)
