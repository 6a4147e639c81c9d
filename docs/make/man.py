"""The man pages, one for each verb: `python -m docs.make.man FOLDER` writes them, from the help of the commands alone.

They are dated as the release in CHANGELOG.md, so that the same source makes the same bytes, and need nothing beside
what lsops itself does.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from lsops import __version__
from lsops.cli.main import VARIABLES, VERBS, lsops

ROOT = Path(__file__).parents[2]


def man_pages() -> Mapping[str, str]:
    """The text of each page in roff, by the name of its file: `lsops-plan.1`."""
    top = _of(lsops, "lsops")
    return {f"{context.command_path.replace(' ', '-')}.1": "\n".join(_page(context)) + "\n" for context in _every(top)}


def _every(context: click.Context) -> Iterator[click.Context]:
    yield context
    for name, command in _below(context).items():
        yield from _every(_of(command, name, context))


def _of(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def _below(context: click.Context) -> Mapping[str, click.Command]:
    group = context.command
    if not isinstance(group, click.Group):
        return {}
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None and not command.hidden}


def _page(context: click.Context) -> Iterator[str]:
    name, command = context.command_path.replace(" ", "-"), context.command
    yield f'.TH "{name.upper()}" "1" "{_released()}" "lsops {__version__}" "lsops"'
    yield from (".SH NAME", f"{_roff(name)} \\- {_roff(_in_short(context))}")
    yield from (".SH SYNOPSIS", f".B {_roff(context.command_path)}")
    yield _roff(" ".join(command.collect_usage_pieces(context)))
    yield from (".SH DESCRIPTION", *_paragraphs(command.help or ""))
    yield from (".SH OPTIONS", *_described(_options(context)))
    below = [(f"{name}-{verb}(1)", _in_short(context, verb)) for verb in _below(context)]
    yield from (".SH COMMANDS", *_described(below)) if below else ()
    yield from (".SH NOTES", *_paragraphs(command.epilog)) if command.epilog else ()
    if context.parent is None:
        yield from (".SH ENVIRONMENT", *_described(VARIABLES.items()))
    else:
        yield from (".SH SEE ALSO", f"{_roff(context.parent.command_path.replace(' ', '-'))}(1)")


def _options(context: click.Context) -> list[tuple[str, str]]:
    flags = (param for param in context.command.get_params(context) if isinstance(param, click.Option))
    records = (flag.get_help_record(context) for flag in flags)
    return [record for record in records if record is not None]


def _in_short(context: click.Context, verb: str = "") -> str:
    """The first sentence of a command, without its full stop; of a verb of lsops the line of its help."""
    path = [*context.command_path.split(), verb] if verb else context.command_path.split()
    if len(path) == 2 and path[1] in VERBS:
        return VERBS[path[1]][1].rstrip(".")
    command = _below(context)[verb] if verb else context.command
    return inspect.cleandoc(command.help or "").partition("\n")[0].rstrip(".")


def _described(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, told in rows:
        yield from (".TP", f"\\fB{_roff(term)}\\fP", _roff(" ".join(told.split())))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs; after click's mark of text that is broken already, line by line."""
    for number, block in enumerate(re.split(r"\n\s*\n", inspect.cleandoc(text))):
        kept = block.startswith("\b")
        rows = [_roff(row.strip()) for row in block.removeprefix("\b").strip().splitlines()]
        yield from [".PP"] if number else []
        yield from (".nf", *rows, ".fi") if kept else rows


def _roff(text: str) -> str:
    """Text that roff prints as it is, on one line."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\b", "").replace("…", "...")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _released() -> str:
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## \[{re.escape(__version__)}\] - (\S+)$", changelog, re.MULTILINE)
    return found[1] if found else ""


def main(folder: str) -> None:
    """Write all pages into a folder."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, text in man_pages().items():
        (Path(folder) / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
