"""``provisionhub blueprints | engines | providers``: what is installed."""

from __future__ import annotations

from provisionhub.app import App
from provisionhub.catalog import Listed
from provisionhub.cli.console import FAILED, complain, print_json, print_table
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import Plugin


def blueprints(app: App, *, as_json: bool) -> int:
    """List every blueprint; return the exit code: 1 if one of them is broken."""
    listed = list(app.catalog.list())
    if as_json:
        print_json([_blueprint(item) for item in listed])
    else:
        print_table(
            ("NAME", "VERSION", "ENGINE", "TYPES", "EXAMPLES", "TITLE", "CATALOG"),
            [_row(item) for item in listed if item.blueprint is not None],
        )
    broken = [item.error for item in listed if item.error is not None]
    for error in () if as_json else broken:
        complain(error.explain())
    return FAILED if broken else 0


def engines(app: App, *, as_json: bool) -> None:
    """List every installed engine."""
    if as_json:
        print_json(
            [
                _plugin(plugin) | {"suffix": plugin.factory.suffix}
                for plugin in app.engines.values()
            ]
        )
        return
    print_table(
        ("NAME", "SUFFIX", "FROM"),
        [
            (plugin.name, plugin.factory.suffix, _origin(plugin))
            for plugin in app.engines.values()
        ],
    )


def providers(app: App, *, as_json: bool) -> None:
    """List every installed Git provider."""
    plugins = app.providers
    if as_json:
        print_json([_plugin(plugin) for plugin in plugins.values()])
        return
    print_table(
        ("NAME", "FROM"),
        [(plugin.name, _origin(plugin)) for plugin in plugins.values()],
    )


def _blueprint(item: Listed) -> JsonObject:
    shown: JsonObject = {"name": item.name, "catalog": item.origin}
    if item.error is not None:
        return shown | {"error": item.error.to_json()}
    if item.blueprint is None:
        return shown
    manifest = item.blueprint.manifest
    return shown | {
        "version": manifest.version,
        "title": manifest.title,
        "description": manifest.description,
        "engine": manifest.engine,
        "types": [str(kind) for kind in sorted(manifest.types)],
        "examples": list(item.blueprint.example_names),
        "digest": item.blueprint.digest,
    }


def _row(item: Listed) -> tuple[str, ...]:
    if item.blueprint is None:
        return (item.name,)
    manifest = item.blueprint.manifest
    return (
        item.name,
        manifest.version,
        manifest.engine,
        ", ".join(sorted(manifest.types)),
        ", ".join(item.blueprint.example_names),
        manifest.title,
        item.origin,
    )


def _plugin(plugin: Plugin[object]) -> JsonObject:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
    }


def _origin(plugin: Plugin[object]) -> str:
    return f"{plugin.distribution} {plugin.version}"
