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
    from lsops.model.live import Facts
    from lsops.model.plan import Plan
    from lsops.model.report import Report
    from lsops.render.parts import Ending, Entry, Listing, Section

Subject = Literal["plan", "drift", "report", "errors", "valid", "settings", "dump"]
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)
"""What a document is of: `valid` is a manifest without errors, `settings` is of `doctor`, `dump` what was written."""


@dataclass(frozen=True, slots=True)
class Look:
    """How much is told, and how files are named: `prefix` leads from where the user is to the manifest's folder."""

    verbose: bool = False
    prefix: str = ""


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
    `failures` reads that failed. `unread` says how many fields could not be compared, `unreadable` which. `value` is
    what was told of, for forms that are documents themselves.
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
    listings: tuple[Listing, ...] = ()
    failures: tuple[Finding, ...] = ()
    unread: str = ""
    unreadable: tuple[str, ...] = ()
    endings: tuple[Ending, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    value: Plan | Drift | Report | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What is wrong; a plan has among it what checks of the server refuse."""
        return tuple(one for one in self.findings if one.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is doubtful."""
        return tuple(one for one in self.findings if not one.is_error)

    def sections(self) -> Iterator[Section]:
        """The entries in the order of a review: what exposes something, then what deletes before what creates."""
        from lsops.render.parts import sections

        return sections(self.entries, self.titles)

    def listed(self, name: str) -> Iterator[Listing]:
        """The listing of that name, where it has addresses."""
        return (one for one in self.listings if one.name == name and one.addresses)


def of_errors(findings: Sequence[Finding], verb: str = "", prefix: str = "") -> Document:
    """What a command has instead of a result."""
    verdict = Verdict(f"Failed: {plural(_errors(findings), 'error')}.", is_bad=True)
    return Document(
        "errors",
        verdict,
        verb,
        Look(prefix=prefix),
        counts=_counts(findings),
        findings=tuple(findings),
    )


def of_valid(resources: int, warnings: Sequence[Finding], look: Look = Look()) -> Document:  # frozen
    """A manifest without errors: how many resources it declares, and what is doubtful in it."""
    warned = f", {plural(len(warnings), 'warning')}" if warnings else ""
    verdict = Verdict(f"Valid: {plural(resources, 'resource')}{warned}.")
    counts = {"resources": resources, **_counts(warnings)}
    return Document("valid", verdict, "validate", look, counts=counts, findings=tuple(warnings))


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
