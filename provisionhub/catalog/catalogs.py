"""Several catalogs in order of precedence, as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from provisionhub.blueprint import Blueprint
from provisionhub.catalog.source import BlueprintSource
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    LimitExceededError,
    ProvisionError,
    did_you_mean,
)
from provisionhub.job import BlueprintRef


class Catalog(Protocol):
    """A place that holds blueprints, each in ``blueprints/<name>/``."""

    @property
    def origin(self) -> str:
        """Where it lies, for people; without credentials."""
        ...

    def names(self) -> Sequence[str]:
        """Return the names of its blueprints, in order."""
        ...

    def read(self, name: str) -> BlueprintSource | None:
        """Return the files of the blueprint called *name*, or None.

        Raises:
            InvalidBlueprintError: If they are there but can't be read.
            LimitExceededError: If they are too large.
            TransientError: If the catalog can't be reached.
        """
        ...

    def find(self, ref: BlueprintRef) -> Blueprint | None:
        """Return the blueprint that *ref* names, or None.

        Raises:
            InvalidBlueprintError: If it is there but wrong.
            LimitExceededError: If it is there but too large.
            TransientError: If the catalog can't be reached.
        """
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A blueprint in a list: itself, or what is wrong with it.

    Attributes:
        name: Its folder's name.
        origin: The catalog that holds it.
    """

    name: str
    origin: str
    blueprint: Blueprint | None = None
    error: ProvisionError | None = None


class Catalogs:
    """Finds a blueprint in the first of several catalogs that has it."""

    def __init__(self, catalogs: Iterable[Catalog]) -> None:
        self._catalogs = tuple(catalogs)

    def find(self, ref: BlueprintRef) -> Blueprint:
        """Return the blueprint that *ref* names.

        Raises:
            BlueprintNotFoundError: If no catalog has it, or not in that version.
            InvalidBlueprintError: If it is there but wrong.
        """
        for catalog in self._catalogs:
            if (blueprint := catalog.find(ref)) is not None:
                return blueprint
        raise self._not_found(ref)

    def names(self) -> Sequence[str]:
        """Return the name of every blueprint once, by catalogs, then in order."""
        every = (name for catalog in self._catalogs for name in catalog.names())
        return tuple(dict.fromkeys(every))

    def read(self, name: str) -> BlueprintSource:
        """Return the files of the blueprint called *name*, of which nothing is read.

        Raises:
            BlueprintNotFoundError: If no catalog has it.
            InvalidBlueprintError: If they are there but can't be read.
            LimitExceededError: If they are too large.
        """
        for catalog in self._catalogs:
            if (source := catalog.read(name)) is not None:
                return source
        raise self._not_found(BlueprintRef(name))

    def list(self) -> Iterator[Listed]:
        """Yield every blueprint that ``find`` would give, broken ones too."""
        seen: set[str] = set()
        for catalog in self._catalogs:
            for name in catalog.names():
                if name not in seen:
                    seen.add(name)
                    yield _listed(catalog, name)

    def _not_found(self, ref: BlueprintRef) -> BlueprintNotFoundError:
        found = [item for item in self.list() if item.name == ref.name]
        if found and found[0].blueprint is not None:
            return BlueprintNotFoundError(
                f"blueprint `{ref.name}` has no version {ref.version}; it is at "
                f"{found[0].blueprint.version}",
                hint="correct the version after `@`, or leave it out",
            )
        known = [name for catalog in self._catalogs for name in catalog.names()]
        looked = ", ".join(f"`{catalog.origin}`" for catalog in self._catalogs)
        return BlueprintNotFoundError(
            f"no blueprint is called `{ref.name}`; looked in {looked}",
            hint=did_you_mean(ref.name, known) or _known(known),
        )


def check_named(blueprint: Blueprint, name: str) -> Blueprint:
    """Return *blueprint*, which was found in a folder called *name*.

    Raises:
        InvalidBlueprintError: If it calls itself otherwise.
    """
    error = misnaming(blueprint, name)
    if error is None:
        return blueprint
    raise error.below(blueprint.label)


def misnaming(blueprint: Blueprint, name: str) -> InvalidBlueprintError | None:
    """Return the error that *blueprint* is not called *name*, as its folder is."""
    if blueprint.name == name:
        return None
    return InvalidBlueprintError(
        f"is called `{blueprint.name}`, but its folder is called `{name}`",
        at=blueprint.locate("/name"),
        hint="give both one name: jobs ask for the folder's",
    )


def _listed(catalog: Catalog, name: str) -> Listed:
    find: Callable[[BlueprintRef], Blueprint | None] = catalog.find
    try:
        return Listed(name, catalog.origin, blueprint=find(BlueprintRef(name)))
    except (InvalidBlueprintError, LimitExceededError) as error:
        return Listed(name, catalog.origin, error=error)


def _known(names: Sequence[str]) -> str:
    if not names:
        return "BLUEPRINT_CATALOGS names the folders and Git repositories to look in"
    return "there are " + ", ".join(f"`{name}`" for name in sorted(set(names)))
