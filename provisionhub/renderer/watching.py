"""A blueprint compiled so that its renderings tell what of it they reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from provisionhub.blueprint import Blueprint, BlueprintFile
from provisionhub.blueprint.files import MANIFEST, PARTIALS, TEMPLATE
from provisionhub.coverage import Covers, Kind, Region
from provisionhub.engine import Engine, Template
from provisionhub.errors import LimitExceededError, TemplateError
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer.compiled import (
    BlueprintCompiler,
    CompiledBlueprint,
    CompiledFile,
    Entering,
    compile_blueprint,
    unwatched,
    when_holds,
)
from provisionhub.renderer.paths import PathTemplate
from provisionhub.source import Location


@dataclass(frozen=True, slots=True)
class FileRegion:
    """A region of a blueprint.

    Attributes:
        path: The file that it is in, below the blueprint's folder.
        region: The region, by its place in that file.
    """

    path: str
    region: Region


@dataclass(slots=True)
class Watch:
    """Which regions of a blueprint there are, and which were reached so far.

    Attributes:
        regions: Every region; None if the blueprint's engine can't tell.
        reached: The numbers of those reached, from 0.
    """

    regions: list[FileRegion] | None
    reached: set[int] = field(default_factory=set)
    _numbers: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, text: str, path: str, regions: dict[int, Region]) -> None:
        """Add the regions of one text.

        Args:
            text: What the text is known by: its file's path, if that is one text.
            path: The file that it stands in.
            regions: Its regions, by their numbers in that text.
        """
        found = self.regions
        assert found is not None  # noqa: S101 - else there is nobody to add any
        for number, region in regions.items():
            self._numbers[text, number] = len(found)
            found.append(FileRegion(path, region))

    def reach(self, text: str, number: int) -> None:
        """Note that a region of *text* is reached; one that was not added is not."""
        found = self._numbers.get((text, number))
        if found is not None:
            self.reached.add(found)


@dataclass(frozen=True, slots=True)
class WatchedBlueprint:
    """A blueprint, compiled to be watched.

    Attributes:
        compiled: The blueprint; it renders as any other.
        watch: What its renderings reach.
    """

    compiled: CompiledBlueprint
    watch: Watch


def watch_blueprint(
    blueprint: Blueprint, engine: Engine, *, entering: Entering = unwatched
) -> WatchedBlueprint:
    """Compile *blueprint* to be watched; as any other if its engine can't tell.

    Raises:
        ProvisionError: As ``compile_blueprint``.
    """
    if not isinstance(engine, Covers):
        compiled = compile_blueprint(blueprint, engine, entering=entering)
        return WatchedBlueprint(compiled, Watch(None))
    compiler = _WatchingCompiler(blueprint, engine, engine, entering)
    return WatchedBlueprint(compiler.compile(), compiler.watch)


class _WatchingCompiler(BlueprintCompiler):
    def __init__(
        self, blueprint: Blueprint, engine: Engine, covers: Covers, entering: Entering
    ) -> None:
        super().__init__(blueprint, engine, entering)
        self.watch = Watch([])
        self._covers = covers

    def compile(self) -> CompiledBlueprint:
        compiled = super().compile()
        for key, place in self._places.items():
            if place.startswith(PARTIALS):
                self._add_partial(self._partials[key], place)
        return compiled

    def _file(self, path: str, file: BlueprintFile) -> CompiledFile:
        compiled = super()._file(path, file)
        place = TEMPLATE + path
        if compiled.content is None:
            self.watch.add(place, place, {0: _whole(_length(file))})
        produced = partial(self.watch.reach, place, 0)
        return replace(compiled, path=_WatchedPath(compiled.path.parts, produced))

    def _compile_said(self, text: str, pointer: str) -> Template:
        said = super()._compile_said(text, pointer)
        if not pointer.endswith("/when"):
            return said
        at = _offset(self._blueprint, self._blueprint.locate(pointer))
        rule = self._blueprint.manifest.rules[int(pointer.split("/")[2])]
        answers = {
            number: Region(Kind.CONDITION, f"{word} `when` of {rule.path}", at, at, at)
            for number, word in enumerate(("false", "true"))
        }
        self.watch.add(pointer, MANIFEST, answers)
        return _Deciding(said, partial(self.watch.reach, pointer))

    def _compile_text(self, text: str, name: str) -> Template:
        if name == MANIFEST:
            return super()._compile_text(text, name)
        template = self._covers.compile_watched(
            text,
            name=name,
            partials=self._partials,
            reached=partial(self.watch.reach, name),
            reached_in=self._reach_in,
        )
        regions = dict(enumerate(self._covers.regions(text, name=name)))
        if name.startswith(TEMPLATE):
            self.watch.add(name, name, regions)
        else:
            self._add_name(text, name, regions)
        return template

    def _add_name(self, text: str, name: str, regions: dict[int, Region]) -> None:
        """Add what is asked in the name of a file; what it writes goes without."""
        path = next(path for path in sorted(self._blueprint.template) if text in path)
        asked = {
            number: Region(Kind.NAME, region.what, 0, 0, 0)
            for number, region in regions.items()
            if region.kind in (Kind.BRANCH, Kind.LOOP, Kind.DEFINITION)
        }
        self.watch.add(name, TEMPLATE + path, asked)

    def _add_partial(self, text: str, place: str) -> None:
        try:
            regions = dict(enumerate(self._covers.regions(text, name=place)))
        except (TemplateError, LimitExceededError):
            # Nothing includes it, or that would have failed: so it is not reached.
            regions = {0: _whole(len(text))}
        self.watch.add(place, place, regions)

    def _reach_in(self, key: str, number: int) -> None:
        self.watch.reach(self._places[key], number)


@dataclass(frozen=True, slots=True)
class _WatchedPath(PathTemplate):
    """A path that tells when a file comes of it."""

    produced: Callable[[], None]

    def render(self, context: JsonObject) -> str | None:
        path = PathTemplate.render(self, context)
        if path is not None:
            self.produced()
        return path


@dataclass(frozen=True, slots=True)
class _Deciding:
    """A ``when`` that tells its answers.

    Attributes:
        template: What it is.
        answered: Told 1 if it holds, and 0 if not.
    """

    template: Template
    answered: Callable[[int], None]

    def render(self, context: JsonObject) -> str:
        text = self.template.render(context)
        holds = when_holds(text)
        if holds is not None:
            self.answered(int(holds))
        return text


def _whole(end: int) -> Region:
    return Region(Kind.TEXT, "the whole file", 0, 0, end)


def _length(file: BlueprintFile) -> int:
    """Return how many characters *file* has; none if it is no text."""
    try:
        return len(file.content.decode("utf-8"))
    except UnicodeDecodeError:
        return 0


def _offset(blueprint: Blueprint, at: Location) -> int:
    """Return the offset of a place in the manifest."""
    lines = blueprint.files[MANIFEST].text(MANIFEST).split("\n")
    before = sum(len(line) + 1 for line in lines[: at.line - 1])
    return before + at.column - 1
