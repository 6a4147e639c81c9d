"""Editors for tests: the installed Label Studio's, and small ones that draw nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lsops.preview.editor.places import root_of
from tests.support.label_studio import executable, lacking

APP = "web/dist/apps/labelstudio/"
SMALL: Mapping[str, bytes] = {
    APP + "runtime.js": b"runtime",
    APP + "vendor.js": b"vendor",
    APP + "main.js": b"Promise.all([q.e(7),q.e(8)]).then(q.bind(q,1)),Promise.all([q.e(7),q.e(31)]).then(q.bind(q,2))",
    APP + "main.css": b"@font-face{src:url(/static/fonts/Fig-Bold.ttf)}",
    APP + "8.js": b"the data manager",
    APP + "31.js": b'window.LabelStudio=x,q.e(5),new Worker(q.u(6)),fetch("decode.wasm"),"a_flag"',
    APP + "31.css": b"editor{}",
    APP + "5.js": b"five",
    APP + "6.js": b"six",
    APP + "decode.wasm": b"wasm",
    APP + "3rdpartylicenses.txt": b"MIT and others",
    "label_studio/core/static/fonts/Fig-Bold.ttf": b"font",
    "label_studio-1.99.0.dist-info/LICENSE": b"Apache",
    "label_studio/feature_flags.json": b"""{"flags": {
        "a_flag": {"on": true, "fallthrough": {"variation": 1}, "offVariation": 0, "variations": [true, false]},
        "of_the_server": {"on": false, "fallthrough": {}, "offVariation": 0, "variations": [true, false]}}}""",
}
"""A bundle by the paths of its files in a wheel; its numbers are no release's."""


def installed_wheel() -> Path:
    """The folder of the installed Label Studio; a test without it skips only if that is allowed."""
    lib = executable().parents[1] / "lib"
    root = root_of(next(lib.glob("python*/site-packages"), lib))
    if root is None:
        lacking(f"no editor below {lib}")
    return root


def lay_out(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write files of a wheel into a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder
