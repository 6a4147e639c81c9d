"""The editor as a value: the files that draw a label config, and in which order a page loads them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Files = Callable[[str], "bytes | None"]
"""The bytes of a file by its path in the wheel `label-studio`, such as `web/dist/apps/labelstudio/main.js`."""

KNOWS_ALL = (1, 23)
"""The release from which on an editor has all tags of Community that lsops knows."""


@dataclass(frozen=True, slots=True)
class Editor:
    """An editor. `files` are what a page needs, by their names beside it; fonts are `fonts/NAME`.

    `scripts` are in the order of loading, the runtime first; the first of `styles` is the app's. `flags` are those of
    the release that the scripts ask for. `paths` are the files in the wheel that all of it was made of. Unless it
    `is_trusted`, its files came from a server, and no page gives it its own origin.
    """

    release: str
    files: Mapping[str, bytes] = field(repr=False)
    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    flags: Mapping[str, bool] = field(default_factory=dict, repr=False)
    paths: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    is_trusted: bool = True

    @property
    def name(self) -> str:
        """Whose editor it is, for people."""
        return f"Label Studio {self.release}".rstrip()

    @property
    def words(self) -> str:
        """What it is called where it lacks a tag: an old one may lack what a newer one has."""
        numbers = tuple(int(part) for part in self.release.split(".")[:2] if part.isdecimal())
        return f"the editor of {self.name}" if numbers and numbers < KNOWS_ALL else "the Community editor"

    def digest(self) -> str:
        """The same for the same scripts and styles, whatever they are called and wherever they came from."""
        parts = (hashlib.sha256(self.files[name]).hexdigest() for name in (*self.scripts, *self.styles))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()
