"""The REST API, version 4: what the provider, and a doubting test, may ask."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote

from provisionhub.testing.gitlab.answers import (
    NOT_FOUND,
    UNAUTHORIZED,
    Answer,
    as_json,
    message,
    project_view,
)
from provisionhub.testing.gitlab.state import Access, Group, State, Token

_PAGE: Final = 20
_LONGEST_DESCRIPTION: Final = 2000
_MOST: Final = 100
_NAME: Final = re.compile(r"[\w][\w.+\- ]*")
_PATH: Final = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_RESERVED: Final = re.compile(
    "badges|blame|blob|builds|commits|create|create_dir|edit|files|find_file|new|"
    "preview|raw|refs|tree|update|wikis",
    re.IGNORECASE,
)

_SPECIAL: Final = (
    "must not start or end with a special character and must not contain consecutive "
    "special characters."
)

Body = dict[str, Any]
Handler = Callable[["Api", Token, "re.Match[str]", Body], Answer]


class Api:
    """Answers requests below ``/api/v4``."""

    def __init__(self, state: State, url: str) -> None:
        self._state = state
        self._url = url

    def answer(self, method: str, path: str, token: str | None, body: Body) -> Answer:
        """Return the answer to one request, *path* as it came, still encoded."""
        with self._state.lock:
            known = self._state.tokens.get(token or "")
            if (refusal := _refusal(known)) is not None or known is None:
                return refusal or UNAUTHORIZED
            for pattern, handler in _ROUTES.get(method, ()):
                if found := re.fullmatch(pattern, path):
                    return handler(self, known, found, body)
        return NOT_FOUND

    def user(self, token: Token, *_: object) -> Answer:
        """Answer ``GET /user``."""
        number = self._state.add_user(token.username)
        return as_json(200, {"id": number, "username": token.username})

    def token(self, token: Token, *_: object) -> Answer:
        """Answer ``GET /personal_access_tokens/self``."""
        return as_json(200, {"id": 1, "scopes": sorted(token.scopes), "active": True})

    def users(self, _: Token, __: object, query: Body) -> Answer:
        """Answer ``GET /users?username=``."""
        name = query.get("username", "")
        found = [{"id": n, "username": u} for u, n in self._state.users.items()]
        return _page([user for user in found if user["username"] == name], query)

    def group(self, _: Token, found: re.Match[str], __: Body) -> Answer:
        """Answer ``GET /groups/:id``."""
        group = self._state.group(unquote(found[1]))
        if group is None:
            return message(404, "404 Group Not Found")
        return as_json(200, _group_view(group))

    def group_member(self, token: Token, found: re.Match[str], _: Body) -> Answer:
        """Answer ``GET /groups/:id/members/all/:user_id``."""
        number = self._state.users.get(token.username)
        if token.access == Access.NONE or str(number) != found[2]:
            return message(404, "404 Not found")
        return as_json(200, {"id": number, "access_level": int(token.access)})

    def create_project(self, token: Token, _: object, said: Body) -> Answer:
        """Answer ``POST /projects``."""
        if not said.get("name") and not said.get("path"):
            lack = "name, path are missing, at least one parameter must be provided"
            return as_json(400, {"error": lack})
        group = self._state.group(str(said.get("namespace_id", "")))
        if group is None or token.access < Access.DEVELOPER:
            # Of a namespace without the right to create there it says no more.
            return message(400, {"namespace": ["is not valid"]})
        wrong = _invalid(said) | self._state.taken(group, said)
        if wrong:
            return message(400, wrong)
        project = self._state.add_project(group, said)
        return as_json(201, project_view(project, self._url))

    def project(self, _: Token, found: re.Match[str], __: Body) -> Answer:
        """Answer ``GET /projects/:id``."""
        key = unquote(found[1])
        project = self._state.project(key)
        if project is not None:
            return as_json(200, project_view(project, self._url))
        moved = self._state.redirects.get(key.casefold())
        if moved is None:
            return message(404, "404 Project Not Found")
        where = f"{self._url}/api/v4/projects/{moved}"
        return as_json(301, {"message": "301 Moved"}, ("Location", where))

    def update_project(self, _: Token, found: re.Match[str], said: Body) -> Answer:
        """Answer ``PUT /projects/:id``."""
        key = unquote(found[1])
        project = self._state.project(key)
        if project is None and key.casefold() in self._state.redirects:
            return message(405, "Non GET methods are not allowed for moved projects")
        if project is None:
            return message(404, "404 Project Not Found")
        project.description = said.pop("description", project.description)
        project.name = said.pop("name", project.name)
        if path := said.pop("path", None):
            self._state.move(project, path)
        project.merge |= said
        return as_json(200, project_view(project, self._url))

    def delete_project(self, _: Token, found: re.Match[str], __: Body) -> Answer:
        """Answer ``DELETE /projects/:id``: it is marked, archived and renamed."""
        project = self._state.project(unquote(found[1]))
        if project is None:
            return message(404, "404 Project Not Found")
        if project.marked_for_deletion_on is not None:
            return message(400, "Project has been already marked for deletion")
        project.marked_for_deletion_on = datetime.now(UTC).date().isoformat()
        project.archived = True
        ending = f"-deletion_scheduled-{project.id}"
        project.name += ending
        self._state.move(project, project.path + ending)
        return message(202, "202 Accepted")

    def list_part(self, _: Token, found: re.Match[str], query: Body) -> Answer:
        """Answer a list of a project's variables, protected branches or members."""
        project = self._state.project(unquote(found[1]))
        if project is None:
            return message(404, "404 Project Not Found")
        return _page(getattr(project, found[2]), query)

    def add_part(self, token: Token, found: re.Match[str], said: Body) -> Answer:
        """Answer a new variable, protected branch or member."""
        project = self._state.project(unquote(found[1]))
        if project is None:
            return message(404, "404 Project Not Found")
        if token.access < Access.MAINTAINER:
            return message(403, "403 Forbidden")
        part: list[Body] = getattr(project, found[2])
        key, refusal = _UNIQUE[found[2]]
        if any(there[key] == said.get(key) for there in part):
            return refusal(said)
        part.append(said)
        return as_json(201, said)

    def commits(self, _: Token, found: re.Match[str], query: Body) -> Answer:
        """Answer ``GET /projects/:id/repository/commits``."""
        project = self._state.project(unquote(found[1]))
        if project is None or not project.branches:
            return message(404, "404 Repository Not Found")
        branch = query.get("ref_name", project.default_branch)
        shown = project.git("log", "--first-parent", "--format=%H%x00%B%x01", branch)
        entries = [entry.strip("\n") for entry in shown.split("\x01") if entry.strip()]
        pairs = (entry.split("\x00") for entry in entries)
        return _page([{"id": c, "message": text} for c, text in pairs], query)


def _refusal(token: Token | None) -> Answer | None:
    if token is None:
        return UNAUTHORIZED
    if token.state == "active":
        allowed = token.scopes & {"api", "read_api"}
        if allowed:
            return None
        lack = (
            "The request requires higher privileges than provided by the access token."
        )
        return as_json(403, {"error": "insufficient_scope", "error_description": lack})
    described = {
        "expired": "Token is expired. You can either do re-authorization or token "
        "refresh.",
        "revoked": "Token was revoked. You have to re-authorize from the user.",
    }[token.state]
    return as_json(401, {"error": "invalid_token", "error_description": described})


def _invalid(said: Body) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    name = said.get("name") or said["path"]
    path = said.get("path") or said["name"]
    if not _NAME.fullmatch(name):
        wrong["name"] = [
            "can contain only letters, digits, emoji, '_', '.', '+', dashes, or spaces."
        ]
    if not _PATH.fullmatch(path):
        wrong["path"] = [_SPECIAL]
    elif _RESERVED.fullmatch(path):
        wrong["path"] = [f"{path} is a reserved name"]
    if len(said.get("description") or "") > _LONGEST_DESCRIPTION:
        wrong["description"] = [
            f"is too long (maximum is {_LONGEST_DESCRIPTION} characters)"
        ]
    return wrong


def _group_view(group: Group) -> Body:
    return {
        "id": group.id,
        "path": group.full_path.rpartition("/")[2],
        "full_path": group.full_path,
        "visibility": group.visibility,
    }


def _page(rows: list[Body], query: Body) -> Answer:
    size = min(int(query.get("per_page", _PAGE)), _MOST)
    page = int(query.get("page", 1))
    shown = rows[(page - 1) * size : page * size]
    pages = max(1, -(-len(rows) // size))
    following = str(page + 1) if page < pages else ""
    return as_json(
        200,
        shown,
        ("X-Page", str(page)),
        ("X-Per-Page", str(size)),
        ("X-Total", str(len(rows))),
        ("X-Total-Pages", str(pages)),
        ("X-Next-Page", following),
    )


_UNIQUE: Final[dict[str, tuple[str, Callable[[Body], Answer]]]] = {
    "variables": (
        "key",
        lambda said: message(400, {"key": [f"({said['key']}) has already been taken"]}),
    ),
    "protected_branches": (
        "name",
        lambda said: message(409, f"Protected branch '{said['name']}' already exists"),
    ),
    "members": ("user_id", lambda _: message(409, "Member already exists")),
}

_PARTS: Final = r"/projects/([^/]+)/(variables|protected_branches|members)"
_ROUTES: Final[dict[str, tuple[tuple[str, Handler], ...]]] = {
    "GET": (
        (r"/user", Api.user),
        (r"/users", Api.users),
        (r"/personal_access_tokens/self", Api.token),
        (r"/groups/([^/]+)", Api.group),
        (r"/groups/([^/]+)/members/all/(\d+)", Api.group_member),
        (r"/projects/([^/]+)", Api.project),
        (r"/projects/([^/]+)/repository/commits", Api.commits),
        (_PARTS, Api.list_part),
    ),
    "POST": ((r"/projects", Api.create_project), (_PARTS, Api.add_part)),
    "PUT": ((r"/projects/([^/]+)", Api.update_project),),
    "DELETE": ((r"/projects/([^/]+)", Api.delete_project),),
}
