"""What the server checks in a label config, in its order and its words (community-api 2.5).

Well-formed XML without a DOCTYPE, required attributes of the tags it knows inside `<View>`, unique
names, known `toName`s, the speeds of a `<Video>`. Unknown tags, other roots and duplicate labels
pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from lsops.sandbox.envelope import Crash, Malformed
from lsops.sandbox.fields import Bad
from lsops.sandbox.labelconfig import tree

_ENCODED = re.compile(r"<\?xml[^>]+\sencoding\s*=\s*[\"'][^\"']*[\"']")
_NOT_UNICODE = (
    "Unicode strings with encoding declaration are not supported. "
    "Please use bytes input or XML fragments without declaration."
)
_SLOWEST, _FASTEST = 0.05, 10
# What the server's schema looks at below the root and below an inner <View>, in its order.
_IN_ROOT = (
    "Choices",
    "Labels",
    "View",
    "Image",
    "Text",
    "HyperText",
    "TextArea",
    "Number",
)
_IN_VIEW = (
    "Labels",
    "Choices",
    "Label",
    "Choice",
    "Image",
    "Text",
    "HyperText",
    "View",
    "TextArea",
    "Number",
)
_NEEDS = {
    **dict.fromkeys(("Image", "Text", "HyperText"), ("name", "value")),
    **dict.fromkeys(("TextArea", "Number", "Labels", "Choices"), ("name", "toName")),
    **dict.fromkeys(("Label", "Choice"), ("value",)),
}
_WHICH = {"Image", "Text", "HyperText", "Label", "Choice", "Labels", "Choices"}
"""Tags whose place among their equals is named in the message."""


def check(config: Any) -> str:
    """The config, or `Bad` with the server's message; an encoding in the XML declaration is a crash there."""
    if config is None:
        raise Bad("can only parse strings")
    root = well_formed(config)
    if root.tag == "View":
        for problem in _missing(root, _IN_ROOT):
            raise Bad(f"Validation failed on {problem}")
    _check_names(ET.tostring(root, encoding="unicode"))
    if _ENCODED.match(config):
        raise Crash(_NOT_UNICODE)
    problems = [problem for tag in root.iter("Video") for problem in _speeds(tag)]
    if problems:
        raise Bad("\n".join(problems))
    return str(config)


def well_formed(config: str) -> ET.Element:
    """The tree; the parser's message as `Bad` when there is none."""
    try:
        _scan(config)
    except expat.ExpatError as error:
        raise Bad(str(error)) from error
    return tree(config)


def check_syntax(config: Any) -> None:
    """The look that an update takes before it looks at fields: a text that is no XML has no field error.

    The wording there is libxml2's, here expat's. A DOCTYPE is the later check's business.
    """
    if not isinstance(config, str):
        raise Crash(f"memoryview: a bytes-like object is required, not '{type(config).__name__}'")
    if _ENCODED.match(config):
        raise Crash(_NOT_UNICODE)
    try:
        _scan(config)
    except expat.ExpatError as error:
        raise Malformed(f"{error} (<string>, line {error.lineno})") from error
    except Bad:
        return


def _scan(config: str) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _forbid
    parser.Parse(config, True)


def _forbid(name: str, system: str | None, public: str | None, _subset: bool) -> None:
    raise Bad(f"DTDForbidden(name={name!r}, system_id={system!r}, public_id={public!r})")


def _missing(parent: ET.Element, known: Sequence[str]) -> Iterator[str]:
    """Where an attribute or a child is missing, and which: `1: 'value' is a required property`."""
    for name in known:
        tags = parent.findall(name)
        yield from _single_choices(tags)
        for index, tag in enumerate(tags):
            place = str(index) if len(tags) > 1 and name in _WHICH else ""
            yield from (f"{place}: {problem}" for problem in _own_needs(tag))
            yield from _below(tag)


def _single_choices(tags: Sequence[ET.Element]) -> Iterator[str]:
    """The server makes a list of a single <Choice> only if each of several <Choices> has one."""
    if len(tags) < 2 or tags[0].tag != "Choices" or all(tag.find("Choice") is not None for tag in tags):
        return
    for index, tag in enumerate(tags):
        choices = tag.findall("Choice")
        if len(choices) == 1:
            yield f"{index}/Choice: {_pairs(choices[0])} is not of type 'array'"


def _pairs(tag: ET.Element) -> str:
    return f"OrderedDict([{', '.join(str(pair) for pair in tag.attrib.items())}])"


def _own_needs(tag: ET.Element) -> Iterator[str]:
    needs = _NEEDS.get(tag.tag, ())
    if tag.tag in ("Image", "Text", "HyperText") and "valueList" in tag.attrib:
        if "value" in tag.attrib and "name" in tag.attrib:
            ways = "{'required': ['name', 'valueList']}, {'required': ['name', 'value']}"
            yield f"{_pairs(tag)} is valid under each of {ways}"
        needs = ("name",)
    yield from (f"{need!r} is a required property" for need in needs if need not in tag.attrib)
    if tag.tag in ("Labels", "Choices"):
        child = tag.tag.removesuffix("s")
        if "value" not in tag.attrib and tag.find(child) is None and tag.find("View") is None:
            yield f"{child!r} is a required property"


def _below(tag: ET.Element) -> Iterator[str]:
    if tag.tag == "View":
        yield from _missing(tag, _IN_VIEW)
    elif tag.tag == "Labels":
        yield from _missing(tag, ("Label", "View"))
    elif tag.tag == "Choices":
        for index, choice in enumerate(tag.findall("Choice")):
            yield from (f"Choice/{index}: {problem}" for problem in _own_needs(choice))
        yield from _missing(tag, ("View",))


def _check_names(xml: str) -> None:
    names = re.findall(r'name="([^"]*)"', xml)
    if len(set(names)) != len(names):
        raise Bad("Label config contains non-unique names")
    for targets in re.findall(r'toName="([^"]*)"', xml):
        for target in targets.split(","):
            if target not in names:
                raise Bad(f'toName="{target}" not found in names: {sorted(names)}')


def _speeds(tag: ET.Element) -> Iterator[str]:
    if not (tag.get("name") and tag.get("value")):
        return
    who = f'Video tag "{tag.get("name")}"'
    given = {name: tag.attrib[name] for name in ("defaultPlaybackSpeed", "minPlaybackSpeed") if name in tag.attrib}
    speeds = {name: _as_float(value) for name, value in given.items()}
    yield from (f'{who}: {name} must be a number, got "{given[name]}"' for name in given if speeds[name] is None)
    yield from _odd_speeds(who, {name: speed for name, speed in speeds.items() if speed is not None})


def _as_float(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _odd_speeds(tag: str, speeds: dict[str, float]) -> Iterator[str]:
    for name, speed in speeds.items():
        if not _SLOWEST <= speed <= _FASTEST:
            yield f"{tag}: {name} must be between {_SLOWEST} and {_FASTEST}, got {speed}"
    default, least = speeds.get("defaultPlaybackSpeed"), speeds.get("minPlaybackSpeed")
    if default is not None and least is not None and least > default:
        yield f"{tag}: minPlaybackSpeed ({least}) must not exceed defaultPlaybackSpeed ({default})"
