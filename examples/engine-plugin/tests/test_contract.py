"""The engine keeps the contract that every engine keeps."""

from __future__ import annotations

import pytest
from provisionhub.errors import TemplateError
from provisionhub.testing import EngineContract

from dollar_engine import DollarEngine


class TestDollar(EngineContract):
    """How the language writes what the contract asks for."""

    engine = DollarEngine
    broken = "$ "

    def show(self, path: str) -> str:
        """Return the template that prints the value at *path*."""
        return f"${{{path}}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$Name", "orders"),
        ("${Values.port}", "8080"),
        ("$Values.port.", "8080."),
        ("costs $$5", "costs $5"),
        ("no tags", "no tags"),
    ],
)
def test_renders(text: str, expected: str) -> None:
    """What the language says of each of its tags holds."""
    template = DollarEngine({}).compile(text, name="t", partials={})

    assert template.render({"Name": "orders", "Values": {"port": 8080}}) == expected


def test_near_name_is_offered() -> None:
    """A misspelled name is shown with the one that was meant."""
    template = DollarEngine({}).compile("$Nmae", name="t", partials={})

    with pytest.raises(TemplateError) as caught:
        template.render({"Name": "orders"})

    assert caught.value.hint == "did you mean `Name`?"
