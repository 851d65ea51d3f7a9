"""What the tests of the Mustache engine share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pytest

from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub_mustache import MustacheEngine

NOTHING: JsonObject = {}


class Render(Protocol):
    """Renders a template, named ``main.mustache``, in one go."""

    def __call__(
        self,
        template: str,
        context: JsonValue = NOTHING,
        partials: Mapping[str, str] | None = None,
        **options: JsonValue,
    ) -> str:
        """Return the text, or raise what the engine raises."""
        ...


@pytest.fixture(scope="session")
def render() -> Render:
    """Return a function that compiles and renders a template."""

    def render_once(
        template: str,
        context: JsonValue = NOTHING,
        partials: Mapping[str, str] | None = None,
        **options: JsonValue,
    ) -> str:
        engine = MustacheEngine(options)
        compiled = engine.compile(
            template, name="main.mustache", partials=partials or {}
        )
        return compiled.render(context)

    return render_once
