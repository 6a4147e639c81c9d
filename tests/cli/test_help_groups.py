"""The help of a verb: flags in groups, each with its variable and default, readable at 80 columns."""

from __future__ import annotations

import click
import pytest

from lsops.cli.flag_groups import CONSENT, GROUPS, OTHER
from lsops.cli.main import VERBS, lsops

VERB_NAMES = [name for name in VERBS if isinstance(lsops.get_command(click.Context(lsops), name), click.Command)]


def help_of(verb: str, width: int = 80) -> str:
    """The help of a verb on a terminal of that width."""
    command = lsops.get_command(click.Context(lsops), verb)
    assert command is not None
    return command.get_help(click.Context(command, info_name=verb, terminal_width=width, help_option_names=["--help"]))


def test_the_flags_of_apply_stand_in_groups() -> None:
    text = help_of("apply")
    places = [text.index(f"\n{name}:\n") for name in (*GROUPS, CONSENT, OTHER)]
    assert places == sorted(places)
    assert "\nOptions:\n" not in text


def test_a_flag_tells_its_variable_and_its_default() -> None:
    text = " ".join(help_of("apply").split())
    assert "--timeout S Seconds per request. [env var: LSOPS_TIMEOUT; default: 30.0; x>=0.1]" in text
    assert "--token-file FILE File that holds the token. [env var: LSOPS_TOKEN_FILE]" in text


def test_consent_has_no_variable() -> None:
    _, _, consent = help_of("apply").partition(f"{CONSENT}:\n")
    told, _, _ = consent.partition(f"\n{OTHER}:")
    assert [row.split()[0] for row in told.splitlines() if row.startswith("  --")] == [
        "--yes", "--allow-deletes", "--allow-data-loss", "--invite",
    ]  # fmt: skip
    assert "env var" not in told


@pytest.mark.parametrize("verb", VERB_NAMES)
def test_help_fits_a_terminal_of_80_columns(verb: str) -> None:
    assert [row for row in help_of(verb).splitlines() if len(row) > 80] == []
