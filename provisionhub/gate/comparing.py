"""Renders the examples of a blueprint, and compares them with what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.errors import (
    InvalidValuesError,
    PermanentError,
    SecretExposedError,
    TemplateRuntimeError,
    UnsafePathError,
)
from provisionhub.gate.diff import shorten, tree_diff
from provisionhub.gate.verdict import Mismatch
from provisionhub.renderer import Rendered, Renderer
from provisionhub.source import printable
from provisionhub.tree import tree_text
from provisionhub.values import Redactor, Values

# What an example fails for by itself. All else is the whole blueprint's, and told as
# it is; or it may pass: limits of time and memory depend on the machine's other work.
_FAILURES: Final = (
    InvalidValuesError,
    TemplateRuntimeError,
    UnsafePathError,
    SecretExposedError,
)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What is wrong with one example: said of the blueprint, after its name."""

    example: str
    what: str
    hint: str
    diff: str = ""


def compare_examples(blueprint: Blueprint, renderer: Renderer) -> Mismatch | None:
    """Return in what *blueprint* differs from its snapshots, if it does.

    Raises:
        PermanentError: If the blueprint is broken for any values, or a limit is hit.
        TransientError: If it can't be rendered now.
    """
    keys = example_keys(blueprint)
    found = (_compare(blueprint, key, printable(key), renderer) for key in keys)
    differences = [difference for difference in found if difference is not None]
    if not differences:
        return None
    first, more = differences[0], len(differences) - 1
    named = f"`{blueprint.name}` {blueprint.version}"
    others = f" (and {more} more example{'s' if more > 1 else ''})" if more else ""
    return Mismatch(
        message=f"blueprint {named} {first.what}{others}",
        blueprint=f"{blueprint.name} {blueprint.version}",
        example=first.example,
        diff=first.diff,
        hint=first.hint,
    )


def example_keys(blueprint: Blueprint) -> list[str]:
    """Return the names of the examples, each once."""
    return list(dict.fromkeys(blueprint.example_names))


def _compare(
    blueprint: Blueprint, key: str, shown: str, renderer: Renderer
) -> _Difference | None:
    recorded = blueprint.snapshots.read(key)
    again = f"`provisionhub test {blueprint.name} --update`"
    if recorded is None:
        return _Difference(
            shown,
            f"has no recorded snapshot of its example `{shown}`",
            f"record it, read it and commit it: {again}",
        )
    example = blueprint.example(key)
    redactor = Redactor(())
    try:
        values = blueprint.accept(example.values)
        redactor = Redactor(values.secrets)
        rendered = _render(blueprint, example, values, renderer)
    except _FAILURES as error:
        return _failure(shown, error.redacted(redactor.redact))
    text = tree_text(rendered.tree)
    if text == recorded:
        return None
    return _Difference(
        shown,
        f"does not render what is recorded for its example `{shown}`",
        f"if it is meant to, record it anew and commit it: {again}",
        tree_diff(recorded, text, guarded=rendered.guarded, redact=redactor.redact),
    )


def _render(
    blueprint: Blueprint, example: Example, values: Values, renderer: Renderer
) -> Rendered:
    subject = Subject.of_example(example, blueprint)
    return renderer.preview(blueprint, values, subject)


def _failure(example: str, error: PermanentError) -> _Difference:
    hint = error.hint or "`provisionhub test` shows it"
    place = error.explain().removeprefix(f"error: {error.message}")
    return _Difference(
        example,
        f"can't render its example `{example}`: {error.message}",
        hint,
        shorten(place.removesuffix(f"hint: {error.hint}").strip("\n")),
    )
