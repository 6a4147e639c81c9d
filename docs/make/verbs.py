"""The verbs of the command line as the pages tell them, from click."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc

import click

from lsops.cli.flag_groups import flag_group
from lsops.cli.main import lsops

CODES = re.compile(r"Exit codes:\s+(.*?)\s*\.?\s*$", re.DOTALL)
CODE = re.compile(r"(?:^|[,;] (?:with --[a-z-]+ )?)(\d+) ")


@dataclass(frozen=True)
class Verb:
    """A command that does something; `name` has the words behind `lsops`."""

    name: str
    command: click.Command

    @property
    def anchor(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def usage(self) -> str:
        context = click.Context(self.command, info_name=f"lsops {self.name}")
        return " ".join(("lsops", self.name, *self.command.collect_usage_pieces(context)))

    @property
    def told(self) -> str:
        """Its help without the exit codes, as paragraphs."""
        return CODES.sub("", cleandoc(self.command.help or "")).strip()

    @property
    def exits(self) -> str:
        """What it says of its exit codes; empty where it is silent."""
        found = CODES.search(cleandoc(self.command.help or ""))
        return " ".join(found[1].split()) if found else ""

    @property
    def flags(self) -> list[click.Option]:
        shown = (param for param in self.command.params if isinstance(param, click.Option) and not param.hidden)
        return list(shown)


def verbs() -> Iterator[Verb]:
    """Every one, in the order of `lsops --help`."""
    context = click.Context(lsops)
    for name in lsops.list_commands(context):
        command = lsops.get_command(context, name)
        if isinstance(command, click.Group):
            yield from (Verb(f"{name} {inner}", command.commands[inner]) for inner in command.list_commands(context))
        elif command is not None:
            yield Verb(name, command)


def exits_by_code(verb: Verb) -> dict[int, str]:
    """What each exit code of a verb says, in its own words."""
    parts = CODE.split(verb.exits)
    return {int(code): words.strip() for code, words in zip(parts[1::2], parts[2::2], strict=True)}


def group_of(flag: click.Option) -> str:
    """The heading that a flag stands under in the help."""
    return flag_group(flag)


def long_name(flag: click.Option) -> str:
    """The longest of its names, by which it is known."""
    return max(flag.opts, key=len)
