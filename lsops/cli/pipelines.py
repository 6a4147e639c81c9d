"""The files of a pipeline, as `lsops init --ci` and `--cron` write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from lsops.cli.output import Output
from lsops.cli.signals import truthful
from lsops.errors import UsageError
from lsops.starters import OPTIONAL, is_plain, pipeline_files


def pipeline_below(directory: Path, ci: str, cron: str, environment: str) -> Mapping[Path, str]:
    """The texts of the files for these platforms by their places, of which none is there.

    Raises:
        UsageError: one is there, or the environment's name cannot stand in them.
    """
    if not is_plain(environment):
        message = f'-e: "{environment}" cannot stand in a pipeline\'s file as it is'
        raise UsageError.of(message, hint="leave -e out, and write it where it is needed")
    files = {directory / name: text for name, text in pipeline_files(ci, cron, environment).items()}
    if taken := [path for path in files if path.exists() and path.name not in OPTIONAL]:
        raise UsageError.of(f"{taken[0]} exists already, nothing was written")
    return files


def write_pipeline(files: Mapping[Path, str], output: Output, write: Callable[[Path, str], None]) -> None:
    """Write them, and say what is left to do; what may be there already is left as it is. Raises: what `write` does."""
    written: list[str] = []
    tell = output.say if output.is_text else output.note
    with truthful(written):
        for path, text in files.items():
            if not path.exists():
                write(path, text)
                written.append(f"wrote {path}")
                tell(f"Wrote {path}.")
            elif path.read_text("utf-8", "replace") != text:
                output.note(f"{path} was there and is left as it is; it needs this line: {text.rstrip()}")
    if written:
        output.note("the first lines of these files say what is yours to fill in")
