"""The errors of lsops, each with a stable code, a place in the manifest and an exit code.

LsopsError                exit 1
+-- ManifestError         exit 3   the manifest or the command line is wrong
|   +-- UsageError        exit 3
+-- ServerError           exit 1   a read or the login failed, nothing was written
|   +-- Unreachable                nothing was sent, or the connection was lost
|   |   +-- ResultUnknown          a write was sent and no answer came
|   +-- Unauthorized               401
|   +-- Forbidden                  403: not permitted, so the state is unknown
|   +-- NotFound                   404
|   +-- Rejected                   another 4xx: the server refuses what was sent
|   +-- ServerFault                5xx
|   +-- Malformed                  the answer is not what the API promises
+-- Refused               exit 5   missing consent, protected, stale plan
+-- Interrupted           exit 130
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import Self

CODES: dict[str, str] = {
    "LS101": "a required field is missing",
    "LS102": "unknown field",
    "LS103": "a value has the wrong type",
    "LS104": "a value is not one of those allowed",
    "LS105": "a value is outside its limits",
    "LS106": "a value has the wrong form",
    "LS107": "null where a value is needed",
    "LS108": "this edition or release of the server does not have it",
    "LS109": "a key breaks the limits of its field",
    "LS110": "fields contradict each other",
    "LS111": "a field that the server keeps for itself",
    "LS112": "a value that is allowed and seldom meant",
    "LS113": "a URL that is a secret is written out",
    "LS114": "a storage writes where another one of the project reads",
    "LS115": "a field that cannot stand in extra",
    "LS120": "a label config is not well-formed XML",
    "LS121": "a label config that the server refuses",
    "LS122": "a label config without a control tag",
    "LS123": "a label config with a duplicate value",
    "LS124": "a label config with an unknown tag",
    "LS125": "an object's value looks like a field without $",
    "LS126": "a hotkey is given twice",
    "LS127": "a weight of a label or control that the label config lacks",
    "LS130": "denied by a policy",
    "LS131": "against a policy that warns",
    "LS132": "a policy's expression is not CEL",
    "LS133": "a policy's expression gives no answer",
    "LS134": "a policy is given twice, or an overlay changes one",
    "LS135": "a test of a policy fails",
    "LS141": "a file of tasks cannot be read",
    "LS142": "a task lacks what its label config shows",
    "LS143": "a task has not the form of one",
    "LS144": "a result of an annotation or a prediction does not fit the label config",
    "LS145": "a field can be set only when its resource is made",
    "LS146": "more than the contract allows",
    "LS147": "the contract is not in force",
    "LS201": "a file cannot be read",
    "LS202": "a file is not UTF-8",
    "LS203": "a file is not YAML",
    "LS204": "a file holds several documents",
    "LS205": "a key is given twice",
    "LS206": "a key is not a string",
    "LS207": "a YAML tag that lsops does not accept",
    "LS208": "a file expands or nests beyond every use",
    "LS209": "a number with a leading zero",
    "LS210": "a manifest is empty",
    "LS211": "the manifest's version is missing or unknown",
    "LS212": "more mistakes than are looked at",
    "LS213": "globs that look at too many names",
    "LS214": "defaults that multiply beyond every use",
    "LS215": "a template that there is not, or that cannot lie beneath this entry",
    "LS216": "a template's parameter is unknown or missing",
    "LS217": "for_each has no rows that can be read",
    "LS218": "two rows of for_each give one key",
    "LS219": "${each:} or ${param:} where nothing gives it",
    "LS220": "an xi:include of a label config cannot be followed",
    "LS301": "an include matches nothing",
    "LS302": "a path leaves the manifest's folder",
    "LS303": "a key is given in two files",
    "LS304": "an included file holds what only the manifest may",
    "LS305": "an entry is null",
    "LS306": "a name that the manifest does not define",
    "LS307": "a file that cannot be included, or is named twice",
    "LS401": "unknown variable",
    "LS402": "a reference where it is not allowed",
    "LS403": "a secret written out",
    "LS404": "a variable that may hold no secret",
    "LS405": "a referenced file cannot be used",
    "LS406": "a secret has no value",
    "LS407": "a variable does not convert",
    "LS420": "a secret that identifies a resource is not set, so that it was not compared",
    "LS501": "two entries are one resource",
    "LS502": "several live resources match",
    "LS503": "a pinned id does not exist",
    "LS504": "a named resource does not exist",
    "LS505": "lifecycle rules contradict each other",
    "LS506": "a change that the server cannot make",
    "LS507": "a role or a membership that is not a manifest's to change",
    "LS508": "a create that looks like what is live",
    "LS509": "two keys that only look the same",
    "LS510": "nothing of that name to delete",
    "LS511": "a key that is written as in an address",
    "LS512": "lsops.lock cannot be used",
    "LS513": "an id of lsops.lock is gone",
    "LS514": "a renamed label of an unknown control",
    "LS515": "a new name of a label that the label config lacks",
    "LS516": "an old name of a label that the label config still has",
    "LS517": "a label that cannot be renamed in annotations",
    "LS518": "annotations that still have an old label",
    "LS520": "a permission that the server does not have",
    "LS521": "a role that a permission cannot be given to",
    "LS530": "prune leaves alone what something names",
    "LS540": "a field of a dimension that the label config decides",
    "LS541": "a dimension that the project has not",
    "LS542": "code of a metric that the server's check refuses",
    "LS543": "code of a metric that was not deployed",
    "LS544": "code of a metric that does not run yet",
    "LS550": "a version of a prompt that would be edited",
    "LS551": "a version of a prompt with another provider's connection",
    "LS560": "a project that is made from a template of itself",
    "LS561": "webhooks of the organisation are not allowed there",
    "LS562": "the server has no blueprints",
    "LS563": "nothing of the manifest has blueprints there",
    "LS564": "a blueprint that is not there, or cannot be",
    "LS601": "no server is named",
    "LS602": "no token",
    "LS603": "two servers are named",
    "LS604": "the manifest's server is not trusted with the token",
    "LS605": "the command line is wrong",
    "LS606": "a target matches nothing",
    "LS607": "an optional part is not installed",
    "LS608": "the output cannot be written",
    "LS610": "there is nothing of that name to compare with",
    "LS611": "git does not tell",
    "LS612": "the manifest to compare with is wrong",
    "LS613": "what is compared with is not quite what was named",
    "LS614": "what the branch changes cannot be told from drift",
    "LS630": "a shard that there cannot be",
    "LS631": "plan files that are not of one plan",
    "LS632": "two plan files of one shard",
    "LS633": "plan files of some shards are missing",
    "LS615": "the manifest declares nothing at an address",
    "LS616": "a kind has no such field",
    "LS619": "a form for a file that cannot be had",
    "LS617": "graphviz is not installed",
    "LS618": "graphviz could not draw",
    "LS620": "a file is in the way of what is to be written",
    "LS621": "one name for several resources, or for none",
    "LS622": "what is live does not fit into a manifest",
    "LS623": "nothing undeclared is there to adopt",
    "LS624": "what is to be adopted has no place in the manifest",
    "LS625": "the manifest would say something else with it",
    "LS626": "a file of the manifest cannot be changed",
    "LS640": "the editor cannot be found in Label Studio's files",
    "LS641": "there is no editor to draw with",
    "LS642": "an editor that there cannot be",
    "LS643": "pictures need a program that is not installed",
    "LS644": "a sample that is no task",
    "LS645": "the Community editor lacks a tag",
    "LS646": "a label config was not drawn",
    "LS650": "nothing of the manifest can be synced there",
    "LS651": "what is to be synced is not there yet",
    "LS655": "a place that cannot be written to",
    "LS656": "a place does not take or give a content",
    "LS657": "a snapshot was not made",
    "LS658": "nothing of the manifest has snapshots there",
    "LS659": "a snapshot has no place of its own",
    "LS660": "a download is not the snapshot",
    "LS661": "what snapshots are made of is not there yet",
    "LS662": "the project has no such tab, snapshot or list",
    "LS680": "a file of tasks holds none",
    "LS681": "a file of tasks has changed since the plan",
    "LS682": "the project to import into has other tasks by now",
    "LS683": "the server could not import tasks",
    "LS684": "tasks were imported twice at the same time",
    "LS685": "the server keeps no audit trail",
    "LS686": "a file of an audit cannot be continued",
    "LS687": "an audit cannot be read in the order of time",
    "LS688": "nothing live has an audit trail there",
    "LS665": "what is there is no whole backup",
    "LS666": "a backup is damaged",
    "LS667": "something else is where a backup is to be written",
    "LS668": "nothing there holds tasks",
    "LS669": "what is to be restored is there, and is something else",
    "LS670": "the file of --map cannot be used",
    "LS671": "a part of a project that --with names is not in the backup",
    "LS672": "a task, a draft or a comment was not restored",
    "LS701": "the server cannot be reached",
    "LS702": "the server does not accept the token",
    "LS703": "the token may not do this",
    "LS704": "the server does not know it",
    "LS705": "the server refuses it",
    "LS706": "the server failed",
    "LS707": "the server's answer makes no sense",
    "LS708": "the result of a write is unknown",
    "LS709": "the server did not keep a value",
    "LS801": "not confirmed",
    "LS802": "no terminal to ask on",
    "LS803": "deletes without consent",
    "LS804": "data loss without consent",
    "LS805": "the plan no longer fits",
    "LS806": "protected",
    "LS807": "the tool would lock itself out",
    "LS808": "data that came after it was agreed to lose none",
    "LS809": "another run makes the same",
    "LS901": "a bug in lsops",
    "LS902": "interrupted",
}
"""Every code with its meaning; codes are never reused."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in a file: path as shown to the user, line and column counted from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def seen_from(self, prefix: str) -> Source:
        """The place as the user names it: `prefix` leads to the manifest's folder, beside which the file may lie."""
        file = prefix + self.file
        return Source(posixpath.normpath(file) if "../" in file else file, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong (or, as a warning, doubtful), with its place and what to do."""

    code: str
    message: str
    address: str = ""
    source: Source | None = None
    hint: str = ""
    severity: str = "error"
    second: Source | None = None
    """Another place, of which the message speaks."""

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def words(self, prefix: str = "") -> str:
        """The message, with `prefix` before the file of its second place: the way from where the user is."""
        place = str(self.second) if self.second is not None else ""
        before, found, after = self.message.rpartition(place) if place else (self.message, "", "")
        return f"{before}{self.second.seen_from(prefix)}{after}" if found and self.second else self.message

    def as_document(self) -> dict[str, Any]:
        """The finding as the JSON documents give it; what it lacks is left out."""
        place = self.source
        pairs = {
            "code": self.code,
            "message": self.message,
            "address": self.address,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "hint": self.hint,
        }
        return {key: value for key, value in pairs.items() if value not in (None, "")}


class LsopsError(Exception):
    """The root: carries one or more findings; `exit_code` is what the command line returns.

    `prefix` leads from where the user is to the manifest's folder: what is shown before the names of its files.
    """

    exit_code = 1
    code = "LS901"
    prefix = ""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(finding.message for finding in self.findings))

    @classmethod
    def of(
        cls, message: str, *, code: str = "", hint: str = "", address: str = "", source: Source | None = None
    ) -> Self:
        """An error of one finding; the code is the class's own where none is given."""
        return cls([Finding(code or cls.code, message, address, source, hint)])


class ManifestError(LsopsError):
    """The manifest is wrong; every finding of every file is in it."""

    exit_code = 3


class UsageError(ManifestError):
    """The command line or a setting is wrong."""

    code = "LS605"


class ServerError(LsopsError):
    """The server did not do what was asked; `status` is the HTTP status, None where there was no answer."""

    code = "LS706"

    def __init__(self, findings: Iterable[Finding], *, status: int | None = None, sent: bool = True) -> None:
        super().__init__(findings)
        self.status = status
        self.sent = sent


class Unreachable(ServerError):
    """No answer; `sent` is False where not a byte of the request can have reached the server."""

    code = "LS701"


class ResultUnknown(Unreachable):
    """A write was sent and no answer came: it may have been carried out."""

    code = "LS708"


class Unauthorized(ServerError):
    """401: the token is missing, wrong or switched off."""

    code = "LS702"


class Forbidden(ServerError):
    """403: not permitted, so the state is unknown."""

    code = "LS703"


class NotFound(ServerError):
    """404: the object, or the whole endpoint, is not there."""

    code = "LS704"


class Rejected(ServerError):
    """Another 4xx: the server refuses what was sent."""

    code = "LS705"


class ServerFault(ServerError):
    """5xx; on Label Studio a 500 can also be the answer to a client's mistake."""

    code = "LS706"


class Malformed(ServerError):
    """The answer is not what the API promises."""

    code = "LS707"


class Refused(LsopsError):
    """Declined, without consent, protected, or a plan that no longer fits."""

    exit_code = 5
    code = "LS805"


class Interrupted(LsopsError):
    """The operator pressed Ctrl-C."""

    exit_code = 130
    code = "LS902"


def placed(error: LsopsError, address: str, source: Source | None) -> tuple[Finding, ...]:
    """The error's findings, with a place given to those that have none."""
    return tuple(replace(f, address=f.address or address, source=f.source or source) for f in error.findings)


@contextmanager
def prefixed(prefix: str) -> Iterator[None]:
    """Inside, an error is given the way to the manifest's folder."""
    try:
        yield
    except LsopsError as error:
        error.prefix = prefix
        raise


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the files, so that output is stable."""
    return sorted(findings, key=lambda f: (f.source or Source("", 0), f.code, f.address, f.message))
