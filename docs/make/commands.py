"""The page of the commands: usage, flags, variables and exit codes from click, examples from `examples.yaml`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

from docs.make.verbs import Verb, group_of, long_name, verbs
from lsops.cli.main import EXPLAINED, VARIABLES

EXAMPLES: dict[str, str] = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text("utf-8"))
SHARED = 4
"""A flag that so many commands have is told once for all of them."""
HEAD = """\
# Commands

Generated from the command line by `python -m docs.generate`; do not edit. `lsops COMMAND --help` prints the same.
What each number means that a command ends with is told in [exit codes](exit-codes.md).

Every flag but those that give consent has a variable, `LSOPS_` and its name: what the command line says comes first.
stdout is the result, stderr everything else.
"""


def commands_page() -> str:
    """The whole page."""
    every = list(verbs())
    seen = Counter(_key(flag) for verb in every for flag in verb.flags)
    shared = {key for key, times in seen.items() if times >= SHARED}
    sections = [line for verb in every for line in _section(verb, shared)]
    return "\n".join([HEAD, *_contents(every), "", *sections, *_shared_flags(every, shared)]).rstrip() + "\n"


def _key(flag: click.Option) -> tuple[str, str]:
    """What makes two flags of two commands the same."""
    return long_name(flag), flag.help or ""


def _contents(every: list[Verb]) -> Iterator[str]:
    yield from ("| command | what it does |", "|---|---|")
    for verb in every:
        yield f"| [`lsops {verb.name}`](#{verb.anchor}) | {_cell(_first_sentence(verb))} |"


def _first_sentence(verb: Verb) -> str:
    return " ".join(verb.told.partition("\n\n")[0].split())


def _section(verb: Verb, shared: set[tuple[str, str]]) -> Iterator[str]:
    yield from (f"## {verb.name}", "", "```text", verb.usage, "```", "", _escaped(verb.told), "")
    if example := EXAMPLES.get(verb.name):
        yield from ("```sh", example.rstrip(), "```", "")
    own = [flag for flag in verb.flags if _key(flag) not in shared]
    if own:
        yield from _table(own)
    common = [flag for flag in verb.flags if _key(flag) in shared]
    if common:
        links = ", ".join(f"[`{long_name(flag)}`](#{_anchor(flag)})" for flag in common)
        yield from (f"And {links}.", "")
    if verb.exits:
        yield from (f"[Exit codes](exit-codes.md): {_escaped(verb.exits)}.", "")


def _shared_flags(every: list[Verb], shared: set[tuple[str, str]]) -> Iterator[str]:
    flags = {_key(flag): flag for verb in every for flag in verb.flags if _key(flag) in shared}
    yield from ("## Flags of many commands", "", EXPLAINED["path"], "", EXPLAINED["server"], "")
    for name in dict.fromkeys(map(group_of, flags.values())):
        yield from (
            f"### {name}",
            "",
            *_table([flag for flag in flags.values() if group_of(flag) == name], anchors=True),
        )
    yield from ("## Environment", "", "| variable | meaning |", "|---|---|")
    yield from (f"| `{name}` | {_cell(words)} |" for name, words in VARIABLES.items())


def _table(flags: list[click.Option], *, anchors: bool = False) -> Iterator[str]:
    yield from ("| flag | meaning | variable |", "|---|---|---|")
    for flag in flags:
        record = flag.get_help_record(click.Context(click.Command("lsops"), show_default=False))
        names = record[0] if record else long_name(flag)
        mark = f'<a id="{_anchor(flag)}"></a>' if anchors else ""
        variable = f"`{flag.envvar}`" if flag.envvar else "none"
        yield f"| {mark}`{_code(names)}` | {_cell(_meaning(flag))} | {variable} |"
    yield ""


def _meaning(flag: click.Option) -> str:
    default = flag.default if isinstance(flag.default, int | float | str) and not flag.is_flag else None
    return f"{flag.help} Default: {default}." if default not in (None, "", 0) else str(flag.help)


def _anchor(flag: click.Option) -> str:
    return long_name(flag).lstrip("-")


def _code(text: str) -> str:
    return text.replace("|", "\\|")


def _escaped(text: str) -> str:
    """Prose of a help as Markdown: a star or a placeholder is what it looks like."""
    return text.replace("<", "&lt;").replace("*", "\\*").replace("${", "$\\{")


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("|", "\\|")
