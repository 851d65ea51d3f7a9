"""A case, and the matrix of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from provisionhub.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class Case:
    """Values that the schema accepts, made to vary one thing or a few together.

    Attributes:
        name: What it varies, such as ``port=65535 (maximum)``: printable ASCII, its
            own within the matrix, and without any secret.
        values: What the schema is applied to, as an example's are.
    """

    name: str
    values: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cases of a schema.

    Attributes:
        cases: The cases, in a fixed order.
        missed: What no case covers, each with the reason, for people.
    """

    cases: tuple[Case, ...] = ()
    missed: tuple[str, ...] = ()
