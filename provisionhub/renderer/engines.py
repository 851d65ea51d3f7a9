"""The engine that a blueprint is written for, with the options that it states."""

from __future__ import annotations

from collections.abc import Mapping

from provisionhub.blueprint import Blueprint
from provisionhub.engine import Engine
from provisionhub.errors import InvalidBlueprintError, UnknownEngineError
from provisionhub.registry import Plugin, find_engine


def engine_of(blueprint: Blueprint, engines: Mapping[str, Plugin[Engine]]) -> Engine:
    """Return the engine of *blueprint*, one of the installed *engines*.

    Raises:
        UnknownEngineError: If it is not installed, with the place.
        InvalidBlueprintError: If an option is wrong, with the place.
    """
    try:
        plugin = find_engine(engines, blueprint.manifest.engine)
    except UnknownEngineError as error:
        raise error.located(blueprint.locate("/engine")) from None
    try:
        return plugin.factory(blueprint.manifest.engine_options)
    except InvalidBlueprintError as error:
        raise error.located(blueprint.locate("/engine_options")) from None
