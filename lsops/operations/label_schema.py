"""The JSON Schema of annotations, from the file of a label config."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsops.errors import Finding, ManifestError, Source
from lsops.labelconfig import answer_schema, check, result_schema
from lsops.manifest.files import FileProblem, decoded, read_bytes


def schema_of_file(path: Path, *, compact: bool = False) -> dict[str, Any]:
    """The schema of the `result` of an annotation, or of an object with a value for each control (`compact`).

    Raises:
        ManifestError: the file cannot be read, or no server takes it as a label config.
    """
    name = path.as_posix()
    try:
        text = decoded(read_bytes(str(path)))
    except FileProblem as problem:
        code = "LS202" if problem.kind == "encoding" else "LS201"
        raise ManifestError.of(f"{name}: {problem}", code=code) from problem
    wrong = [issue for issue in check(text) if issue.severity == "error"]
    if wrong:
        raise ManifestError(
            Finding(one.code, one.message, "", Source(name, one.line, one.column), one.hint) for one in wrong
        )
    return answer_schema(text) if compact else result_schema(text)
