"""`--preview DIR` and `--preview-url URL`: the pictures of `lsops preview --png` in what is told of a plan."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from lsops.errors import UsageError

if TYPE_CHECKING:
    from lsops.cli.options import Flags
    from lsops.render.document import Document


def pictured(options: Flags) -> Callable[[Document], Document]:
    """What puts the pictures of the flags into a document. Raises: UsageError, before anything is done."""
    if options.preview is None:
        if options.preview_url:
            raise UsageError.of("--preview-url needs --preview DIR", hint="the folder of lsops preview --png")
        return lambda document: document
    from lsops.operations.pictures import pictures_of, with_pictures

    page = next((file.path.parent for file in options.output.outputs if file.form == "html"), Path())
    link = Path(os.path.relpath(options.preview, page)).as_posix()
    pictures = pictures_of(options.preview, link, options.preview_url)
    return lambda document: with_pictures(document, pictures)


def page_from(folder: Path, given: str) -> str:
    """The address of the plan's page from a page in the folder: one of the web as it is, a file by the way to it.

    Raises: UsageError, LS605.
    """
    if "://" not in given:
        return quote(Path(os.path.relpath(given, folder)).as_posix()) if given else ""
    from lsops.operations.pictures import web_address

    return web_address(given, "--plan-page", of="the page, or a file")
