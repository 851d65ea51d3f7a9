"""Answers in the shapes that GitLab gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from provisionhub.testing.gitlab.state import Project


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


def as_json(status: int, value: object, *headers: tuple[str, str]) -> Answer:
    """Return *value* as JSON."""
    kind = ("Content-Type", "application/json")
    return Answer(status, json.dumps(value).encode(), (kind, *headers))


def message(status: int, said: object) -> Answer:
    """Return an error in its usual shape; *said* is a text or a map of fields."""
    return as_json(status, {"message": said})


NOT_FOUND: Final = as_json(404, {"error": "404 Not Found"})
UNAUTHORIZED: Final = message(401, "401 Unauthorized")
RATE_LIMITED: Final = Answer(
    429, b"Retry later\n", (("Content-Type", "text/plain"), ("Retry-After", "2"))
)
BAD_GATEWAY: Final = Answer(
    502, b"<html><h1>502 Bad Gateway</h1></html>", (("Content-Type", "text/html"),)
)


def project_view(project: Project, url: str) -> dict[str, Any]:
    """Return *project* as ``Entities::ProjectWithAccess``, as far as clients look."""
    is_empty = not project.branches
    page = f"{url}/{project.full_path}"
    return {
        "id": project.id,
        "name": project.name,
        "path": project.path,
        "path_with_namespace": project.full_path,
        "name_with_namespace": project.full_path.replace("/", " / "),
        "description": project.description,
        "topics": project.topics,
        "visibility": project.visibility,
        "archived": project.archived,
        "marked_for_deletion_on": project.marked_for_deletion_on,
        "empty_repo": is_empty,
        # Of an empty repository it is the instance's, whatever was asked for.
        "default_branch": "main" if is_empty else project.default_branch,
        "web_url": page,
        "http_url_to_repo": f"{page}.git",
        "namespace": {
            "id": project.namespace.id,
            "full_path": project.namespace.full_path,
        },
        **project.merge,
    }
