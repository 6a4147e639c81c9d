"""One comment on the pull request of this build, written anew by each push, at the API of Azure Repos.

    comment.py FILE

Ours is what begins with the marker of FILE's first line and was written by the identity of the build: anybody may write
a marker. Python's own library alone.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

VERSION = "api-version=7.1"


def call(method: str, url: str, body: object = None) -> Any:
    """What the API answers."""
    data = json.dumps(body).encode() if body is not None else None
    request = Request(url, data, {"Content-Type": "application/json"}, method=method)
    request.add_unredirected_header("Authorization", f"Bearer {os.environ['SYSTEM_ACCESSTOKEN']}")
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def main(file: str) -> None:
    """One comment, written anew."""
    text = Path(file).read_text("utf-8")
    marker = text.partition("\n")[0]
    organisation, project = os.environ["SYSTEM_COLLECTIONURI"], quote(os.environ["SYSTEM_TEAMPROJECTID"])
    me = call("GET", f"{organisation}_apis/connectionData")["authenticatedUser"]["id"]
    pull = f"{os.environ['BUILD_REPOSITORY_ID']}/pullRequests/{os.environ['SYSTEM_PULLREQUEST_PULLREQUESTID']}"
    threads = f"{organisation}{project}/_apis/git/repositories/{pull}/threads"
    for thread in call("GET", f"{threads}?{VERSION}")["value"]:
        first = (thread.get("comments") or [{}])[0]
        if first.get("author", {}).get("id") == me and (first.get("content") or "").startswith(marker):
            url = f"{threads}/{thread['id']}/comments/{first['id']}?{VERSION}"
            call("PATCH", url, {"content": text})
            return
    comment = {"parentCommentId": 0, "content": text, "commentType": "text"}
    call("POST", f"{threads}?{VERSION}", {"comments": [comment], "status": "closed"})


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except HTTPError as refused:
        sys.exit(f"Azure Repos answers {refused.code} to {refused.url.partition('?')[0]}.")
    except OSError as failed:
        sys.exit(f"The comment was not written: {failed}")
