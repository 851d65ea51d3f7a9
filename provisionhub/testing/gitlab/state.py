"""What the double knows: groups, tokens, projects."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import count
from pathlib import Path
from typing import Any, Final

VISIBILITIES: Final = ("private", "internal", "public")

_HOOK: Final = """#!/bin/sh
# What GitLab's own hook says, it says on the side band.
zero=0000000000000000000000000000000000000000
while read -r old new ref; do
  if [ -s "$GIT_DIR/refusal" ]; then
    echo "GitLab: $(cat "$GIT_DIR/refusal")" >&2
    exit 1
  fi
  if [ "$DOUBLE_ACCESS" -lt 40 ] && [ -z "$(git for-each-ref refs/heads)" ]; then
    echo "GitLab: You are not allowed to push code to protected branches" \\
      "on this project." >&2
    exit 1
  fi
  if [ "$old" != "$zero" ] && [ "$new" != "$zero" ] &&
     ! git merge-base --is-ancestor "$old" "$new"; then
    echo "GitLab: You are not allowed to force push code to a protected branch" \\
      "on this project." >&2
    exit 1
  fi
done
"""


class Access(IntEnum):
    """What a token's owner may do, by GitLab's numbers."""

    NONE = 0
    GUEST = 10
    REPORTER = 20
    DEVELOPER = 30
    MAINTAINER = 40
    OWNER = 50


@dataclass(slots=True)
class Group:
    """A group or subgroup."""

    id: int
    full_path: str
    visibility: str = "public"


@dataclass(slots=True)
class Token:
    """An access token and who it belongs to."""

    text: str = field(repr=False)
    access: Access = Access.MAINTAINER
    scopes: frozenset[str] = frozenset({"api"})
    state: str = "active"
    username: str = "provisioner"


@dataclass(slots=True)
class Project:
    """A project; its repository is a real one.

    Attributes:
        not_ready: How many requests of Git still meet an unready repository.
        pipelines: Commits whose push started a pipeline, with the variables, members
            and protected branches that were there by then.
    """

    id: int
    name: str
    path: str
    namespace: Group
    visibility: str
    description: str
    topics: list[str]
    repository: Path
    archived: bool = False
    marked_for_deletion_on: str | None = None
    not_ready: int = 0
    variables: list[dict[str, Any]] = field(default_factory=list)
    protected_branches: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, Any]] = field(default_factory=list)
    merge: dict[str, Any] = field(default_factory=dict)
    pipelines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def full_path(self) -> str:
        """Namespace and path."""
        return f"{self.namespace.full_path}/{self.path}"

    def git(self, *arguments: str) -> str:
        """Run git in the repository; return what it prints."""
        return subprocess.run(  # noqa: S603 - our own arguments
            ["git", "--git-dir", self.repository, *arguments],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    @property
    def branches(self) -> list[str]:
        """The names of its branches."""
        return self.git(
            "for-each-ref", "--format=%(refname:short)", "refs/heads"
        ).split()

    @property
    def commits(self) -> list[str]:
        """The ids of the commits of all its branches, newest first."""
        return self.git("rev-list", "--branches").split()

    @property
    def default_branch(self) -> str:
        """What ``HEAD`` is: the first branch that was pushed."""
        return self.git("symbolic-ref", "--short", "HEAD").strip()

    def refuse_pushes(self, reason: str) -> None:
        """Let the hook refuse every push, for *reason*; none lets them through."""
        (self.repository / "refusal").write_text(reason, encoding="utf-8")


class State:
    """Everything there is, behind one lock."""

    def __init__(self, folder: Path) -> None:
        self.lock = threading.RLock()
        self.groups: list[Group] = []
        self.tokens: dict[str, Token] = {}
        self.projects: list[Project] = []
        self.users: dict[str, int] = {}
        self.redirects: dict[str, int] = {}
        self.not_ready = 0
        self._folder = folder
        self._ids = count(1)

    def add_group(self, full_path: str, visibility: str = "public") -> Group:
        """Make a group."""
        group = Group(next(self._ids), full_path, visibility)
        self.groups.append(group)
        return group

    def add_user(self, username: str) -> int:
        """Make a user; return the id."""
        return self.users.setdefault(username, next(self._ids))

    def add_project(self, group: Group, said: dict[str, Any]) -> Project:
        """Make a project and its bare repository."""
        number = next(self._ids)
        repository = self._folder / f"{number}.git"
        subprocess.run(  # noqa: S603 - our own arguments
            ["git", "init", "-q", "--bare", "--initial-branch=main", repository],  # noqa: S607
            check=True,
        )
        hook = repository / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(_HOOK, encoding="utf-8")
        hook.chmod(0o755)
        wanted = said.get("visibility", "private")
        allowed = VISIBILITIES.index(group.visibility)
        project = Project(
            id=number,
            name=said.get("name") or said["path"],
            path=said.get("path") or said["name"],
            namespace=group,
            # Above the group's it is lowered, and nobody is told.
            visibility=VISIBILITIES[min(allowed, VISIBILITIES.index(wanted))],
            description=said.get("description") or "",
            topics=list(said.get("topics") or []),
            repository=repository,
            not_ready=self.not_ready,
        )
        self.projects.append(project)
        self.redirects.pop(project.full_path.casefold(), None)
        return project

    def group(self, key: str) -> Group | None:
        """Return the group with that id or full path."""
        folded = key.casefold()
        found = (g for g in self.groups if key == str(g.id) or _is(g.full_path, folded))
        return next(found, None)

    def project(self, key: str) -> Project | None:
        """Return the project with that id or full path, never by an old path."""
        folded = key.casefold()
        found = (
            p for p in self.projects if key == str(p.id) or _is(p.full_path, folded)
        )
        return next(found, None)

    def move(self, project: Project, path: str) -> None:
        """Rename *project*; its old path leads on."""
        self.redirects[project.full_path.casefold()] = project.id
        project.path = path

    def move_group(self, full_path: str, to: str) -> None:
        """Rename a group; its projects' old paths lead on, its own does not."""
        group = self.group(full_path)
        if group is None:
            raise LookupError(full_path)
        for project in self.projects:
            if project.namespace is group:
                self.redirects[project.full_path.casefold()] = project.id
        group.full_path = to

    def delete_group(self, full_path: str) -> None:
        """Forget a group and its projects."""
        group = self.group(full_path)
        self.groups = [each for each in self.groups if each is not group]
        self.projects = [p for p in self.projects if p.namespace is not group]

    def taken(self, group: Group, said: dict[str, Any]) -> dict[str, list[str]]:
        """Return what is wrong with a new project's name and path, by field."""
        path = f"{group.full_path}/{said.get('path') or said['name']}".casefold()
        text = ["has already been taken"]
        wrong: dict[str, list[str]] = {}
        siblings = [p for p in self.projects if p.namespace is group]
        if any(p.name == (said.get("name") or said["path"]) for p in siblings):
            wrong |= {"project_namespace.name": text, "name": text}
        taken = self._paths()
        return wrong | ({"path": text} if path in taken else {})

    def _paths(self) -> set[str]:
        return {path.casefold() for path in self._routes()}

    def _routes(self) -> Iterator[str]:
        yield from (group.full_path for group in self.groups)
        yield from (project.full_path for project in self.projects)


def _is(full_path: str, folded: str) -> bool:
    return full_path.casefold() == folded
