"""Which server a run talks to, and who it says that it is: decided from flags, variables and the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lsops.errors import Source
from lsops.manifest import Manifest
from lsops.server.choice import Choice, Token, choose, read_token, refuse_stand_in


@dataclass(frozen=True)
class ServerRequest:
    """What is said of the server and the token beside the manifest; `env` are the variables that name them."""

    server: str = ""
    token_file: str = ""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)


def resolve_server(request: ServerRequest, manifest: Manifest | None) -> Choice:
    """Which server, and by what. Raises: UsageError."""
    url, place = (manifest.server_url, manifest.server_source) if manifest else ("", None)
    choice = choose(request.server, request.env, url, place)
    if manifest is not None and place is not None and choice.by == "manifest":
        return replace(choice, source=f"{manifest.display_prefix}{place}")
    return choice


def resolve_token(choice: Choice, request: ServerRequest, manifest: Manifest | None) -> Token:
    """The token for a server. Raises: UsageError, where there is none, or the server may not have it."""
    return read_token(choice, request.env, request.token_file, _place(manifest))


def check_stand_in(choice: Choice, request: ServerRequest, manifest: Manifest | None) -> None:
    """Raises: UsageError, where the manifest alone chooses the sandbox and a token says that a server is meant."""
    refuse_stand_in(choice, request.env, request.token_file, _place(manifest))


def _place(manifest: Manifest | None) -> Source | None:
    return manifest.server_source if manifest else None
