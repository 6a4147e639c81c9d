"""Permissions of the organisation: which roles may do what (Enterprise facts 5.8 and 12); none of it was measured.

`GET …/permissions/options` says which there are, which roles have each by default, and to which it may be given: that
is read, and nothing of it is known here. The server holds overrides; what is as by default has none, and so a
permission is never created, only changed. Of what nobody outside knows, each answer is lived with: the list may have
overrides only or every permission (one that is as by default counts as none), a PUT may make an override or answer 404
(a POST follows), and the keys may look any way (one that says nothing is taken for one that lsops needs).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lsops.errors import Finding, Forbidden, NotFound, ServerError
from lsops.kinds.capabilities import Describes, LeavesTraces, ValidatesAgainst, Vetoes
from lsops.kinds.contract import Kind
from lsops.kinds.permissions.gains import PEOPLE, doubts_about, role_words, roles_moved, said_effects
from lsops.kinds.permissions.uses import why_needed
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.model.address import join
from lsops.model.live import Collection, Facts
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.normalize import role_code
from lsops.server.forms import LIST, OBJECT, TEXT, Form, OrNull
from lsops.spelling import Near
from lsops.tally import Misspelt

if TYPE_CHECKING:
    from lsops.server.session import Session

ADDRESS = join("permissions")
NAMES = "permission"
DEFAULT = {"permission", "roles"}
"""What a body says of a permission of which nothing is in `extra`."""
Rows = dict[str, dict[str, Any]]


class Permission(Kind, LeavesTraces, ValidatesAgainst, Describes, Vetoes):
    """`/api/organizations/{id}/permissions`, one of which is found by its key; no path ends with a slash."""

    name = "permission"
    form = Form(
        needed={"permission": TEXT},
        known=dict.fromkeys(("roles", "default", "options"), OrNull(LIST)) | {"label": OrNull(TEXT)},
    )
    is_renamable = False

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """The overrides, and what else is declared; nothing where the server is older than permissions."""
        try:
            rows = self._rows(reader.session, Where(parent=reader.facts.organization))
        except NotFound:
            return {ADDRESS: Collection(self.name)}
        except ServerError as error:
            return {ADDRESS: Collection(self.name, error=_explained(error))}
        reader.names[NAMES] = {key: number for number, key in enumerate(rows, 1)}
        wanted = {item.key.strip() for item in query.desired if not item.lifecycle.absent}
        kept = (row for key, row in rows.items() if row["is_override"] or key in wanted)
        return {ADDRESS: Collection(self.name, tuple(self.from_row(row, reader.names, ADDRESS) for row in kept))}

    def _rows(self, session: Session, where: Where) -> Rows:
        """Every permission by its key: its option, with the roles that have it and whether that is an override."""
        options = session.array(f"{_list(where)}/options", form=self.form)
        held = {row["permission"]: row for row in session.array(_list(where), form=self.form)}
        known = {row["permission"]: row for row in options}
        known |= {key: row for key, row in held.items() if key not in known}
        return {key: _effective(row, held.get(key, {})) for key, row in known.items()}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """Key and roles, as words."""
        roles = {"roles": role_words(row["roles"])} if isinstance(row.get("roles"), list) else {}
        return {**({"permission": row["permission"]} if "permission" in row else {}), **roles}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Keys that the server does not have, and roles that it does not allow."""
        group = pairs.group(ADDRESS)
        if group is None or group.error is not None:
            return
        known = pairs.live.names.get(NAMES)
        for item, live, _ in pairs.of(self.name):
            if known is None:
                message = "the server has no permissions that can be changed: they came with release 2.30"
                yield Finding("LS108", message, item.address, item.source)
            elif item.key.strip() not in known:
                near = Near(item.key.strip(), known, f"the server has {', '.join(known)}" if known else "")
                message = f'the server has no permission "{item.key}"'
                severity = "warning" if item.lifecycle.absent else "error"
                yield Misspelt("LS520", message, item.address, item.source, severity=severity, near=near)
            elif live is not None:
                yield from _not_allowed(item, live)

    def describe(self, change: Change, facts: Facts) -> Change:
        """Who may do it from then on, and who no longer; with doubts about whoever runs lsops."""
        if change.before is None:
            return change
        return replace(
            change,
            effects=(*change.effects, *said_effects(change, change.before)),
            warnings=(*change.warnings, *doubts_about(change, change.before, facts)),
        )

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """The caller's own role would lose what lsops needs, which nobody of that role could give back."""
        if change.before is None or facts.role not in roles_moved(change, change.before)[1]:
            return
        if why := why_needed(change.before.key):
            message = f"it takes {change.before.key} from the role {facts.role}, which the owner of lsops' token has"
            hint = f"keep {facts.role} among the roles: {why}"
            place = next((field.source for field in change.fields), None) or change.source
            yield Finding("LS807", message, change.address, place, hint)

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """Key and codes: the server wants the key in the body, too."""
        roles = {"roles": list(dict.fromkeys(map(role_code, values["roles"])))} if "roles" in values else {}
        return {**values, "permission": where.key, **roles}

    def get(self, session: Session, where: Where) -> Row:
        rows = self._rows(session, where)
        if where.key not in rows:
            raise NotFound.of(f"there is no permission {where.key} now")
        return rows[where.key]

    def update(self, session: Session, body: Row, where: Where) -> Row:
        """What is default by now is no override; anything else is one, which is there or is made.

        A body that leaves the roles as they are has something in `extra`, which only an override can hold.
        """
        now = self.get(session, where)
        if body.keys() == DEFAULT and set(role_words(body["roles"])) == set(role_words(now.get("default"))):
            self.delete(session, where)
            return {**now, "roles": body["roles"]}
        body = {"roles": list(map(role_code, role_words(now.get("roles")))), **body}
        try:
            row: Row = session.put(self.item(where), body, form=OBJECT)
        except NotFound:
            row = session.post(_list(where), body, form=OBJECT)
        return row

    def delete(self, session: Session, where: Where) -> None:
        """Remove the override, so that the default holds; 404 means that it does already."""
        try:
            session.delete(self.item(where))
        except NotFound:
            return

    def item(self, where: Where) -> str:
        return f"{_list(where)}/{quote(where.key, safe='')}"

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return list(self._rows(session, where).values())

    def traces(self, where: Where) -> Mapping[str, bool]:
        """An override is made by a POST to the list."""
        return {self.item(where): True, _list(where): False}


def _list(where: Where) -> str:
    return f"/api/organizations/{where.parent}/permissions"


def _effective(option: Row, override: Row) -> dict[str, Any]:
    """A permission with who has it. An override may lack roles, and one that is as by default is none."""
    default = option.get("default") or []
    roles = override.get("roles") if isinstance(override.get("roles"), list) else default
    kept = {name: value for name, value in {**override, **option}.items() if name != "id"}
    return {**kept, "roles": roles, "is_override": set(role_words(roles)) != set(role_words(default))}


def _explained(error: ServerError) -> Finding:
    finding = error.findings[0]
    return replace(finding, hint="permissions are the owner's") if isinstance(error, Forbidden) else finding


def _not_allowed(item: Resource, live: Resource) -> Iterator[Finding]:
    """Roles to which the server does not give a permission; one whose options are not told is let through."""
    options = role_words(live.raw.get("options"))
    roles = item.values.get("roles")
    for role in role_words(roles) if options and isinstance(roles, list) else ():
        if role not in options:
            message = f'"{item.key}" cannot be given to {PEOPLE.get(role, role)}'
            hint = f"the server allows {', '.join(options)}"
            yield Finding("LS521", message, item.address, item.place("roles"), hint)


KIND = Permission()
