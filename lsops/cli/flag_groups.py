"""The help of a verb, its flags by what they are about: so that somebody finds one without reading all."""

from __future__ import annotations

from collections.abc import Mapping

import click

GROUPS: Mapping[str, frozenset[str]] = {
    "Manifest": frozenset(("environment", "overlay", "var", "secrets_dir", "secret_env", "policy", "path", "chdir")),
    "Server": frozenset(
        """server token_file concurrency write_concurrency rate throttle_budget timeout settle_timeout
        ca_bundle""".split()
    ),
    "What": frozenset(
        """target skip shard resend_secrets base only_changed plan_file check check_storages check_remote strict field
        live who as_name templates from_live tasks label_config compact sample""".split()
    ),
    "Output": frozenset(
        """format outputs out to no_color verbose quiet log_format debug detailed_exitcode audit_file document
        png single panels editor editor_version preview preview_url plan_page""".split()
    ),
}
"""The names of flags by group, of those that several verbs have and those that go with them."""
CONSENT, OTHER = "Consent, on the command line alone", "Other"
WIDTH = 26
"""Columns of a flag; the help of a longer one begins in the next line."""


class GroupedCommand(click.Command):
    """A command whose help has its flags in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows: dict[str, list[tuple[str, str]]] = {name: [] for name in (*GROUPS, CONSENT, OTHER)}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx) if isinstance(param, click.Option) else None
            if record is not None:
                rows[flag_group(param)].append(record)
        for name, records in rows.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records, col_max=WIDTH)


def flag_group(param: click.Parameter) -> str:
    """The group of a flag: its own; that of consent where no variable can give it; else the last one."""
    found = next((name for name, names in GROUPS.items() if param.name in names), "")
    return found or (OTHER if param.envvar or "--help" in param.opts else CONSENT)


def grouped(command: click.Command) -> click.Command:
    """The same command with its flags in groups; one of a class of its own as it is."""
    if type(command) is not click.Command:
        return command
    return GroupedCommand(
        command.name,
        context_settings=command.context_settings,
        callback=command.callback,
        params=command.params,
        help=command.help,
        epilog=command.epilog,
        short_help=command.short_help,
        hidden=command.hidden,
    )
