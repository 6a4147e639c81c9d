"""`lsops doctor`: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import click

from lsops.cli.context import connect, manifest_options, server_request
from lsops.cli.options import MANIFEST, OUTPUT, PATH, SERVER, Options, common
from lsops.cli.output import as_json, echo_lines
from lsops.errors import LsopsError
from lsops.operations.doctor import DoctorRequest, diagnose
from lsops.render.findings import as_document, as_lines
from lsops.render.lines import Line
from lsops.render.safe import line

FORMAT = "lsops.doctor/1"


@click.command("doctor")
@common(PATH, MANIFEST, SERVER, OUTPUT)
def command(options: Options) -> int:
    """Check that the server answers and accepts the token, and tell where every setting comes from.

    A manifest is used if there is one. What was found before a failure is printed too. Exit codes: 0 all is well,
    1 the server or the login, 3 a setting.
    """
    request = DoctorRequest(options.path, manifest_options(options), server_request(options))
    diagnosis = diagnose(request, partial(connect, options))
    error = diagnosis.error
    _show(diagnosis.found, options, error)
    if error is None:
        return 0
    if not options.as_json:
        raise error
    echo_lines(as_lines(error.findings, error.prefix), error=True)
    return error.exit_code


def _show(found: Mapping[str, Any], options: Options, error: LsopsError | None = None) -> None:
    """The table; as JSON it is the one document, and so has the errors."""
    if options.as_json:
        failed = {"errors": as_document(error.findings)["errors"]} if error else {}
        as_json({"format": FORMAT, **found, **failed})
    else:
        width = max(map(len, found))
        echo_lines(Line(f"{name.ljust(width)}  {line(str(text))}") for name, text in found.items())
