"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o666
"""Before the umask takes its share."""


def write_whole(path: Path, text: str, *, mode: int = PRIVATE) -> None:
    """Write UTF-8 text beside the file and move it there; what cannot be encoded is escaped.

    No other process can have the same temporary file, and none is left behind, also after Ctrl-C. A link is replaced.

    Raises:
        OSError: it cannot be written; what was there before is there still.
    """
    number, name = tempfile.mkstemp(prefix=".lsops-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        if mode != PRIVATE:
            temporary.chmod(mode & ~_umask())
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _umask() -> int:
    """What new files may not have; it can be read only by setting it."""
    before = os.umask(0o077)
    os.umask(before)
    return before
