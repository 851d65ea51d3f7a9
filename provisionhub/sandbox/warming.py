"""Imports and caches what a locked process would otherwise look for on the disk."""

from __future__ import annotations

import codecs
import importlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from provisionhub.blueprint import Blueprint, BlueprintFile, Subject, load_blueprint
from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject
from provisionhub.linting import lint
from provisionhub.registry import Plugin
from provisionhub.renderer import Renderer
from provisionhub.tree import TreeLimits
from provisionhub.values.formats import FORMATS

_CODECS: Final = (
    "ascii",
    "base64",
    "idna",
    "latin-1",
    "punycode",
    "raw-unicode-escape",
    "unicode-escape",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
)
_MODULES: Final = (
    "_strptime",
    "base64",
    "calendar",
    "datetime",
    "decimal",
    "difflib",
    "fractions",
    "hashlib",
    "html.entities",
    "ipaddress",
    "linecache",
    "locale",
    "random",
    "stringprep",
    "textwrap",
    "tokenize",
    "traceback",
    "unicodedata",
    "urllib.parse",
    "uuid",
    "zlib",
)
_TEXTS: Final = (
    "",
    "a",
    "é.example",
    "2026-01-31T12:00:00Z",
    "12:00:00Z",
    "P1D",
    "::1",
)
_LIMITS: Final = TreeLimits(files=10, file_bytes=10_000, total_bytes=10_000)


def warm(engines: Mapping[str, Plugin[Engine]]) -> None:
    """Do everything once that rendering and lint do, in each of *engines*.

    What fails here is left to fail where a job asks for it.
    """
    for name in _CODECS:
        codecs.lookup(name)
    for name in _MODULES:
        with suppress(ImportError):
            importlib.import_module(name)
    for known in FORMATS.values():
        for text in _TEXTS:
            known.accepts(text)
    for name, plugin in engines.items():
        _render(engines, name, plugin.factory.suffix)


def _render(engines: Mapping[str, Plugin[Engine]], engine: str, suffix: str) -> None:
    """Render and lint a small blueprint, and meet an error in it, with *engine*."""
    with suppress(Exception):
        _preview(engines, load_blueprint(_files(engine, suffix), label="warm"))
    with suppress(Exception):
        lint(_files(engine, suffix), engines, label="warm")
    for text in ("{{ unknown }}", "{{", "{{ Values.x.y }}", "{% if"):
        with suppress(Exception):
            files = _files(engine, suffix) | {
                f"template/a{suffix}": BlueprintFile(text.encode())
            }
            _preview(engines, load_blueprint(files, label="warm"))


def _preview(engines: Mapping[str, Plugin[Engine]], blueprint: Blueprint) -> None:
    for values in _WRONG:
        with suppress(ProvisionError):
            blueprint.accept(values)
    example = blueprint.example("a")
    Renderer(engines, _LIMITS).preview(
        blueprint,
        blueprint.accept(example.values),
        Subject.of_example(example, blueprint),
    )


_WRONG: Final[tuple[JsonObject, ...]] = ({"port": "x"}, {"name": "?"}, {"any": 1})


def _files(engine: str, suffix: str) -> dict[str, BlueprintFile]:
    manifest = _MANIFEST.replace("ENGINE", engine)
    return {
        "blueprint.yaml": BlueprintFile(manifest.encode()),
        "examples/a.yaml": BlueprintFile(b"values: {port: 1}\n"),
        f"template/a{suffix}": BlueprintFile(b"text\n"),
        "template/b": BlueprintFile(b"text\n"),
    }


_MANIFEST: Final = """\
apiVersion: provisionhub.io/v1
name: warm
version: 1.0.0
engine: ENGINE
schema:
  type: object
  properties:
    port: {type: integer, minimum: 1, default: 8080}
    name: {type: string, pattern: "^[a-z]+$", maxLength: 5}
    token: {type: string, writeOnly: true}
    choice: {enum: [a, b]}
    any: {anyOf: [{type: string}, {type: array, items: {type: string}}]}
files:
  - {path: b, verbatim: true}
repository: {commit_message: "text"}
"""
