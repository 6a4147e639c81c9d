"""`--output FORMAT=FILE`: the result of a run in files, and what a form has for the files of a CI's runner."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsops.errors import LsopsError, UsageError
from lsops.render.document import Document, Subject
from lsops.render.formats import Format, format_named, serves, serving

CODE = "LS619"


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file that takes the result in a form."""

    form: str
    path: Path


def form_file(text: str, subject: Subject) -> FormFile:
    """`FORMAT=FILE` of a verb whose results are of this sort. Raises: UsageError, before anything is done."""
    name, sign, where = text.partition("=")
    path = Path(where)
    if not sign or not where:
        raise _wrong(f"{text!r} is not FORMAT=FILE", "such as html=plan.html")
    if not serves(name, subject):
        raise _wrong(f"{name!r} is no format of this command", f"one of {', '.join(serving(subject))}")
    if where == "-":
        raise _wrong(f"{text!r} names no file", f"--format {name} prints it on stdout")
    if path.exists() and not path.is_file():
        raise _wrong(f"{path} is not a file")
    if not path.parent.is_dir():
        raise _wrong(f"{path} cannot be written: there is no folder {path.parent}")
    return FormFile(name, path)


def distinct(files: Sequence[FormFile]) -> tuple[FormFile, ...]:
    """The files as they are. Raises: UsageError, where one would take two forms."""
    paths = [os.path.realpath(one.path) for one in files]
    for number, path in enumerate(paths):
        if path in paths[:number]:
            raise _wrong(f"{files[number].path} is named twice", "each form needs a file of its own")
    return tuple(files)


def likely_files(texts: Sequence[str]) -> tuple[FormFile, ...]:
    """What can be understood of a command line that is wrong: its errors go to these files."""
    parts = [text.partition("=") for text in texts]
    return tuple(
        FormFile(name, Path(where))
        for name, _, where in parts
        if where not in ("", "-") and format_named(name) and (Path(where).is_file() or not Path(where).exists())
    )


def write_result(file: FormFile, document: Document) -> None:
    """Write a document to its file whole or not at all, in no colour. Raises: LsopsError."""
    from lsops.engine.files import PUBLIC, write_whole

    form = format_named(file.form)
    assert form is not None  # noqa: S101  # the flag takes no other
    text = "".join(f"{line.text}\n" for line in form.forms[document.subject](document))
    try:
        write_whole(file.path, text, mode=PUBLIC)
    except OSError as problem:
        raise unwritable(problem, str(file.path)) from problem


def append_for_runner(form: Format, document: Document) -> None:
    """Append what a form has for the files that a runner names in variables, where they are set. Raises: LsopsError."""
    for name, text in form.files(document).items() if form.files else ():
        if path := os.environ.get(name):
            try:
                with Path(path).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
                    file.write(text)
            except OSError as problem:
                raise unwritable(problem, f"the file of {name}") from problem


def unwritable(problem: OSError, what: str = "the output") -> LsopsError:
    """The error for a result that cannot be printed."""
    return LsopsError.of(f"{what} cannot be written: {problem.strerror or problem}", code="LS608")


def _wrong(message: str, hint: str = "") -> UsageError:
    return UsageError.of(f"--output: {message}", code=CODE, hint=hint)
