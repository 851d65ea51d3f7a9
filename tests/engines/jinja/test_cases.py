"""Golden cases: each file in ``cases`` is rendered, its output or error recorded.

A case is JSON (the context, with the engine's options under ``@options``), a line
``---``, and the template; further parts begin with ``--- partial NAME``. The line end
before such a line belongs to it. A new case is a new file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pytest
from jinja2 import ChainableUndefined, DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from syrupy.assertion import SnapshotAssertion

from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub_jinja import JinjaEngine

CASES: Final = sorted(Path(__file__).parent.joinpath("cases").glob("*.txt"))
DIFFERENT: Final = {
    "macro_not_called": "Jinja2 prints `<Macro 'm'>`",
    "method_not_called": "Jinja2 prints the method, with its address in memory",
    "methods": "Jinja2 prints views as `dict_keys([…])`",
    "missing_empty": "Jinja2 finds the method `keys` where there is no such key",
    "surrogate_literal": "Jinja2 makes text that no file can hold",
    "text_has_no_format": "Jinja2 has `str.format`",
}
PART: Final = re.compile(r"\n---(?: partial (\S+))?\n")


@dataclass(frozen=True, slots=True)
class Case:
    """What a case's file says."""

    template: str
    context: JsonObject
    options: JsonObject
    partials: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the case that is written in the file at *path*."""
        with path.open(encoding="utf-8", newline="") as file:
            context, _, template, *rest = PART.split(file.read())
        values: JsonObject = json.loads(context)
        options = values.pop("@options", {})
        assert isinstance(options, dict)
        partials = dict(zip(rest[::2], rest[1::2], strict=True))
        return cls(template, values, options, partials)

    def render(self) -> str:
        """Return the case's output."""
        return self.render_with(self.context)

    def render_with(self, context: JsonObject) -> str:
        """Return the output of the case's template with another *context*."""
        engine = JinjaEngine(self.options)
        template = engine.compile(self.template, name="case.j2", partials=self.partials)
        return template.render(context)

    def outcome(self) -> str:
        """Return the case's output, or how it fails."""
        try:
            return self.render()
        except ProvisionError as error:
            return error.explain()

    def render_with_jinja2(self) -> str | None:
        """Return what Jinja2 itself makes of the case, if it knows all it uses."""
        if "\r" in self.template or "delimiters" in self.options:
            return None
        is_strict = self.options.get("missing") != "empty"
        environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(self.partials),
            undefined=StrictUndefined if is_strict else ChainableUndefined,
            keep_trailing_newline=True,
            autoescape=self.options.get("escape") == "html",
            trim_blocks=bool(self.options.get("trim_blocks")),
            lstrip_blocks=bool(self.options.get("lstrip_blocks")),
            extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        )
        try:
            return environment.from_string(self.template).render(self.context)
        except Exception:  # noqa: BLE001 - whatever Jinja2 fails with
            return None


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path: Path, snapshot: SnapshotAssertion) -> None:
    """A case renders what was recorded, or fails with the error that was."""
    assert snapshot == Case.read(path).outcome()


@pytest.mark.parametrize(
    "path",
    [path for path in CASES if Case.read(path).render_with_jinja2() is not None],
    ids=lambda path: path.stem,
)
def test_renders_like_jinja2(path: Path) -> None:
    """What Jinja2 itself can render comes out the same, but for known differences."""
    case = Case.read(path)
    is_same = case.render_with_jinja2() == case.outcome()

    assert is_same == (path.stem not in DIFFERENT), DIFFERENT.get(path.stem)
