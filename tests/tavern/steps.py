"""Label Studio's own API tests, the tavern files inside its package, as steps that any server can be asked.

They are read as tavern reads them: a stage is a request and what its answer must have, and values that one answer saved
stand in the next request. Who signs up or logs in there is the owner here, by token. What only Django can do (functions
of the tests, mocks) is no step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import yaml

PACKAGE = "lib/python3.*/site-packages/label_studio"
"""Where it lies below the environment of the server."""
_NOTHING = ":save_response"
"""A function of the tests that only writes down what came."""
_WHO = re.compile(r"/(user/(signup|login)|logout)\b")


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value that says how it is meant: `!int "{x}"`, `!anystr`, `!re_match "…"`."""

    tag: str
    value: Any


class _Loader(yaml.SafeLoader):
    """YAML with tavern's own tags, where an anchor holds in all later documents of its file."""

    def compose_document(self) -> yaml.Node | None:
        self.get_event()
        node = self.compose_node(None, None)
        self.get_event()
        return node


def _tagged(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Tagged:
    return Tagged(tag, loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None)


_Loader.add_multi_constructor("!", _tagged)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage; `name` is file, test and number of the stage, and never changes while the package does not."""

    name: str
    stage: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """One test: its steps share what they saved."""

    name: str
    steps: tuple[Step, ...]
    strict: bool


def scenes(folder: Path) -> Iterator[Scene]:
    """Every test of the package, in the order of the files and of the tests in each; `folder` is the package's."""
    with (folder / "tests/shared_stages.yml").open("r", encoding="utf-8") as file:
        shared = {stage["id"]: stage for document in _load(file) for stage in document["stages"]}
    for path in sorted((folder / "tests").rglob("*.tavern.yml")):
        place = path.relative_to(folder / "tests").as_posix().removesuffix(".tavern.yml")
        known = dict(shared)
        for number, test in enumerate(_load(path.open("r", encoding="utf-8"))):
            yield _scene(f"{place}:{number}", test, known)


def _load(file: Any) -> list[dict[str, Any]]:
    with file:
        return [document for document in yaml.load_all(file, _Loader) if document]


def _scene(place: str, test: Mapping[str, Any], shared: dict[str, Any]) -> Scene:
    own = {stage["id"]: stage for stage in test["stages"] if "id" in stage and stage.get("type") != "ref"}
    known = {**shared, **own}
    stages = [known[stage["id"]] if stage.get("type") == "ref" else stage for stage in test["stages"]]
    steps = (Step(f"{place}:{number}", stage) for number, stage in enumerate(stages))
    return Scene(place, tuple(steps), strict=bool(test.get("strict", False)))


class _Box(dict[str, Any]):
    """An object whose keys are also attributes: `{view.id}` in a text that is filled in."""

    def __getattr__(self, name: str) -> Any:
        try:
            return _boxed(self[name])
        except KeyError:
            raise AttributeError(name) from None


def _boxed(value: Any) -> Any:
    return _Box(value) if isinstance(value, dict) else value


class NotOurs(Exception):
    """A step that needs Django, or what an earlier step could not save."""


class Runner:
    """Takes the steps of one test to a server; `root` holds the files that requests send."""

    def __init__(self, client: httpx.Client, token: str, root: Path) -> None:
        self._client = client
        self._token = token
        self._root = root
        self._signed_in = False
        self._saved: dict[str, Any] = {"django_live_url": ""}

    def passes(self, step: Step, *, strict: bool) -> bool:
        """Whether the server answers as the stage says. Raises: NotOurs."""
        request = self._filled(step.stage["request"])
        if _WHO.search(request["url"]):
            self._signed_in = "logout" not in request["url"]
            return True
        answer = self._ask(request)
        wanted = self._filled(step.stage.get("response") or {})
        self._save(wanted.get("save") or {}, answer)
        return _is_as(wanted, answer, strict=strict)

    def _ask(self, request: Mapping[str, Any]) -> httpx.Response:
        headers = {str(name).lower(): str(value) for name, value in (request.get("headers") or {}).items()}
        if self._signed_in:
            headers.setdefault("authorization", f"Token {self._token}")
        if "files" in request:
            headers.pop("content-type", None)
        return self._client.request(
            request.get("method", "GET"),
            request["url"],
            params=request.get("params"),
            **_body(request, headers, self._root),
        )

    def _save(self, wished: Mapping[str, Any], answer: httpx.Response) -> None:
        if "$ext" in wished:
            raise NotOurs
        for name, path in (wished.get("json") or {}).items():
            self._saved.pop(name, None)
            with suppress(ValueError, LookupError, TypeError):
                self._saved[name] = _at(answer.json(), str(path))

    def _filled(self, value: Any) -> Any:
        """A value with what was saved put in."""
        if isinstance(value, dict):
            if "$ext" in value:
                raise NotOurs
            return {self._filled(key): self._filled(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self._filled(part) for part in value]
        if isinstance(value, Tagged):
            return self._untagged(value)
        return self._formatted(value) if isinstance(value, str) else value

    def _untagged(self, value: Tagged) -> Any:
        if value.tag == "raw":
            return value.value
        if value.tag == "force_format_include":
            return self._saved[value.value.strip("{}")]
        text = self._formatted(value.value) if isinstance(value.value, str) else value.value
        if value.tag == "int" and not str(text).isdecimal():
            raise NotOurs
        return {"int": int, "float": float, "bool": lambda word: word.lower() == "true"}.get(
            value.tag, lambda same: Tagged(value.tag, same)
        )(text)

    def _formatted(self, text: str) -> str:
        try:
            return text.format(**{name: _boxed(value) for name, value in self._saved.items()})
        except (KeyError, IndexError, AttributeError, ValueError) as error:
            raise NotOurs from error


def outcomes(client: httpx.Client, token: str, folder: Path) -> dict[str, bool | None]:
    """What becomes of every step, test after test on the one server: whether it passes, None for what is no step."""
    found: dict[str, bool | None] = {}
    for scene in scenes(folder):
        runner = Runner(client, token, folder)
        for step in scene.steps:
            found[step.name] = _outcome(runner, step, strict=scene.strict)
    return found


def _outcome(runner: Runner, step: Step, *, strict: bool) -> bool | None:
    try:
        return runner.passes(step, strict=strict)
    except NotOurs:
        return None


def _body(request: Mapping[str, Any], headers: dict[str, str], root: Path) -> dict[str, Any]:
    """The body as `requests` sends it: a form of lists, whose objects are their keys."""
    if "files" in request:
        files = {name: (Path(path).name, (root / path).read_bytes()) for name, path in request["files"].items()}
        return {"headers": headers, "files": files, "data": request.get("data")}
    if "json" in request:
        return {"headers": headers, "json": request["json"]}
    data = request.get("data")
    if isinstance(data, dict):
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
        return {"headers": headers, "content": urlencode(list(_pairs(data)))}
    return {"headers": headers, "content": str(data)} if data is not None else {"headers": headers}


def _pairs(data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        for one in value if isinstance(value, (list, dict)) else [value]:
            if one is not None:
                yield name, one


def _is_as(wanted: Mapping[str, Any], answer: httpx.Response, *, strict: bool) -> bool:
    verified = wanted.get("verify_response_with") or []
    for check in verified if isinstance(verified, list) else [verified]:
        if not check["function"].endswith(_NOTHING):
            raise NotOurs
    codes = wanted.get("status_code", 200)
    if answer.status_code not in (codes if isinstance(codes, list) else [codes]):
        return False
    headers = wanted.get("headers") or {}
    if any(not _fits(value, answer.headers.get(name), strict=True) for name, value in headers.items()):
        return False
    if "json" not in wanted or wanted["json"] is None:
        return True
    try:
        return _fits(wanted["json"], answer.json(), strict=strict)
    except ValueError:
        return False


def _fits(wanted: Any, found: Any, *, strict: bool) -> bool:
    """Whether a value is what is wanted; unless strict, objects may have more keys, and lists more items."""
    if isinstance(wanted, Tagged):
        return _is_tagged(wanted, found)
    if isinstance(wanted, dict):
        if not isinstance(found, dict) or (strict and wanted.keys() != found.keys()):
            return False
        return all(key in found and _fits(value, found[key], strict=strict) for key, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and _fit_items(wanted, found, strict=strict)
    return bool(wanted == found)


def _fit_items(wanted: list[Any], found: list[Any], *, strict: bool) -> bool:
    if strict or len(wanted) == len(found):
        pairs = zip(wanted, found, strict=False)
        return len(wanted) == len(found) and all(_fits(one, other, strict=strict) for one, other in pairs)
    rest = iter(found)
    return all(any(_fits(one, other, strict=strict) for other in rest) for one in wanted)


_KINDS = {"anyint": int, "anystr": str, "anydict": dict, "anylist": list, "anyfloat": float, "anybool": bool}


def _is_tagged(wanted: Tagged, found: Any) -> bool:
    if wanted.tag in _KINDS:
        return isinstance(found, _KINDS[wanted.tag])
    if wanted.tag in ("re_match", "re_search", "re_fullmatch"):
        return isinstance(found, str) and bool(getattr(re, wanted.tag[3:])(wanted.value, found))
    return wanted.tag == "anything"


def _at(value: Any, path: str) -> Any:
    """The part of an answer that a path names: `a.b`, `[0].id`, `task_ids[1]`, `@`."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if name != "@":
            value = value[int(index)] if index else value[name]
    if value is None:
        raise LookupError(path)
    return value
