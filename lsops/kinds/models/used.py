"""What hangs on prompts and their versions, asked for only where something may be deleted; no kind stands here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from lsops.errors import LsopsError, ServerError
from lsops.kinds.reader import Reader
from lsops.server.forms import COUNT, ID, TEXT, Form, OrNull

if TYPE_CHECKING:
    from lsops.server.session import Session

PROMPTS = "/api/prompts/"
PROMPT = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"versions_count": OrNull(COUNT)})
VERSION = Form(needed={"id": ID, "title": OrNull(TEXT)}, known={"model_provider_connection": OrNull(ID)})
_COUNTED = Form(needed={"existing_predictions": COUNT})

USED_BY = "lsops used by"
"""Where the row of a connection keeps the versions that use it, one `ConnectedVersion` each; None where not known."""
HELD = "lsops held"
"""Where the row of a prompt or a version keeps what a delete of it would take along."""


class ConnectedVersion(NamedTuple):
    """A version that uses a connection: the ids of its prompt and its own, and how it is called."""

    prompt: int
    version: int
    title: str


def versions_path(prompt: int | None) -> str:
    """The path of a prompt's versions."""
    return f"{PROMPTS}{prompt}/versions"


def versions(session: Session, prompt: int | None) -> list[dict[str, Any]]:
    """The versions of a prompt. Release 2.0.7 wants the id in the query, too (Enterprise facts 8.2).

    Raises: ServerError.
    """
    rows = session.array(versions_path(prompt), {"prompt_id": prompt}, form=VERSION)
    return [{**row, "parent_model": prompt} for row in rows]


def predictions(session: Session, prompt: int | None, version: int | None) -> int | None:
    """How many predictions a version has made; None where the server does not say."""
    try:
        found = session.get(f"{versions_path(prompt)}/{version}/prediction-count", form=_COUNTED)
    except LsopsError:
        return None
    return cast("int", found["existing_predictions"])


def held_by_prompt(session: Session, prompt: int | None) -> dict[str, int | None]:
    """What a prompt's delete takes along. Whether its predictions go, too, is not known: they count as if."""
    try:
        rows = versions(session, prompt)
    except ServerError:
        return {"versions": None, "predictions": None}
    made = [predictions(session, prompt, row["id"]) for row in rows]
    return {"versions": len(rows), "predictions": None if None in made else sum(filter(None, made))}


def versions_by_connection(reader: Reader) -> Mapping[int, tuple[ConnectedVersion, ...]] | None:
    """The versions by the connection that they use; None where they cannot be read."""
    try:
        prompts = reader.once(PROMPTS, PROMPT)
    except ServerError:
        return None
    found: dict[int, tuple[ConnectedVersion, ...]] = {}
    answers = reader.session.map(lambda prompt: versions(reader.session, prompt["id"]), prompts)
    for prompt, rows in zip(prompts, answers, strict=True):
        if isinstance(rows, LsopsError):
            return None
        for row in rows:
            number = row.get("model_provider_connection")
            if isinstance(number, int):
                use = ConnectedVersion(prompt["id"], row["id"], f"{prompt['title']}/{row['title']}")
                found[number] = (*found.get(number, ()), use)
    return found
