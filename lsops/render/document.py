"""What is told of a run before it has a form: a plan, drift, a report or errors, each turned into one `Document` once.

A form (`lsops.render.formats`) asks the document and nothing else: severity, code, file, line and column stand in its
findings, address and action in its entries and endings, numbers in its counts. What always is told, however little room
a form has, is what is no list: verdict, objections, flags. Entries say how many are like them (`crowd`), so that a form
with a budget keeps what is rare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from lsops.errors import Finding
from lsops.render.lines import plural

if TYPE_CHECKING:  # `lsops validate` tells of none of these, and imports none
    from lsops.engine.drift import Drift
    from lsops.model.errand import Errand, Errands
    from lsops.model.explanation import Explanation
    from lsops.model.live import Facts
    from lsops.model.plan import Change, Plan
    from lsops.model.report import Report
    from lsops.render.parts import Ending, Entry, EntryGroup, Listing, Section

Subject = Literal["plan", "drift", "report", "errors", "valid", "settings", "explain", "dump", "adopt", "errands"]
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
"""What a document is of; `valid` is a manifest without errors, `settings` what `doctor` found,
`explain` the fields of one resource, `dump` what was written, `adopt` what came into a manifest,
`errands` what became of work on data."""


@dataclass(frozen=True, slots=True)
class Look:
    """How much is told, and how files are named: `prefix` leads from where the user is to the manifest's folder.

    `before` is what the old side of a difference is called.
    """

    verbose: bool = False
    prefix: str = ""
    before: str = "live"


@dataclass(frozen=True, slots=True)
class Verdict:
    """All of it in one sentence of our own; what is quiet needs no more than how many resources match, and where."""

    words: str
    is_bad: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """All that is told of a run.

    `verb` is the one that tells all where a form leaves something out. `matching` says how many resources are as
    declared. `objections` sums up what speaks against a plan. Of `apply` it says what is `refused` whatever is
    allowed, the `flags` that it will need, and whom it `mails` if asked to. `findings` are errors and warnings,
    `failures` reads that failed. `calls` are the changes in the order in which they are made. `unread` says how many
    fields could not be compared, `unreadable` which. `base` is what the manifest was compared with, as the user named
    it. `errands` are what came after the changes. `value` is what was told of, for forms that are documents themselves.
    """

    subject: Subject
    verdict: Verdict
    verb: str = ""
    look: Look = Look()
    counts: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    facts: Facts | None = None
    matching: str = ""
    objections: str = ""
    refused: str = ""
    flags: tuple[str, ...] = ()
    mails: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    calls: tuple[Change, ...] = ()
    listings: tuple[Listing, ...] = ()
    failures: tuple[Finding, ...] = ()
    unread: str = ""
    unreadable: tuple[str, ...] = ()
    environment: str = ""
    endings: tuple[Ending, ...] = ()
    errands: tuple[Errand, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""
    value: Plan | Drift | Report | Explanation | Errands | None = None

    @property
    def heading(self) -> str:
        """What it is of, in the words of the command line: `plan`, `diff`, `drift`, or the verb that came so far."""
        return self.subject if self.subject in ("plan", "drift") and self.verb != "diff" else self.verb

    @property
    def shard(self) -> str:
        """The part of the manifest that it is about, such as `3/16`; empty for all of it."""
        return str(self.facts.shard) if self.facts is not None and self.facts.shard is not None else ""

    @property
    def place(self) -> str:
        """Which server it is about, or what stands for one; foreign text."""
        return (self.facts.url if self.facts is not None else "") or self.base

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong; a plan has among it what checks of the server refuse."""
        return tuple(one for one in self.findings if one.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is doubtful."""
        return tuple(one for one in self.findings if not one.is_error)

    def sections(self) -> Iterator[Section]:
        """The entries that are reviewed first, by title; all others are in `rest`."""
        from lsops.render.urgent import urgent_sections

        return urgent_sections(self.entries, self.titles)

    def rest(self) -> Iterator[EntryGroup]:
        """The groups of the entries that no section has."""
        from lsops.render.groups import by_holder
        from lsops.render.urgent import urgent

        return by_holder(entry for entry in self.entries if not urgent(entry, self.titles))

    def groups(self) -> Iterator[EntryGroup]:
        """The entries as people read them: the organisation's first, then by what holds them, in manifest order."""
        from lsops.render.groups import by_holder

        return by_holder(self.entries)

    def listed(self, name: str) -> Iterator[Listing]:
        """The listing of that name, where it has addresses."""
        return (one for one in self.listings if one.name == name and one.addresses)


def of_errors(findings: Sequence[Finding], verb: str = "", prefix: str = "", environment: str = "") -> Document:
    """What a command has instead of a result, for the environment that it was asked for."""
    verdict = Verdict(f"Failed: {plural(_errors(findings), 'error')}.", is_bad=True)
    return Document(
        "errors",
        verdict,
        verb,
        Look(prefix=prefix),
        counts=_counts(findings),
        findings=tuple(findings),
        environment=environment,
    )


def of_valid(
    resources: int,
    warnings: Sequence[Finding],
    look: Look = Look(),  # frozen
    *,
    tasks: int | None = None,
) -> Document:
    """A manifest without errors: how many resources it declares, what is doubtful in it, and how many tasks fit it."""
    checked = f", {plural(tasks, 'task')}" if tasks is not None else ""
    warned = f", {plural(len(warnings), 'warning')}" if warnings else ""
    verdict = Verdict(f"Valid: {plural(resources, 'resource')}{checked}{warned}.")
    counts = {"resources": resources, **_counts(warnings)}
    return Document("valid", verdict, "validate", look, counts=counts, findings=tuple(warnings))


def of_tested(tests: int, look: Look = Look()) -> Document:  # frozen
    """Policies whose tests say what they should."""
    return Document("valid", Verdict(f"Tested: {plural(tests, 'test')} as expected."), "policy", look)


def of_settings(settings: Mapping[str, Any], errors: Sequence[Finding] = ()) -> Document:
    """What `doctor` found, and what was wrong with the next thing it looked at."""
    verdict = Verdict(f"Failed: {plural(len(errors), 'error')}." if errors else "All is well.", is_bad=bool(errors))
    return Document(
        "settings", verdict, "doctor", counts=_counts(errors), findings=tuple(errors), settings=dict(settings)
    )


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    errors = _errors(findings)
    return {"errors": errors, "warnings": len(findings) - errors}


def _errors(findings: Iterable[Finding]) -> int:
    return sum(one.is_error for one in findings)
