"""Versions of prompts (Enterprise facts 8.2, from the API description; nothing was measured).

The server would take another text for a version that has made predictions, and these would then name a text that did
not make them. So what a version is (its text, provider, model and examples) never changes: another one is another
version, under a title of its own. Its title may be changed, and so may the connection, for that is how it is reached.
Deleting one deletes the predictions that it made. Nothing here runs a version.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from lsops.difference import differences
from lsops.errors import Finding, LsopsError, NotFound, ServerError
from lsops.kinds.capabilities import Condenses, Describes, Recounts, ValidatesAgainst
from lsops.kinds.contract import Kind
from lsops.kinds.models.connections import NAME, connections
from lsops.kinds.models.used import HELD, VERSION, predictions, versions, versions_path
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.titles import is_ambiguous, name_in
from lsops.model.address import below, split
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Group, Pairs
from lsops.model.plan import Change
from lsops.model.resource import UNSET, Resource
from lsops.spelling import Near
from lsops.tally import Misspelt

if TYPE_CHECKING:
    from lsops.server.session import Session

CONNECTION = "model_provider_connection"
FIXED = frozenset({"prompt", "provider", "provider_model_id", "max_few_shot_examples"})
"""What a version is."""


class PromptVersion(Kind, Describes, Recounts, ValidatesAgainst, Condenses):
    """`/api/prompts/{id}/versions`; found by title among those of its prompt."""

    name = "prompt_version"
    form = VERSION

    def item(self, where: Where) -> str:
        return f"{versions_path(where.parent)}/{where.id}"

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        places = {below(address, self.schema.name): (address, number) for address, number in query.parents.items()}
        trouble = _unnamed(reader, query) if places else None
        if trouble is not None:
            return {place: Collection(self.name, error=trouble) for place in places}
        answers = reader.session.map(lambda place: self._rows_of(reader, query, *place), places.values())
        return {
            place: Collection(self.name, error=rows.findings[0])
            if isinstance(rows, LsopsError)
            else Collection(self.name, tuple(self.from_row(row, reader.names, place) for row in rows))
            for place, rows in zip(places, answers, strict=True)
        }

    def _rows_of(self, reader: Reader, query: Query, address: str, number: int) -> list[dict[str, Any]]:
        """With how many predictions those have made that may be deleted."""
        declared = [item for item in query.desired if item.parent == address]
        kept = {item.key for item in declared if not item.lifecycle.absent}
        gone = {name for item in declared if item.lifecycle.absent for name in (item.key, item.lifecycle.id)}
        rows = versions(reader.session, number)
        for row in rows:
            key = self.schema.key_of(row)
            if key in gone or row["id"] in gone or (address in query.pruned and key not in kept):
                row[HELD] = predictions(reader.session, number, row["id"])
        return rows

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """The connection by its name."""
        number = row.get(CONNECTION)
        named = {CONNECTION: name_in(names.get(NAME, {}), number)} if isinstance(number, int) else {}
        return {name: value for name, value in {**row, **named}.items() if name != HELD}

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        providers = {_entry_name(entry): entry for entry in pairs.desired.declared(NAME)}
        left_out = {entry.address for entry in pairs.desired.others if entry.kind == NAME}
        for group in pairs.groups.values():
            for item, live, _ in group.pairs if group.kind == self.name and group.error is None else ():
                if item.lifecycle.absent:
                    continue
                if live is not None:
                    yield from _edits(item, live, group)
                yield from _connection(item, providers, left_out, pairs.names.get(NAME, {}))

    def describe(self, change: Change, facts: Facts) -> Change:
        if change.action != "delete" or change.before is None:
            return change
        return replace(change, destroys={"predictions": change.before.raw.get(HELD)})

    def recounted(self, session: Session, change: Change) -> Change:
        if change.action != "delete" or change.before is None:
            return change
        prompt = change.before.raw.get("parent_model")
        return replace(change, destroys={"predictions": predictions(session, prompt, change.before.id)})

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Without a connection of Label Studio's own, which no manifest can name."""
        has_name = live.raw.get(CONNECTION) in around.names.get(NAME, {}).values()
        return {name: value for name, value in live.values.items() if has_name or name != CONNECTION}

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        name = values.get(CONNECTION)
        if not isinstance(name, str):
            return dict(values)
        number = names.get(NAME, {}).get(name.strip())
        if number is None:
            raise NotFound.of(f'there is no model provider "{name}" now')
        return {**values, CONNECTION: number}

    def create(self, session: Session, body: Row, where: Where) -> Row:
        return cast("Row", session.post(versions_path(where.parent), body, form=self.form))

    def rows(self, session: Session, where: Where) -> list[dict[str, Any]]:
        return versions(session, where.parent)


def _unnamed(reader: Reader, query: Query) -> Finding | None:
    """Read the names of connections; why they cannot be read, where a version names one. Else their ids do."""
    try:
        connections(reader)
    except ServerError as error:
        return error.findings[0] if any(CONNECTION in item.values for item in query.desired) else None
    return None


def _entry_name(entry: Resource) -> str:
    return split(entry.address)[-1].strip()


def _edits(item: Resource, live: Resource, group: Group) -> Iterator[Finding]:
    """What would make the predictions of a version those of another one."""
    fields = KIND.schema.fields()
    wanted = {name: value for name, value in item.values.items() if name in FIXED}
    changed = differences(wanted, live.values, fields, ignore=item.lifecycle.ignore)
    names = sorted({split(change.path)[0] for change in changed if change.before is not UNSET})
    if not names:
        return
    taken = {one.key for one in (*group.declared, *(found for found in group.live.values() if found), *group.unmatched)}
    what = " and ".join(names)
    message = f"{what} of the version {live.id} would change, and its predictions would no longer be its own"
    hint = f'write it as a new version, such as "{next_title(item.key, taken)}", and leave this one as it is'
    yield Finding("LS550", message, item.address, item.place(names[0]), hint)


def next_title(title: str, taken: Iterable[str]) -> str:
    """A title for the version after this one, which none has: `v2` after `v1`, `Short 2` after `Short`."""
    known, stem = set(taken), title.rstrip("0123456789")
    stem, number = (stem, int(title[len(stem) :])) if stem != title else (f"{title} ", 1)
    while (name := f"{stem}{number + 1}") in known:
        number += 1
    return name


def _connection(
    item: Resource, entries: Mapping[str, Resource], left_out: Container[str], names: Mapping[str, int]
) -> Iterator[Finding]:
    """What is wrong with the connection that a version names: it goes away, there is none, or it is another one's."""
    title = item.values.get(CONNECTION)
    if not isinstance(title, str):
        return
    entry, place = entries.get(title.strip()), item.place(CONNECTION)
    if entry is not None and entry.lifecycle.absent:
        yield Finding("LS504", f'the model provider "{title}" is to be deleted', item.address, place)
    elif entry is None and title.strip() not in names:
        same = next((name for name, one in entries.items() if one.key == title.strip()), "")
        hint = f'its entry is called "{same}": write that' if same else "name an entry of model_providers"
        near = Near("" if same else title, {*names, *entries}, hint)
        yield Misspelt("LS504", f'there is no model provider "{title}"', item.address, place, near=near)
    elif entry is not None and entry.address in left_out and title.strip() not in names:
        message = f'there is no model provider "{title}" yet, and its entry is left out'
        yield Finding("LS504", message, item.address, place, "let the targets cover it, or apply it first")
    elif entry is None and is_ambiguous(title.strip(), names):
        hint = "declare it under model_providers and pin one with lifecycle.id"
        yield Finding("LS502", f'several model providers are called "{title}"', item.address, place, hint)
    elif entry is not None and _is_of_another(item, entry):
        theirs, mine = entry.values["provider"], item.values.get("provider", "OpenAI")
        message = f"the version is for {mine}, and the model provider {title} is {theirs}"
        yield Finding("LS551", message, item.address, place, "write the provider of the connection", "warning")


def _is_of_another(item: Resource, entry: Resource) -> bool:
    provider = entry.values.get("provider")
    return isinstance(provider, str) and provider != item.values.get("provider", "OpenAI")


KIND = PromptVersion()
