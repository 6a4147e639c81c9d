"""One comment on a pull request, and one issue about drift, at the API of Gitea or Forgejo; Python's own library alone.

    forge.py comment NUMBER FILE     written anew by each push
    forge.py issue EXIT-CODE FILE    opened by drift (2), written anew by the next, closed when nothing differs (0)

What is ours begins with the marker of FILE's first line and stands under the name of the token: anybody may write a
marker.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

BOTS = ("gitea-actions", "forgejo-actions")
PAGE = 50


def call(method: str, path: str, **fields: str) -> Any:
    """What the API answers."""
    headers = {"Content-Type": "application/json"} if fields else {}
    url = f"{os.environ['GITHUB_API_URL']}/{path}"
    request = Request(url, json.dumps(fields).encode() if fields else None, headers, method=method)
    request.add_unredirected_header("Authorization", f"token {os.environ['FORGE_TOKEN']}")
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def here(path: str) -> str:
    """A path of this repository."""
    return f"repos/{os.environ['GITHUB_REPOSITORY']}/{path}"


def names() -> tuple[str, ...]:
    """Who the token is; that of a job may not ask everywhere."""
    try:
        return (call("GET", "user")["login"],)
    except HTTPError as refused:
        if refused.code not in (401, 403, 404):
            raise
        return BOTS


def own(rows: list[Any], text: str) -> Any:
    """The first of the rows that is ours."""
    who, marker = names(), text.partition("\n")[0]
    return next((row for row in rows if row["user"]["login"] in who and row["body"].startswith(marker)), None)


def open_issues() -> list[Any]:
    """All of them."""
    rows: list[Any] = []
    for page in range(1, 201):
        found = call("GET", here(f"issues?state=open&type=issues&limit={PAGE}&page={page}"))
        rows += found
        if len(found) < PAGE:
            break
    return rows


def comment(number: str, file: str) -> None:
    """One comment, written anew."""
    text = Path(file).read_text("utf-8")
    old = own(call("GET", here(f"issues/{number}/comments")), text)
    if old:
        call("PATCH", here(f"issues/comments/{old['id']}"), body=text)
    else:
        call("POST", here(f"issues/{number}/comments"), body=text)


def issue(code: str, file: str) -> None:
    """One issue, as long as there is drift; other exit codes say that nobody knows."""
    if code not in ("0", "2"):
        return
    text = Path(file).read_text("utf-8")
    old = own(open_issues(), text)
    if code == "2" and old:
        call("PATCH", here(f"issues/{old['number']}"), body=text)
    elif code == "2":
        call("POST", here("issues"), title="Label Studio has drifted", body=text)
    elif old:
        call("POST", here(f"issues/{old['number']}/comments"), body="Nothing differs any more.")
        call("PATCH", here(f"issues/{old['number']}"), state="closed")


if __name__ == "__main__":
    try:
        {"comment": comment, "issue": issue}[sys.argv[1]](*sys.argv[2:])
    except HTTPError as refused:
        sys.exit(f"The forge answers {refused.code} to {refused.url.partition('?')[0]}.")
    except OSError as failed:
        sys.exit(f"{sys.argv[1]}: {failed}")
