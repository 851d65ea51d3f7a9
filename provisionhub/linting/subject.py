"""What the rules look at: a survey, and what the schema says of the values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from provisionhub.blueprint import LoadedBlueprint
from provisionhub.linting.context import Context
from provisionhub.linting.findings import Finding
from provisionhub.linting.survey import Survey
from provisionhub.values.properties import Property


@dataclass(frozen=True, slots=True)
class Linted:
    """A blueprint under the eyes of the rules.

    Attributes:
        blueprint: The blueprint.
        survey: What its templates read.
        context: What is known of each name.
        properties: Everything that the schema names in the values, in its order.
    """

    blueprint: LoadedBlueprint
    survey: Survey
    context: Context
    properties: tuple[Property, ...]


Rule: TypeAlias = Callable[[Linted], Iterable[Finding]]
"""Yields what is wrong with a blueprint, of one family."""
