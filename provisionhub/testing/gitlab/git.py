"""Git over smart HTTP, with GitLab's rules before ``git http-backend``.

The order of the refusals is that of ``lib/gitlab/git_access.rb``.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provisionhub.testing.gitlab.answers import Answer
from provisionhub.testing.gitlab.state import Access, Project, State, Token

_ROUTE: Final = re.compile(
    r"/(?P<path>.+?)(?P<git>\.git)?/(?P<what>info/refs|git-(?:upload|receive)-pack)"
)
_LOGIN: Final = (
    ("Content-Type", "text/plain"),
    ("WWW-Authenticate", 'Basic realm="GitLab"'),
)
_TEXT: Final = (("Content-Type", "text/plain"),)


@dataclass(frozen=True, slots=True)
class GitRequest:
    """A request of a Git client's.

    Attributes:
        method: GET or POST.
        path: Decoded, without the query.
        query: As it came.
        headers: By lower-case name.
        body: Whole.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def answer_git(state: State, request: GitRequest) -> Answer | None:
    """Return the answer to a Git client, or None if it is none."""
    route = _ROUTE.fullmatch(request.path)
    if route is None:
        return None
    if route["git"] is None:
        where = f"/{route['path']}.git/{route['what']}?{request.query}"
        return Answer(301, b"", (*_TEXT, ("Location", where)))
    with state.lock:
        token = _token(state, request.headers.get("authorization", ""))
        project = state.project(route["path"])
        is_push = "receive-pack" in request.query + route["what"]
        refusal = _refusal(token, project, is_push=is_push)
    if refusal is not None or project is None or token is None:
        return refusal
    done = _serve(project, token, route["what"], request)
    if route["what"] == "git-receive-pack":
        _after_push(state, project)
    return done


def _token(state: State, authorization: str) -> Token | None:
    """Return the token that was shown as a password; there is no other way."""
    kind, _, encoded = authorization.partition(" ")
    if kind != "Basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    token = state.tokens.get(password)
    return token if user and token is not None and token.state == "active" else None


def _refusal(
    token: Token | None, project: Project | None, *, is_push: bool
) -> Answer | None:
    if token is None:
        return Answer(401, b"HTTP Basic: Access denied", _LOGIN)
    if is_push and not token.scopes & {"api", "write_repository"}:
        return Answer(403, b"You are not allowed to upload code.", _TEXT)
    if project is None or token.access == Access.NONE:
        return Answer(
            404,
            b"The project you were looking for could not be found or you don't have "
            b"permission to view it.",
            _TEXT,
        )
    if project.not_ready > 0:
        project.not_ready -= 1
        return Answer(404, b"A repository for this project does not exist yet.", _TEXT)
    if is_push and (project.archived or token.access < Access.DEVELOPER):
        text = b"You are not allowed to push code to this project."
        return Answer(403, text, _TEXT)
    return None


def _serve(project: Project, token: Token, what: str, request: GitRequest) -> Answer:
    environment = {
        "GIT_PROJECT_ROOT": str(project.repository.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{project.repository.name}/{what}",
        "QUERY_STRING": request.query,
        "REQUEST_METHOD": request.method,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "HTTP_GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_USER": token.username,
        "REMOTE_ADDR": "127.0.0.1",
        "DOUBLE_ACCESS": str(int(token.access)),
    }
    done = subprocess.run(
        ["git", "http-backend"],  # noqa: S607 - git is found by PATH
        input=request.body,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if line)
    status = int(headers.pop("Status", "200").split()[0])
    return Answer(status, content, tuple(headers.items()))


def _after_push(state: State, project: Project) -> None:
    """Move ``HEAD`` to the first branch, protect it, and start a pipeline."""
    with state.lock:
        branches = project.branches
        if not branches:
            return
        if project.default_branch not in branches:
            project.git("symbolic-ref", "HEAD", f"refs/heads/{branches[0]}")
        default = project.default_branch
        protected = [branch["name"] for branch in project.protected_branches]
        seen = len(project.protected_branches)
        if default not in protected:
            project.protected_branches.append({"name": default})
        head = project.git("rev-parse", "HEAD").strip()
        started = [pipeline["sha"] for pipeline in project.pipelines]
        has_pipeline = ".gitlab-ci.yml" in project.git("ls-tree", "--name-only", head)
        if has_pipeline and head not in started:
            project.pipelines.append(
                {
                    "sha": head,
                    "variables": [dict(one) for one in project.variables],
                    "protected_branches": seen,
                    "members": len(project.members),
                }
            )
