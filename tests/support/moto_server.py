"""moto's stand-in for S3, on this machine alone, for storages of a real Label Studio.

It listens where the server's S3_ENDPOINT points, so that the server tells what S3 answered: of an endpoint that a
storage names it says nothing (Community facts 3.3). LSOPS_TEST_MOTO_SERVER names another `moto_server`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.label_studio import lacking

_START_SECONDS = 30.0
_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
_SIGNED = "AWS4-HMAC-SHA256 Credential=any/20200101/us-east-1/{}/aws4_request, SignedHeaders=host, Signature=any"


@dataclass(frozen=True, slots=True)
class Moto:
    """Buckets in memory. It takes any credentials, but inside `guarded`."""

    http: httpx.Client
    process: subprocess.Popen[bytes]

    def empty(self) -> None:
        """Forget every bucket and every user."""
        self.http.post("/moto-api/reset").raise_for_status()

    def put(self, bucket: str, objects: Mapping[str, str] | None = None) -> None:
        """Make a bucket with these objects."""
        self.http.put(f"/{bucket}").raise_for_status()
        for key, text in (objects or {}).items():
            self.http.put(f"/{bucket}/{key}", content=text).raise_for_status()

    def objects(self, bucket: str) -> dict[str, str]:
        """The content of a bucket by key."""
        listed = self.http.get(f"/{bucket}", params={"list-type": "2"}).raise_for_status().text
        keys = re.findall("<Key>(.*?)</Key>", listed)
        return {key: self.http.get(f"/{bucket}/{key}").raise_for_status().text for key in keys}

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Only requests that a known key has signed are answered."""
        self.http.post("/moto-api/reset-auth", content="0").raise_for_status()
        try:
            yield
        finally:
            self.http.post("/moto-api/reset-auth", content="inf").raise_for_status()

    def new_key(self, user: str) -> tuple[str, str]:
        """The id and the secret of a new key of a new user, who may do everything."""
        self._iam("CreateUser", UserName=user)
        self._iam("PutUserPolicy", UserName=user, PolicyName="all", PolicyDocument=json.dumps(_ALL))
        made = self._iam("CreateAccessKey", UserName=user)
        return _within(made, "AccessKeyId"), _within(made, "SecretAccessKey")

    def _iam(self, action: str, **parameters: str) -> str:
        form = {"Action": action, "Version": "2010-05-08", **parameters}
        return self.http.post("/", data=form, headers={"Authorization": _SIGNED.format("iam")}).raise_for_status().text

    def stop(self) -> None:
        """End it; what it held is gone."""
        self.http.close()
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def moto_at(url: str) -> Iterator[Moto]:
    """It, for as long as the block runs, at a URL of 127.0.0.1."""
    running = _start(url)
    try:
        yield running
    finally:
        running.stop()


def _start(url: str) -> Moto:
    process = subprocess.Popen(  # the executable is the tests' own choice
        [executable(), "-H", "127.0.0.1", "-p", str(urlsplit(url).port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    client = httpx.Client(base_url=url, headers={"Authorization": _SIGNED.format("s3")}, timeout=30)
    running = Moto(client, process)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(running.http):
            return running
        time.sleep(0.05)
    process.kill()
    running.stop()
    pytest.fail(f"moto_server did not start within {_START_SECONDS:g} s")


def _within(xml: str, tag: str) -> str:
    return xml.partition(f"<{tag}>")[2].partition("<")[0]


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/moto-api/").is_success
    except httpx.TransportError:
        return False


def executable() -> Path:
    """moto's program: the one that is named, or the environment's own."""
    own = Path(os.environ.get("LSOPS_TEST_MOTO_SERVER") or Path(sys.executable).with_name("moto_server"))
    return own if own.is_file() else lacking("no moto_server: install the packages moto[s3] and flask-cors")
