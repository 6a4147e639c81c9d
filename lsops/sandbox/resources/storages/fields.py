"""The types of storages and their settable fields, per side.

Facts: community-api 3.2 for what both editions have, enterprise-api 6.2 and the public API description for the rest.
Where neither gives a default (three numbers of databricks) one is made up; a field that may be null starts as null.
What the server keeps about a sync can be written by clients too, as measured.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lsops.sandbox.fields import Bad, Field, anything
from lsops.sandbox.fieldtypes import choice, flag, moment, number, text

IMPORT = "import"
EXPORT = "export"

_BUCKET_NAME = r"^[a-zA-Z0-9.\-_]{1,255}$"
_BUCKET_ARN = (
    r"^arn:(aws).*:(s3|s3-object-lambda):[a-z\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\-.]{1,63}$"
    r"|^arn:(aws).*:s3-outposts:[a-z\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\-]{1,63}$"
)

_WORDS = Field(text(), null=True)
_NEEDED = Field(text(blank=False), required=True)
_OPTIONAL = Field(text(), default="")
_NO = Field(flag(), default=False)
_YES = Field(flag(), default=True)
_KEPT = Field(flag(), default=True, kept=True)
_PERHAPS = Field(flag(null=True), null=True)
_SIZE = number(least=0)

BOOKKEEPING: dict[str, Field] = {
    "last_sync": Field(moment, null=True),
    "last_sync_count": Field(_SIZE, null=True),
    "last_sync_job": Field(text(longest=256), null=True),
    "status": Field(
        choice("initialized", "queued", "in_progress", "failed", "completed", "completed_with_errors"),
        default="initialized",
    ),
    "traceback": _WORDS,
    "meta": Field(anything, default={}, null=True),
}
_EVERYWHERE: dict[str, Field] = {
    "title": Field(text(longest=256), null=True),
    "description": _WORDS,
    "synchronizable": _KEPT,
    "regex_filter": _WORDS,
    "use_blob_urls": _NO,
    "project": Field(anything, required=True),
    **BOOKKEEPING,
}
_EXPORTED: dict[str, Field] = {"can_delete_objects": _PERHAPS}
_SCANNED: dict[str, Field] = {"recursive_scan": _NO}
_SCANNED_OR_NULL: dict[str, Field] = {"recursive_scan": Field(flag(null=True), default=False, null=True)}
_PRESIGNED: dict[str, Field] = {"presign": _KEPT, "presign_ttl": Field(_SIZE, default=1)}


def _words(names: str) -> dict[str, Field]:
    return dict.fromkeys(names.split(), _WORDS)


_AWS = _words(
    "bucket prefix region_name s3_endpoint aws_sse_kms_key_id aws_access_key_id aws_secret_access_key aws_session_token"
)
_AWS_SECRETS = frozenset({"aws_access_key_id", "aws_secret_access_key", "aws_session_token"})
_DATABRICKS: dict[str, Field] = {
    **dict.fromkeys(("host", "catalog", "schema", "volume"), _NEEDED),
    "prefix": _WORDS,
    "auth_type": Field(choice("pat", "dbx_sp", "azure_ad_sp"), default="pat"),
    **dict.fromkeys(("token", "client_id", "client_secret", "tenant_id"), _OPTIONAL),
    "verify_tls": _YES,
    "request_timeout_s": Field(_SIZE, default=60),
    "stream_chunk_bytes": Field(_SIZE, default=1048576),
}


@dataclass(frozen=True, slots=True)
class StorageType:
    """One type: its word in paths, its fields on either side, and which of them no answer shows.

    `shared`: both sides count their ids together. `family` is the type whose connection this one's resembles.
    """

    name: str
    title: str
    both: Mapping[str, Field]
    imported: Mapping[str, Field]
    hidden: frozenset[str] = frozenset()
    family: str = ""
    shared: bool = False
    enterprise: bool = False

    def like(self, family: str) -> bool:
        return family in (self.name, self.family)


TYPES: tuple[StorageType, ...] = (
    StorageType("s3", "AWS S3", _AWS, _PRESIGNED | _SCANNED, _AWS_SECRETS),
    StorageType(
        "gcs",
        "Google Cloud Storage",
        _words("bucket prefix google_project_id google_application_credentials"),
        _PRESIGNED | _SCANNED_OR_NULL,
        frozenset({"google_application_credentials"}),
    ),
    StorageType(
        "azure",
        "Microsoft Azure",
        _words("container prefix account_name account_key"),
        _PRESIGNED | _SCANNED_OR_NULL,
        frozenset({"account_name", "account_key"}),
    ),
    StorageType("redis", "Redis", _words("path host port password"), {}, frozenset({"password"}), shared=True),
    StorageType("localfiles", "Local files", _words("path"), _SCANNED_OR_NULL, shared=True),
    StorageType(
        "s3s",
        "AWS S3 (IAM role access)",
        {**_AWS, "role_arn": _NEEDED, "external_id": _WORDS, "legacy_auth": _PERHAPS},
        _PRESIGNED | _SCANNED,
        _AWS_SECRETS,
        family="s3",
        enterprise=True,
    ),
    StorageType(
        "gcswif",
        "Google Cloud Storage (WIF Auth)",
        _words(
            "bucket prefix google_project_id google_project_number google_wif_pool_id google_wif_provider_id "
            "google_service_account_email google_application_credentials"
        ),
        _PRESIGNED | _SCANNED_OR_NULL,
        frozenset({"google_application_credentials"}),
        family="gcs",
        enterprise=True,
    ),
    StorageType(
        "gcs_sa",
        "Google Cloud Storage (Service Account Impersonation)",
        _words("bucket prefix google_project_id target_service_account_email"),
        _PRESIGNED | _SCANNED_OR_NULL,
        family="gcs",
        enterprise=True,
    ),
    StorageType(
        "azure_spi",
        "Azure Blob Storage with Service Principal",
        {
            **_words("container prefix account_name tenant_id client_id client_secret user_delegation_key"),
            "auth_mode": Field(choice("service_principal", "workload_identity"), default="service_principal"),
        },
        _PRESIGNED | _SCANNED_OR_NULL,
        frozenset({"account_name", "client_secret", "user_delegation_key"}),
        family="azure",
        enterprise=True,
    ),
    StorageType(
        "databricks",
        "Databricks Files (UC Volumes)",
        _DATABRICKS,
        {"presign": _NO, "presign_ttl": Field(_SIZE, default=1), **_SCANNED},
        frozenset({"token", "client_secret"}),
        enterprise=True,
    ),
)


@dataclass(frozen=True, slots=True)
class StorageKind:
    """A type on one side: what has a path, fields and ids of its own."""

    type: StorageType
    side: str

    @property
    def imports(self) -> bool:
        return self.side == IMPORT

    @property
    def sequence(self) -> str:
        """What counts its ids; of redis and localfiles both sides together (community-api 3)."""
        return self.type.name if self.type.shared else f"{self.side} {self.type.name}"

    @property
    def root(self) -> str:
        return f"/api/storages/{self.type.name}" if self.imports else f"/api/storages/export/{self.type.name}"

    @property
    def model(self) -> str:
        """The name that the server's 404 uses; no client sees it, since those routes end without a slash."""
        return f"{self.type.name}_{self.side}_storage"

    def fields(self) -> dict[str, Field]:
        own = {**_EVERYWHERE, **self.type.both, **(self.type.imported if self.imports else _EXPORTED)}
        if self.type.name == "redis":
            own["db"] = Field(_SIZE, default=1 if self.imports else 2)
        return own

    def defaults(self) -> dict[str, Any]:
        return {name: field.default for name, field in self.fields().items() if not field.required}


KINDS = tuple(StorageKind(type_, side) for side in (IMPORT, EXPORT) for type_ in TYPES)


def check_bucket(value: str | None) -> str | None:
    """A name that S3 could have."""
    if value and not re.search(_BUCKET_NAME, value) and not re.search(_BUCKET_ARN, value):
        raise Bad(bad_bucket(value))
    return value


def bad_bucket(name: str) -> str:
    """The words of Amazon's client for a name that it does not take."""
    rules = f'Bucket name must match the regex "{_BUCKET_NAME}" or be an ARN matching the regex "{_BUCKET_ARN}"'
    return f'Invalid bucket name "{name}": {rules}'


def local_path(value: str | None) -> str | None:
    """A path as the server keeps it: without doubled or trailing slashes, and with no backslash."""
    return posixpath.normpath(value.replace("\\", "/")) if value else value
