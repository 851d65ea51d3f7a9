"""GitLab: how it really answers, and what is made of that.

The facts are of GitLab's own source and documentation; where a rule comes from one
of them it is named beside it.
"""

from __future__ import annotations

from provisionhub.publishing.gitlab.check import Finding, check_access
from provisionhub.publishing.gitlab.provider import GitLabProvider

__all__ = ["Finding", "GitLabProvider", "check_access"]
