"""The texts of a manifest: its own file, one per entry that has a label config, and the label configs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lsops.dumping.essence import ordered
from lsops.dumping.names import Unique, slug
from lsops.dumping.templating import FoundTemplate
from lsops.dumping.values import DumpedEntry, FileText, LeftOut
from lsops.dumping.yaml_text import WIDTH, comment, field_lines, field_rows, in_one_line, key_text
from lsops.manifest.files import MANIFEST, MAX_BYTES
from lsops.schema import KindSchema, children, kinds

LABELS = "labels"
"""The folder of label configs."""
MOST_NOTES = 20
"""Things left out that the comments of one file name."""
XINCLUDE = ("xi:include", "http://www.w3.org/2001/XInclude")
"""What would be followed in a label config that comes from a file, and is literal in one that stands inline."""


@dataclass
class Layout:
    """Which entry stands in which file. `includes` are all files that the manifest's own one includes."""

    entries: Mapping[str, Sequence[DumpedEntry]]
    places: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, entries in self.entries.items():
            self._place(name, [entry for entry in entries if has_own_file(kinds()[entry.live.kind])])

    def _place(self, collection: str, entries: Sequence[DumpedEntry]) -> None:
        names = Unique()
        for entry in entries:
            self.places[entry.address] = f"{collection}/{names.of(slug(entry.name, collection))}.yaml"
        configs: dict[str, str] = {}
        for entry in entries:
            for item in ordered(kinds()[entry.live.kind], entry.live.type or ""):
                text = entry.values.get(item.name)
                if item.compare == "xml" and isinstance(text, str) and not stays_inline(text):
                    name = configs.setdefault(text, self.places[entry.address].rpartition("/")[2][:-5])
                    self.texts[f"{LABELS}/{name}.xml"] = text + "\n"
                    entry.values[item.name] = FileText(text, f"../{LABELS}/{name}.xml")


def has_own_file(schema: KindSchema) -> bool:
    """Whether each entry of a kind stands in a file of its own: those at the top that have a label config."""
    return schema.depth == 0 and any(item.compare == "xml" for item in schema.fields().values())


def stays_inline(text: str) -> bool:
    """Whether a label config cannot be a file that gives it again, sign by sign."""
    is_followed = any(mark in text for mark in XINCLUDE)
    return is_followed or len(text) * 4 > MAX_BYTES or text.startswith("\ufeff") or "\r" in text or "\0" in text


@dataclass(frozen=True, slots=True)
class Heading:
    """What the manifest's own file begins with, and the `hints` with which it ends.

    `literal` names every included file, where a glob would find others.
    """

    url: str
    variables: Sequence[str] = ()
    hints: Sequence[str] = ()
    templates: Sequence[FoundTemplate] = ()
    literal: bool = False


def texts(
    layout: Layout, defaults: Mapping[str, Mapping[str, Any]], left_out: Iterable[LeftOut], heading: Heading
) -> dict[str, str]:
    """Every file of the manifest by its name, its own one first."""
    notes = _by_file(left_out, layout.places)
    own = {name: _not_filed(entries, layout) for name, entries in layout.entries.items()}
    result = {MANIFEST: _text(_manifest(layout, own, defaults, heading, notes.get(MANIFEST, [])))}
    for name, entries in layout.entries.items():
        for entry in entries:
            if entry.address in layout.places:
                file = layout.places[entry.address]
                head = [*_note_lines(notes.get(file, [])), f"{name}:"]
                result[file] = _text([*head, *lines_of_entry(entry, 2)])
    return {**result, **dict(sorted(layout.texts.items()))}


def _not_filed(entries: Sequence[DumpedEntry], layout: Layout) -> list[DumpedEntry]:
    return [entry for entry in entries if entry.address not in layout.places]


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _manifest(
    layout: Layout,
    own: Mapping[str, Sequence[DumpedEntry]],
    defaults: Mapping[str, Mapping[str, Any]],
    heading: Heading,
    notes: Sequence[str],
) -> Iterator[str]:
    source = heading.url if heading.url.startswith("http") else "a sandbox"
    yield comment(f"Written by lsops dump from {source}.")
    yield comment("What stands here is managed by lsops; everything else on the server is left alone.")
    yield from _note_lines(notes)
    yield from _variable_lines(heading.variables)
    yield "version: 1"
    if heading.url.startswith("http"):
        yield from ("", *field_lines("server", {"url": heading.url}, 0))
    if layout.places:
        files = sorted(layout.places.values())
        globs = files if heading.literal else sorted({f"{file.partition('/')[0]}/*.yaml" for file in files})
        yield from ("", *field_lines("include", globs, 0))
    known = children("")
    for name in sorted(own, key=lambda name: (not known[name].singleton, list(known).index(name))):
        if own[name]:
            yield from ("", *collection_lines(name, own[name], known[name], 0))
    if defaults:
        yield ""
        yield comment("Beneath every entry of that collection, unless it says otherwise.")
        yield "defaults:"
        for path, values in defaults.items():
            yield f"  {key_text(path)}:"
            yield from field_rows(values, 4)
    if heading.templates:
        yield ""
        yield comment("Beneath the entries that name them.")
        yield "templates:"
        for one in heading.templates:
            yield f"  {key_text(one.name)}:"
            yield from field_lines("params", dict.fromkeys(one.params), 4)
            yield from lines_of_entry(one.body, 4)
    if heading.hints:
        yield ""
        yield from _note_lines(heading.hints)


def _variable_lines(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield comment("To be set before lsops apply, where it runs:")
        yield from (comment(f"  {row}") for row in textwrap.wrap(" ".join(names), WIDTH, break_long_words=False))


def _note_lines(notes: Sequence[str]) -> Iterator[str]:
    yield from (comment(note) for note in notes[:MOST_NOTES])
    if len(notes) > MOST_NOTES:
        yield comment(f"and {len(notes) - MOST_NOTES} more that were left out")


def _by_file(left_out: Iterable[LeftOut], places: Mapping[str, str]) -> dict[str, list[str]]:
    """What was left out by the file in whose comments it is told."""
    found: dict[str, list[str]] = {}
    for one in left_out:
        above = "/".join(one.address.split("/")[:3])
        found.setdefault(places.get(above, MANIFEST), []).append(f"Left out: {one.address}: {one.reason}")
    return found


# ---- entries -------------------------------------------------------------------------------------


def lines_of_entry(entry: DumpedEntry, indent: int) -> Iterator[str]:
    """The lines of an entry; one that lacks something is a comment."""
    lines = _bare_lines(entry, indent)
    return _commented(lines, entry.required, indent) if entry.required else lines


def _bare_lines(entry: DumpedEntry, indent: int) -> Iterator[str]:
    schema = kinds()[entry.live.kind]
    values = written_values(entry, schema)
    head = f"{' ' * indent}{key_text(entry.name)}:"
    short = schema.shorthand().get("scalar")
    is_plain = not (entry.notes or any(entry.children.values()))
    if is_plain and short and list(values) == [short]:
        yield f"{head} {in_one_line(values[short], WIDTH)}"
        return
    flow = in_one_line(values, WIDTH - len(head) - 1) if is_plain else ""
    if flow and (not values or not has_own_file(schema)) and not _has_lines(values):
        yield f"{head} {flow}"
        return
    yield head
    yield from _body(entry, values, indent + 2)


def _body(entry: DumpedEntry, values: Mapping[str, Any], indent: int) -> Iterator[str]:
    """What stands in an entry that takes several lines; what could not be read makes it no empty one."""
    rules = values.get("lifecycle")
    yield from (comment(note, indent) for note in entry.notes)
    yield from field_rows({name: value for name, value in values.items() if name != "lifecycle"}, indent)
    own = children(kinds()[entry.live.kind].collection)
    for name, entries in entry.children.items():
        yield from collection_lines(name, entries, own[name], indent)
    if rules:
        yield from field_lines("lifecycle", rules, indent)
    elif not values and not any(_is_written(one) for below in entry.children.values() for one in below):
        yield f"{' ' * indent}{{}}"


def written_values(entry: DumpedEntry, schema: KindSchema) -> dict[str, Any]:
    """The fields of an entry as a person orders them, its lifecycle last."""
    known = ordered(schema, entry.live.type or "")
    found = {item.name: entry.values[item.name] for item in known if item.name in entry.values}
    return {**entry.template, **found, **({"lifecycle": entry.lifecycle} if entry.lifecycle else {})}


def collection_lines(name: str, entries: Sequence[DumpedEntry], schema: KindSchema, indent: int) -> Iterator[str]:
    """The lines of a collection with its entries; of one that has no more than comments, it is a comment, too."""
    if schema.singleton:
        values = written_values(entries[0], schema)
        yield f"{' ' * indent}{name}:" + ("" if values else " {}")
        yield from field_rows(values, indent + 2)
        return
    if schema.shorthand().get("list") and not any(one.values or one.lifecycle or one.notes for one in entries):
        yield from field_lines(name, [one.name for one in entries], indent)
        return
    yield f"{' ' * indent}{name}:" if any(map(_is_written, entries)) else f"{' ' * indent}# {name}:"
    for entry in entries:
        yield from lines_of_entry(entry, indent + 2)


def entry_map(entry: DumpedEntry) -> dict[str, Any]:
    """An entry with all below it as one value; what is no more than a comment is not in it."""
    found = written_values(entry, kinds()[entry.live.kind])
    rules = found.pop("lifecycle", None)
    own = children(kinds()[entry.live.kind].collection)
    for name, entries in entry.children.items():
        found[name] = collection_map(entries, own[name])
    return {**found, **({"lifecycle": rules} if rules else {})}


def collection_map(entries: Sequence[DumpedEntry], schema: KindSchema) -> dict[str, Any]:
    """The entries of a collection as one value; of a singleton, its fields."""
    if schema.singleton:
        return written_values(entries[0], schema)
    return {one.name: entry_map(one) for one in entries if _is_written(one)}


def _is_written(entry: DumpedEntry) -> bool:
    return not entry.required


def _commented(lines: Iterable[str], why: str, indent: int) -> Iterator[str]:
    """Lines as comments that begin where the collection does, so that taking away `# ` is all there is to do."""
    start = indent - 2
    yield comment(f"  # {why}", start)
    yield from (f"{' ' * start}# {row[start:]}".rstrip() for row in lines)


def _has_lines(values: Mapping[str, Any]) -> bool:
    """Whether one of the values is a text of several lines, which nobody reads in one."""
    return any(isinstance(value, str) and "\n" in value for value in values.values())
