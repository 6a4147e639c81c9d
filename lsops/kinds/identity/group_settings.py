"""What the settings of SAML and of SCIM have in common: one object, updated by POST, with lists of groups.

Nothing of it was measured. The paths, the fields and the 201 of the POST are of the API description; what groups do is
of the guides (Enterprise facts 5.7 and 12).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from lsops.errors import Finding, ServerError
from lsops.kinds.capabilities import Condenses, Describes, ValidatesAgainst, Vetoes
from lsops.kinds.contract import Kind
from lsops.kinds.identity.group_lists import LISTS, PROJECTS, REFERENCES, as_objects, as_pairs, titles_of
from lsops.kinds.reader import Names, Query, Reader, Row, Where
from lsops.kinds.shared_rows import name_projects, shared
from lsops.kinds.titles import Titles
from lsops.model.address import join, split
from lsops.model.live import Collection, Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.schema import newer, settable
from lsops.server.forms import LIST, Form, OrNull

if TYPE_CHECKING:
    from lsops.kinds.identity.lockout import Risk
    from lsops.server.session import Session

CALLER = "caller"
"""Where a live resource has what was read of the caller's membership."""


class GroupSettings(Kind, Vetoes, Describes, ValidatesAgainst, Condenses):
    """One object without an id. `quiet` are the values of what somebody never set up."""

    form = Form(known=dict.fromkeys(LISTS, OrNull(LIST)))
    quiet: frozenset[str] = frozenset()
    """Fields that mean nothing as long as no other one says anything."""

    # ---- reading -----------------------------------------------------------------------------

    def read(self, reader: Reader, query: Query) -> Mapping[str, Collection]:
        """The settings with the titles of the projects that they name, and for a change who asks."""
        address = join(self.name)
        try:
            row = dict(self.get(reader.session, Where()))
            if row.get(PROJECTS) or PROJECTS in query.fields():
                name_projects(reader)
            beside = _for_a_change(reader) if query.desired else {}
        except ServerError as error:
            return {address: Collection(self.name, error=error.findings[0])}
        found = self.from_row(row, reader.names, address)
        return {address: Collection(self.name, (replace(found, raw={**row, **beside}),))}

    def decode(self, row: Row, names: Names) -> Mapping[str, Any]:
        """The fields that a manifest may have; an older server shows fewer."""
        titles = titles_of(row, names)
        shown = {name: row[name] for name in settable(self.schema.fields()) if name in row}
        return {name: as_objects(name, held, titles) if name in LISTS else held for name, held in shown.items()}

    def get(self, session: Session, where: Where) -> Row:
        """Without what holds the token of the login."""
        row = cast("Row", session.get(self.path, form=self.form))
        read_only = {name for name, field in self.schema.fields().items() if field.read_only}
        return {name: held for name, held in row.items() if name not in read_only}

    def item(self, where: Where) -> str:
        return self.path

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """Titles of what is not there, and fields that the server does not show (Enterprise facts 10).

        It would ignore such a field without a word (facts 1.3); of one in `extra` nobody knows whether it is shown.
        """
        for item, live, _ in pairs.of(self.name):
            yield from self._unknown(item, live, facts)
            for name, first in REFERENCES.items():
                titles = Titles.of(first, pairs)
                for title in dict.fromkeys(one[first].strip() for one in item.values.get(name, ())):
                    yield from titles.faults(title, item, item.place(name))
                if name not in item.values and live is not None and name != PROJECTS:
                    yield from _left_behind(name, live, item, titles.renamed)

    def _unknown(self, item: Resource, live: Resource | None, facts: Facts) -> Iterator[Finding]:
        fields = self.schema.fields()
        for name in item.values if live is not None else ():
            known = fields.get(name)
            is_old = known is not None and not newer(known.since.get(facts.edition, "0"), facts.release)
            if live is not None and name not in live.raw and is_old:
                yield Finding("LS108", f'the server has no "{name}"', item.address, item.place(name))

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Nothing of what nobody ever set up."""
        says = {name for name, held in live.values.items() if held not in (None, "", [])}
        return live.values if says - self.quiet else {}

    def describe(self, change: Change, facts: Facts) -> Change:
        told = tuple(f"{risk.field}: {risk.message}" for risk in self._risks(change, facts))
        return replace(change, warnings=(*change.warnings, *told))

    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """What would take the caller's role or login."""
        hint = "let somebody make this change whose role no group gives, or make it in the application"
        sources = {split(field.path)[0]: field.source for field in change.fields}
        for risk in self._risks(change, facts):
            if risk.is_refused:
                source = sources.get(risk.field) or change.source
                yield Finding("LS807", risk.message, change.address, source, hint)

    def _risks(self, change: Change, facts: Facts) -> Iterator[Risk]:
        if change.before is None or change.after is None:
            return
        from lsops.kinds.identity.caller import caller_of
        from lsops.kinds.identity.lockout import Turn, risks

        names = frozenset(split(field.path)[0] for field in change.fields)
        before, after = change.before.values, change.held_after()
        caller = caller_of(facts, change.before.raw.get(CALLER) or {})
        yield from risks(Turn(before, after, names), caller)

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        return {name: as_pairs(name, held, names) if name in LISTS else held for name, held in values.items()}

    def update(self, session: Session, body: Row, where: Where) -> Row:
        return cast("Row", session.post(self.path, body, form=self.form))


def _left_behind(name: str, live: Resource, item: Resource, renamed: Mapping[str, str]) -> Iterator[Finding]:
    """Groups of a workspace that is renamed: the server keeps its title, and makes it anew with the next push."""
    for title in dict.fromkeys(
        str(one.get("workspace")) for one in live.values.get(name) or () if isinstance(one, Mapping)
    ):
        if title in renamed:
            message = f'{name} still has the workspace "{title}", which is renamed by the same plan'
            yield Finding(
                "LS504", message, item.address, item.source, f"write {name}, or the groups lose it", "warning"
            )


def _for_a_change(reader: Reader) -> dict[str, Any]:
    """What is known of who asks; and which workspaces there are, for the groups that name one. Raises: ServerError."""
    from lsops.kinds.identity.caller import membership

    shared(reader)
    return {CALLER: membership(reader)}
