"""The flags that verbs share. Every flag but those that give consent has an `LSOPS_…` variable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from lsops.cli.output import Output
from lsops.cli.result_files import FormFile, distinct, form_file
from lsops.cli.run import Run
from lsops.model.shard import Shard, parse_shard
from lsops.render.document import Subject
from lsops.render.formats import serves, serving

F = TypeVar("F", bound=Callable[..., Any])

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    _ParamType = click.ParamType[str]
else:
    _ParamType = click.ParamType

NAME_SIGNS = frozenset(ascii_letters + digits + "_*?")
"""What a glob of names of environment variables is made of."""


class Lines(_ParamType):
    """Text that may hold blanks: several in one variable stand on a line each."""

    name = "text"
    envvar_list_splitter = "\n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        del param, ctx
        return str(value)


class NameGlob(_ParamType):
    """A glob of names of environment variables; several in one variable stand between commas."""

    name = "glob"
    envvar_list_splitter = ","

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not text or set(text) - NAME_SIGNS:
            self.fail(f"{text!r} is no glob of names such as AZURE_*", param, ctx)
        return text


class VariableFlag(Lines):
    """`NAME=VALUE`."""

    name = "name=value"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name, sign, _ = str(value).partition("=")
        if not sign or not name.isidentifier():
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return str(value)


class ShardFlag(_ParamType):
    """`i/n`."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:  # type: ignore[override]  # click takes whatever comes
        del param, ctx
        return value if isinstance(value, Shard) else parse_shard(str(value))


class FormatName(_ParamType):
    """The name of a form that serves a subject; where it is a right one, no other form is imported."""

    name = "choice"

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    @property
    def choice(self) -> click.Choice[str]:
        return click.Choice(serving(self.subject))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value)
        return name if serves(name, self.subject) else self.choice.convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        return self.choice.get_metavar(param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return self.choice.shell_complete(ctx, param, incomplete)


class OutputFile(Lines):
    """`FORMAT=FILE`, whose form serves a subject."""

    name = "format=file"

    def __init__(self, subject: Subject) -> None:
        self.subject = subject

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FormFile:  # type: ignore[override]  # click takes whatever comes
        del param, ctx
        return value if isinstance(value, FormFile) else form_file(str(value), self.subject)


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """A flag whose variable is `LSOPS_` and its long name; help tells it, and the default where there is one."""
    long = next(name for name in names if name.startswith("--")).split("/")[0]
    variable = "LSOPS_" + long[2:].upper().replace("-", "_")
    settings = {"show_envvar": True, "show_default": settings.get("default") not in (None, "", ()), **settings}
    return click.option(*names, envvar=settings.pop("envvar", variable), **settings)


def completed_by(name: str) -> Callable[[click.Context, click.Parameter, str], Any]:
    """What completes a value: a function of `lsops.cli.completion`, imported when a shell asks."""

    def complete(context: click.Context, param: click.Parameter, incomplete: str) -> Any:
        from lsops.cli import completion

        del param
        return getattr(completion, name)(context, incomplete)

    return complete


def consent(*names: str, **settings: Any) -> Callable[[F], F]:
    """A flag that gives consent: only the command line itself can."""
    return click.option(*names, **settings)


SECRET_ENV = (
    option(
        "--secret-env",
        multiple=True,
        type=NameGlob(),
        metavar="GLOB",
        help="Only such variables may hold secrets; repeatable.",
    ),
)
MANIFEST = (
    option(
        "-e",
        "--environment",
        default="",
        metavar="NAME",
        help="Environment of the manifest to use.",
        shell_complete=completed_by("environments"),
    ),
    option("--overlay", multiple=True, type=Lines(), metavar="FILE", help="Lay a file over the manifest; repeatable."),
    option("--var", multiple=True, type=VariableFlag(), metavar="N=V", envvar=None, help="Set a variable; repeatable."),
    option("--secrets-dir", type=click.Path(path_type=Path), metavar="DIR", help="Folder of absolute secret files."),
    *SECRET_ENV,
    option("--policy", multiple=True, type=Lines(), metavar="FILE", help="Judge by its policies, too; repeatable."),
)


def logged(function: F) -> F:
    """Let a command without the shared flags take the one about stderr; it receives the output of its run."""
    import functools

    @functools.wraps(function)
    def wrapped(**values: Any) -> Any:
        return function(_run().output, **values)

    return cast("F", _log_format(expose_value=False)(wrapped))


def _run() -> Run:
    """The run of the command that is being called."""
    run = click.get_current_context().find_object(Run)
    return run if run is not None else Run(())


def _log_format(**settings: Any) -> Callable[[F], F]:
    form = click.Choice(("text", "json"))
    return option("--log-format", type=form, default="text", help="Form of stderr's log.", **settings)


def output(subject: Subject) -> tuple[Callable[[F], F], ...]:
    """The flags about what is printed, for a verb whose results are of this sort."""
    form = FormatName(subject)
    return (
        option("--format", type=form, default="text", help="Form of the result on stdout."),
        option(
            "--output",
            "outputs",
            multiple=True,
            type=OutputFile(subject),
            callback=lambda context, param, files: distinct(files),
            metavar="FORMAT=FILE",
            help="Write the result to a file in this form, too; repeatable.",
        ),
        option("--no-color", is_flag=True, help="No colours; NO_COLOR does the same."),
        option("-v", "--verbose", count=True, help="Say more; twice logs each request."),
        option("-q", "--quiet", is_flag=True, help="No progress."),
        _log_format(),
        option("--debug", is_flag=True, help="On an error, print where in lsops it arose."),
    )


SERVER = (
    option("-s", "--server", default="", metavar="URL", help="Server, or sandbox: for the built-in stand-in."),
    option("--token-file", default="", metavar="FILE", help="File that holds the token."),
    option("--concurrency", type=click.IntRange(1, 64), metavar="N", help="Reads at a time (16; Community 2)."),
    option(
        "--rate", type=click.FloatRange(0.1), metavar="N", help="Requests a second (SaaS 14; else learned from 429)."
    ),
    option("--throttle-budget", type=click.FloatRange(0), default=300.0, metavar="S", help="Seconds to wait out 429."),
    option("--timeout", type=click.FloatRange(0.1), default=30.0, metavar="S", help="Seconds per request."),
    option("--ca-bundle", default="", metavar="FILE", help="Certificates to trust, as PEM."),
)
SCOPE = (
    option(
        "-t",
        "--target",
        multiple=True,
        type=Lines(),
        metavar="ADDRESS-GLOB",
        help="Only these; repeatable.",
        shell_complete=completed_by("addresses"),
    ),
    option(
        "--skip",
        multiple=True,
        type=Lines(),
        metavar="COLLECTION",
        help="Leave a collection out, such as ml_backends; repeatable.",
        shell_complete=completed_by("collections"),
    ),
)
SHARD = (
    option(
        "--shard", type=ShardFlag(), metavar="I/N", help="Only the projects that fall to shard I of N; 1 has the rest."
    ),
)
BASE = (option("--base", default="", metavar="REF|DIR", help="Git revision or folder to compare with."),)
TARGET = (
    *SCOPE,
    option(
        "--resend-secrets",
        multiple=True,
        type=Lines(),
        metavar="ADDRESS-GLOB",
        help="Send secrets again; '/**' for all.",
        shell_complete=completed_by("addresses"),
    ),
)

PICTURES = (
    option("--preview", type=click.Path(path_type=Path), metavar="DIR", help="Show pictures of lsops preview --png."),
    option("--preview-url", default="", metavar="URL", help="Where DIR is on the web, for Markdown."),
)


@dataclass(frozen=True)
class Flags:
    """The shared flags of one run, with the values of those that a verb lacks."""

    path: Path = Path()
    environment: str = ""
    overlay: tuple[str, ...] = ()
    var: tuple[str, ...] = ()
    secrets_dir: Path | None = None
    secret_env: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()
    output: Output = field(default_factory=Output)
    server: str = ""
    token_file: str = ""
    concurrency: int | None = None
    write_concurrency: int = 4
    settle_timeout: float = 60.0
    rate: float | None = None
    throttle_budget: float = 300.0
    timeout: float = 30.0
    ca_bundle: str = ""
    target: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    shard: Shard | None = None
    resend_secrets: tuple[str, ...] = ()
    base: str = ""
    preview: Path | None = None
    preview_url: str = ""


def common(*groups: tuple[Callable[[F], F], ...]) -> Callable[[F], F]:
    """Give a command the flags of these groups; it receives them as one `Flags`, and its own flags by name."""

    def decorate(function: F) -> F:
        import functools

        @functools.wraps(function)
        def wrapped(**values: Any) -> Any:
            run = _run()
            run.output = Output(**_taken(Output, values))
            run.environment = values.get("environment", "")
            return function(Flags(output=run.output, **_taken(Flags, values)), **values)

        result: Any = wrapped
        for group in reversed(groups):
            for add in reversed(group):
                result = add(result)
        return result  # type: ignore[no-any-return]  # click's decorators keep the type of what they wrap

    return decorate


def _taken(cls: type[Output | Flags], values: dict[str, Any]) -> dict[str, Any]:
    """The values of flags that are fields of a class, which are no longer among the others."""
    return {item.name: values.pop(item.name) for item in fields(cls) if item.name in values}


CHDIR = (
    option(
        "-C",
        "--chdir",
        "path",
        type=click.Path(path_type=Path),
        default=Path(),
        metavar="PATH",
        help="The manifest (.).",
    ),
)
"""The manifest's place for verbs whose arguments are addresses."""
PATH = (click.argument("path", type=click.Path(path_type=Path), default=Path()),)
