"""The YAML language server of npm, spoken to over its standard streams as an editor does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

import pytest

NODE = Path(__file__).parents[1] / "node"
SERVER = NODE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
WITH_LANGUAGE_SERVER = pytest.mark.skipif(
    shutil.which("node") is None or not SERVER.is_file(),
    reason="the YAML language server is not installed: run `npm ci` in tests/node",
)
CURSOR = "|"
"""Where the cursor stands in a text of a test."""
PATIENCE = 120
"""Seconds after which a server that hangs is ended."""
SETTINGS = {
    "completion": True,
    "hover": True,
    "validate": True,
    "schemaStore": {"enable": False},
    "kubernetesCRDStore": {"enable": False},
}


class LanguageServer:
    """One running server. Its schema is the one that a text's first line names, relative to `folder`."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, associations: Mapping[str, Any]) -> None:
        self._process = process
        self._folder = folder
        self._settings = {"yaml": {**SETTINGS, "schemas": dict(associations)}}
        self._asked = 0
        self._opened = 0
        self._diagnostics: dict[str, list[Mapping[str, Any]]] = {}
        capabilities = {
            "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
            "workspace": {
                "workspaceFolders": True,
                "configuration": True,
                "didChangeConfiguration": {"dynamicRegistration": True},
            },
        }
        workspace = [{"uri": folder.as_uri(), "name": "manifest"}]
        opened = {"processId": None, "rootUri": folder.as_uri(), "workspaceFolders": workspace}
        self._ask("initialize", {**opened, "capabilities": capabilities})
        self._send({"method": "initialized", "params": {}})

    def completions(self, text: str, name: str = "") -> dict[str, str]:
        """What is offered where the cursor stands: by its label, what is inserted."""
        answer = self._at("completion", text, name)
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {item["label"]: (item.get("textEdit") or {}).get("newText", item.get("insertText")) for item in items}

    def hover(self, text: str, name: str = "") -> str:
        """What is told of the word at the cursor, as text without Markdown's escapes."""
        answer = self._at("hover", text, name)
        return re.sub(r"\\([^\w\s])", r"\1", answer["contents"]["value"]).replace("&nbsp;", " ") if answer else ""

    def problems(self, text: str, name: str = "") -> list[tuple[int, str]]:
        """The lines, from 1, and messages of what the server finds wrong."""
        return self.problems_of([text], name)[0]

    def problems_of(self, texts: Sequence[str], name: str = "") -> list[list[tuple[int, str]]]:
        """The same of many texts: the server waits before it looks at one, and does so for all at once."""
        self._diagnostics.clear()
        opened = [self._open(text, name) for text in texts]
        while not self._diagnostics.keys() >= set(opened):
            self._handle(self._receive())
        return [
            sorted((one["range"]["start"]["line"] + 1, one["message"]) for one in self._diagnostics[uri])
            for uri in opened
        ]

    def _at(self, what: str, text: str, name: str) -> Any:
        before, _, after = text.partition(CURSOR)
        uri = self._open(before + after, name)
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self._ask(f"textDocument/{what}", {"textDocument": {"uri": uri}, "position": position})

    def _open(self, text: str, name: str) -> str:
        self._opened += 1
        uri = (self._folder / (name or f"{self._opened}.yaml")).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": self._opened, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return uri

    def _ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._asked and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._handle(message)

    def _handle(self, message: Mapping[str, Any]) -> None:
        """Answer what the server asks, and keep what it says of a text."""
        if message.get("method") == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            settings = [self._settings.get(one["section"], {}) for one in message.get("params", {}).get("items", [])]
            self._send({"id": message["id"], "result": settings if "configuration" in message["method"] else None})

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            length = int(line.partition(b":")[2]) if line.startswith(b"Content-Length") else length
        assert length, "the language server has ended"
        return dict(json.loads(stream.read(length)))


@contextmanager
def language_server(folder: Path, associations: Mapping[str, Any] | None = None) -> Iterator[LanguageServer]:
    """A server with `folder` as its workspace, which ends with the block; `associations` is `yaml.schemas`."""
    command = ["node", str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder) as process:
        patience = Timer(PATIENCE, process.kill)
        patience.start()
        try:
            yield LanguageServer(process, folder, associations or {})
        finally:
            patience.cancel()
            process.kill()
