"""Requests against the official SDK: the method that sends to that path, the keys of its body, and their types.

The SDK's clients are read as text, for there are 850 requests in them; only what is asked for is imported.
"""

from __future__ import annotations

import datetime as dt
import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import label_studio_sdk
import pydantic

from tests.support.wire import Sent

ROOT = Path(label_studio_sdk.__file__).parent
REQUEST = re.compile(
    r"^class (?P<owner>\w+)|^    (?:async )?def (?P<method>\w+)\(|"
    r"httpx_client\.request\(\s*f?\"(?P<path>[^\"]*)\",\s*(?:base_url=[^\n]*\s*)?method=\"(?P<verb>\w+)\"(?P<rest>.*?)"
    r"request_options=request_options",
    re.DOTALL | re.MULTILINE,
)
KEY = re.compile(
    r"^                \"(\w+)\": (?:convert_and_respect_annotation_metadata\(\s*object_=)?(\w+)", re.MULTILINE
)
SCALARS: Mapping[Any, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (int, float),
    bool: (bool,),
    dt.datetime: (str,),
}


@dataclass(frozen=True)
class Method:
    """One method of the SDK: where it stands, and which parameter is which key of the body; `""` is the body itself."""

    module: str
    owner: str
    name: str
    keys: Mapping[str, str]

    def problems(self, body: Any) -> Iterator[str]:
        """What of a body it would not send."""
        hints = {name: one.annotation for name, one in self._signature().parameters.items()}
        if "" in self.keys:
            yield from misfits(hints[self.keys[""]], body, "the body")
            return
        for key, value in (body or {}).items():
            if key not in self.keys:
                yield f"{key} is unknown"
            else:
                yield from misfits(hints[self.keys[key]], value, key)

    def _signature(self) -> inspect.Signature:
        return inspect.signature(getattr(getattr(import_module(self.module), self.owner), self.name), eval_str=True)


@cache
def methods() -> Mapping[tuple[str, str], tuple[Method, ...]]:
    """Every method that sends a request, by its HTTP method and the pattern of its path."""
    found: dict[tuple[str, str], tuple[Method, ...]] = {}
    for path in sorted(ROOT.rglob("raw_client.py")):
        module = ".".join(("label_studio_sdk", *path.relative_to(ROOT).with_suffix("").parts))
        for place, method in _methods_in(path.read_text("utf-8").partition("\nclass Async")[0], module):
            found[place] = (*found.get(place, ()), method)
    return found


def _methods_in(text: str, module: str) -> Iterator[tuple[tuple[str, str], Method]]:
    owner = name = ""
    for match in REQUEST.finditer(text):
        owner, name = match["owner"] or owner, match["method"] or name
        if match["path"] is not None:
            pattern = "/" + re.sub(r"\{[^}]*\}", "*", match["path"]).lstrip("/")
            yield (match["verb"], pattern), Method(module, owner, name, _keys_in(match["rest"].partition("json=")[2]))


def _keys_in(body: str) -> dict[str, str]:
    """The keys of a body that is written out, or the parameter that is all of it."""
    if not body or body.startswith("{"):
        return dict(KEY.findall(body))
    whole = re.match(r"(?:convert_and_respect_annotation_metadata\(\s*object_=)?(\w+)", body)
    return {"": whole[1]} if whole else {}


def methods_for(sent: Sent) -> list[Method]:
    """The methods that send to the path of a request; `*` is one part of it, and the last slash makes no difference."""
    parts = sent.path.rstrip("/").count("/")
    return [
        method
        for (verb, pattern), several in methods().items()
        if verb == sent.method
        and pattern.rstrip("/").count("/") == parts
        and fnmatchcase(sent.path.rstrip("/"), pattern.rstrip("/"))
        for method in several
    ]


def misfits(wanted: Any, value: Any, place: str) -> list[str]:
    """Why a value is not of a type of the SDK: in which the words of an enumeration count, and so do unknown keys."""
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return _of_union(inner, value, place)
    if origin is typing.Literal:
        return [] if value in inner else [f"{place} is {value!r}, and no word of {list(inner)}"]
    if origin in (list, typing.Sequence) or wanted is list:
        return _of_list(inner, value, place)
    if origin is dict:
        return _of_items(inner[1], value, place)
    if inspect.isclass(wanted) and issubclass(wanted, pydantic.BaseModel):
        return _of_model(wanted, value, place)
    is_right = (
        isinstance(value, SCALARS[wanted]) and (wanted is bool or not isinstance(value, bool))
        if wanted in SCALARS
        else True
    )
    return [] if is_right else [f"{place} is {value!r}, and no {wanted.__name__}"]


def _of_union(inner: tuple[Any, ...], value: Any, place: str) -> list[str]:
    """`Union[Literal[…], Any]` is an enumeration that the SDK may not know all words of: here it counts as one."""
    told = [one for one in inner if one is not Any and one is not type(None)]
    if (value is None and type(None) in inner) or not told:
        return []
    tried = [misfits(one, value, place) for one in told]
    return min(tried, key=len)


def _of_list(inner: tuple[Any, ...], value: Any, place: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{place} is {value!r}, and no list"]
    return [
        text
        for number, one in enumerate(value)
        for text in misfits(inner[0] if inner else Any, one, f"{place}.{number}")
    ]


def _of_items(wanted: Any, value: Any, place: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{place} is {value!r}, and no map"]
    return [text for name, one in value.items() for text in misfits(wanted, one, f"{place}.{name}")]


def _of_model(wanted: type[pydantic.BaseModel], value: Any, place: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{place} is {value!r}, and no map"]
    fields = {one.alias or name: one for name, one in wanted.model_fields.items()}
    found = [f"{place}.{name} is unknown" for name in value if name not in fields]
    known = (
        text
        for name in value
        if name in fields
        for text in misfits(fields[name].annotation, value[name], f"{place}.{name}")
    )
    return [*found, *known]


def invalid(requests: Iterable[Sent], excused: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What of the requests no method of the SDK would send, each once.

    `excused` has by `METHOD PATH`, with `*` for any part of it, why a request is none of the SDK's (`request`), or what
    of its body is not (`keys`, by name).
    """
    found: dict[str, None] = {}
    for sent in requests:
        mine = [one for call, one in excused.items() if fnmatchcase(f"{sent.method} {sent.path}", call)]
        if any("request" in one for one in mine):
            continue
        keys = [name for one in mine for name in one.get("keys", ())]
        several = [list(method.problems(sent.body)) for method in methods_for(sent)]
        wrong = min(several, key=len) if several else ["the SDK has no such request"]
        told = [text for text in wrong if not any(fnmatchcase(text.split(" ")[0], key) for key in keys)]
        found |= {f"{sent.method} {sent.path}: {text}": None for text in told}
    return list(found)
