"""`lsops policy`: trying rules before they judge a manifest or a plan."""

from __future__ import annotations

from pathlib import Path

import click

from lsops.cli.options import Flags, common, output
from lsops.errors import ManifestError
from lsops.operations.policies import run_policy_tests
from lsops.render.document import of_tested


@click.group("policy")
def command() -> None:
    """Test the policies of a file, before --policy or a manifest takes them."""


@command.command("test")
@click.argument("file", type=click.Path(path_type=Path))
@common(output("valid"))
def test(options: Flags, file: Path) -> int:
    """Run the tests of a policy file. No manifest, server or token is needed.

    Exit codes: 0 every policy says what its tests expect, 3 one does not, or the file is wrong.
    """
    found = run_policy_tests(file)
    if found.failures:
        options.output.note(f"{len(found.failures)} of {found.tests} tests failed")
        raise ManifestError(found.failures)
    options.output.tell(of_tested(found.tests, options.output.look("")))
    return 0
