"""What only some kinds can do with a server, one small class each; what they add to a plan: `planning.py`.

A kind inherits those that it has, and the engine asks by type: `isinstance(kind, Bulk)`. Whatever sends a request
raises ServerError.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsops.errors import Finding
from lsops.kinds.reader import Names, Row, Where
from lsops.model import Change, Resource

if TYPE_CHECKING:
    from lsops.server.session import Session


class Bulk(ABC):
    """Makes many changes of one action under one parent, `where.parent`, with one call.

    What became of each is for the engine to see, which reads the collection after it.
    """

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
    """Has updates that the server sometimes refuses because the secrets, which it never returns, are not in them."""

    @abstractmethod
    def wants_secrets(self, message: str) -> bool:
        """Whether that is what the server says with a refusal; then the update is sent once more, with them."""


class Recounts(ABC):
    """Loses or orphans something with it, that people add to meanwhile."""

    @abstractmethod
    def recounted(self, session: Session, change: Change) -> Change:
        """The change with what it destroys or orphans counted now; a count of None is unknown."""


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


class Invites(ABC):
    """Is joined by invitation."""

    @abstractmethod
    def invite(self, session: Session, people: Mapping[str, str]) -> None:
        """Mail an invitation to each e-mail, with its role code."""
