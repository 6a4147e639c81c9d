"""The page of error codes: meanings from `lsops/errors.py`, examples and advice from `advice.yaml` beside it."""

from __future__ import annotations

from collections.abc import Iterator

from lsops.advice import remedies
from lsops.errors import CODES

GROUPS = {
    "LS1": "Fields and label configs",
    "LS2": "Files and YAML",
    "LS3": "Composition",
    "LS4": "References and secrets",
    "LS5": "Resources",
    "LS6": "Settings and the command line",
    "LS7": "The server",
    "LS8": "Consent",
    "LS9": "lsops itself",
}
HEAD = """\
# Error codes

Generated from `lsops/errors.py` and [`lsops/advice.yaml`](../lsops/advice.yaml) by `python -m docs.generate`; do not
edit.

Every error has a code that never changes its meaning and is never used again for another. lsops reports all errors of a
manifest at once, in the order of the files:

```
projects/chest.yaml:14:9: error[LS102]: unknown field "presing_ttl" for an azure_spi import storage
  /projects/Chest X-ray triage/import_storages/raw scans
  did you mean "presign_ttl"?
```

The first line is the file with line and column, the severity and code, and what is wrong. The second is the address of
the resource, the third a hint; either may be missing. With `--format json` the same stands in one document on stdout
([formats](plan-file.md#errors)). Codes in a message's place below are examples; names and numbers differ.

LS122 to LS126 are always warnings, and so is LS301 for a glob. A warning fails nothing.
"""


def errors_page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_groups()]).rstrip() + "\n"


def _groups() -> Iterator[str]:
    told = remedies()
    for prefix, title in GROUPS.items():
        yield from (f"## {title}", "", "| code | meaning | example | what to do |", "|---|---|---|---|")
        for code, meaning in CODES.items():
            if code.startswith(prefix):
                item = told[code]
                yield f'| <a id="{code}"></a>{code} | {meaning} | {_cell(item["example"])} | {_cell(item["do"])} |'
        yield ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
