"""The rules of lint, a module for each family."""

from __future__ import annotations

from typing import Final

from provisionhub.linting.rules.names import undeclared_values
from provisionhub.linting.subject import Rule

RULES: Final[tuple[Rule, ...]] = (undeclared_values,)
"""Every rule that asks what templates read."""
