"""Flags of `apply` that somebody may try on a project with annotations: none of them names it."""

from __future__ import annotations

TRIAGE = "/projects/Triage"
NAMED = ("--allow-data-loss", TRIAGE)
DELETES = ("--allow-deletes", "99")
PLAN = ("--plan", "plan.json")
NOT_ITS_NAME = (
    "/projects/Other",
    "/projects/triage",
    "/projects/Triag",
    "/projects/Triage ",
    " /projects/Triage",
    "/projects/Triage/",
    "//projects/Triage",
    "/projects//Triage",
    "projects/Triage",
    "Triage",
    "/projects/%54riage",
    "/projects/Triage/label_config",
    "/projects/Triage/model_version",
    "/projects/Triage/views/Tab",
    "/projects/Triage/**",
    "/projects/*",
    "/projects/T*",
    "/projects/**",
    "/projects",
    "/projects/",
    "/**",
    "**",
    "*",
    "/",
    "",
    "99",
)
ALL_OF_THEM = tuple(f"--allow-data-loss={address}" for address in NOT_ITS_NAME)
FLAGS = [
    ("--yes",),
    ("--yes", *DELETES),
    ("--yes", *DELETES, *ALL_OF_THEM),
    ("--yes", *ALL_OF_THEM),
    *(("--yes", *DELETES, name) for name in ALL_OF_THEM),
    ("--yes", *DELETES, *ALL_OF_THEM, "-t", TRIAGE),
    ("--yes", *DELETES, *ALL_OF_THEM, "-t", "/projects/*", "-t", "/projects/Triage"),
    ("--yes", *DELETES, *ALL_OF_THEM, "--skip", "views", "--resend-secrets", "/projects/*"),
    ("--yes", *DELETES, *ALL_OF_THEM, "--format", "json", "-q"),
    (*DELETES, *ALL_OF_THEM),
    PLAN,
    (*PLAN, "--yes"),
    (*PLAN, "--yes", *DELETES, *ALL_OF_THEM),
    (*PLAN, *DELETES, "-t", TRIAGE),
]
FEW = [
    ("--yes", *DELETES, *ALL_OF_THEM),
    ("--yes", *DELETES, *ALL_OF_THEM, "-t", TRIAGE),
    (*PLAN, "--yes", *DELETES, *ALL_OF_THEM),
]
"""The most that can be allowed without naming it."""
