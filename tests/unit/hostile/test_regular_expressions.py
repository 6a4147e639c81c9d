"""Every regular expression of the package takes time in proportion to its text, whatever the text is."""

from __future__ import annotations

import ast
import importlib
import itertools
import json
import pkgutil
import re
from collections.abc import Callable, Iterator

import pytest

import lsops
from lsops.engine.planning.scope import matches
from lsops.manifest.findings import quote
from lsops.manifest.reference_syntax import references_in
from lsops.masking import credentials_of, mask_addresses, mask_key, mask_urls
from lsops.render import safe
from lsops.schema import directory
from lsops.server.answers import _page_title
from lsops.spelling import nearest
from lsops.validation import anchored
from tests.support.clock import processor_seconds

SMALL, LARGE = 1_000, 4_000
SLOW = 0.003
"""Seconds that are looked at closely: a linear search of the large text takes a tenth of it."""
METHODS = "match fullmatch search sub split findall finditer".split()
INLINE = re.compile(r"""\bre\.(\w+)\(\s*(r?"(?:[^"\\]|\\.)*"|r?'(?:[^'\\]|\\.)*'|_?[A-Z_]{2,})\s*,""")

PIECES = [
    *"a0 @/:?#$.-_<>\"'=\\\n`[]{}()&!+*%~^",
    *("a@", "a.", "a:", "@a.", "://", "a://", ":~1~1", "a:~1~1", "${", "${file:", "$${var:", "{{", "$(", "${a}", "*a"),
    *("name=", 'name="', " name='", "toName=", ">1", ">1 ", "<!", "<a", "&#", "#[", "##", "1.", "1e", ".0"),
    *("<title", "<title>", "<?xml ", " encoding=", "\\u", "\\0", "!a ", "&a ", "a-", "data.", "__", "a b", "__ "),
]
STARTS = ["", "a://", "http://", "https://a.b/", " ", "<?xml ", "filter:tasks:", "tasks:", '"', "a:~1~1"]
ENDS = ["", " x\0"]

GUARDED = {"lsops.manifest.reference_syntax.REFERENCE.finditer", "lsops.server.answers._TITLE.search"}
"""Linear only within the bounds that a function sets; that function is tried."""
FUNCTIONS = [
    *(
        references_in,
        mask_urls,
        mask_key,
        mask_addresses,
        credentials_of,
        quote,
        _page_title,
        safe.line,
        safe.json_text,
    ),
    *(
        lambda text: nearest(text, ["description", text]),
        lambda text: matches(text[:40], text),
        lambda text: matches("**" * 9, text),
    ),
    *(lambda text: matches("**/a*/**b**" * 5 + "*c*d*", text), lambda text: matches("/" + "*a" * 40, text)),
]


def uses() -> Iterator[tuple[str, Callable[[str], object]]]:
    """Every use of a pattern in the package, by the name of its module and method, and each pattern of the schemas."""
    sources = {name: importlib.util.find_spec(name).loader.get_source(name) for name in modules()}
    called_so = sorted(set(re.findall(rf"\b(\w+)\.({'|'.join(METHODS)})\b", "\n".join(sources.values()))))
    for name, source in sources.items():
        module = importlib.import_module(name)
        for called in re.findall(r"^(\w+) = re\.compile", source, re.MULTILINE):
            for method in (method for owner, method in called_so if owner == called):
                yield f"{name}.{called}.{method}", getattr(module, called)
        for method, written in INLINE.findall(source):
            pattern = getattr(module, written) if written.isupper() else ast.literal_eval(written)
            if method in METHODS:
                yield f"{name}: {written}.{method}", re.compile(pattern)
    for pattern in sorted(patterns_of_schemas()):
        yield f"schemas: {pattern}.search", re.compile(anchored(pattern))


def modules() -> list[str]:
    found = pkgutil.walk_packages(lsops.__path__, "lsops.")
    return [info.name for info in found if not info.name.endswith("__main__")]


def method_of(name: str, pattern: re.Pattern[str]) -> Callable[[str], object]:
    method = name.rpartition(".")[2]
    if method == "sub":
        return lambda text: pattern.sub("", text)
    return lambda text: list(pattern.finditer(text)) if method == "finditer" else getattr(pattern, method)(text)


def patterns_of_schemas() -> set[str]:
    def inside(spec: object) -> Iterator[str]:
        if isinstance(spec, dict):
            yield from (sub for word, sub in spec.items() if word == "pattern" and isinstance(sub, str))
            yield from itertools.chain.from_iterable(map(inside, spec.values()))
        elif isinstance(spec, list):
            yield from itertools.chain.from_iterable(map(inside, spec))

    return {found for path in directory().glob("*.json") for found in inside(json.loads(path.read_text("utf-8")))}


def texts(length: int) -> Iterator[str]:
    for start, piece, end in itertools.product(STARTS, PIECES, ENDS):
        yield start + piece * (length // len(piece)) + end


def seconds(use: Callable[[str], object], text: str, times: int = 1) -> float:
    return min(processor_seconds(lambda: use(text)) for _ in range(times))


USES = {name: pattern for name, pattern in uses() if isinstance(pattern.pattern, str) and name not in GUARDED}


@pytest.mark.parametrize("use", [method_of(*use) for use in USES.items()], ids=USES.keys())
def test_four_times_the_text_takes_about_four_times_as_long(use):
    for short, long in zip(texts(SMALL), texts(LARGE), strict=True):
        if seconds(use, long) > SLOW:
            ratio = seconds(use, long, 3) / max(seconds(use, short, 3), SLOW / 16)
            assert ratio < 9, (long[:40], long[-4:], ratio)


@pytest.mark.parametrize("use", FUNCTIONS)
def test_what_looks_through_foreign_text_is_linear_in_it(use):
    test_four_times_the_text_takes_about_four_times_as_long(
        lambda text: list(use(text) or ()) if use is references_in else use(text)
    )


def test_a_quadratic_expression_would_be_found():
    with pytest.raises(AssertionError):
        test_four_times_the_text_takes_about_four_times_as_long(re.compile(r":[^\s=]*=").search)


def test_the_expressions_are_found():
    assert len(USES) > 60
