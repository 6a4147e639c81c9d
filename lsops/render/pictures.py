"""Pictures of what a change of a label config looks like, which `lsops preview --png` made."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its PNG, empty where it is not to stand in the page, and its address on the web where it has one."""

    name: str
    png: bytes = field(default=b"", repr=False)
    url: str = ""


@dataclass(frozen=True, slots=True)
class PicturesOfChange:
    """The pictures of a change, of which there is one at least; `link` leads to both in the preview's own page."""

    link: str
    number: int
    before: Shot | None = None
    after: Shot | None = None

    @property
    def sides(self) -> tuple[tuple[str, Shot | None], ...]:
        """Both, by what they are called."""
        return ("Before", self.before), ("After", self.after)

    @property
    def words(self) -> str:
        """Which pictures there are."""
        return " and ".join(name.lower() for name, shot in self.sides if shot)
