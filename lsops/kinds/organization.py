"""The organisation and its defaults: one, never created (Community facts 8, Enterprise facts 5.1 and 5.2).

Enterprise keeps it behind two paths. What both take goes to the organisation itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, ServerError
from lsops.kinds.capabilities import Audited, Condenses, ValidatesAgainst, Vetoes
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import HOME
from lsops.model.address import join
from lsops.model.audit import Trail
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.normalize import role as role_word
from lsops.normalize import role_code
from lsops.server.forms import OBJECT

if TYPE_CHECKING:
    from lsops.server.session import Session

SWITCHES = frozenset(
    {
        "annotator_reviewer_firewall_enabled_at",
        "custom_scripts_enabled_at",
        "label_stream_navigation_disabled_at",
        "read_only_quick_view_enabled_at",
    }
)
"""Timestamps that mean on, where null means off."""

ROLES = frozenset({"custom_scripts_editable_by", "default_role"})
DEFAULTS = SWITCHES | ROLES | {"external_id", "extra_data_on_activity_logs"}
"""What `set-default-role` takes; it has no GET, so that most switches cannot be read (Enterprise facts 1.13)."""

CONFIDENTIAL = frozenset({"token"})


class Organization(Kind, Vetoes, ValidatesAgainst, Condenses, Audited):
    """`/api/organizations/{id}`, the one in which the caller is active."""

    name = "organization"
    path = "/api/organizations/"
    form = HOME

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        address = join(self.name)
        where = Where(reader.facts.organization)
        try:
            row = _shown(reader.object_once(self.item(where), HOME))
            if "contact_info" in query.needed():
                row = self._with_contact(reader.session, row, where)
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        return {address: Collection(self.name, (self.from_row(row, reader.names, address),))}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """Roles as words; whether there are plugins has two names, and the server shows one of them."""
        words = {name: role_word(row[name]) for name in ROLES & set(row)}
        on = {"custom_scripts_enabled_at": row["custom_scripts_enabled"]} if "custom_scripts_enabled" in row else {}
        return {**on, **row, **words}

    def get(self, session: Session, where: Where) -> Row:
        return self._with_contact(session, _shown(super().get(session, where)), where)

    def item(self, where: Where) -> str:
        return f"{self.path}{where.id}"

    def _with_contact(self, session: Session, row: dict[str, Any], where: Where) -> dict[str, Any]:
        """The contact is in the list of organisations where the organisation itself lacks it (Enterprise facts 5.1)."""
        if "contact_info" in row:
            return row
        own = next((one for one in session.array(self.path, form=self.form) if one.get("id") == where.id), {})
        return {**row, "contact_info": own["contact_info"]} if "contact_info" in own else row

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """A field that newer servers dropped, and one fact under two names."""
        for item, live, _ in pairs.of(self.name):
            held = live.raw if live is not None else None
            name = "custom_scripts_editable_by"
            if name in item.values and facts.is_enterprise and held is not None and name not in held:
                message = f'the server has no "{name}" any more; it has permissions instead'
                yield Finding("LS108", message, item.address, item.place(name), "remove the field")
            values = {item.values.get(name) for name in ("custom_scripts_enabled", "custom_scripts_enabled_at")}
            if {True, False} <= values:
                message = (
                    "custom_scripts_enabled and custom_scripts_enabled_at are one switch and contradict each other"
                )
                yield Finding("LS110", message, item.address, item.place("custom_scripts_enabled_at"), "keep one")

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """With one name for whether there are plugins."""
        twice = "custom_scripts_enabled" in live.values
        return {k: v for k, v in live.values.items() if not (twice and k == "custom_scripts_enabled_at")}

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """A manager who says that managers may not edit plugins could not take it back."""
        for field in change.fields:
            raised = field.path == "/custom_scripts_editable_by" and role_word(field.after) == "administrator"
            if raised and facts.role == "manager":
                message = "the owner of the token that lsops uses could no longer edit plugins"
                yield Finding("LS807", message, change.address, field.source or change.source)

    # ---- auditing ----------------------------------------------------------------------------

    def audited(self, session: Session, facts: Facts) -> Iterable[tuple[str, int]]:
        yield join(self.name), facts.organization or 0

    def trails(self, session: Session, address: str, number: int) -> Iterable[Trail]:
        return ()

    def log_query(self, number: int) -> Mapping[str, int]:
        return {}

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Switches as the server wants them: the time now, or null."""
        body = dict(values)
        for name in SWITCHES & set(body):
            body[name] = datetime.now(timezone.utc).isoformat(timespec="seconds") if body[name] else None
        for name in ROLES & set(body):
            body[name] = role_code(body[name]) if isinstance(body[name], str) else body[name]
        return body

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """One PATCH or two; the answers as one row."""
        own = {name: value for name, value in body.items() if name not in DEFAULTS}
        defaults = {name: value for name, value in body.items() if name in DEFAULTS}
        row: dict[str, Any] = {}
        if own:
            row.update(session.patch(self.item(where), own, form=OBJECT))
        if defaults:
            row.update(session.patch(f"{self.item(where)}/set-default-role", defaults, form=OBJECT))
        return _shown(row)


def _shown(row: Row) -> dict[str, Any]:
    """A row without the secret of the invitation link."""
    return {name: value for name, value in row.items() if name not in CONFIDENTIAL}


KIND = Organization()
