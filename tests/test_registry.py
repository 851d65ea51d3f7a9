"""Plugins, found through real entry points of real distributions."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisionhub.errors import (
    BrokenPluginError,
    UnknownEngineError,
    UnknownProviderError,
)
from provisionhub.registry import (
    engine_plugins,
    find_engine,
    find_provider,
    load_engines,
    provider_plugins,
)

ENGINE = """
class Engine:
    suffix = ".x"
    def __init__(self, options): ...
    def compile(self, text, *, name, partials): ...
class NoSuffix:
    def compile(self, text, *, name, partials): ...
class NoCompile:
    suffix = ".x"
class NoCreate: ...
"""


def install(
    folder: Path,
    distribution: str,
    entry_point: str,
    *,
    group: str = "provisionhub.engines",
) -> None:
    """Install a distribution with one entry point into *folder*."""
    module = distribution.replace("-", "_")
    (folder / f"{module}.py").write_text(ENGINE)
    info = folder / f"{module}-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.5\n"
    )
    (info / "entry_points.txt").write_text(f"[{group}]\n{entry_point}\n")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on Python's path, to install plugins into."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_built_in_plugins_are_found() -> None:
    """The product's own engines and providers come as plugins like any others."""
    assert {"jinja2", "mustache"} <= load_engines().keys()
    assert {"local"} <= provider_plugins().keys()
    assert load_engines()["jinja2"].suffix == ".j2"


def test_plugin_of_another_distribution_is_found(site: Path) -> None:
    """A third party's engine is found, and known by where it comes from."""
    install(site, "acme-engine", "acme = acme_engine:Engine")

    plugin = engine_plugins()["acme"]

    assert (plugin.distribution, plugin.version) == ("acme-engine", "1.5")
    assert plugin.factory.suffix == ".x"


@pytest.mark.parametrize(
    ("entry_point", "says"),
    [
        pytest.param("acme = no_such_module:Engine", "can't be loaded", id="no module"),
        pytest.param("acme = acme_engine:Nothing", "can't be loaded", id="no class"),
        pytest.param("acme = acme_engine:NoSuffix", "no `suffix`", id="no suffix"),
        pytest.param("acme = acme_engine:NoCompile", "no `compile`", id="no compile"),
    ],
)
def test_broken_engine_is_refused(site: Path, entry_point: str, says: str) -> None:
    """An engine that can't be loaded or used is refused by plugin and distribution."""
    install(site, "acme-engine", entry_point)

    with pytest.raises(BrokenPluginError, match=says) as caught:
        engine_plugins()

    assert "`acme` of acme-engine 1.5" in caught.value.message


def test_broken_provider_is_refused(site: Path) -> None:
    """A provider that can't create repositories is refused."""
    group = "provisionhub.providers"
    install(site, "acme-git", "acme = acme_git:NoCreate", group=group)

    with pytest.raises(BrokenPluginError, match="no `create_repository`"):
        provider_plugins()


def test_two_plugins_of_one_name_are_refused(site: Path) -> None:
    """Two engines of one name are refused, and both distributions named."""
    install(site, "acme-engine", "acme = acme_engine:Engine")
    install(site, "other-engine", "acme = other_engine:Engine")

    with pytest.raises(BrokenPluginError, match="two plugins") as caught:
        engine_plugins()

    assert "acme-engine" in caught.value.message
    assert "other-engine" in caught.value.message


def test_unknown_engine_is_told_with_what_is_installed() -> None:
    """An engine that is not installed is refused with those that are, and a hint."""
    with pytest.raises(UnknownEngineError, match="`jinja2`, `mustache`") as caught:
        find_engine(engine_plugins(), "jinja")

    assert caught.value.hint == "did you mean `jinja2`?"


def test_unknown_provider_is_told_with_what_is_installed() -> None:
    """A provider that is not installed is refused with those that are."""
    with pytest.raises(UnknownProviderError, match="`local`"):
        find_provider(provider_plugins(), "sourceforge")
