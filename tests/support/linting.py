"""Blueprints linted in this process, and what was found, in short."""

from __future__ import annotations

from provisionhub.linting import Report, lint
from provisionhub.registry import engine_plugins
from support.blueprints import Files, blueprint_files
from support.languages import Language

ENGINES = engine_plugins()


def manifest(language: Language, schema: str = "", rest: str = "") -> str:
    """Return a manifest for *language* with a schema in YAML's flow style."""
    written = f"schema: {{type: object, {schema}}}\n" if schema else ""
    return (
        "apiVersion: provisionhub.io/v1\nname: sample\nversion: 1.0.0\n"
        f"engine: {language.engine}\n{written}{rest}"
    )


def report(files: Files, manifest: str) -> Report:
    """Return what lint finds in a blueprint."""
    return lint(blueprint_files(files, manifest), ENGINES, label="sample")


def found(files: Files, manifest: str) -> list[str]:
    """Return each finding as ``code pointer-or-dash file:line``."""
    return [
        f"{each.code} {each.pointer or '-'} "
        + ("-" if each.at is None else f"{each.at.file[7:]}:{each.at.line}")
        for each in report(files, manifest).findings
    ]


def codes(language: Language, template: str, schema: str, rest: str = "") -> list[str]:
    """Return the codes of what is found in a blueprint of one template."""
    files = {f"template/a.txt{language.suffix}": template}
    return [
        str(each.code)
        for each in report(files, manifest(language, schema, rest)).findings
    ]
