"""What nobody outside knows of storages on Enterprise (enterprise-api 11, points 1, 7 and 15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsops.sandbox.envelope import Invalid
from lsops.sandbox.resource import Call
from lsops.sandbox.resources.storages.fields import StorageKind
from lsops.sandbox.store import Document
from lsops.sandbox.unique import ANSWERS

TITLE = "storage-title"
"""Whether two storages of a type may have one title in a project."""
IDS = "storage-ids"
"""Whether the types that Enterprise alone has show who logs in: roles, accounts and tenants, which are no secrets."""
ACCOUNT = "storage-account-name"
"""Whether that of a service principal's container is shown, as Community shows none."""
PATCH = "storage-patch"
"""Whether a PATCH of those types takes a part, or wants all that a POST does."""
DELETE = "storage-delete"
"""What becomes of the tasks that an import storage made: on Community they stay."""

POINTS = {
    TITLE: ANSWERS,
    IDS: ("shown", "hidden"),
    ACCOUNT: ("hidden", "shown"),
    PATCH: ("part", "whole"),
    DELETE: ("tasks stay", "tasks go"),
}
_IDS = frozenset(
    {
        *("role_arn", "external_id", "client_id", "tenant_id", "target_service_account_email"),
        *("google_project_number", "google_wif_pool_id", "google_wif_provider_id", "google_service_account_email"),
    }
)
_PLACES = frozenset({"bucket", "container", "host", "catalog", "schema", "volume"})
_MISSING = "This field is required."


def hidden(call: Call, kind: StorageKind) -> frozenset[str]:
    """The fields that no answer shows."""
    never = kind.type.hidden
    if not kind.type.enterprise:
        return never
    if call.unknown(ACCOUNT) == "shown":
        never -= {"account_name"}
    return never | _IDS if call.unknown(IDS) == "hidden" else never


def check_whole(call: Call, kind: StorageKind, before: Document, given: Mapping[str, Any]) -> None:
    """Refuse the PATCH of a part where all that says where and as whom is wanted, secrets too. Raises: Invalid."""
    if not kind.type.enterprise or call.unknown(PATCH) == "part":
        return
    needed = {name for name in _PLACES | _IDS | kind.type.hidden if before.get(name)}
    if lacking := sorted(needed - set(given)):
        raise Invalid({name: [_MISSING] for name in lacking})


def drop_tasks(call: Call, storage: Document) -> None:
    """What goes with a storage: its tasks, where they do."""
    if call.enterprise and call.unknown(DELETE) == "tasks go":
        call.store.run("DELETE FROM task WHERE json_extract(doc, '$.storage') = ?", (storage["id"],))
