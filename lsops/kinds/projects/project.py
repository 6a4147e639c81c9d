"""Projects (Community facts 2, Enterprise facts 7.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding, Forbidden, NotFound, Rejected, placed
from lsops.kinds.capabilities import (
    Amends,
    Condenses,
    Counted,
    Describes,
    Migrates,
    Preflight,
    Recognises,
    Recounts,
    ValidatesAgainst,
    ValidatesOffline,
)
from lsops.kinds.projects import (
    column_defaults,
    from_template,
    interfaces,
    label_census,
    label_moves,
    labels_in_use,
    model_versions,
    reject_actions,
    relabelling,
    seeding,
    views_order,
    weights,
)
from lsops.kinds.projects.data import ProjectData
from lsops.kinds.projects.decimals import decimals_as_text
from lsops.kinds.projects.effects import effects
from lsops.kinds.projects.from_template import MadeFromTemplates
from lsops.kinds.projects.labels_in_use import SUMMARY, annotation_count, count
from lsops.kinds.projects.reading import ProjectReading
from lsops.kinds.reader import Names, Row, Where
from lsops.kinds.shared_rows import MAY_SEE_ALL
from lsops.kinds.titles import Titles
from lsops.model.address import below
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import UNSET, Resource
from lsops.model.view import Amendment, PlanView

if TYPE_CHECKING:
    from lsops.server.session import Session


class Project(
    ProjectReading,
    ProjectData,
    MadeFromTemplates,
    Recognises,
    Recounts,
    Migrates,
    Preflight,
    ValidatesOffline,
    ValidatesAgainst,
    Describes,
    Amends,
    Condenses,
    Counted,
):
    """What is special about planning and writing projects."""

    counted = "projects"

    # ---- planning ----------------------------------------------------------------------------

    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        if any(model_versions.NAME in item.values for item in pairs.desired.of(self.name)):
            yield from model_versions.renamed_away(pairs.desired)
        if any(_weighs_what_is_live(item) for item in pairs.desired.of(self.name)):
            yield from weights.unknown_live(pairs.of(self.name))
        if any(item.lifecycle.renamed_labels for item in pairs.desired.of(self.name)):
            yield from relabelling.refusals_against(pairs, self.name, is_enterprise=facts.is_enterprise)
        if facts.is_enterprise:
            yield from self._without_place(pairs)
            yield from from_template.missing_templates(pairs, self.name)
            yield from from_template.unmade_modes(pairs, self.name)
            yield from interfaces.unfit_interfaces(pairs, self.name)
            yield from reject_actions.deprecated(pairs.of(self.name))

    def _without_place(self, pairs: Pairs) -> Iterator[Finding]:
        """What is wrong with the workspaces of projects; nothing is said where projects could not be read."""
        titles = Titles.of("workspace", pairs)
        doubted = {finding.address for group in pairs.groups.values() for finding in group.findings}
        for item, live, _ in pairs.of(self.name):
            title = item.values.get("workspace", UNSET)
            if item.lifecycle.absent:
                continue
            if isinstance(title, str):
                yield from titles.faults(title.strip(), item, item.place("workspace"))
            elif title is UNSET and live is None and item.address not in doubted:
                yield _without_workspace(item)

    def describe(self, change: Change, facts: Facts) -> Change:
        warnings = list(change.warnings)
        if change.action == "create" and facts.is_enterprise and facts.role not in MAY_SEE_ALL:
            warnings.append("the token's owner may not see every project, so one of this title may exist already")
        if change.action == "create":
            return replace(change, warnings=tuple(warnings))
        row = change.before.raw if change.before else {}
        warnings += labels_in_use.lacking_data(change, row)
        warnings += labels_in_use.likely_renamed(change, row)
        found, told = relabelling.renamings_in(change), label_census.relabels(change, row)
        moved = label_census.losses(found, row.get(label_census.CENSUS))
        return replace(
            change,
            effects=(*change.effects, *effects(change), *label_census.remarks(found, told)),
            warnings=tuple(warnings),
            destroys=_held(row) if change.action == "delete" else change.destroys,
            relabels=told,
            orphans=(*labels_in_use.orphaned(change, row), *moved),
        )

    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Without weights and a model version that the server works out itself (Community facts 2.4 and 2.6)."""
        held = {**interfaces.condensed(live.values), weights.FIELD: weights.chosen(live.values)}
        held |= views_order.as_arranged(live, around)
        backends = around.at(below(live.address, "ml_backends"), "ml_backend").resources
        titles = [one.key for one in backends]
        is_derived = titles == [held.get(model_versions.NAME)] and held.get(model_versions.SHOWN, True)
        if is_derived or held.get(model_versions.NAME) not in titles:
            held.pop(model_versions.NAME, None)
        return held

    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        projects = desired.of(self.name)
        found = (*weights.unknown(projects), *relabelling.refusals_offline(projects))
        return (*found, *from_template.template_circles(desired, self.name))

    def amend(self, view: PlanView) -> Amendment:
        """A `model_version` that an ML backend of the plan has to do with is set on its own, after it; so are tasks."""
        found = view.as_it_is(self.schema)
        if any(model_versions.NAME in item.values for item in view.pairs.desired.of(self.name)):
            found = model_versions.amended(view, self.schema, found.deletes)
        seeds = ((self.schema.phases[seeding.NAME], change) for change in seeding.seeds_in(view))
        orders = ((self.schema.phases[views_order.NAME], change) for change in views_order.orders_in(view))
        made = from_template.after_templates(found.changes, view, self.schema.phases[from_template.NAME])
        return replace(found, changes=(*made, *seeds, *orders))

    def preflight(self, session: Session, change: Change) -> Iterable[Finding]:
        """A label config as a new one, or against the annotations of an existing project.

        The second answer is stricter than PATCH: it also refuses to remove labels in use (Community facts 2.5), also
        those that are renamed in annotations before the PATCH; then only the config itself is asked about.
        """
        field = next((item for item in change.fields if item.path == "/label_config"), None)
        if field is None or change.action == "delete":
            return ()
        moving = bool(relabelling.renamings_in(change))
        busy = not moving and change.before is not None and count(change.before.raw, "task_number") != 0
        path = f"{self.item(Where(change.remote_id.get('id')))}validate/" if busy else f"{self.path}validate/"
        try:
            session.post(path, {"label_config": field.after})
        except (Rejected, Forbidden) as error:
            return placed(error, change.address, field.source or change.source)
        return ()

    # ---- writing -----------------------------------------------------------------------------

    def encode(self, values: Mapping[str, Any], where: Where, names: Names) -> dict[str, Any]:
        body = decimals_as_text(interfaces.by_id(values, names), self.schema.fields())
        body = column_defaults.roles_as_codes(body)
        title = body.get("workspace")
        if isinstance(title, str):
            number = names.get("workspace", {}).get(title.strip())
            if number is None:
                raise NotFound.of(f'there is no workspace "{title}" now')
            body["workspace"] = number
        return body

    def may_come_from(self, row: Row, body: Row) -> bool:
        """One in another workspace is somebody else's; the personal ones are never touched."""
        return "workspace" not in body or row.get("workspace") == body["workspace"]

    def recounted(self, session: Session, change: Change) -> Change:
        """With drafts, too: no row counts them, and their labels are lost as well."""
        where = Where(change.remote_id.get("id"))
        if change.action == "delete":
            return replace(change, destroys=_held(self.get(session, where)))
        found = relabelling.renamings_in(change)
        if not found and not labels_in_use.may_orphan(change):
            return change
        orphans = list(self._orphans_now(session, change, where)) if labels_in_use.may_orphan(change) else []
        if found:
            orphans += label_census.losses(found, label_census.census(session, where.id or 0, found))
        return replace(change, orphans=tuple(orphans))

    def _orphans_now(self, session: Session, change: Change, where: Where) -> Iterator[str]:
        summary = labels_in_use.read_summary(session, self.item(where))
        yield from labels_in_use.orphaned(change, {**self.get(session, where), SUMMARY: summary})

    def migrate(self, session: Session, change: Change, is_stopped: Callable[[], bool]) -> None:
        """Rename labels in annotations; what follows may take the old names away."""
        if found := relabelling.renamings_in(change):
            label_moves.move_labels(session, change.remote_id["id"], found, is_stopped)


def _weighs_what_is_live(item: Resource) -> bool:
    """Whether a project declares weights, and leaves the label config to the server, if only by `ignore`."""
    return weights.FIELD in item.values and ("label_config" not in item.values or bool(item.lifecycle.ignore))


def _without_workspace(item: Resource) -> Finding:
    """Without one the server would put it into the personal workspace of the token's owner (Enterprise facts 1.19)."""
    message = "on Enterprise a new project needs a workspace"
    hint = "write workspace: TITLE; without it the project would land in the token owner's personal workspace"
    return Finding("LS101", message, item.address, item.source, hint)


def _held(row: Row) -> dict[str, int | None]:
    """What a project holds; None where the server does not say."""
    return {"tasks": count(row, "task_number"), "annotations": annotation_count(row)}


KIND = Project()
