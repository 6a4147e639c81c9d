"""Where a value of the manifest stands while its references are replaced."""

from __future__ import annotations

from typing import NamedTuple

from lsops.manifest.positions import Mark
from lsops.manifest.specs import Spec


class ValuePlace(NamedTuple):
    """What a value is checked against and where it stands; `name` is the field as messages call it."""

    spec: Spec
    mark: Mark
    address: str
    name: str

    def below(self, spec: Spec, mark: Mark, name: str) -> ValuePlace:
        """Where a value inside this one stands."""
        return ValuePlace(spec, mark, self.address, name)


class Unresolvable(Exception):
    """A reference that gives nothing; its finding is made."""
