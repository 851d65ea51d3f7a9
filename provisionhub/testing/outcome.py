"""What rendering the same values twice came to."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from provisionhub.app import App
from provisionhub.blueprint import Blueprint, Subject
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.testing.derived import explain_case
from provisionhub.tree import Tree
from provisionhub.values import Values


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rendering the same values twice came to.

    Attributes:
        trees: Both trees; none if they could not be rendered.
        failure: Why not, for people, and without any secret.
        fault: The same without the values: what it is that went wrong, and where.
        values: The values as the schema accepted them, if it did.
        subject: What was rendered for.
    """

    trees: tuple[Tree, ...] = ()
    failure: str = ""
    fault: str = ""
    values: Values | None = None
    subject: Subject | None = None

    def tree(self) -> Tree:
        """Return the tree; fail the test if there is none."""
        __tracebackhide__ = True
        return self.both()[0]

    def both(self) -> tuple[Tree, ...]:
        """Return both trees; fail the test if there are none."""
        __tracebackhide__ = True
        if not self.trees:
            pytest.fail(self.failure, pytrace=False)
        return self.trees


def render_twice(
    app: App,
    blueprint: Blueprint,
    given: JsonObject,
    subject: Subject,
    *,
    is_derived: bool,
) -> Outcome:
    """Return what comes of rendering the values *given* twice, each time afresh.

    Args:
        app: What renders.
        blueprint: What is rendered.
        given: The values as an example has them.
        subject: What is rendered for.
        is_derived: Whether they come from the schema: a failure then shows them.
    """
    values: Values | None = None
    try:
        values = blueprint.accept(given)
        trees = tuple(
            app.renderer.preview(blueprint, values, subject).tree for _ in range(2)
        )
    except ProvisionError as error:
        fault = error.explain()
        shown = explain_case(error, values) if is_derived else fault
        return Outcome((), shown, fault, values, subject)
    return Outcome(trees, values=values, subject=subject)
