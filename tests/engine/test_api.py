"""The public Python API, as a script would use it."""

from __future__ import annotations

from pathlib import Path

import httpx

import lsops
from lsops.sandbox import create_app
from lsops.server import Session


def test_a_script_loads_plans_and_applies(tmp_path: Path) -> None:
    (tmp_path / "lsops.yaml").write_text("version: 1\nprojects:\n  From a script: {maximum_annotations: 2}\n")
    app = create_app(tmp_path / "sandbox.db", edition="community")
    manifest = lsops.load(tmp_path)
    with Session("http://sandbox", transport=httpx.WSGITransport(app=app)) as session:
        report = lsops.apply(lsops.plan(manifest, session), session)
        assert report.complete
        assert lsops.plan(manifest, session).changes == ()
