"""What a template sees, printed by every engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub.blueprint import Blueprint, BlueprintFile, Subject, load_blueprint
from provisionhub.engine import Engine
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer.context import CONTEXT, context_for
from provisionhub_gotemplate import GoTemplateEngine
from provisionhub_jinja import JinjaEngine
from provisionhub_mustache import MustacheEngine
from tools.reference.markdown import code, page, table

_FILES: Final = {
    "blueprint.yaml": b"apiVersion: provisionhub.io/v1\nname: hello\nversion: 1.2.0\n"
    b"engine: jinja2\nschema: {properties: {port: {default: 8080}}}\n",
    "examples/small.yaml": b"name: orders\nnamespace: shop\n",
}
_ENGINES: Final[Mapping[str, tuple[Engine, str]]] = {
    "Go": (GoTemplateEngine({}), "{{ .%s }}"),
    "Jinja2": (JinjaEngine({}), "{{ %s }}"),
    "Mustache": (MustacheEngine({}), "{{%s}}"),
}


def write() -> str:
    """Return the page."""
    context = _context()
    columns = ("name", *_ENGINES, "meaning", "printed, in an example")
    return page(
        "The context",
        "Every name that a template sees: the same ones in each engine.",
        table(columns, [_row(name, about, context) for name, about in CONTEXT.items()]),
        "A file's name, a `when` and a commit message see the same. Of `Values`, the"
        " example's `port` is printed.",
    )


def _row(name: str, about: str, context: JsonObject) -> list[str]:
    path = "Values.port" if name == "Values" else name
    templates = [form % path for _, form in _ENGINES.values()]
    printed = {
        engine.compile(template, name="example", partials={}).render(context)
        for (engine, _), template in zip(_ENGINES.values(), templates, strict=True)
    }
    if len(printed) > 1:
        raise ValueError(f"the engines print `{path}` differently: {printed}")
    return [code(name), *map(code, templates), about, *map(code, printed)]


def _context() -> JsonObject:
    blueprint = _blueprint()
    example = blueprint.example("small")
    values = blueprint.accept(example.values)
    return context_for(Subject.of_example(example, blueprint), blueprint, values)


def _blueprint() -> Blueprint:
    files = {path: BlueprintFile(content) for path, content in _FILES.items()}
    return load_blueprint(files, label="hello")
