"""Secrets are references until they are resolved, all at once, and are never shown."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path
from textwrap import dedent

import pytest

from lsops.errors import ManifestError, Source
from lsops.manifest import Options, Vault, load, resolve_secrets
from lsops.model.resource import Secret
from tests.unit.manifest.support import load_files, write_files

pytestmark = pytest.mark.usefixtures("more_kinds")

FILES = {
    "lsops.yaml": "version: 1\ninclude: [p/a.yaml]\nprojects:\n  Dogs: {task_data_password: '${env:PASSWORD}'}\n"
    "  Gone: {task_data_password: '${env:NEVER_SET}', lifecycle: {absent: true}}\n  Cows: {task_data_password: ~}\n",
    "p/a.yaml": "projects:\n  Cats:\n    task_data_password: ${file:../s/key}\n"
    "    webhooks: {'https://a.example': {headers: {Authorization: '${env:TOKEN}'}}}\n",
    "s/key": "from a file\n",
}


@pytest.fixture
def desired(tmp_path):
    return load_files(tmp_path, FILES).desired


def resolved(desired, root, secrets_dir=None, **env):
    return resolve_secrets(desired, env=env, root=root, secrets_dir=secrets_dir)


def _without_key(item):
    return {name: value for name, value in item.values.items() if value != item.key}


def test_loading_reads_no_secret(desired):
    assert [_without_key(item) for item in desired.resources] == [
        {"task_data_password": Secret("env", "PASSWORD")},
        {"task_data_password": Secret("env", "NEVER_SET")},
        {"task_data_password": None},
        {"task_data_password": Secret("file", "s/key")},
        {"headers": {"Authorization": Secret("env", "TOKEN")}},
    ]


def test_all_secrets_are_resolved_but_those_of_resources_to_be_deleted(desired, tmp_path):
    vault = resolved(desired, tmp_path, PASSWORD="from the environment", TOKEN="t")

    assert vault.reveal(Secret("env", "PASSWORD")) == "from the environment"
    assert vault.reveal(Secret("file", "s/key")) == "from a file"
    with pytest.raises(KeyError):
        vault.reveal(Secret("env", "NEVER_SET"))


def test_secrets_below_a_resource_to_be_deleted_are_left_out(tmp_path):
    text = """\
        version: 1
        projects:
          Gone:
            lifecycle: {absent: true}
            import_storages: {s: {type: azure_spi, container: c, client_secret: "${env:NEVER_SET}"}}
    """
    desired = load_files(tmp_path, {"lsops.yaml": dedent(text)}).desired

    assert len(desired.resources) == 2
    assert resolved(desired, tmp_path).confidential() == frozenset()


@pytest.mark.parametrize("folder", ["sec", "./sec", "m/../sec", "m/../../{name}/sec/"])
def test_the_folder_of_secrets_may_be_written_in_any_way(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"m": {"folder": True}, "sec/key": "from a file\n"})
    secrets_dir = Path(folder.format(name=tmp_path.name))
    text = f"version: 1\nprojects: {{Cats: {{task_data_password: '${{file:{tmp_path}/sec/key}}'}}}}\n"
    write_files(tmp_path, {"lsops.yaml": text})

    desired = load(tmp_path, Options(secrets_dir=secrets_dir)).desired

    vault = resolved(desired, tmp_path, secrets_dir)
    assert vault.confidential() == {"from a file"}


def test_every_use_of_a_secret_without_a_value_is_a_finding(desired, tmp_path):
    (tmp_path / "s" / "key").unlink()

    with pytest.raises(ManifestError) as caught:
        resolved(desired, tmp_path, TOKEN="")

    assert [(f.code, f.source, f.address, f.message) for f in caught.value.findings] == [
        ("LS406", Source("lsops.yaml", 4, 30), "/projects/Dogs",
         "task_data_password: ${env:PASSWORD} has no value: PASSWORD is not set"),
        ("LS406", Source("p/a.yaml", 3, 25), "/projects/Cats",
         "task_data_password: ${file:s/key} has no value: there is no such file"),
        ("LS406", Source("p/a.yaml", 4, 63), "/projects/Cats/webhooks/https:~1~1a.example",
         "headers.Authorization: ${env:TOKEN} has no value: TOKEN is set and empty"),
    ]  # fmt: skip


CONTENTS = {
    "one newline is dropped": (b"a\n", "a"),
    "one of two newlines": (b"a\n\n", "a\n"),
    "a newline of Windows": (b"a\r\n", "a"),
    "no newline": (b" a ", " a "),
    "only a newline": (b"\n", None),
    "nothing": (b"", None),
    "not UTF-8": (b"\xff", None),
    "a NUL": (b"a\0", None),
    "too large": (b"a" * (1024 * 1024 + 1), None),
}


@pytest.mark.parametrize(("content", "wanted"), CONTENTS.values(), ids=CONTENTS.keys())
def test_the_file_of_a_secret(content, wanted, desired, tmp_path):
    (tmp_path / "s" / "key").write_bytes(content)
    env = {"PASSWORD": "a", "TOKEN": "t"}

    if wanted is None:
        with pytest.raises(ManifestError, match="has no value"):
            resolved(desired, tmp_path, **env)
    else:
        assert resolved(desired, tmp_path, **env).reveal(Secret("file", "s/key")) == wanted


def test_a_link_out_of_the_root_gives_no_secret(desired, tmp_path):
    (tmp_path / "s" / "key").unlink()
    (tmp_path / "s" / "key").symlink_to("/etc/hostname")

    with pytest.raises(ManifestError, match="a link leads out"):
        resolved(desired, tmp_path, PASSWORD="a", TOKEN="t")


@pytest.fixture
def absolute(tmp_path):
    """A manifest whose secret's file has an absolute path, through a link as Kubernetes mounts it."""
    mount = tmp_path / "mount"
    write_files(mount, {"..data/key": "mounted\n", "key": {"link": "..data/key"}})
    files = {"lsops.yaml": f"version: 1\nprojects: {{Cats: {{task_data_password: '${{file:{mount}/key}}'}}}}\n"}
    return load_files(tmp_path / "m", files).desired, mount


def test_an_absolute_file_is_read_below_the_folder_of_secrets_only(absolute, tmp_path):
    desired, mount = absolute

    assert resolved(desired, tmp_path / "m", mount).reveal(Secret("file", f"{mount}/key")) == "mounted"
    with pytest.raises(ManifestError, match="--secrets-dir"):
        resolved(desired, tmp_path / "m")
    with pytest.raises(ManifestError, match="not below --secrets-dir"):
        resolved(desired, tmp_path / "m", tmp_path / "mou")


def test_a_value_that_is_no_text_is_refused(desired, tmp_path):
    with pytest.raises(ManifestError, match="not text in UTF-8"):
        resolved(desired, tmp_path, PASSWORD="\udcff", TOKEN="t")


def test_a_vault_shows_nothing():
    vault = Vault({Secret("env", "A"): "hunter2"})

    assert f"{vault} {vault!r}" == "*** ***"
    for escape in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            escape(vault)
    with pytest.raises(TypeError):
        vars(vault)
