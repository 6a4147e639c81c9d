"""`lsops completion`: the scripts of the shells, and what a flag's value may be completed to.

Nothing is asked of a server, and what is wrong with a manifest is told by the verbs, not here: then there is nothing to
complete to.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, add_completion_class, get_completion_class

from lsops.cli.options import logged
from lsops.cli.output import Output
from lsops.errors import LsopsError
from lsops.signs import spelled_out

VARIABLE = "_LSOPS_COMPLETE"
"""Set by the scripts, in the way of click."""
BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' type value
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$(printf '%%q' "$value")") ;;
        esac
    done < <(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""
"""As click's own, but that a title with blanks or stars in it reaches the command line in one piece."""


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@logged
def command(output: Output, shell: str) -> int:
    """Print the completion script of a shell, to be kept where the shell looks for it.

    The folder must be there; a new shell then completes.

    \b
    lsops completion bash > ~/.local/share/bash-completion/completions/lsops
    lsops completion fish > ~/.config/fish/completions/lsops.fish
    lsops completion zsh > ~/.zfunc/_lsops

    For zsh, ~/.zshrc says fpath+=~/.zfunc before its compinit. Without the package bash-completion, ~/.bashrc sources
    the file.
    """
    from lsops.cli.main import lsops

    register()
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  # click has all three
    output.say(kind(lsops, {}, "lsops", VARIABLE).source())
    return 0


class Bash(BashComplete):
    """Completion for bash with a script of our own."""

    source_template = BASH


def register() -> None:
    """Let click use our script for bash."""
    add_completion_class(Bash)


def environments(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The environments that the manifest defines."""
    from lsops.manifest import Map, Options
    from lsops.manifest.compose import compose
    from lsops.manifest.findings import Findings

    composed = compose(_path(context), Options(), Findings())
    blocks = composed.tree.get("environments") if composed else None
    return _items(blocks if isinstance(blocks, Map) else (), incomplete)


def addresses(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The addresses that the manifest declares, as globs."""
    from lsops.cli.context import manifest_of
    from lsops.cli.options import Flags

    given = {name: context.params.get(name) for name in ("environment", "overlay", "var", "secrets_dir")}
    flags = Flags(path=_path(context), **{name: value for name, value in given.items() if value})
    try:
        manifest = manifest_of(flags)
    except (LsopsError, OSError):
        return []
    return _items((item.address.replace("*", "\\*") for item in manifest.desired.resources), incomplete)


def declared(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The addresses that the manifest declares, as they are."""
    items = addresses(context, incomplete.replace("*", "\\*"))
    return [CompletionItem(str(item.value).replace("\\*", "*")) for item in items]


def collections(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The collections by name."""
    from lsops.schema import kinds

    del context
    return _items(dict.fromkeys(kind.name for kind in kinds().values() if not kind.singleton), incomplete)


def document_names(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """What `lsops schema` can print."""
    from lsops.schema import documents as known

    del context
    return _items(known(), incomplete)


def printed_documents(context: click.Context, incomplete: str) -> list[CompletionItem]:
    """The documents that `lsops schema --document` knows."""
    from lsops.document_schemas import described_documents

    del context
    return _items(described_documents(), incomplete)


def _path(context: click.Context) -> Path:
    path = context.params.get("path")
    return path if isinstance(path, Path) else Path(os.curdir)


def _items(values: Iterable[str], incomplete: str) -> list[CompletionItem]:
    """Those that begin so and can be shown: completion prints to a terminal."""
    return [CompletionItem(value) for value in values if value.startswith(incomplete) and value == spelled_out(value)]
