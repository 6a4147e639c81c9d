"""The pages as files of a folder: index.html, a page for each drawing, and the editor's files once."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.preview.editor.bundle import Editor
from lsops.preview.guard import SANDBOX, STRICT_SANDBOX
from lsops.preview.page.frame import ASSETS, frame_page
from lsops.preview.page.index import Gallery, index_page
from lsops.preview.page.single import single_page
from lsops.render.html.elements import NONE, Html, element

INDEX = "index.html"


def folder_pages(gallery: Gallery, editor: Editor | None) -> Iterator[tuple[str, bytes]]:
    """Each file's name and bytes; without an editor one page, in words and XML."""
    if editor is None:
        yield INDEX, index_page(gallery, lambda key: NONE).encode()
        return
    yield from drawn_files(gallery, editor)
    rights = SANDBOX if editor.is_trusted else STRICT_SANDBOX

    def cell(key: str) -> Html:
        return element("iframe", loading="lazy", sandbox=rights, src=f"{key}.html", title=key)

    yield INDEX, index_page(gallery, cell).encode()


def drawn_files(gallery: Gallery, editor: Editor) -> Iterator[tuple[str, bytes]]:
    """A page for each drawing, and what they load."""
    for name, data in editor.files.items():
        yield ASSETS + name, data
    for drawing in gallery.drawings:
        yield f"{drawing.key}.html", frame_page(drawing, editor).encode()


def single_file(gallery: Gallery, editor: Editor | None) -> Iterator[tuple[str, bytes]]:
    """All of it in one."""
    page = index_page(gallery, lambda key: NONE) if editor is None else single_page(gallery, editor)
    yield INDEX, page.encode()
