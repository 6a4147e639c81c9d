"""`lsops doctor`: is the server there, is the token good, and where does every setting come from."""

from __future__ import annotations

from functools import partial

import click

from lsops.cli.context import manifest_options, open_session, server_request
from lsops.cli.options import MANIFEST, PATH, SERVER, Flags, common, output
from lsops.operations.doctor import DoctorRequest, diagnose
from lsops.render.document import of_settings


@click.command("doctor")
@common(PATH, MANIFEST, SERVER, output("settings"))
def command(options: Flags) -> int:
    """Check that the server answers and accepts the token, and tell where every setting comes from.

    On Enterprise it tells what room the contract leaves. A manifest is used if there is one: declared fields that the
    server's edition or release lacks are listed. What was found before a failure is printed too. Exit codes: 0 all is
    well, 1 the server or the login, 3 a setting.
    """
    request = DoctorRequest(options.path, manifest_options(options), server_request(options))
    diagnosis = diagnose(request, partial(open_session, options))
    error = diagnosis.error
    options.output.tell(of_settings(diagnosis.found, error.findings if error else ()))
    if error is None:
        return 0
    if options.output.is_text:
        raise error
    options.output.findings(error.findings, error.prefix)
    return error.exit_code
