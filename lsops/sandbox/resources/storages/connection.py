"""Whether a storage could be reached, as far as that can be told without a cloud, a Redis or a file system.

Facts: community-api 3.3, and the words of the server where they were read. A place whose name begins with

    missing-    does not exist: a bucket, container, volume, host, folder, or (to import) a prefix
    denied-     lets nobody in
    broken-     can be reached, and every sync of it fails
    endless-    can be reached, and a sync of it never ends on Enterprise
    holds-12-   has twelve objects to import (`objects` knows more such names); every other place is empty

and every other place exists, local files below `/data` alone. The sandbox has no Redis of its own: a loopback host
refuses the connection. A Google storage without credentials uses the server's own identity and is reached.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from typing import Any

from lsops.sandbox.resources.storages.fields import StorageKind, StorageType, bad_bucket

_PLACES = ("bucket", "container", "volume", "host", "path")
_GOOGLE_NEEDS = ("client_email", "token_uri")
_AZURE = (
    "Azure account name and key must be set using environment variables AZURE_BLOB_ACCOUNT_NAME "
    "and AZURE_BLOB_ACCOUNT_KEY or account_name and account_key fields."
)
_AZURE_DENIED = (
    "Server failed to authenticate the request. Make sure the value of Authorization header "
    "is formed correctly including the signature."
)
_NO_DB = "Please explicitly pass a redis db id to prevent accidentally overwriting existing database!"
_NO_REDIS = "Can't connect to Redis server."
_SERVICE_PRINCIPAL = ("account_name", "tenant_id", "client_id", "client_secret")
WORKLOAD = "workload_identity"
_DATABRICKS_NEEDS = {
    "pat": ("token",),
    "dbx_sp": ("client_id", "client_secret"),
    "azure_ad_sp": ("client_id", "client_secret", "tenant_id"),
}
_REDIS_PORT = "6379"


ROOT = "document root"
"""The key under which a test finds the folder of local files; no field has that name."""


class Unreachable(Exception):
    """The connection test failed; its text is the server's."""


def connect(kind: StorageKind, storage: Mapping[str, Any], root: str) -> None:
    """`root` is the folder below which local files are served. Raises: Unreachable."""
    _TESTS[kind.type.family or kind.type.name](kind, {**storage, ROOT: root})


def needs_secret_again(kind: StorageKind, stored: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The pessimistic reading of an unknown: whether Enterprise's own types take a PATCH without their secrets
    (enterprise-api 6.2). Here azure_spi does not when its container changes, and all else does.
    """
    moved = "container" in given and given["container"] != stored["container"]
    mode = given.get("auth_mode", stored.get("auth_mode"))
    if kind.type.name != "azure_spi" or mode == WORKLOAD:
        return ""
    if (moved or mode != stored["auth_mode"]) and not given.get("client_secret"):
        return "client_secret must be set"
    return ""


def without_secret(kind: StorageKind, storage: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A storage after an update: what runs with a workload identity holds no secret, unless the body sends one."""
    if kind.type.name == "azure_spi" and storage["auth_mode"] == WORKLOAD and not given.get("client_secret"):
        return {**storage, "client_secret": None}
    return dict(storage)


def forgotten(stored: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    """Whether a PATCH of a redis import lacks what its Redis needs: the server tests what the body says, over the
    defaults of the client library, and nothing of what it holds (community-api 3.4). Another password than the
    stored one counts as the Redis having a new one.
    """
    moved = "port" not in given and (stored["port"] or _REDIS_PORT) != _REDIS_PORT
    return moved or bool(stored["password"] and not given.get("password"))


def breaks_syncs(storage: Mapping[str, Any]) -> bool:
    """Whether a sync of this place fails after the connection was good."""
    return any(_named(storage, name, "broken-") for name in _PLACES)


def stays_in_progress(storage: Mapping[str, Any]) -> bool:
    """Whether a sync of this place never ends, where one does not end at once."""
    return any(_named(storage, name, "endless-") for name in _PLACES)


def _s3(kind: StorageKind, storage: Mapping[str, Any]) -> None:
    bucket, prefix = storage["bucket"], storage["prefix"]
    if bucket is None:
        raise Unreachable("expected string or bytes-like object, got 'NoneType'")
    if not bucket:
        raise Unreachable(f"Parameter validation failed:\n{bad_bucket(bucket)}")
    if _named(storage, "bucket", "missing-"):
        raise Unreachable(f"Cannot find bucket {bucket} in S3")
    if _named(storage, "bucket", "denied-"):
        raise Unreachable(f"Cannot connect to S3 {bucket} with specified AWS credentials")
    _test_prefix(kind, storage, f"s3://{bucket}/{prefix} not found.")


def _gcs(kind: StorageKind, storage: Mapping[str, Any]) -> None:
    _test_google_credentials(kind.type, storage.get("google_application_credentials"))
    bucket, prefix = storage["bucket"], storage["prefix"]
    if not bucket:
        raise Unreachable("Cannot determine path without bucket name.")
    url = f"GET https://storage.googleapis.com/storage/v1/b/{bucket}?projection=noAcl&prettyPrint=false"
    if _named(storage, "bucket", "missing-"):
        raise Unreachable(f"{url}: The specified bucket does not exist.")
    if _named(storage, "bucket", "denied-"):
        raise Unreachable(f"{url}: Permission 'storage.buckets.get' denied on resource (or it may not exist).")
    _test_prefix(kind, storage, f"No blobs found in {bucket}/{prefix} or prefix doesn't exist")


def _test_google_credentials(type_: StorageType, text: str | None) -> None:
    """A service account's key; gcswif takes any JSON object, such as a federation's configuration."""
    if not text:
        return
    try:
        info = json.loads(text)
    except ValueError as error:
        raise Unreachable(f"Google Application Credentials must be valid JSON string. {error}") from error
    if type_.name != "gcs":
        return
    missing = [name for name in _GOOGLE_NEEDS if name not in info]
    if missing:
        fields = ", ".join(missing)
        raise Unreachable(f"Service account info was not in the expected format, missing fields {fields}.")
    if "private_key" not in info:
        raise Unreachable("The private_key field was not found in the service account info.")


def _azure(kind: StorageKind, storage: Mapping[str, Any]) -> None:
    if kind.type.name == "azure":
        _test_azure_key(storage)
    else:
        _test_identity(storage)
    container, prefix = storage["container"], storage["prefix"]
    if not container:
        raise Unreachable("Please specify a container name.")
    if _named(storage, "container", "missing-"):
        raise Unreachable(f"Container not found: {container}")
    if _named(storage, "container", "denied-"):
        raise Unreachable(_AZURE_DENIED)
    _test_prefix(kind, storage, f"azure-blob://{container}/{prefix} not found.")


def _test_identity(storage: Mapping[str, Any]) -> None:
    """What Azure needs to know depends on the mode (enterprise-api 12)."""
    if storage["auth_mode"] != WORKLOAD:
        _test_all_set(storage, _SERVICE_PRINCIPAL)
    elif storage["client_secret"]:
        raise Unreachable("client_secret must be omitted when auth_mode is workload_identity")


def _test_azure_key(storage: Mapping[str, Any]) -> None:
    if not storage["account_name"] or not storage["account_key"]:
        raise Unreachable(_AZURE)
    try:
        base64.b64decode(storage["account_key"])
    except binascii.Error as error:
        raise Unreachable(str(error)) from error


def _databricks(kind: StorageKind, storage: Mapping[str, Any]) -> None:
    _test_all_set(storage, _DATABRICKS_NEEDS[storage["auth_type"]])
    volume = "/".join(["/Volumes", storage["catalog"], storage["schema"], storage["volume"]])
    if _named(storage, "volume", "missing-"):
        raise Unreachable(f"Volume {volume} does not exist")
    if _named(storage, "volume", "denied-"):
        raise Unreachable(f"Cannot connect to Databricks volume {volume} with specified credentials")
    _test_prefix(kind, storage, f"No files found in {volume}/{storage['prefix']}")


def _redis(kind: StorageKind, storage: Mapping[str, Any]) -> None:
    problem = _redis_problem(storage)
    if problem:
        raise Unreachable(_NO_REDIS if kind.imports else problem)


def _redis_problem(storage: Mapping[str, Any]) -> str:
    host, port = storage["host"] or "localhost", storage["port"] or _REDIS_PORT
    if not storage["db"]:
        return _NO_DB
    if host == "localhost" or host.startswith("127."):
        return f"Error 111 connecting to {host}:{port}. Connection refused."
    if host.startswith("missing-"):
        return f"Error -2 connecting to {host}:{port}. Name or service not known."
    if _named(storage, "host", "denied-") or _named(storage, "password", "denied-"):
        return "invalid username-password pair or user is disabled."
    return ""


def _localfiles(kind: StorageKind, storage: Mapping[str, Any]) -> None:  # noqa: ARG001  # both sides alike
    path = storage["path"]
    if not path:
        raise Unreachable("Path must be set for Local Files storage")
    if not path.startswith("/") or _named(storage, "path", "missing-"):
        raise Unreachable(f'Absolute local path "{path}" does not exist')
    root = storage[ROOT]
    if path == root:
        raise Unreachable(
            f'Absolute local path "{path}" cannot be the same as LOCAL_FILES_DOCUMENT_ROOT="{root}" '
            f'by security reasons. Please add a subdirectory. For example: "{root}/dataset1".'
        )
    if not path.startswith(f"{root}/") or _named(storage, "path", "denied-"):
        raise Unreachable(
            f'Absolute local path "{path}" must be a subdirectory of LOCAL_FILES_DOCUMENT_ROOT="{root}" '
            f'by security reasons. For example: "{root}/dataset1".'
        )


def _test_prefix(kind: StorageKind, storage: Mapping[str, Any], message: str) -> None:
    """To import, something must be there; an export makes its prefix."""
    if kind.imports and str(storage["prefix"] or "").startswith("missing-"):
        raise Unreachable(message)


def _test_all_set(storage: Mapping[str, Any], names: tuple[str, ...]) -> None:
    missing = [name for name in names if not storage[name]]
    if missing:
        raise Unreachable(f"{', '.join(missing)} must be set")


def _named(storage: Mapping[str, Any], field: str, beginning: str) -> bool:
    """Whether a place is named so; of a path, its last part."""
    return str(storage.get(field) or "").rpartition("/")[2].startswith(beginning)


_TESTS: Mapping[str, Callable[[StorageKind, Mapping[str, Any]], None]] = {
    "s3": _s3,
    "gcs": _gcs,
    "azure": _azure,
    "redis": _redis,
    "localfiles": _localfiles,
    "databricks": _databricks,
}
