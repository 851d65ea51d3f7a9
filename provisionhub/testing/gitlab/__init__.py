"""A GitLab on this machine, as GitLab really behaves, with faults that are planned.

Its repositories are real, bare ones, behind real Git over smart HTTP. What it
answers follows GitLab's own source and documentation, not what would be handy.
"""

from __future__ import annotations

from provisionhub.testing.gitlab.double import GitLabDouble
from provisionhub.testing.gitlab.faults import Fault
from provisionhub.testing.gitlab.state import Access, Group, Project, Token

__all__ = ["Access", "Fault", "GitLabDouble", "Group", "Project", "Token"]
