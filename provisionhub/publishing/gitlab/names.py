"""GitLab's rules for a project's path, checked before it is asked.

Sources: ``lib/gitlab/path_regex.rb``, ``lib/gitlab/regex.rb`` and the validations of
``app/models/project.rb``.
"""

from __future__ import annotations

import re
from typing import Final

from provisionhub.errors import ProviderRefusedError

_LONGEST: Final = 255
# The rule of container registries, which holds for every project's path.
_PATH: Final = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_ENDINGS: Final = (".git", ".atom")
_RESERVED: Final = re.compile(
    "-|badges|blame|blob|builds|commits|create|create_dir|edit|files|find_file|new|"
    "preview|raw|refs|tree|update|wikis",
    re.IGNORECASE,
)


def check_path(name: str) -> None:
    """Refuse a project's name that GitLab would not take as a path.

    Raises:
        ProviderRefusedError: Naming the rule.
    """
    if (lack := _lack(name)) is not None:
        raise ProviderRefusedError(
            f"GitLab takes no project called `{name}`: {lack}",
            hint="choose another `blueprint.name`",
        )


def _lack(name: str) -> str | None:
    if _RESERVED.fullmatch(name):
        return "the name is reserved"
    if len(name) > _LONGEST:
        return f"it has more than {_LONGEST} characters"
    if name.lower().endswith(_ENDINGS):
        return "it ends in `.git` or `.atom`"
    if not _PATH.fullmatch(name):
        return (
            "it must be letters and digits, with single dots, dashes or underscores "
            "between them"
        )
    return None
