"""What all templates of a blueprint read: files, names, conditions, messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar

from provisionhub.blueprint import Blueprint, BlueprintFile, Treatment
from provisionhub.blueprint.files import MANIFEST, PARTIALS, TEMPLATE
from provisionhub.blueprint.rules import treatment_of
from provisionhub.engine import Engine, Template
from provisionhub.errors import InvalidBlueprintError, PlacedError
from provisionhub.linting.findings import Finding
from provisionhub.linting.places import moved
from provisionhub.outline import NOTHING, Outline, Outlines
from provisionhub.renderer.compiled import Entering, unwatched
from provisionhub.renderer.manifest_places import InManifest
from provisionhub.renderer.paths import split_path
from provisionhub.source import Location, Source
from provisionhub.tree import Mode

T = TypeVar("T")

_CONTAINERS: Final = ("array", "object")


class Kind(StrEnum):
    """Where a template stands."""

    CONTENT = "content"
    NAME = "name"
    WHEN = "when"
    COMMIT_MESSAGE = "commit message"


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One template, and what it reads.

    Attributes:
        kind: Where it stands.
        outline: What it reads.
        text: Its source.
        file: Path below ``template/``, of contents and names; else empty.
        rule: Index of the manifest's rule, of conditions; else -1.
        template: The same, compiled, of names; else None.
    """

    kind: Kind
    outline: Outline
    text: str
    file: str = ""
    rule: int = -1
    template: Template | None = None


@dataclass(frozen=True, slots=True)
class SurveyedFile:
    """One file of the template tree.

    Attributes:
        path: Below ``template/``.
        parts: Its name's, without the suffix: plain, or a template's.
        content: What it reads; None if it is copied.
        treatment: How the manifest treats it.
    """

    path: str
    parts: tuple[str | Surveyed, ...]
    content: Surveyed | None
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class Survey:
    """All that a blueprint's templates read.

    Attributes:
        blueprint: Whose templates.
        files: Every file of the template tree, in order, that can be read.
        conditions: By index of their rule, those that can be read.
        commit_message: If there is one that can be read.
        partials: What each partial reads by itself, by its name, in order.
        shared: The names by which templates can be included, partials' first.
        faults: What can't be read.
        is_outlined: Whether the engine tells what templates read.
        loops_over: The JSON types that a loop of the engine's takes.
    """

    blueprint: Blueprint
    files: tuple[SurveyedFile, ...]
    conditions: Mapping[int, Surveyed]
    commit_message: Surveyed | None
    partials: Mapping[str, Outline]
    shared: frozenset[str]
    faults: tuple[Finding, ...]
    is_outlined: bool
    loops_over: frozenset[str]

    def templates(self) -> Iterator[Surveyed]:
        """Yield every template: conditions, then files, each its name first."""
        yield from self.conditions.values()
        for file in self.files:
            yield from (part for part in file.parts if isinstance(part, Surveyed))
            if file.content is not None:
                yield file.content
        if self.commit_message is not None:
            yield self.commit_message


def survey(
    blueprint: Blueprint, engine: Engine, *, entering: Entering = unwatched
) -> Survey:
    """Return what the templates of *blueprint* read; what is wrong is among it.

    Args:
        blueprint: Whose templates.
        engine: What they are written for.
        entering: Told each file before it is read.
    """
    return _Surveyor(blueprint, engine, entering).survey()


class _Surveyor:
    def __init__(
        self, blueprint: Blueprint, engine: Engine, entering: Entering
    ) -> None:
        self._blueprint = blueprint
        self._engine = engine
        self._entering = entering
        self._faults: list[Finding] = []
        self._names: dict[str, tuple[Outline, Template]] = {}
        partials = dict(self._texts(PARTIALS, blueprint.partials))
        self._partials = dict(self._texts(TEMPLATE, blueprint.template)) | partials
        self._own = tuple(partials)
        self._places = {
            name: f"{PARTIALS if name in partials else TEMPLATE}{name}"
            for name in self._partials
        }

    def survey(self) -> Survey:
        manifest = self._blueprint.manifest
        self._entering(MANIFEST)
        conditions = {
            index: said
            for index, rule in enumerate(manifest.rules)
            if rule.when is not None
            and (said := self._said(rule.when, Kind.WHEN, index)) is not None
        }
        message = manifest.repository.commit_message
        said = None if message is None else self._said(message, Kind.COMMIT_MESSAGE)
        files = [
            self._file(*named) for named in sorted(self._blueprint.template.items())
        ]
        partials = self._read_partials()
        return Survey(
            blueprint=self._blueprint,
            files=tuple(file for file in files if file is not None),
            conditions=conditions,
            commit_message=said,
            partials=partials,
            shared=frozenset(self._partials),
            faults=tuple(dict.fromkeys(self._faults)),
            is_outlined=isinstance(self._engine, Outlines),
            loops_over=frozenset(getattr(self._engine, "loops_over", _CONTAINERS)),
        )

    def _said(self, text: str, kind: Kind, rule: int = -1) -> Surveyed | None:
        """Return the template that stands in the manifest itself."""
        pointer = "/repository/commit_message" if rule < 0 else f"/files/{rule}/when"
        place = InManifest(self._blueprint, pointer, text)
        outline = self._attempt(
            lambda: moved(self._outline(text, MANIFEST), place.at), place.at
        )
        return None if outline is None else Surveyed(kind, outline, text, rule=rule)

    def _file(self, path: str, file: BlueprintFile) -> SurveyedFile | None:
        self._entering(TEMPLATE + path)
        suffix = self._engine.suffix
        treatment = treatment_of(path, self._blueprint.manifest.rules, suffix=suffix)
        is_template = _is_template(path, file, suffix) and not treatment.verbatim
        name = path.removesuffix(suffix) if is_template else path
        parts = self._attempt(
            lambda: split_path(name, lambda part: self._name(part, path))
        )
        content = None
        if is_template or file.mode is Mode.SYMLINK:
            content = self._attempt(lambda: self._content(path, file))
        return None if parts is None else SurveyedFile(path, parts, content, treatment)

    def _content(self, path: str, file: BlueprintFile) -> Surveyed:
        text = file.text(TEMPLATE + path)
        return Surveyed(Kind.CONTENT, self._outline(text, TEMPLATE + path), text, path)

    def _name(self, part: str, path: str) -> Surveyed:
        """Return what a part of the name of the file at *path* reads.

        Files of one folder share its name: its place is in the first one's path.
        """
        start = path.find(part)
        folder = path[: start + len(part)]
        if folder not in self._names:
            self._names[folder] = self._read_name(part, path, start)
        outline, template = self._names[folder]
        return Surveyed(Kind.NAME, outline, part, path, template=template)

    def _read_name(self, part: str, path: str, start: int) -> tuple[Outline, Template]:
        source = Source(TEMPLATE + path, path)
        name = f"the path {TEMPLATE}{part}"
        template = self._engine.compile(part, name=name, partials=self._partials)
        outline = moved(
            self._outline(part, name),
            lambda at: source.locate(start + at.column - 1, at.width),
        )
        return outline, template

    def _read_partials(self) -> dict[str, Outline]:
        """Read each partial by itself: one that is broken may be used nowhere yet."""
        outlines: dict[str, Outline] = {}
        for name in self._own:
            self._entering(PARTIALS + name)
            outline = self._attempt(
                partial(self._outline, self._partials[name], PARTIALS + name)
            )
            outlines[name] = NOTHING if outline is None else outline
        return outlines

    def _outline(self, text: str, name: str) -> Outline:
        try:
            # Also what can be outlined may hold what can't be compiled.
            self._engine.compile(text, name=name, partials=self._partials)
            if not isinstance(self._engine, Outlines):
                return NOTHING
            found = self._engine.outline(text, name=name, partials=self._partials)
        except PlacedError as error:
            raise error.renamed(self._places) from None
        return moved(found, self._named)

    def _named(self, at: Location) -> Location:
        """Return *at* with a partial called by its path in the blueprint."""
        name = self._places.get(at.file)
        return at if name is None else replace(at, file=name)

    def _texts(
        self, folder: str, files: Mapping[str, BlueprintFile]
    ) -> Iterator[tuple[str, str]]:
        for path, file in files.items():
            is_template = _is_template(path, file, self._engine.suffix)
            if not is_template and folder != PARTIALS:
                continue
            text = self._attempt(partial(_text, folder + path, file))
            if text is not None:
                yield path, text

    def _attempt(
        self,
        read: Callable[[], T],
        place: Callable[[Location | None], Location] | None = None,
    ) -> T | None:
        """Return what *read* does; if it fails, make a finding of that."""
        try:
            return read()
        except PlacedError as error:
            error.at = error.at if place is None else place(error.at)
            self._faults.append(Finding.of(error))
            return None


def _text(path: str, file: BlueprintFile) -> str:
    if file.mode is Mode.SYMLINK:
        raise InvalidBlueprintError(f"`{path}` is a symbolic link, not a file")
    return file.text(path)


def _is_template(path: str, file: BlueprintFile, suffix: str) -> bool:
    return file.mode is not Mode.SYMLINK and path.endswith(suffix)
