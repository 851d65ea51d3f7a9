"""Whose project it is: the run's mark, which a project is born with.

The mark is the last line of the description, because that is set in the very call
that creates the project. People edit descriptions; the first commit's trailer then
is the other proof.
"""

from __future__ import annotations

from typing import Final

from gitlab.v4.objects import Project

from provisionhub.publishing.trailer import run_of, with_trailer
from provisionhub.repository import RunId

_PAGE: Final = 100
_LONGEST: Final = 2000
"""Characters of a description; ``app/models/project.rb`` says so."""


def described(description: str, run_id: RunId) -> str:
    """Return *description* with the run's mark, cut short if both are too long."""
    marked = with_trailer(description, run_id).strip()
    if (excess := len(marked) - _LONGEST) <= 0:
        return marked
    kept = description.strip()[: -(excess + 1)].rstrip()
    return with_trailer(f"{kept}…", run_id).strip()


def is_of_run(project: Project, run_id: RunId) -> bool:
    """Whether *project* was made by an attempt of the run."""
    description = project.attributes.get("description") or ""
    # The name stands for a subject: a mark alone is a trailer as well.
    if run_of(f"{project.name}\n\n{description}") == run_id:
        return True
    return _first_commit_is_of(project, run_id)


def _first_commit_is_of(project: Project, run_id: RunId) -> bool:
    if project.attributes.get("empty_repo", True):
        return False
    commits = project.commits.list(
        ref_name=project.default_branch,
        first_parent=True,
        per_page=_PAGE,
        page=1,
        get_all=False,
        obey_rate_limit=False,
    )
    # More than a page is more than anybody adds while a run is still being retried.
    return 0 < len(commits) < _PAGE and run_of(commits[-1].message) == run_id
