"""Credentials of storages that cannot work: said before the first write, or in the words that lead on."""

from __future__ import annotations

import httpx
import pytest

from tests.support.site import Site

pytestmark = pytest.mark.parametrize("site", ["community"], indirect=True)


def unable(request: httpx.Request) -> httpx.Response | None:
    """What the server answers that has no credentials of its own."""
    if request.method != "POST" or not request.url.path.startswith("/api/storages"):
        return None
    return httpx.Response(500, json={"status_code": 500, "detail": "Unable to locate credentials"})


@pytest.mark.parametrize("side", ["import", "export"])
def test_a_server_without_credentials_of_its_own_is_told_with_the_fields_to_write(site: Site, side: str) -> None:
    site.watch.instead = unable
    site.declare({f"{side}_storages": {"raw": {"type": "s3", "bucket": "scans"}}})
    ran = site.apply()
    assert ran.code == 4
    assert "500 Internal Server Error: Unable to locate credentials" in ran.out
    assert "the manifest no aws_access_key_id, aws_secret_access_key, aws_session_token" in ran.out


def test_an_account_key_that_is_no_base64_is_refused_before_the_first_write(site: Site) -> None:
    site.lsops.setenv(SCANS_KEY="canary")
    fields = {"type": "azure", "container": "scans", "account_name": "radiology", "account_key": "${env:SCANS_KEY}"}
    site.declare({"import_storages": {"raw": fields}})
    ran = site.apply()
    assert ran.code == 3
    assert "error[LS106]: account_key is not Base64, as every account key of Azure is" in ran.err
    assert site.watch.writes() == []
    assert "canary" not in ran.err + ran.out
