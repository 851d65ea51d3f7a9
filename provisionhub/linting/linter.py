"""Checks one blueprint without values, wherever it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from provisionhub.blueprint import BlueprintFile
from provisionhub.blueprint.loading import (
    read_blueprint,
    unknown_secrets,
    unmatched_rules,
)
from provisionhub.catalog.catalogs import misnaming
from provisionhub.engine import Engine
from provisionhub.errors import PlacedError
from provisionhub.linting.affects import affected_files
from provisionhub.linting.context import Context
from provisionhub.linting.findings import Code, Finding, Report
from provisionhub.linting.rules import RULES
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import survey
from provisionhub.registry import Plugin
from provisionhub.renderer.compiled import Entering, unwatched
from provisionhub.renderer.engines import engine_of
from provisionhub.values.properties import find_properties

MOST_FINDINGS: Final = 500
"""How many findings of one blueprint are listed."""


def lint(
    files: Mapping[str, BlueprintFile],
    engines: Mapping[str, Plugin[Engine]],
    *,
    label: str,
    name: str | None = None,
    entering: Entering = unwatched,
) -> Report:
    """Return what is wrong with the blueprint made up of *files*.

    Args:
        files: Its files by path, ``blueprint.yaml`` among them.
        engines: The installed engines.
        label: Where it lies; it goes before the file in every place.
        name: What it has to be called; None if that may be anything.
        entering: Told each file before it is read.
    """
    try:
        blueprint = read_blueprint(files, label=label)
    except PlacedError as error:
        return Report.of(error)
    try:
        engine = engine_of(blueprint, engines)
    except PlacedError as error:
        return Report.of(error.below(label))
    linted = Linted(
        blueprint,
        survey(blueprint, engine, entering=entering),
        Context(blueprint.schema),
        find_properties(blueprint.schema.declarations()),
    )
    ignored = blueprint.manifest.lint_ignores
    found = [
        each
        for each in dict.fromkeys(_findings(linted, name))
        if each.code not in ignored
    ]
    found.sort(key=_order)
    return Report(
        tuple(each.below(label) for each in found[:MOST_FINDINGS]),
        affected_files(linted),
        is_outlined=linted.survey.is_outlined,
        left_out=max(0, len(found) - MOST_FINDINGS),
    )


def _findings(linted: Linted, name: str | None) -> Iterator[Finding]:
    misnamed = None if name is None else misnaming(linted.blueprint, name)
    if misnamed is not None:
        yield Finding.of(misnamed)
    yield from linted.survey.faults
    for error in unmatched_rules(linted.blueprint):
        yield Finding.of(error, Code.UNMATCHED_RULE)
    for error in unknown_secrets(linted.blueprint):
        yield Finding.of(error, Code.UNDECLARED_VALUE)
    for rule in RULES:
        yield from rule(linted)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    at = finding.at
    if at is None:
        return "", 0, 0, finding.code
    return at.file, at.line, at.column, finding.code
