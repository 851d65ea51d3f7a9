"""What templates see is what is documented."""

from __future__ import annotations

from collections.abc import Iterator

from provisionhub.blueprint import BlueprintFile, Subject, load_blueprint
from provisionhub.jsontypes import JsonValue
from provisionhub.renderer.context import CONTEXT, context_for

MANIFEST = b"apiVersion: provisionhub.io/v1\nname: a\nversion: 1.0.0\nengine: go\n"


def _names(value: JsonValue, path: str) -> Iterator[str]:
    if path in CONTEXT or not isinstance(value, dict):
        yield path
        return
    for name, below in value.items():
        yield from _names(below, f"{path}.{name}".lstrip("."))


def test_every_name_has_a_meaning() -> None:
    """The table of names has every name that a template sees, and no other."""
    files = {
        "blueprint.yaml": BlueprintFile(MANIFEST),
        "examples/one.yaml": BlueprintFile(b"name: x\n"),
    }
    blueprint = load_blueprint(files, label="a")
    subject = Subject.of_example(blueprint.example("one"), blueprint)

    context = context_for(subject, blueprint, blueprint.accept({}))

    assert list(_names(context, "")) == list(CONTEXT)
