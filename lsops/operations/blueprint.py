"""`lsops blueprint share`, `list` and `delete`: links by which others copy a project of Enterprise; no state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lsops.errors import NotFound, ServerError, UsageError
from lsops.kinds import Where, registry
from lsops.kinds.capabilities import SharesBlueprints
from lsops.manifest import Manifest
from lsops.manifest.findings import quote
from lsops.model.blueprint import Blueprint
from lsops.model.errand import Errand, Errands
from lsops.model.live import Facts
from lsops.model.resource import Resource
from lsops.operations.chosen import declared_with, first_few, live_ones
from lsops.operations.interaction import SILENT, Interaction, Question, refuse_unasked, require_answer
from lsops.operations.plan import EVERYTHING, PlanRequest
from lsops.signs import plural

if TYPE_CHECKING:
    from lsops.kinds.projects.blueprints import Blueprints
    from lsops.server.session import Session

VERB = "blueprint"
SHORTEST, LONGEST = 3, 50
"""Characters of a title (Enterprise facts 8.4)."""
SENSITIVE = "whoever has the link can copy the project: treat it as a secret, lsops blueprint delete ends it"


@dataclass(frozen=True, slots=True)
class BlueprintRequest:
    """At which declared address to look, and how the manifest is read. With `ask` somebody must say yes to a delete."""

    address: str
    plan: PlanRequest = EVERYTHING
    ask: bool = False


@dataclass(frozen=True, slots=True)
class _Holder:
    """What is declared at the address, as it is live, and its blueprints."""

    item: Resource
    live: Resource
    blueprints: Blueprints


def share_blueprint(
    manifest: Manifest,
    session: Session,
    request: BlueprintRequest,
    words: tuple[str, str] = ("", ""),
    interaction: Interaction = SILENT,
) -> Errands:
    """Share a project with its label config as it is live. `words` are a title, its own if empty, and a description.

    Raises: UsageError, for a title that cannot be, and where there are no blueprints; LsopsError.
    """
    title, description = words

    def work(holder: _Holder) -> list[Errand]:
        name = (title or holder.live.key).strip()
        if not SHORTEST <= len(name) <= LONGEST:
            raise UsageError.of(f"a title has {SHORTEST} to {LONGEST} characters, not {len(name)}", code="LS564")
        config = holder.live.values.get("label_config")
        made = holder.blueprints.share(name, description, config if isinstance(config, str) else "")
        interaction.note(SENSITIVE)
        return [
            _told(holder, made, f"shared as {made.id}, {quote(made.title or name)}: {made.link}", {"url": made.link})
        ]

    return _at(manifest, session, request, interaction, work)


def list_blueprints(
    manifest: Manifest,
    session: Session,
    request: BlueprintRequest,
    interaction: Interaction = SILENT,
    *,
    links: bool = False,
) -> Errands:
    """What a project is shared as; the links only with `links`. Raises: UsageError, LsopsError."""

    def work(holder: _Holder) -> list[Errand]:
        found = []
        for one in holder.blueprints.all():
            told = f"{one.id}, {quote(one.title)}" + (f", since {one.created}" if one.created else "")
            facts = {"created": one.created} if one.created else {}
            more = {"url": one.link} if links and one.link else {}
            found.append(_told(holder, one, told + (f": {one.link}" if more else ""), {**facts, **more}))
        return found

    return _at(manifest, session, request, interaction, work)


def delete_blueprints(
    manifest: Manifest,
    session: Session,
    request: BlueprintRequest,
    numbers: Sequence[int],
    interaction: Interaction = SILENT,
) -> Errands:
    """End blueprints of a project, so that their links lead nowhere.

    Raises:
        Refused: somebody is to be asked, and nobody is there, or says no.
        LsopsError: the manifest has no such project, or the server does not answer.
    """
    if request.ask:
        refuse_unasked(interaction, "ended")
        what = f"{plural(len(numbers), 'blueprint')} of {request.address}"
        require_answer(interaction, Question(f"Type yes to end {what}, so that links lead nowhere", "yes"))

    def work(holder: _Holder) -> list[Errand]:
        there = {one.id: one for one in holder.blueprints.all()}
        return [_ended(holder, number, there.get(number)) for number in numbers]

    return _at(manifest, session, request, interaction, work)


def _ended(holder: _Holder, number: int, one: Blueprint | None) -> Errand:
    """How the end of one came out; that of another project is none of this one."""
    failure = f"{number}: the project has no such blueprint"
    if one is None:
        return Errand(holder.item.address, "failed", failure, {"code": "LS564", "blueprint": number})
    try:
        holder.blueprints.delete(number)
    except NotFound:
        return Errand(holder.item.address, "failed", failure, {"code": "LS564", "blueprint": number})
    except ServerError as error:
        code = error.findings[0].code
        return Errand(holder.item.address, "failed", f"{number}: {error}", {"code": code, "blueprint": number})
    return _told(holder, one, f"{number}, {quote(one.title)}, is deleted", {})


def _told(holder: _Holder, one: Blueprint, text: str, facts: dict[str, Any]) -> Errand:
    return Errand(holder.item.address, "done", text, {"blueprint": one.id, "title": one.title, **facts})


def _at(
    manifest: Manifest,
    session: Session,
    request: BlueprintRequest,
    interaction: Interaction,
    work: Callable[[_Holder], list[Errand]],
) -> Errands:
    there = declared_with(manifest, SharesBlueprints)
    item = next((one for one in there if one.address == request.address), None)
    if item is None:
        hint = f"declared: {first_few([one.address for one in there])}" if there else "the manifest declares none"
        raise UsageError.of(f"{quote(request.address)} is nothing that has blueprints", code="LS563", hint=hint)
    facts, live = live_ones(manifest, session, [item], request.plan, interaction, "LS563")
    _refuse_without(facts)
    kind, found = registry()[item.kind], live[item.address]
    assert isinstance(kind, SharesBlueprints)  # noqa: S101  # declared_with gave only such
    return Errands(VERB, facts, tuple(work(_Holder(item, found, kind.blueprints(session, Where(found.id))))))


def _refuse_without(facts: Facts) -> None:
    if not facts.is_enterprise:
        hint = "lsops backup and lsops restore copy a project on both editions"
        raise UsageError.of(f"Label Studio {facts.edition.title()} has no blueprints", code="LS562", hint=hint)
