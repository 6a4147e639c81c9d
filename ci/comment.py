"""Write the result into one comment of the pull request, and edit that one from then on.

What goes wrong here is a warning: the exit code of the job is that of lsops. A pull request of a fork gets no comment.
"""

from __future__ import annotations

import os
from pathlib import Path

from forge import Forge, ForgeError, tried
from runner import StepFailed, event, run_url, say, setting
from sticky import ours, text_of, with_footer

DENIED = "The job needs `permissions: {pull-requests: write}`, and a token that may comment."


def main() -> None:
    """The comment of `INPUT_BODY`, on the pull request that started the run."""
    what, body = event(), Path(os.environ["INPUT_BODY"])
    if not what.is_pull_request or what.is_fork:
        print("No comment: this is no pull request, or it is one of a fork.")
        return
    if not body.is_file():
        say("warning", "There is no result to comment with; the log of the step before says why.")
        return
    try:
        marker, text = text_of(body, setting("ENVIRONMENT"))
        kept = f", [page and pictures]({setting('ARTIFACT')})" if setting("ARTIFACT") else ""
        text = with_footer(text, f"Commit {what.commit[:12]}, [run]({run_url()}){kept}")
        print(tried(lambda: posted(Forge.of_job(), what.number, marker, text)))
    except (ForgeError, StepFailed) as failed:
        denied = isinstance(failed, ForgeError) and failed.status in (401, 403, 404)
        say("warning", f"The plan was not written into the pull request. {failed}{f' {DENIED}' if denied else ''}")


def posted(forge: Forge, number: int, marker: str, text: str) -> str:
    """Where the comment stands now; it is looked for each time, so that a lost answer makes no second one."""
    listed = forge.every(f"issues/{number}/comments")
    old = next(ours(listed, marker, forge.identity()), None)
    if old is not None:
        try:
            return "Updated " + str(forge.patch(f"issues/comments/{old['id']}", body=text)["html_url"])
        except ForgeError as gone:
            if gone.status != 404:
                raise
    return "Posted " + str(forge.post(f"issues/{number}/comments", body=text)["html_url"])


if __name__ == "__main__":
    main()
