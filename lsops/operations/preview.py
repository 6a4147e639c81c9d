"""Previews: which label configs differ, and the pages and pictures that show them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lsops.engine.planning.scope import select
from lsops.errors import Finding, LsopsError, UsageError
from lsops.manifest import Manifest
from lsops.model.plan import Plan
from lsops.model.resource import UNSET
from lsops.operations.diff import DiffRequest, diff_manifests
from lsops.operations.interaction import SILENT, Interaction
from lsops.operations.plan import PlanRequest, plan_manifest
from lsops.preview.editor.bundle import Editor
from lsops.preview.editor.sources import EditorChoice, choose_editor
from lsops.preview.page.folder import drawn_files, folder_pages, single_file
from lsops.preview.page.index import Gallery
from lsops.preview.pair import ConfigPair, drawings
from lsops.preview.pictures import Picture, find_chromium, is_root, take_pictures
from lsops.preview.record import RECORD, files_of, record
from lsops.schema import kinds
from lsops.server.session import Session

FORM = "xml"
"""How the schemas say that a field is a label config: by how it is compared."""


@dataclass(frozen=True, slots=True)
class Differing:
    """The label configs to show. `compared` says with what, `release` is that of a Community server that was asked."""

    pairs: tuple[ConfigPair, ...]
    compared: str = ""
    release: str = ""
    failures: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """How to show them: `sample` is a file with a task, `env` has the PATH on which Chromium is looked for.

    `plan` is the address of the plan's page, to which the preview's leads back.
    """

    single: bool = False
    png: bool = False
    panels: bool = False
    sample: Path | None = None
    plan: str = ""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Preview:
    """The files by their names, how many of them are pictures, whose editor drew, and what is to be said of it."""

    files: Mapping[str, bytes]
    pictures: int = 0
    editor: str = ""
    notes: tuple[Finding, ...] = ()


# ---- what is shown -------------------------------------------------------------------------------


def pairs_of_manifest(manifest: Manifest, request: PlanRequest) -> Differing:
    """Every label config that the manifest declares, within the targets. Raises: UsageError."""
    desired = select(manifest.desired, request.targets, request.skip).desired
    found = (
        ConfigPair(item.address, None, text)
        for item in desired.resources
        for name, text in item.values.items()
        if isinstance(text, str) and _is_config(item.kind, name)
    )
    return Differing(tuple(found))


def pairs_of_base(base: Manifest, manifest: Manifest, request: PlanRequest, name: str) -> Differing:
    """Those that the manifest changes of a base. Raises: as `diff_manifests`."""
    plan = diff_manifests(base, manifest, DiffRequest(request.targets, request.skip, request.shard, name))
    return Differing(_pairs(plan), f"Compared with {name}.")


def pairs_of_server(
    manifest: Manifest, session: Session, request: PlanRequest, interaction: Interaction = SILENT
) -> Differing:
    """Those that `apply` would change on the server. Raises: as `plan_manifest`."""
    plan = plan_manifest(manifest, session, request, interaction).plan
    # the releases of Enterprise are numbered apart, and its editor is nowhere to be had
    release = plan.facts.release if plan.facts.edition == "community" else ""
    return Differing(_pairs(plan), f"Compared with {plan.facts.url}.", release, plan.failures)


def _pairs(plan: Plan) -> tuple[ConfigPair, ...]:
    return tuple(
        ConfigPair(change.address, _text(one.before), _text(one.after))
        for change in plan.changes
        for one in change.fields
        if change.action != "delete" and _is_config(change.kind, one.path.lstrip("/"))
    )


def _text(value: Any) -> str | None:
    return None if value is UNSET or value is None else str(value)


def _is_config(kind: str, name: str) -> bool:
    known = kinds().get(kind)
    return any(fields[name].compare == FORM for fields in known.variants.values() if name in fields) if known else False


# ---- how it is shown -----------------------------------------------------------------------------


def make_preview(
    found: Differing, choice: EditorChoice, request: PreviewRequest, interaction: Interaction = SILENT
) -> Preview:
    """The pages, and the pictures where they are wanted. Where no editor can be had, the page has words and XML.

    Raises:
        UsageError: the editor that was named is none, the file of the sample is no task, or --png lacks a program.
    """
    given = read_sample(request.sample) if request.sample else None
    if request.png:
        find_chromium(request.env)  # before anything is drawn
    editor, notes = _editor(found, choice)
    told = " ".join(note.message for note in notes)
    gallery = Gallery(found.pairs, compared=found.compared, note=told, plan=request.plan)
    if editor is not None:
        drawn = drawings(found.pairs, given, panels=request.panels)
        gallery = replace(gallery, drawings=drawn, editor=editor.name)
    files = dict((single_file if request.single else folder_pages)(gallery, editor))
    if not request.png or editor is None or not gallery.drawings:
        return Preview(files, editor=gallery.editor, notes=notes)
    pictures, warned = _pictures(gallery, editor, request.env, interaction)
    return Preview({**files, **pictures}, len(pictures), gallery.editor, (*notes, *warned))


def read_sample(path: Path) -> dict[str, object]:
    """A task out of a file. Raises: UsageError."""
    try:
        task = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as problem:
        raise UsageError.of(f"--sample: {path} cannot be read as JSON: {problem}", code="LS644") from problem
    if isinstance(task, list) and task:
        task = task[0]
    if not isinstance(task, dict):
        hint = 'a task such as {"data": {"image": "..."}}, or a list of tasks, whose first is taken'
        raise UsageError.of(f"--sample: {path} holds no task", code="LS644", hint=hint)
    return task


def _editor(found: Differing, choice: EditorChoice) -> tuple[Editor | None, tuple[Finding, ...]]:
    """The editor, or why there is none: what changes can be told without it."""
    if not found.pairs:
        return None, ()
    try:
        return choose_editor(replace(choice, release=choice.release or found.release)), ()
    except UsageError:
        raise
    except LsopsError as problem:
        one = problem.findings[0]
        said = f"Nothing is drawn: {one.message}."
        return None, (replace(one, message=said, severity="warning"),)


def _pictures(
    gallery: Gallery, editor: Editor, env: Mapping[str, str], interaction: Interaction
) -> tuple[dict[str, bytes], tuple[Finding, ...]]:
    if is_root():
        interaction.note("as root Chromium runs without its own sandbox (--no-sandbox)")
    pngs: dict[str, bytes] = {}
    told: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        write_files(dict(drawn_files(gallery, editor)), Path(folder))
        for picture in take_pictures(Path(folder), gallery.drawings, find_chromium(env), env):
            key = picture.drawing.key
            if picture.png:
                pngs[f"{key}.png"] = picture.png
            address = gallery.pairs[int(key.partition("-")[0]) - 1].address
            told += _told(picture, address, editor)
    return pngs, tuple(dict.fromkeys(told))


def _told(picture: Picture, address: str, editor: Editor) -> Iterator[Finding]:
    if picture.lacks:
        tags = ", ".join(f"<{tag}>" for tag in picture.lacks)
        yield Finding("LS645", f"{editor.words} has no {tags}", address, severity="warning")
    if picture.errors and not picture.is_ready:
        side = picture.drawing.key.partition("-")[2]
        yield Finding("LS646", f"the config {side} was not drawn: {picture.errors[0]}", address, severity="warning")


def write_preview(made: Preview, found: Differing, folder: Path) -> None:
    """Write a preview with its record into a folder, instead of that of an earlier run. Raises: UsageError.

    A preview that is one file needs no record.
    """
    files = {**made.files}
    if len(files) > 1:
        files[RECORD] = record(found.pairs, made.files.keys(), made.editor)
    old = [name for name in (*files_of(folder), RECORD) if name not in files]
    write_files(files, folder)
    for name in old:
        if not (folder / name).parent.is_symlink():
            (folder / name).unlink(missing_ok=True)


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, which is made; what is there of the same names is replaced. Raises: UsageError."""
    try:
        for name, data in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)  # a link is replaced, not followed
            place.write_bytes(data)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageError.of(f"{folder} cannot be written: {reason}", code="LS608") from problem
