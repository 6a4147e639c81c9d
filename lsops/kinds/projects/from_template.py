"""Projects that are made from a project template (Enterprise facts 8.3); this module holds no kind.

`from_template` decides how a project is made and nothing else: what a template has in it is not described, so that what
came of it is compared with what is declared, and the rest stays as the template left it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from lsops.errors import Finding, NotFound
from lsops.kinds.capabilities import MadeFrom
from lsops.kinds.contract import Kind
from lsops.kinds.projects.interfaces import MODE
from lsops.kinds.reader import Names, Row, Where
from lsops.kinds.shared_rows import PROJECT_TEMPLATE, TEMPLATES
from lsops.kinds.titles import Titles
from lsops.model.address import join
from lsops.model.desired import Desired
from lsops.model.pairs import Pairs
from lsops.model.plan import Change, FieldChange
from lsops.model.resource import Resource
from lsops.model.view import Phased, PlanView

if TYPE_CHECKING:
    from lsops.server.session import Session

NAME: Final = "from_template"
NO_DIFFERENCE: Final = "from_template makes no difference: the project is there already"


def template_of(item: Resource) -> str:
    """The name of the template that an entry names; empty where it names none."""
    name = item.own.get(NAME)
    return name.strip() if isinstance(name, str) else ""


class MadeFromTemplates(Kind, MadeFrom):
    """Projects whose POST goes to a template, and takes of their fields what names them and says where they stand."""

    takes = frozenset({"title", "workspace", "description"})

    def origin(self, item: Resource, names: Names) -> int | None:
        name = template_of(item)
        if name and name not in names.get(PROJECT_TEMPLATE, {}):
            raise NotFound.of(f'there is no project template "{name}" now')
        return names[PROJECT_TEMPLATE][name] if name else None

    def create(self, session: Session, body: Row, where: Where) -> Row:
        if where.origin is None:
            return super().create(session, body, where)
        renamed = {"workspace_id" if name == "workspace" else name: value for name, value in body.items()}
        row: Row = session.post(f"{TEMPLATES}{where.origin}/create-project", renamed, form=self.form)
        return row


def after_templates(changes: Iterable[Phased], view: PlanView, later: int) -> Iterator[Phased]:
    """The changes of projects: one that is made from a template shows it, and comes `later` if the plan changes that.

    The template waits for all that is done in the project from which it is taken.
    """
    templates = {change.after.key: change.address for change in view.of(PROJECT_TEMPLATE) if change.after is not None}
    for phase, change in changes:
        name = template_of(change.after) if change.after is not None else ""
        if not name or change.part_of:
            yield phase, change
        elif change.action == "create":
            yield (later if name in templates else phase), _from(change, name, templates)
        else:
            yield phase, replace(change, effects=(*change.effects, NO_DIFFERENCE))


def _from(change: Change, name: str, templates: Mapping[str, str]) -> Change:
    place = change.after.place(NAME) if change.after is not None else change.source
    fields = sorted((*change.fields, FieldChange(join(NAME), after=name, source=place)), key=lambda one: one.path)
    before = (templates[name],) if name in templates else ()
    return replace(change, fields=tuple(fields), requires=(*change.requires, *before))


def missing_templates(pairs: Pairs, kind: str) -> Iterator[Finding]:
    """New projects whose template is not there, or of which there are several."""
    titles = Titles.of(PROJECT_TEMPLATE, pairs, "declare it under project_templates, or make it first")
    is_read = PROJECT_TEMPLATE in pairs.live.names
    for item, live, _ in pairs.of(kind):
        name, place = template_of(item), item.place(NAME)
        if live is not None or not name or item.lifecycle.absent:
            continue
        if is_read or name in titles.entries:
            yield from titles.faults(name, item, place)
        else:
            yield Finding("LS504", "the project templates of the server could not be read", item.address, place)


def unmade_modes(pairs: Pairs, kind: str) -> Iterator[Finding]:
    """New projects with a mode that only a create can set, where the create is one that does not take it.

    Whether a template passes on the mode of its project is not known, and where it does not, the project could never
    get it (Enterprise facts 8.3 and 12).
    """
    for item, live, _ in pairs.of(kind):
        if live is None and template_of(item) and item.values.get(MODE) and not item.lifecycle.absent:
            message = f"{MODE} can be set only when a project is made, and a create from a template does not take it"
            hint = (
                f"leave out {NAME}; or leave out {MODE} until the project is there, and see what the template gave it"
            )
            yield Finding("LS145", message, item.address, item.place(MODE), hint)


def template_circles(desired: Desired, kind: str) -> Iterator[Finding]:
    """Projects that are made from a template that is taken from them, however far round."""
    sources = {one.key: str(one.values.get(kind) or "").strip() for one in desired.declared(PROJECT_TEMPLATE)}
    items = {item.key: item for item in desired.declared(kind) if template_of(item)}
    for item in desired.of(kind):
        seen, title = [item.key], sources.get(template_of(item), "")
        while title in items and title not in seen:
            seen.append(title)
            title = sources.get(template_of(items[title]), "")
        if title and title == item.key:
            message = f'the project is made from "{template_of(item)}", which is taken from it in the end'
            hint = "take the template from a project that is made without it"
            yield Finding("LS560", message, item.address, item.place(NAME), hint)
