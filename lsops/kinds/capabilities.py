"""What only some kinds can do, one small class each.

A kind inherits those that it has, and the engine asks by type: `isinstance(kind, Bulk)`. Whatever sends a request
raises ServerError.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding
from lsops.kinds.reader import Names, Row, Where
from lsops.model.desired import Desired
from lsops.model.live import Facts, Live
from lsops.model.pairs import Pairs
from lsops.model.plan import Change
from lsops.model.resource import Resource
from lsops.model.syncing import SyncState
from lsops.model.task_file import Supply
from lsops.model.view import Amendment, PlanView

if TYPE_CHECKING:
    from lsops.kinds.projects.blueprints import Blueprints
    from lsops.kinds.projects.task_data import TaskData
    from lsops.kinds.shelf import Shelf
    from lsops.model.audit import Trail
    from lsops.server.session import Session


class Bulk(ABC):
    """Makes many changes of one action under one parent, `where.parent`, with one call.

    What became of each is for the engine to see, which reads the collection after it. What it is given holds the fields
    that a change names.
    """

    def takes(self, change: Change) -> bool:
        """Whether a change is made so; one that is not is made alone, as those of any kind."""
        return True

    @abstractmethod
    def create_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """Create resources."""

    @abstractmethod
    def update_many(self, session: Session, bodies_by_key: Mapping[str, Resource], where: Where, names: Names) -> None:
        """Make existing resources as declared."""

    @abstractmethod
    def delete_many(self, session: Session, live: Sequence[Resource], where: Where, names: Names) -> None:
        """Delete resources."""


class CarriesOver(ABC):
    """Has what a replacement must not lose though no manifest names it."""

    @abstractmethod
    def carried_over(self, session: Session, where: Where) -> Mapping[str, Any]:
        """Fields of an old object that the one that replaces it takes over where the manifest does not name them."""


class MadeFrom(ABC):
    """May be made from something else on the server, which gives it what no field says.

    `takes` are the fields that such a create takes: all others are set after it.
    """

    takes: frozenset[str] = frozenset()

    @abstractmethod
    def origin(self, item: Resource, names: Names) -> int | None:
        """The id of what a declared one is made from (`Where.origin`); None where that is nothing. Raises: NotFound."""


class FoundByKey(ABC):
    """Has a list so long that the server is asked for less than all of it."""

    @abstractmethod
    def rows_of_key(self, session: Session, where: Where, key: str) -> list[dict[str, Any]]:
        """Rows that have every object of that key among them, and perhaps others."""


class Recognises(ABC):
    """Can tell by more than its key whether an object is what a request made."""

    @abstractmethod
    def may_come_from(self, row: Row, body: Row) -> bool:
        """Whether a row can be what a POST of that body made; used where the answer to the POST was lost."""


class AsksForSecrets(ABC):
    """Has updates that the server sometimes refuses because of what is not in them: the secrets, which it never
    returns, or anything that did not change.
    """

    @abstractmethod
    def wants_secrets(self, message: str) -> bool:
        """Whether that is what the server says with a refusal; then the update is sent once more, with them."""

    def wants_all(self, message: str) -> bool:
        """Whether it says that it takes no part of an object; then the update is sent once more, as a whole."""
        return False


class Recounts(ABC):
    """Loses or orphans something with it, that people add to meanwhile."""

    @abstractmethod
    def recounted(self, session: Session, change: Change) -> Change:
        """The change with what it destroys or orphans counted now; a count of None is unknown."""


class Migrates(ABC):
    """Holds data that names what a change takes away, so that it is moved over before the change is made."""

    @abstractmethod
    def migrate(self, session: Session, change: Change, is_stopped: Callable[[], bool]) -> None:
        """Move what is not moved yet; the change itself is not made.

        It may have been begun before, and may be begun again: what fails leaves a part moved, and nothing lost.
        `is_stopped` is asked between requests: then it ends early. Raises: ServerError, Unmoved.
        """


class ConnectionTest(ABC):
    """Reaches somebody else, and the server can be asked to try without saving anything."""

    @abstractmethod
    def validate_request(
        self, change: Change, *, revealed: Mapping[str, Any], parent: int
    ) -> tuple[str, dict[str, Any]] | None:
        """The path and the body of the POST that tests it; None where the manifest lacks what the test needs.

        `revealed` holds every secret by its field, `parent` is the id of what the resource stands in. The body is one
        that the server does not save.
        """


class Preflight(ABC):
    """Can ask the server what it thinks of a change, which stays as it is by that."""

    @abstractmethod
    def preflight(self, session: Session, change: Change) -> Iterable[Finding]:
        """What the server would refuse; nothing where it was not asked."""


class TriesRemotely(ABC):
    """Has the server run or fetch what a manifest gives it, which it can also do without keeping anything.

    That is done where somebody who may apply asks for it, and never for a pull request.
    """

    @abstractmethod
    def tries(self, change: Change) -> bool:
        """Whether there is anything in a change to be run or fetched."""

    @abstractmethod
    def try_remotely(self, session: Session, change: Change, parent: int) -> Iterable[Finding]:
        """What became of it, where it went wrong; `parent` is the id of what the resource stands in, 0 at the top."""


class Vetoes(ABC):
    """Can take from the caller what only somebody else could give back."""

    @abstractmethod
    def veto(self, change: Change, facts: Facts) -> Iterable[Finding]:
        """Why `apply` must refuse a change, whatever was allowed."""


class Counted:
    """The contract limits how many there may be; `counted` is its word for them (Enterprise facts 5.11)."""

    counted: str = ""

    def takes_room(self, change: Change) -> bool:
        """Whether there is one more of them after a change."""
        return change.action == "create"


class Invites(ABC):
    """Is joined by invitation."""

    @abstractmethod
    def invite(self, session: Session, people: Mapping[str, str]) -> None:
        """Mail an invitation to each e-mail, with its role code."""

    @abstractmethod
    def unlisted(self, session: Session, people: Iterable[str], where: Where) -> list[str]:
        """Those e-mails that the server does not list, so that nobody can see that they were invited."""


class LeavesTraces(ABC):
    """Is written by requests whose paths name more than the object: a log of them does not tell whom they changed."""

    @abstractmethod
    def traces(self, where: Where) -> Mapping[str, bool]:
        """The paths of the requests that write an object, and whether it alone is written by one to that path."""


class Syncs(ABC):
    """Moves data when it is told to; the server does it, at once or in the background."""

    @abstractmethod
    def start_sync(self, session: Session, where: Where) -> SyncState:
        """Begin; how far it is when the server answers."""

    @abstractmethod
    def sync_state(self, session: Session, where: Where) -> SyncState:
        """How far it is."""

    @abstractmethod
    def moved(self, state: SyncState, item: Resource) -> str:
        """What a declared resource's sync has moved, in words, and of nothing why."""


class MakesSnapshots(ABC):
    """Its data can be exported as snapshots, which the server keeps."""

    @abstractmethod
    def shelf(self, session: Session, where: Where) -> Shelf:
        """Those of one object; nothing is asked yet."""


class SharesBlueprints(ABC):
    """Can be shared by links, with which others copy it."""

    @abstractmethod
    def blueprints(self, session: Session, where: Where) -> Blueprints:
        """Those of one object; nothing is asked yet."""


class Fills(ABC):
    """Some changes of the kind are no fields of it: data that is imported, or the order of what it holds.

    They take as many requests as it needs.
    """

    @abstractmethod
    def fills(self, change: Change) -> bool:
        """Whether a change is such a one."""

    @abstractmethod
    def fill(self, session: Session, change: Change, where: Where, supply: Supply) -> None:
        """Do what is not done yet; again after a failure, it goes on. Raises: LsopsError."""


class Audited(ABC):
    """Enterprise keeps what was done in one of the kind."""

    @abstractmethod
    def audited(self, session: Session, facts: Facts) -> Iterable[tuple[str, int]]:
        """The live ones, each by its address and its id."""

    @abstractmethod
    def trails(self, session: Session, address: str, number: int) -> Iterable[Trail]:
        """What is kept of the one with that address and id, beside the activity log."""

    @abstractmethod
    def log_query(self, number: int) -> Mapping[str, int]:
        """What limits the activity log to one; nothing for what all of it is of."""


# ---- planning: pure, nothing is read or asked -----------------------------------------------------


class ValidatesOffline(ABC):
    """Declared resources of the kind may contradict each other, which shows without a server."""

    @abstractmethod
    def validate_offline(self, desired: Desired) -> Iterable[Finding]:
        """What is wrong."""


class ValidatesAgainst(ABC):
    """Whether declared resources fit a server depends on more than editions and releases."""

    @abstractmethod
    def validate_against(self, pairs: Pairs, facts: Facts) -> Iterable[Finding]:
        """What is wrong on this server."""


class Warns(ABC):
    """Declared values may be lawful and doubtful, changed or not; `advises` of the schema announces it."""

    @abstractmethod
    def warn(self, item: Resource) -> Iterable[Finding]:
        """The warnings about one declared resource."""


class Describes(ABC):
    """A change does more than its fields say."""

    @abstractmethod
    def describe(self, change: Change, facts: Facts) -> Change:
        """The change with its effects, warnings and what it destroys."""


class Amends(ABC):
    """Changes of the kind depend on those of others: one is split in two, made later, or not at all."""

    @abstractmethod
    def amend(self, view: PlanView) -> Amendment:
        """All changes of the kind, as they are to be made."""


class Prunes(ABC):
    """What prune does with an undeclared live resource is not, or not always, a delete."""

    @abstractmethod
    def pruned(self, change: Change, facts: Facts) -> Change | None:
        """What is done instead of that delete; None leaves the resource alone."""


class Overlooks(ABC):
    """Some live resources without an entry are nobody's business; `because` says of them why."""

    because: str = ""

    @abstractmethod
    def unmanaged(self, unmatched: Sequence[Resource], address: str, view: PlanView) -> Sequence[Resource]:
        """Of the live resources of a collection that the manifest does not name, those that are to be told."""


class Omits(ABC):
    """Some live resources belong into no manifest that is made of what is live."""

    @abstractmethod
    def omitted(self, live: Resource, facts: Facts) -> str:
        """Why one is left out, as a sentence without its stop; empty where it is not."""


class Condenses(ABC):
    """A live resource shows more than somebody would declare who wants another like it."""

    @abstractmethod
    def condensed(self, live: Resource, around: Live) -> Mapping[str, Any]:
        """Its fields, less what the server works out by itself; what is default may stay. `around` is all of it."""


class StandsInOrder(ABC):
    """Stands among its like in an order that people see, and where new ones stand depends on which was made first."""

    @abstractmethod
    def rank(self, live: Resource) -> tuple[int, ...]:
        """By what live ones of a collection are sorted, so that they stand as people see them."""


class Awaits(ABC):
    """A declared resource may wait for a person, so that there is no change to plan."""

    @abstractmethod
    def pending(self, item: Resource, live: Resource | None, pairs: Pairs) -> bool:
        """Whether it waits."""

    def invitation(self, item: Resource, live: Resource | None) -> tuple[str, str] | None:
        """E-mail and role code of a pending person who has no open invitation; None for everybody else."""
        return None


class MayBeHidden:
    """Enterprise shows callers only what they belong to, so that what is not in a list may exist all the same."""

    sighted: frozenset[str] = frozenset()
    """The roles to which all is shown, or which are warned."""


class HoldsTasks(ABC):
    """Holds tasks, and what people made of them."""

    @abstractmethod
    def task_data(self, session: Session, number: int) -> TaskData:
        """What the one of that id holds."""
