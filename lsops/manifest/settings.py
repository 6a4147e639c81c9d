"""The manifest's own keys: version, server, include, vars, environments, defaults, prune."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lsops.errors import Source
from lsops.manifest.checks import check_document, manifest_document
from lsops.manifest.compose import Composed
from lsops.manifest.findings import Findings, listed, quote
from lsops.manifest.messages import Subject, unknown_key
from lsops.manifest.positions import Map, Seq
from lsops.manifest.reference_syntax import has_reference
from lsops.manifest.references import References
from lsops.manifest.specs import property_spec
from lsops.manifest.value_place import Unresolvable, ValuePlace
from lsops.schema import KindSchema, by_collection, children, never_gone
from lsops.spelling import Near

VERSION = 1


@dataclass(frozen=True)
class WrittenSettings:
    """What the manifest says beside its resources."""

    url: str = ""
    url_source: Source | None = None
    prune: tuple[str, ...] = ()


def check_settings(composed: Composed, references: References, findings: Findings) -> WrittenSettings:
    """Check the manifest's own keys and read off what they say."""
    tree, start = composed.tree, Source(composed.name, 1, 1)
    _check_version(tree, start, findings)
    own = _own_keys(tree, findings, start)
    own.drop("policies")  # each is checked by itself, where it is read
    server = _resolved(own, "server", references)
    if server is not None:
        own.put("server", server, own.places.get("server"))
    else:
        own.drop("server")
    chosen = _resolved(composed.environment, "server", references)
    _settle_environments(own, composed.environment, chosen)
    blocks = tree.get("environments")
    for block in (tree, *(blocks.values() if isinstance(blocks, Map) else ())):
        _check_vars(block.get("vars") if isinstance(block, Map) else None, findings)
    document = manifest_document()
    subject = Subject("the manifest", document, source=start, others=tuple(children("")))
    for finding in check_document(own, subject, manifest_document):
        findings.add(finding)
    url, url_source = _url(chosen, server)
    return WrittenSettings(url, url_source, _prune(tree, references, findings))


def _check_version(tree: Map, start: Source, findings: Findings) -> None:
    version = tree.get("version")
    if type(version) is int and version == VERSION:
        return
    if "version" not in tree:
        message, source = "the manifest does not say its version", start
    else:
        message, source = "this version of the manifest's format is not known", tree.value_source("version") or start
    findings.error("LS211", message, source=source, hint=f"write version: {VERSION}")


def _own_keys(tree: Map, findings: Findings, start: Source) -> Map:
    """The keys that hold no resources and are known; the others are findings."""
    known = manifest_document()["properties"]
    kinds = children("")
    subject = Subject("the manifest", manifest_document(), others=("version", *kinds))
    for key in tree:
        if key not in known and key not in kinds and key != "version":
            findings.add(unknown_key(key, manifest_document(), subject, where=tree.key_source(key) or start))
    return tree.only(key for key in tree if key in known)


def _resolved(owner: Map, name: str, references: References) -> Any:
    """A value of the manifest with its references replaced; None where there is none, or a reference gives nothing."""
    if name not in owner:
        return None
    spec = property_spec(manifest_document(), name)
    try:
        return references.resolve(owner[name], ValuePlace(spec, owner.places[name][1], "", name))
    except Unresolvable:
        return None


def _check_vars(value: Any, findings: Findings) -> None:
    """Refuse references in variables: nothing would replace them, and they would become text somewhere."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        owner = waiting.pop()
        if not isinstance(owner, (Map, Seq)) or id(owner) in seen:
            continue
        seen.add(id(owner))
        for place, inner in owner.items() if isinstance(owner, Map) else enumerate(owner):
            source = owner.value_source(place)  # type: ignore[arg-type]  # a key of a map, an index of a list
            if isinstance(inner, str) and has_reference(inner):
                hint = "write the value out, or the reference where the variable is used"
                findings.error("LS402", "a reference cannot stand in vars", source=source, hint=hint)
            elif isinstance(place, str) and has_reference(place):
                findings.error("LS402", "a key cannot hold a reference", source=owner.key_source(place))  # type: ignore[arg-type]
            waiting.append(inner)


def _settle_environments(own: Map, block: Map, server: Any) -> None:
    """Make environments fit to be checked: the chosen one has its server resolved, the others wait for theirs."""
    blocks = own.get("environments")
    if not isinstance(blocks, Map):
        return
    own["environments"] = checked = blocks.clone()
    for name, other in blocks.items():
        if isinstance(other, Map) and "server" in other:
            checked[name] = other.clone()
            if other is block and server is not None:
                checked[name]["server"] = server
            elif _has_reference(other["server"]):
                checked[name].drop("server")


def _has_reference(server: Any) -> bool:
    url = server.get("url") if isinstance(server, Map) else None
    return isinstance(url, str) and has_reference(url)


def _url(*servers: Any) -> tuple[str, Source | None]:
    """The first URL that a `server` names."""
    for server in servers:
        if isinstance(server, Map) and isinstance(server.get("url"), str):
            return server["url"], server.value_source("url")
    return "", None


# ---- prune --------------------------------------------------------------------------------------


def _prune(tree: Map, references: References, findings: Findings) -> tuple[str, ...]:
    known = by_collection()
    patterns = tuple(prune_patterns(_resolved(tree, "prune", references), known, findings))
    for name in (name for name, kind in known.items() if kind.never_empty):  # one lost line would delete everything
        if name in patterns and isinstance(tree.get(name), Map) and not tree[name]:
            message = f"{name} is empty and under prune: that would remove all of them"
            findings.error("LS505", message, source=tree.key_source(name), hint=f"take {name} out of prune")
    return patterns


def prune_patterns(
    patterns: Any, known: Mapping[str, KindSchema], findings: Findings, *, address: str = ""
) -> Iterator[str]:
    """The patterns that name a known collection; the others are findings. Other shapes are left to the schema."""
    if not isinstance(patterns, Seq):
        return
    for index, pattern in enumerate(patterns):
        if not isinstance(pattern, str):
            continue
        kind = known.get(pattern)
        if kind is not None and not kind.singleton:
            yield pattern
            continue
        several = [name for name, one in known.items() if not one.singleton]
        hint: Near | str = Near(pattern, several, f"it is one of {listed(several)}")
        message = f"prune names no collection {quote(pattern)}"
        if kind is not None:
            message, hint = f"prune cannot delete {quote(pattern)}: {never_gone(kind)}", "remove it here"
        findings.error("LS306", message, source=patterns.value_source(index), address=address, hint=hint)
