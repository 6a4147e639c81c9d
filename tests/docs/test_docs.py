"""The documentation is true: generated pages, transcripts, command lines, manifests and links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import yaml

from docs.generate import GENERATED, ROOT, page, written
from docs.make.errors import GROUPS
from docs.make.exit_codes import MEANINGS
from docs.make.verbs import exits_by_code, long_name, verbs
from lsops.advice import remedies
from lsops.cli.main import lsops as group
from lsops.errors import CODES
from lsops.manifest import load
from lsops.schema import kinds, settable

GENERATED_PAGES = [ROOT / name for name in GENERATED]
PAGES = [*written(), *GENERATED_PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(lsops [a-z][^`]*)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"^(?:\$ | *(?:- run: |- )?)(lsops [a-z].*)$", re.MULTILINE)
WRITTEN = re.compile(r"^<!-- write \S+ -->\n```.*?^```$", re.DOTALL | re.MULTILINE)
POLICIES = re.compile(r"^\$ lsops (?:policy test |.*--policy )", re.MULTILINE)
FILE = re.compile(r"\$\{file:([^}]+)\}")
LABELS = (
    '<View><Text name="t" value="$text"/><Choices name="c" toName="t">'
    '<Choice value="A"/><Choice value="B"/></Choices></View>'
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    yield from FENCE.findall(path.read_text("utf-8"))


def command_lines() -> Iterator[str]:
    for path in PAGES:
        for language, text in blocks(path):
            if language in ("sh", "console", "yaml"):
                yield from COMMAND.findall(text)
        yield from INLINE.findall(FENCE.sub("", path.read_text("utf-8")))


def manifests() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        by_readers = FENCE.findall(WRITTEN.sub("", path.read_text("utf-8")))  # the others are run by the page's session
        found = [text for language, text in by_readers if language == "yaml" and text.startswith("version: 1")]
        yield from ((f"{name(path)}[{number}]", text) for number, text in enumerate(found))


MANIFESTS = dict(manifests())


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_is_as_the_code_says(path):
    if POLICIES.search(path.read_text("utf-8")) and find_spec("cel") is None:
        pytest.skip("the extra policy needs Python 3.11")
    assert path.read_text("utf-8") == page(path), "run: python -m docs.generate"


def test_every_code_is_documented_and_no_other():
    assert set(remedies()) == set(CODES)
    assert all(set(item) == {"example", "do"} and all(item.values()) for item in remedies().values())
    text = (ROOT / "docs/errors.md").read_text("utf-8")
    assert [code for code in CODES if f'<a id="{code}">' not in text] == []
    assert {code[:3] for code in CODES} == set(GROUPS)


def test_every_settable_field_of_every_kind_is_in_the_reference():
    text = (ROOT / "docs/fields.md").read_text("utf-8")
    for kind in kinds().values():
        section = text.partition(f"\n## {kind.kind}\n")[2].partition("\n## ")[0]
        for fields in kind.variants.values():
            assert [field for field in settable(fields) if f"| `{field}` |" not in section] == []


def test_every_verb_and_every_flag_of_it_is_on_the_page_of_the_commands():
    text = (ROOT / "docs/commands.md").read_text("utf-8")
    for verb in verbs():
        section = text.partition(f"\n## {verb.name}\n")[2].partition("\n## ")[0]
        assert re.search(rf"```sh\nlsops {verb.name}\b", section), f"{verb.name} has no example"
        missing = [
            flag for flag in map(long_name, verb.flags) if f"{flag} " not in section and f"{flag}`" not in section
        ]
        assert missing == []


def test_every_exit_code_that_a_verb_tells_of_has_a_meaning():
    told = {code for verb in verbs() for code in exits_by_code(verb)}
    assert told == set(MEANINGS)


@pytest.mark.parametrize("line", sorted(set(command_lines())))
def test_a_command_line_parses(line):
    words = [word.strip("[]") for word in shlex.split(re.split(r" \|\|? | > ", line)[0], comments=True)][1:]
    command: click.Command = group
    context = click.Context(group)
    while isinstance(command, click.Group) and words:
        found = command.get_command(context, words[0])
        assert found is not None, f"no such command: {words[0]}"
        command, words, context = found, words[1:], click.Context(found)
    _, rest, _ = command.make_parser(context).parse_args(list(words))
    arguments = [item for item in command.params if isinstance(item, click.Argument)]
    assert len(rest) == 0, f"{rest} is too much for {[item.name for item in arguments]}"


@pytest.mark.parametrize("text", MANIFESTS.values(), ids=MANIFESTS.keys())
def test_a_manifest_in_a_page_validates(text, tmp_path):
    tree = yaml.safe_load(text)
    overlays = [file for block in tree.get("environments", {}).values() for file in block.get("overlays", ())]
    for file in [*tree.get("include", ()), *overlays]:
        if "*" not in file:
            put(tmp_path / file, "x-nothing: {}\n")
    for file in FILE.findall(text):
        put(tmp_path / file, LABELS)
    put(tmp_path / "lsops.yaml", text)

    manifest = load(tmp_path)

    assert manifest.desired.resources
    assert [item for item in manifest.warnings if item.code != "LS301"] == []


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_relative_links_lead_somewhere(path):
    text = FENCE.sub("", path.read_text("utf-8"))
    targets = [target for target in LINK.findall(text) if not target.startswith(("http://", "https://"))]

    dead = [target for target in targets if not leads_somewhere(path, target)]

    assert dead == []


def leads_somewhere(path: Path, target: str) -> bool:
    file, _, anchor = target.partition("#")
    goal = (path.parent / file).resolve() if file else path
    if not goal.exists() or ROOT not in (goal, *goal.parents):
        return False
    return not anchor or anchor in anchors(goal.read_text("utf-8"))


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return made | set(re.findall(r'<a id="([^"]+)">', text))
