"""Policy files, which `--policy` names wherever they lie, and the tests in them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lsops import schema
from lsops.errors import Source
from lsops.manifest.checks import check_document
from lsops.manifest.findings import Findings, quote
from lsops.manifest.include import FileReader
from lsops.manifest.messages import Subject, unknown_key
from lsops.manifest.policies import PolicyReader
from lsops.manifest.positions import Map, Seq
from lsops.manifest.specs import Spec
from lsops.model.leaves import as_plain
from lsops.model.policy import On, Policy, PolicyTest

SUBJECTS: tuple[On, ...] = ("resource", "change", "plan")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a policy file holds."""

    policies: tuple[Policy, ...]
    tests: tuple[PolicyTest, ...] = ()


def read_policies(tree: Map, files: Iterable[str], reader: FileReader) -> tuple[Policy, ...]:
    """The policies of a composed manifest, then those of files; what is wrong are findings."""
    written = PolicyReader(reader)
    found = list(written.of(tree))
    for path in files:
        name = os.path.relpath(os.path.realpath(path), reader.folder.root).replace(os.sep, "/")
        found.extend(_file(path, name, reader, written).policies)
    return _by_name(found, reader.findings)


def read_policy_file(path: str, reader: FileReader) -> PolicyFile:
    """One policy file with its tests; what is wrong are findings."""
    read = _file(path, path.replace(os.sep, "/"), reader, PolicyReader(reader))
    return PolicyFile(_by_name(read.policies, reader.findings), read.tests)


def _by_name(policies: Iterable[Policy], findings: Findings) -> tuple[Policy, ...]:
    """Each policy once; a name that is given twice is an error that names both places."""
    found: dict[str, Policy] = {}
    for one in policies:
        first = found.setdefault(one.name, one)
        if first is not one:
            findings.twice("LS134", f"the policy {quote(one.name)} is given twice", one.source, first.source)
    return tuple(found.values())


def _file(path: str, name: str, reader: FileReader, policies: PolicyReader) -> PolicyFile:
    tree = reader.given(path, name)
    if tree is None:
        return PolicyFile(())
    subject = Subject("a policy file", _file_document(), source=Source(name, 1, 1))
    for key in tree:
        if key not in _file_document()["properties"] and not key.startswith("x-"):
            where = tree.key_source(key)
            reader.findings.add(unknown_key(key, _file_document(), subject, where=where))
    if "policies" not in tree:
        reader.findings.error("LS101", 'a policy file needs "policies"', source=subject.source)
    found = tuple(policies.of(tree))
    return PolicyFile(found, tuple(_tests(tree, found, reader.findings)))


def _tests(tree: Map, policies: Iterable[Policy], findings: Findings) -> Iterator[PolicyTest]:
    rows = tree.get("tests", Seq())
    if not isinstance(rows, Seq):
        findings.error("LS103", "tests must be a list", source=tree.value_source("tests"))
        return
    written = tree.get("policies")
    known: dict[str, Policy | None] = dict.fromkeys(written if isinstance(written, Map) else ())
    known.update((one.name, one) for one in policies)
    for number, row in enumerate(rows):
        where, noun = rows.value_source(number), f"test {number + 1}"
        if isinstance(row, Map):
            yield from _test(row, Subject(noun, _test_document(), source=where), known, findings)
        else:
            findings.error("LS103", f"{noun} must be a map", source=where)


def _test(row: Map, subject: Subject, known: Mapping[str, Policy | None], findings: Findings) -> Iterator[PolicyTest]:
    """The test that a map is; a finding, where it is none. Of a policy that is wrong itself no test is looked at."""
    given = [name for name in SUBJECTS if name in row]
    if len(given) > 1:
        message = f"{subject.noun} gives {' and '.join(given)}"
        findings.error("LS110", message, source=subject.source, hint="write a test for each")
        return
    found = check_document(row, subject, _test_document)
    for finding in found:
        findings.add(finding)
    policy = None if found else known.get(row["policy"])
    if not found and row["policy"] not in known:
        findings.error("LS306", f"there is no policy {quote(row['policy'])}", source=row.value_source("policy"))
    elif policy is not None and policy.on != given[0]:
        message = f"the policy {quote(policy.name)} is on: {policy.on}, and its test gives a {given[0]}"
        findings.error("LS110", message, source=row.key_source(given[0]))
    elif policy is not None:
        yield PolicyTest(policy, as_plain(row[given[0]]), row["expect"], subject.source)


def _file_document() -> Spec:
    return schema.documents()["policies"]


def _test_document() -> Spec:
    return cast("Spec", _file_document()["properties"]["tests"]["items"])
