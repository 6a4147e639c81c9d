"""Places for contents that are larger than memory: folders and object stores."""

from __future__ import annotations

import hashlib
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lsops.depot import Depot, depot_at
from lsops.depot.trouble import DepotError
from lsops.errors import UsageError
from tests.support.moto_server import moto_at

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The URL of an S3 of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with moto_at(url) as moto:
        moto.put("exports")
        yield url


@pytest.fixture(params=["folder", "memory", "s3"])
def depot(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Depot:
    if request.param == "s3":
        named = {"AWS_ENDPOINT_URL_S3": request.getfixturevalue("store"), "AWS_DEFAULT_REGION": "us-east-1"}
        for name, value in {**named, "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any"}.items():
            monkeypatch.setenv(name, value)
        return depot_at(f"s3://exports/{tmp_path.name}")
    return depot_at(str(tmp_path / "out") if request.param == "folder" else f"memory://{tmp_path.name}")


def test_what_is_written_is_read_again_with_its_size_and_digests(depot: Depot) -> None:
    parts = [b"x" * MIB] * 6 + [b"end"]
    stored = depot.write("a b/c.json", parts)
    whole = b"".join(parts)
    assert (stored.size, stored.md5) == (len(whole), hashlib.md5(whole).hexdigest())
    assert b"".join(depot.read("a b/c.json")) == whole
    assert depot.size("a b/c.json") == len(whole)
    assert list(depot.names()) == ["a b/c.json"]


def test_a_content_that_breaks_off_leaves_the_old_one_and_nothing_else(depot: Depot) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x" * 6 * MIB
        raise ValueError("the source broke")

    depot.write("a.json", [b"old"])
    with pytest.raises((ValueError, DepotError), match="the source broke"):
        depot.write("a.json", broken())
    assert b"".join(depot.read("a.json")) == b"old"
    assert list(depot.names()) == ["a.json"]


def test_what_is_not_there_has_no_size_and_is_removed_without_a_word(depot: Depot) -> None:
    assert depot.size("none.json") is None
    assert depot.text("none.json", 10) is None
    depot.remove("none.json")
    depot.write("one.json", [b"1"])
    depot.remove("one.json")
    assert list(depot.names()) == []


def test_a_text_is_read_up_to_a_limit(depot: Depot) -> None:
    depot.write("index.json", ["Grüße".encode()])
    assert depot.text("index.json", 10) == "Grüße"
    with pytest.raises(DepotError, match="more than 3 bytes"):
        depot.text("index.json", 3)


@pytest.mark.parametrize("name", ["", "/a", "a/", "../a", "a/../b", "a//b", ".", "a\\b", "a\nb"])
def test_a_name_that_could_lead_out_is_refused(depot: Depot, name: str) -> None:
    with pytest.raises(DepotError, match="is no name of a content"):
        depot.write(name, [b""])


def test_files_and_folders_are_for_their_owner_alone_and_no_link_is_followed(tmp_path: Path) -> None:
    depot = depot_at("out/deep", tmp_path)
    depot.write("sub/a.json", [b"1"])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "out").rglob("*")}
    assert modes == {"deep": 0o700, "sub": 0o700, "a.json": 0o600}
    (tmp_path / "out" / "deep" / "way").symlink_to(tmp_path)
    (tmp_path / "out" / "deep" / "b.json").symlink_to(tmp_path / "x")
    for name in ("way/a.json", "b.json"):
        with pytest.raises(DepotError, match="is a link"):
            depot.write(name, [b"2"])


def test_a_place_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DepotError, match=r"cannot be written: (Not a directory|File exists)"):
        depot_at(str(tmp_path / "file")).write("a.json", [b""])


@pytest.mark.parametrize(
    "place", ["zip://a::s3://b/c", "nothing://a/b", "://a", "s3://", "gs:///a", "abfs://", "memory://", "s3:///a/b"]
)
def test_a_url_that_is_no_place_is_a_usage_error(place: str) -> None:
    with pytest.raises(UsageError):
        depot_at(place)


@pytest.mark.parametrize(("place", "package"), [("gs://bucket/a", "gcsfs"), ("abfs://container/a", "adlfs")])
def test_a_store_whose_client_is_not_installed_says_what_to_install(
    place: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError, match="needs a program that is not installed") as refused:
        depot_at(place)
    assert refused.value.findings[0].hint == "pip install 'lsops[remote]'"


def test_a_store_that_is_connected_to_at_once_and_is_not_there_is_told_in_a_line() -> None:
    with pytest.raises(DepotError, match=r"^ftp://127\.0\.0\.1:1/a cannot be reached: "):
        depot_at("ftp://127.0.0.1:1/a")
