"""Cloud storages of both sides (Community facts 3, Enterprise facts 6.1 and 6.2); this module holds no kind itself.

The ids of storages are counted per side and type: what identifies one is its side, its type and its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from lsops.errors import Finding, LsopsError, NotFound, ServerFault
from lsops.kinds.capabilities import AsksForSecrets, ConnectionTest, Counted, Syncs, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.storages.syncs import state_of
from lsops.model.address import below
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.syncing import SyncState
from lsops.schema import EDITIONS, newer
from lsops.server.forms import ID, TEXT, Form, OrNull
from lsops.signs import with_article

if TYPE_CHECKING:
    from lsops.server.session import Session

Rows = list[dict[str, Any]]
SYNC, AFTER_APPLY = "sync", "after_apply"


@dataclass(frozen=True, slots=True)
class Task:
    """The storages of one side under one live project: those declared, and whether every row matters."""

    address: str
    project: int
    desired: tuple[Resource, ...]
    whole: bool

    @property
    def types(self) -> tuple[str, ...]:
        """The declared types, each once."""
        return tuple(dict.fromkeys(item.type for item in self.desired if item.type))


class Storage(Kind, Counted, ConnectionTest, AsksForSecrets, ValidatesAgainst, Syncs):
    """One side. `path` is its root and `ending` what its lists end with: a slash to import, none to export.

    The server adds a slash that is missing and never drops one (Community facts 1.1).
    """

    form = Form(needed={"id": ID}, known={"title": OrNull(TEXT), "type": TEXT, "project": OrNull(ID)})
    ending: str = ""

    def of(self, type_: str | None) -> str:
        """The path of a type, without an ending."""
        return f"{self.path}/{quote(type_ or '', safe='')}"

    def item(self, where: Where) -> str:
        return f"{self.of(where.type)}/{where.id}"

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """One request per project where the manifest has one type and nothing else matters, or nothing is missing."""
        declared: dict[str, list[Resource]] = {}
        for item in query.desired:
            if self._exists(item, reader):
                declared.setdefault(item.parent, []).append(item)
        tasks = [
            Task(below(address, self.schema.name), project, tuple(declared.get(address, ())), address in query.whole)
            for address, project in query.parents.items()
        ]
        found = reader.session.map(lambda task: self._rows(reader.session, task), tasks)
        return {
            task.address: self._collection(task, rows, reader.names) for task, rows in zip(tasks, found, strict=True)
        }

    def _exists(self, item: Resource, reader: Reader) -> bool:
        """Whether the edition has the type; `check` tells the user where it has not."""
        return reader.facts.edition in self._roles(item.type).get("editions", EDITIONS)

    def _collection(self, task: Task, rows: Rows | LsopsError, names: Names) -> Collection:
        if isinstance(rows, LsopsError):
            return Collection(self.name, error=rows.findings[0])
        return Collection(self.name, tuple(self.from_row(row, names, task.address) for row in rows))

    def _rows(self, session: Session, task: Task) -> Rows:
        """The type's own list where the manifest has one type, else the list of all types. Raises: ServerError."""
        if len(task.types) == 1 and not task.whole:
            rows = self._own_list(session, task.types[0], task.project)
            missing = [item for item in _missing(task.desired, rows) if not item.lifecycle.absent]
            moved = {name for item in missing for name in (item.key, item.lifecycle.renamed_from) if name}
            others = self._common_list(session, task.project) if moved else []
            return rows + [row for row in others if row["type"] != task.types[0] and self.schema.key_of(row) in moved]
        rows = self._common_list(session, task.project)
        for type_ in dict.fromkeys(item.type for item in _missing(task.desired, rows)):
            rows = [row for row in rows if row["type"] != type_] + self._own_list(session, type_, task.project)
        return rows

    def _own_list(self, session: Session, type_: str | None, project: int | None) -> Rows:
        try:
            rows = session.array(self.of(type_) + self.ending, {"project": project}, form=self.form)
        except NotFound as error:
            raise NotFound([self._with_reason(item, type_) for item in error.findings], status=error.status) from error
        return [self._row(row, type_) for row in rows]

    def _common_list(self, session: Session, project: int) -> Rows:
        """The storages of every type. It answers `[]` to any error, so that what it lacks may exist all the same
        (Community facts 3.1).
        """
        rows = session.array(self.path + self.ending, {"project": project}, form=OF_ANY_TYPE)
        return [self._row(row, row["type"]) for row in rows]

    def _with_reason(self, finding: Finding, type_: str | None) -> Finding:
        since = self._roles(type_).get("since", {}).values()
        known = f"; it exists from release {', '.join(since)} on" if since else ""
        return replace(finding, hint=f"the server may not have {self._noun(type_)}{known}")

    def _row(self, row: Row, type_: str | None) -> dict[str, Any]:
        """A row with its type, which the answer to a PATCH lacks (Community facts 3.4), and without secrets.

        Those never come back from Community, and Enterprise's description lists some (Enterprise facts 6.2).
        """
        secret = {name for name, field in self.schema.fields(type_).items() if field.secret}
        return {"type": type_, **{name: value for name, value in row.items() if name not in secret}}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """Without the server's bookkeeping, which is no part of a manifest."""
        fields = self.schema.fields(row.get("type"))
        return {name: value for name, value in row.items() if name not in fields or not fields[name].read_only}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Types that the edition or the release of the server does not have."""
        for item in pairs.desired.of(self.name):
            roles = self._roles(item.type)
            since = roles.get("since", {}).get(facts.edition, "")
            if facts.edition not in roles.get("editions", EDITIONS):
                message = f"{self._noun(item.type)} does not exist on Label Studio {facts.edition.title()}"
                yield Finding("LS108", message, item.address, item.place("type"))
            elif since and newer(since, facts.release) and not self._seen(item, pairs.live):
                message = f"{self._noun(item.type)} needs release {since}, the server has {facts.release}"
                yield Finding("LS108", message, item.address, item.place("type"))

    def _seen(self, item: Resource, live: Live) -> bool:
        return any(other.type == item.type for other in live.at(item.collection, self.name).resources)

    def _roles(self, type_: str | None) -> Mapping[str, Any]:
        """What the schema says of a type as a whole."""
        roles: Mapping[str, Any] = self.schema.documents.get(type_ or "", {}).get("x-lsops", {})
        return roles

    def _noun(self, type_: str | None) -> str:
        return with_article(f"{type_} {self.schema.noun}")

    def wants_secrets(self, message: str) -> bool:
        """By the words that the server has for it (Community facts 3.3 and 3.4)."""
        names = {name for fields in self.schema.variants.values() for name, field in fields.items() if field.secret}
        words = (*names, "credential", "connect to redis", "authentication")
        return any(word in message.lower() for word in words)

    def wants_all(self, message: str) -> bool:
        """Nobody knows whether Enterprise's own types take a part (Enterprise facts 6.2)."""
        return "field is required" in message.lower()

    def with_sync(self, change: Change) -> Change:
        """The change with the sync that its entry wants after it."""
        wanted = change.after is not None and change.after.own.get(SYNC) == AFTER_APPLY and change.action != "delete"
        return replace(change, then=(*change.then, SYNC)) if wanted else change

    # ---- syncing -----------------------------------------------------------------------------

    def start_sync(self, session: Session, where: Where) -> SyncState:
        """Without workers the sync runs inside the request, and one that fails is a 200 (Community facts 3.5)."""
        row = session.post(f"{self.item(where)}/sync", None)
        return state_of(row) if isinstance(row, dict) and "status" in row else self.sync_state(session, where)

    def sync_state(self, session: Session, where: Where) -> SyncState:
        return state_of(self.get(session, where))

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        """The path says the type. Only a create has the project: a PATCH with it would move the storage."""
        body = {name: value for name, value in values.items() if name != self.schema.discriminator}
        if isinstance(body.get("port"), int):
            body["port"] = str(body["port"])
        return {**body, "project": where.parent} if where.id is None else body

    def create(self, session: Session, body: Row, where: Where) -> Row:
        try:
            return self._row(session.post(self.of(where.type) + self.ending, body, form=self.form), where.type)
        except ServerFault as error:
            raise self._of_credentials(error, body, where.type) from error

    def _of_credentials(self, error: ServerFault, body: Row, type_: str | None) -> ServerFault:
        """A 500 about credentials where the manifest has none: the server lacks its own (Community facts 11)."""
        lacking = [name for name, field in self.schema.fields(type_).items() if field.secret and not body.get(name)]
        if "credentials" not in str(error).lower() or not lacking:
            return error
        hint = f"the server has none of its own, and the manifest no {', '.join(lacking)}: write those that it needs"
        return ServerFault([replace(item, hint=hint) for item in error.findings], status=error.status)

    def get(self, session: Session, where: Where) -> Row:
        return self._row(super().get(session, where), where.type)

    def update(self, session: Session, body: Row, where: Where) -> Row:
        return self._row(super().update(session, body, where), where.type)

    def rows(self, session: Session, where: Where) -> Rows:
        return self._own_list(session, where.type, where.parent)

    def validate_request(
        self, change: Change, *, revealed: Mapping[str, Any], parent: int
    ) -> tuple[str, dict[str, Any]] | None:
        """The path and the body of the POST that tests a connection; `revealed` holds every secret by its field.

        An update is tested with what the server holds beneath; None where the manifest has none of the secrets that
        it may hold, and that never come back. The body never has an `id`: with one the server saves what it should
        test (Community facts 3.5).
        """
        desired = change.after
        if desired is None:
            return None
        fields = self.schema.fields(desired.type)
        secrets = {name for name, field in fields.items() if field.secret}
        if change.action == "update" and secrets and not secrets & set(desired.values):
            return None
        kept = change.before.values if change.action == "update" and change.before else {}
        beneath = {name: value for name, value in kept.items() if name in fields}
        values = {**beneath, self.schema.key: desired.key, **desired.values, **revealed}
        return f"{self.of(desired.type)}/validate", self.encode(values, Where(parent=parent), {})


OF_ANY_TYPE = Form({**Storage.form.needed, "type": TEXT}, Storage.form.known)
"""A storage in the list of every type."""


def _missing(desired: Iterable[Resource], rows: Rows) -> Iterator[Resource]:
    """The declared storages that the rows lack, by pinned id or by title, new or old."""
    ids = {(row["type"], row.get("id")) for row in rows}
    titles = {(row["type"], str(row.get("title") or "").strip()) for row in rows}
    for item in desired:
        names = {item.key.strip(), (item.lifecycle.renamed_from or item.key).strip()}
        pinned = item.lifecycle.id
        there = (item.type, pinned) in ids if pinned is not None else any((item.type, name) in titles for name in names)
        if not there:
            yield item
