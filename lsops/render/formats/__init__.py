"""One module per form of the output, found by being here; its `FORMAT` bears the name of the module.

A form makes lines of a `Document`, for each subject that it has a form for. A verb offers the forms that have one for
its subject.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TypeAlias

from lsops.render.document import Document, Subject
from lsops.render.lines import Line

Form: TypeAlias = Callable[[Document], Iterable[Line]]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the output: by subject, what makes the lines of a document.

    `rank` is its place in `--help`, before those that are named later in the alphabet. `in_ascii` spells out a text for
    a stream that knows no other signs; without it they become escapes with a backslash. `is_for_programs` says that
    what is doubtful stands in the document alone, and not on stderr besides. `files` makes texts to be appended to
    files, by the name of the environment variable that says where each is, such as the summary of a CI's job.
    """

    forms: Mapping[Subject, Form]
    rank: int = 9
    in_ascii: Callable[[str], str] | None = None
    is_for_programs: bool = False
    files: Callable[[Document], Mapping[str, str]] | None = None


def format_named(name: str) -> Format | None:
    """The form of that name, of which alone the module is imported; None where there is none."""
    path = f"{__name__}.{name}"
    try:
        found = getattr(import_module(path), "FORMAT", None) if name.isidentifier() else None
    except ModuleNotFoundError as problem:
        if problem.name != path:
            raise
        return None
    return found if isinstance(found, Format) else None


def serves(name: str, subject: Subject) -> bool:
    """Whether there is a form of that name for a subject."""
    form = format_named(name)
    return form is not None and subject in form.forms


@cache
def serving(subject: Subject) -> tuple[str, ...]:
    """The names of the forms for a subject, in the order of their ranks."""
    import pkgutil

    names = [info.name for info in pkgutil.iter_modules(__path__)]
    ranks = {name: form.rank for name in names if (form := format_named(name)) and subject in form.forms}
    return tuple(sorted(ranks, key=lambda name: (ranks[name], name)))
