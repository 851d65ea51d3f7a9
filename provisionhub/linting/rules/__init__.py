"""The rules of lint, a module for each family."""

from __future__ import annotations

from typing import Final

from provisionhub.linting.rules.branches import (
    unreachable_branches,
    unreachable_conditions,
)
from provisionhub.linting.rules.collisions import path_collisions
from provisionhub.linting.rules.names import undeclared_values
from provisionhub.linting.rules.partials import unknown_partials, unused_partials
from provisionhub.linting.rules.paths import unsanitised_paths
from provisionhub.linting.rules.presence import unguarded_optionals
from provisionhub.linting.rules.secrets import exposed_secrets
from provisionhub.linting.rules.types import wrong_types
from provisionhub.linting.rules.unused import unused_values
from provisionhub.linting.subject import Rule

RULES: Final[tuple[Rule, ...]] = (
    undeclared_values,
    unused_values,
    unguarded_optionals,
    wrong_types,
    unsanitised_paths,
    path_collisions,
    exposed_secrets,
    unreachable_branches,
    unreachable_conditions,
    unknown_partials,
    unused_partials,
)
"""Every rule that asks what templates read."""
