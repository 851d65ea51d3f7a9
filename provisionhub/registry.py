"""Finds the installed plugins: template engines and Git providers.

Plugins are entry points, loaded with stevedore. On its own stevedore skips a
plugin that can't be loaded and takes the last of two with one name; here both
are refused, loudly, with the distribution that brought them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, Generic, TypeVar

from stevedore.extension import ExtensionManager

from provisionhub.engine import Engine
from provisionhub.errors import (
    BrokenPluginError,
    ProvisionError,
    UnknownEngineError,
    UnknownProviderError,
    did_you_mean,
)
from provisionhub.repository import Provider

ENGINES: Final = "provisionhub.engines"
PROVIDERS: Final = "provisionhub.providers"

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T_co]):
    """An installed plugin.

    Attributes:
        name: The entry point's name, by which blueprints and jobs ask for it.
        factory: The class itself.
        distribution: The package that brought it, and its ``version``.
    """

    name: str
    factory: type[T_co]
    distribution: str
    version: str


def load_engines() -> dict[str, type[Engine]]:
    """Return every installed engine class by name.

    Raises:
        BrokenPluginError: If one can't be loaded, or two have one name.
    """
    return {name: plugin.factory for name, plugin in engine_plugins().items()}


def engine_plugins() -> dict[str, Plugin[Engine]]:
    """Return every installed engine by name, with where it comes from.

    Raises:
        BrokenPluginError: If one can't be loaded, or two have one name.
    """
    return _load(ENGINES, _lacks_of_an_engine)


def provider_plugins() -> dict[str, Plugin[Provider]]:
    """Return every installed Git provider by name, with where it comes from.

    Raises:
        BrokenPluginError: If one can't be loaded, or two have one name.
    """
    return _load(PROVIDERS, _lacks_of_a_provider)


def find_engine(plugins: Mapping[str, Plugin[Engine]], name: str) -> Plugin[Engine]:
    """Return the engine called *name*.

    Raises:
        UnknownEngineError: Naming those that are installed.
    """
    return _find(
        plugins,
        name,
        UnknownEngineError,
        "engine",
        remedy="install the package that brings it, or correct `engine` in the"
        " manifest",
    )


def find_provider(
    plugins: Mapping[str, Plugin[Provider]], name: str
) -> Plugin[Provider]:
    """Return the Git provider called *name*.

    Raises:
        UnknownProviderError: Naming those that are installed.
    """
    return _find(
        plugins,
        name,
        UnknownProviderError,
        "Git provider",
        remedy="install the package that brings it, or correct `git_config.provider`",
    )


def _find(
    plugins: Mapping[str, Plugin[T]],
    name: str,
    unknown: type[ProvisionError],
    what: str,
    *,
    remedy: str,
) -> Plugin[T]:
    if name in plugins:
        return plugins[name]
    raise unknown(
        f"{what} `{name}` is not installed; installed are {_listed(plugins)}",
        hint=did_you_mean(name, plugins) or remedy,
    )


class _Plugins(ExtensionManager[Any]):
    """stevedore's manager, without its cache of entry points on disk.

    The cache forgets which distribution an entry point came from, and rounds the
    times by which it notices a change to two minutes.
    """

    def list_entry_points(self) -> list[EntryPoint]:
        return list(entry_points(group=self.namespace))


def _load(group: str, lacks: Callable[[object], str | None]) -> dict[str, Plugin[Any]]:
    found: dict[str, Plugin[Any]] = {}
    manager = _Plugins(group, on_load_failure_callback=_refuse)
    for extension in sorted(manager.extensions, key=lambda extension: extension.name):
        plugin = _plugin(extension.name, extension.plugin, extension.entry_point)
        if lack := lacks(extension.plugin):
            raise BrokenPluginError(
                f"plugin `{plugin.name}` of {_origin(extension.entry_point)} {lack}",
                hint="ask its author, or uninstall the package",
            )
        if plugin.name in found:
            raise BrokenPluginError(
                f"two plugins of {group} are called `{plugin.name}`: one from "
                f"{found[plugin.name].distribution}, one from {plugin.distribution}",
                hint="uninstall one of the two packages",
            )
        found[plugin.name] = plugin
    return found


def _plugin(name: str, factory: type[Any], entry_point: EntryPoint) -> Plugin[Any]:
    dist = entry_point.dist
    if dist is None:
        return Plugin(name, factory, "(unknown)", "(unknown)")
    return Plugin(name, factory, dist.name, dist.version)


def _refuse(
    manager: ExtensionManager[Any], entry_point: EntryPoint, error: BaseException
) -> None:
    raise BrokenPluginError(
        f"plugin `{entry_point.name}` of {_origin(entry_point)} can't be loaded "
        f"from `{entry_point.value}`: {type(error).__name__}: {error}",
        hint=f"repair or uninstall the package; it adds to {manager.namespace}",
    ) from error


def _origin(entry_point: EntryPoint) -> str:
    dist = entry_point.dist
    return "an unknown package" if dist is None else f"{dist.name} {dist.version}"


def _lacks_of_an_engine(plugin: object) -> str | None:
    suffix = getattr(plugin, "suffix", None)
    if not isinstance(suffix, str) or not suffix.startswith(".") or len(suffix) == 1:
        return "has no `suffix` such as `.j2`"
    return None if callable(getattr(plugin, "compile", None)) else "has no `compile`"


def _lacks_of_a_provider(plugin: object) -> str | None:
    create = getattr(plugin, "create_repository", None)
    return None if callable(create) else "has no `create_repository`"


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"
