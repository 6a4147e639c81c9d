"""One issue that is open while the server has drifted: opened, rewritten each time, and closed when nothing differs.

A run that could not look (exit 1 or 3) leaves it as it is. What goes wrong here is a warning.
"""

from __future__ import annotations

import os
from pathlib import Path

from forge import Forge, ForgeError, tried
from runner import StepFailed, event, run_url, say, setting
from sticky import ours, text_of, with_footer

TITLE = "Label Studio has drifted"
DENIED = "The job needs `permissions: {issues: write}`."


def main() -> None:
    """What `INPUT_CODE`, the exit code of `lsops drift`, and its text `INPUT_BODY` say, as an issue."""
    code, body = os.environ.get("INPUT_CODE", ""), Path(os.environ["INPUT_BODY"])
    if code not in ("0", "2") or event().is_pull_request or not body.is_file():
        print("The issue stays as it is: nobody knows whether there is drift.")
        return
    try:
        marker, text = text_of(body, setting("ENVIRONMENT"))
        print(tried(lambda: kept(Forge.of_job(), marker, text, drifted=code == "2")))
    except (ForgeError, StepFailed) as failed:
        denied = isinstance(failed, ForgeError) and failed.status in (401, 403, 404, 410)
        say("warning", f"The issue about drift was not written. {failed}{f' {DENIED}' if denied else ''}")


def kept(forge: Forge, marker: str, text: str, *, drifted: bool) -> str:
    """What was done with the issue; issues are looked for each time, so that a lost answer makes no second one."""
    author = forge.identity()
    listed = forge.every("issues", state="open", sort="created", direction="asc")
    found = [one for one in ours(listed, marker, author) if "pull_request" not in one]
    if not drifted:
        for one in found:
            forge.patch(f"issues/{one['number']}", state="closed", state_reason="completed")
            forge.post(f"issues/{one['number']}/comments", body=f"Nothing differs any more: [run]({run_url()}).")
        return f"No drift; {len(found)} closed."
    text = with_footer(text, f"[run]({run_url()})")
    if found:
        return "Updated " + str(forge.patch(f"issues/{found[0]['number']}", body=text)["html_url"])
    environment = setting("ENVIRONMENT")
    title = f"{TITLE} ({environment})" if environment else TITLE
    return "Opened " + str(forge.post("issues", title=title, body=text)["html_url"])


if __name__ == "__main__":
    main()
