"""Plans that are looked at as pages: one with all that can be shown, and one of 2,000 changes."""

from __future__ import annotations

from dataclasses import replace

from lsops.errors import Finding, Source
from lsops.model.plan import Change, FieldChange, Plan
from tests.render.test_renderers import FACTS

CHEST = "/projects/Chest X-ray triage"
CALLS = "/projects/Call centre audio"
BEFORE = """<View>
<Image name="xray" value="$image"/>
<Header value="What do you see?"/>
<Choices name="findings" toName="xray" choice="multiple">
<Choice value="Pneumonia"/>
<Choice value="Effusion"/>
<Choice value="Nodule"/>
</Choices>
<TextArea name="note" toName="xray" rows="3"/>
</View>"""
AFTER = BEFORE.replace('"Effusion"', '"Pleural effusion"').replace('<Choice value="Nodule"/>\n', "")


def at(line: int, file: str = "projects/chest.yaml") -> Source:
    return Source(file, line, 5)


CHANGES = (
    Change(
        "/members/old@example.com",
        "member",
        "update",
        {"id": 3},
        (FieldChange("/role", "annotator", "deactivated"),),
        counts_as_delete=True,
    ),
    Change(
        CHEST,
        "project",
        "update",
        {"id": 12},
        (
            FieldChange("/label_config", BEFORE, AFTER, at(14)),
            FieldChange("/maximum_annotations", 1, 2, at(40)),
            FieldChange("/expert_instruction", "Read.\nMark every finding.", "Read.\nMark what you see.", at(42)),
        ),
        orphans=('label "Nodule" of "findings" goes away (removed) while the project has 1,204 annotations',),
        source=at(3),
        origin="branch",
    ),
    Change(
        f"{CHEST}/import_storages/raw scans",
        "import_storage",
        "replace",
        {"id": 3, "type": "azure"},
        (FieldChange("/type", "azure", "azure_spi"),),
        {"/client_secret": "${env:AZURE_CLIENT_SECRET}"},
        source=at(20),
    ),
    Change(
        CALLS,
        "project",
        "create",
        fields=(FieldChange("/title", after="Call centre audio"), FieldChange("/label_config", after=BEFORE)),
        source=at(3, "projects/calls.yaml"),
    ),
    Change("/projects/Old pilot", "project", "delete", {"id": 9}, destroys={"tasks": 120, "annotations": 344}),
    Change("/projects/Kept", "project", "delete", {"id": 10}, destroys={"tasks": 12}, protected=True),
)
WARNINGS = (
    Finding("LS126", 'the hotkey "p" is given twice', CHEST, at(16), "change one of them", "warning"),
    Finding("LS113", "url is a secret by its path", "/webhooks/slack", at(22), "write ${env:NAME}", "warning"),
)
REVIEWED = Plan(
    replace(FACTS, environment="prod", role="administrator"),
    CHANGES,
    unchanged=48,
    pending=("/members/new@example.com",),
    unmanaged=tuple(f"/projects/Live {number}" for number in range(26)),
    unreadable=(f"{CHEST}/import_storages/raw scans/account_name",),
    warnings=WARNINGS,
    left_out=("/projects/Other",),
    invitations={"/members/new@example.com": ("new@example.com", "AN")},
)


def many(projects: int) -> Plan:
    """Five changes in each of so many projects."""
    actions = ("create", "update", "delete", "replace")
    found: list[Change] = []
    for number in range(projects):
        address = f"/projects/Project {number}"
        found.append(replace(CHANGES[1], address=address, remote_id={"id": number}))
        found += [
            Change(
                f"{address}/import_storages/{action}",
                "import_storage",
                action,
                fields=(FieldChange("/bucket", "a", "b"),),
            )
            for action in actions
        ]
    return replace(REVIEWED, changes=tuple(found))
