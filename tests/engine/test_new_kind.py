"""A kind is one schema, one module or folder and one sandbox table: a copy of lsops learns one from these alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

CHECKOUT = Path(__file__).parents[2]

SCHEMA = """
    {
      "title": "note",
      "description": "A note, made up for this test.",
      "x-lsops": {"kind": "note", "collection": "notes", "key": "title", "phase": 55},
      "type": "object",
      "properties": {
        "title": {"description": "Its name.", "type": "string", "minLength": 1, "x-lsops": {"compare": "strip"}},
        "text": {"description": "What it says.", "type": "string", "x-lsops": {"compare": "strip"}},
        "remind": {"description": "Whether lsops reminds of it.", "type": "boolean", "x-lsops": {"own": true}}
      },
      "additionalProperties": false
    }
"""
KIND = '''
    """Notes."""

    from lsops.kinds.contract import Kind
    from lsops.model.live import Collection


    class Note(Kind):
        name = "note"
        path = "/api/notes/"

        def read(self, reader, query):
            rows = reader.session.array(self.path)
            return {"/notes": Collection(self.name, tuple(self.from_row(row, reader.names, "/notes") for row in rows))}


    KIND = Note()
'''
RESOURCE = '''
    """Notes."""

    from lsops.sandbox.resource import Answer, Resource, Route
    from lsops.sandbox.store import Table


    def listing(call):
        return Answer(call.store.find("note"))


    def create(call):
        return Answer(call.store.insert("note", dict(call.body)), 201)


    def detail(call, note_id):
        return Answer(call.store.get("note", note_id))


    def change(call, note_id):
        changed = {**call.store.get("note", note_id), **call.body}
        call.store.replace("note", changed)
        return Answer(changed)


    def remove(call, note_id):
        call.store.delete("note", note_id)
        return Answer(None, 204)


    RESOURCE = Resource(
        "notes",
        tables=(Table("note"),),
        routes=(
            Route("/api/notes/", {"GET": listing, "POST": create}),
            Route("/api/notes/<int:note_id>/", {"GET": detail, "PATCH": change, "DELETE": remove}),
        ),
    )
'''


def lsops(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "lsops", *arguments, "--server", "sandbox:notes.db"]
    return subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True, check=False)


def write(folder: Path, text: str) -> None:
    (folder / "lsops.yaml").write_text(f"version: 1\nprune: [notes]\nnotes:\n{text}")


def test_a_copy_of_lsops_learns_a_kind_from_three_files(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "lsops", tmp_path / "lsops", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "schemas", tmp_path / "schemas")
    (tmp_path / "schemas" / "note.json").write_text(dedent(SCHEMA))
    (tmp_path / "lsops" / "kinds" / "notes").mkdir()
    (tmp_path / "lsops" / "kinds" / "notes" / "__init__.py").write_text(dedent(KIND))
    (tmp_path / "lsops" / "sandbox" / "resources" / "notes.py").write_text(dedent(RESOURCE))

    write(tmp_path, "  One: {text: first}\n  Two: {}\n")
    made = lsops(tmp_path, "apply", "--yes")
    assert made.stdout.endswith("Apply complete: 2 created, 0 updated, 0 replaced, 0 deleted.\n"), made.stderr
    assert '"One<br>note"' in lsops(tmp_path, "graph").stdout
    write(tmp_path, "  One: {text: changed}\n")
    planned = lsops(tmp_path, "plan")
    assert '|   text: "first" -> "changed"' in planned.stdout
    assert planned.stdout.endswith("Plan: 0 to create, 1 to update, 0 to replace, 1 to delete.\n")
    assert lsops(tmp_path, "apply", "--yes", "--allow-deletes", "1").returncode == 0
    write(tmp_path, "  One: {text: changed, remind: true}\n")
    assert lsops(tmp_path, "plan", "--detailed-exitcode").returncode == 0, "what is lsops' own is compared"
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "lsops.yaml").write_text("version: 1\nnotes: {One: {txt: x}}\n")
    assert 'did you mean "text"?' in lsops(tmp_path, "plan", str(wrong)).stderr
