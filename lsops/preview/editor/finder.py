"""The editor in Label Studio's app, found by what is in its files: numbers of chunks and modules change by release."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lsops.errors import LsopsError
from lsops.preview.editor.bundle import Editor, Files

APP = "web/dist/apps/labelstudio/"
"""Where the wheel has the app, from 1.16 on."""
FONTS = "label_studio/core/static/fonts/"
FLAGS = "label_studio/feature_flags.json"
LICENSES = ("LICENSE", "licenses/LICENSE")
THIRD_PARTY = "3rdpartylicenses.txt"
DEFINES = b"window.LabelStudio="
"""What only the editor's own chunk has in it."""

_NAME = r"[\w$]+"
_LAZY = re.compile(rf"Promise\.all\(\[((?:{_NAME}\.e\(\d+\),?)+)\]\)\.then\({_NAME}\.bind\({_NAME},\d+\)\)")
_CHUNK = re.compile(rf"\b{_NAME}\.[eu]\((\d+)\)")
_FONT = re.compile(rb"url\([\"']?/static/fonts/([\w.-]+)[\"']?\)")
_WASM = re.compile(r"[\"'/]([\w.-]+\.wasm)\b")


def find_editor(files: Files, release: str = "") -> Editor:
    """The editor among an app's files.

    Raises:
        LsopsError: LS640, these files are not an app whose editor can be found.
    """
    return _Search(files, release).editor()


class _Search:
    """One search; it keeps every file that it has read and needs."""

    def __init__(self, files: Files, release: str) -> None:
        self._files = files
        self._release = release
        self._kept: dict[str, bytes] = {}
        self._paths: dict[str, bytes] = {}

    def editor(self) -> Editor:
        for name in ("runtime.js", "vendor.js", "main.js", "main.css"):
            if self._keep(name) is None:
                raise _unknown(f"it has no {name}")
        chunks = self._chunks()
        scripts = ("runtime.js", "vendor.js", "main.js", *(name for name in chunks if name.endswith(".js")))
        styles = ("main.css", *(name for name in chunks if name.endswith(".css")))
        self._keep_fonts()
        self._keep_licenses()
        return Editor(self._release, self._kept, scripts, styles, self._flags(scripts), self._paths)

    def _chunks(self) -> tuple[str, ...]:
        """The files of the chunk that defines the editor, of those it comes with, and of those it loads itself."""
        for group in dict.fromkeys(match[1] for match in _LAZY.finditer(self._text("main.js"))):
            numbers = _CHUNK.findall(group)
            found = {number: self._read(f"{number}.js") for number in numbers}
            if any(DEFINES in (data or b"") for data in found.values()):
                kept = [name for number in numbers for name in self._keep_chunk(number)]
                own = "".join(self._text(name) for name in kept if name.endswith(".js"))
                kept += [name for number in sorted(set(_CHUNK.findall(own))) for name in self._keep_chunk(number)]
                for name in dict.fromkeys(_WASM.findall(own)):
                    self._keep(name)
                return tuple(dict.fromkeys(kept))
        raise _unknown("no chunk that main.js loads defines the editor")

    def _keep_chunk(self, number: str) -> Iterator[str]:
        """Its files; none where it is a part of vendor.js, which goes by a name."""
        return (name for name in (f"{number}.js", f"{number}.css") if self._keep(name) is not None)

    def _keep_fonts(self) -> None:
        """The fonts, and styles that look for them beside themselves instead of at a server's root."""
        style = self._kept["main.css"]
        for name in sorted(set(_FONT.findall(style))):
            font = name.decode()
            data = self._files(FONTS + font)
            if data is not None:
                self._paths[FONTS + font] = self._kept[f"fonts/{font}"] = data
        self._kept["main.css"] = _FONT.sub(rb"url(fonts/\1)", style)

    def _keep_licenses(self) -> None:
        folder = f"label_studio-{self._release}.dist-info/"
        for path, name in ((APP + THIRD_PARTY, THIRD_PARTY), *((folder + one, "LICENSE") for one in LICENSES)):
            data = self._files(path)
            if data is not None and name not in self._kept:
                self._paths[path] = self._kept[name] = data

    def _flags(self, scripts: Iterable[str]) -> dict[str, bool]:
        """The release's own values of the flags that the scripts ask for; the others are on, as on a server."""
        data = self._files(FLAGS)
        if data is None:
            return {}
        self._paths[FLAGS] = data
        text = "".join(self._text(name) for name in scripts)
        return {name: on for name, on in flags_of(data).items() if name in text}

    def _keep(self, name: str) -> bytes | None:
        data = self._read(name)
        if data is not None:
            self._paths[APP + name] = self._kept[name] = data
        return data

    def _read(self, name: str) -> bytes | None:
        return self._kept[name] if name in self._kept else self._files(APP + name)

    def _text(self, name: str) -> str:
        return self._kept[name].decode("utf-8", "replace")


def flags_of(data: bytes) -> dict[str, bool]:
    """The flags of a `feature_flags.json`; none where it has another form."""
    try:
        return {str(name): _is_on(flag) for name, flag in json.loads(data)["flags"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return {}


def _is_on(flag: Any) -> bool:
    number = flag["fallthrough"].get("variation", flag["offVariation"]) if flag["on"] else flag["offVariation"]
    return bool(flag["variations"][number])


def _unknown(reason: str) -> LsopsError:
    message = f"the editor cannot be found in this Label Studio's files: {reason}"
    return LsopsError.of(message, code="LS640", hint="name another release with --editor-version X, such as 1.23.2")
