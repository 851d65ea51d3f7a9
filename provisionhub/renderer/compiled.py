"""A blueprint whose templates are compiled: once, for any number of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from provisionhub.blueprint import Blueprint, BlueprintFile, Treatment
from provisionhub.blueprint.files import MANIFEST, PARTIALS, TEMPLATE
from provisionhub.blueprint.rules import treatment_of
from provisionhub.engine import Engine, Template
from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    TemplateError,
    TemplateRuntimeError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.renderer.manifest_places import InManifest
from provisionhub.renderer.paths import PathTemplate, compile_path
from provisionhub.source import Source
from provisionhub.tree import Entry, Mode

_TRUE: Final = frozenset({"true", "yes", "y", "on", "1"})
_FALSE: Final = frozenset({"", "false", "no", "n", "off", "0", "none", "null"})


Entering: TypeAlias = Callable[[str], None]
"""Told the file, by its path in the blueprint, that is compiled or rendered next."""


def unwatched(_path: str) -> None:
    """Take no notice of which file is next."""


@dataclass(frozen=True, slots=True)
class RenderedEntry:
    """An entry and where it came from.

    Attributes:
        entry: What goes into the tree.
        source: Path of the template file, below ``template/``.
    """

    entry: Entry
    source: str


@dataclass(frozen=True, slots=True)
class CompiledFile:
    """A file of a template tree.

    Attributes:
        source: Its path below ``template/``.
        path: What its path in the tree is made of.
        file: The file.
        content: Its content's template, or None if it is copied.
        treatment: What the manifest says of it.
    """

    source: str
    path: PathTemplate
    file: BlueprintFile
    content: Template | None
    treatment: Treatment


class CompiledBlueprint:
    """A blueprint's templates, compiled; immutable, and pure as they are."""

    def __init__(
        self,
        blueprint: Blueprint,
        files: list[CompiledFile],
        conditions: Mapping[int, Template],
        commit_message: Template | None,
    ) -> None:
        self._blueprint = blueprint
        self._files = files
        self._conditions = conditions
        self._commit_message = commit_message

    @property
    def blueprint(self) -> Blueprint:
        """Whose templates these are."""
        return self._blueprint

    def render(
        self, context: JsonObject, *, entering: Entering = unwatched
    ) -> list[RenderedEntry]:
        """Return the entries for *context*, in the order of their sources.

        Args:
            context: What the templates see.
            entering: Told each file before it is rendered.

        Raises:
            TemplateError: With file, line and column.
            InvalidBlueprintError: If a ``when`` renders to neither true nor false,
                or two files render to one path.
        """
        entering(MANIFEST)
        holds = {
            index: _truth(template.render(context), self._blueprint, index)
            for index, template in self._conditions.items()
        }
        rendered: dict[str, RenderedEntry] = {}
        for file in self._files:
            if not all(holds[index] for index in file.treatment.conditions):
                continue
            entering(TEMPLATE + file.source)
            if (entry := _render_file(file, context)) is None:
                continue
            if (other := rendered.get(entry.path)) is not None:
                raise InvalidBlueprintError(
                    f"`{other.source}` and `{file.source}` both render to "
                    f"`{entry.path}`",
                    hint="give one of them a `when`, or another name",
                )
            rendered[entry.path] = RenderedEntry(entry, file.source)
        return list(rendered.values())

    def render_commit_message(self, context: JsonObject) -> str | None:
        """Return the commit message that the blueprint asks for, if it does.

        Raises:
            TemplateError: With the place in the message's template.
        """
        template = self._commit_message
        return None if template is None else template.render(context).strip()

    def secrets_allowed(self) -> dict[str, frozenset[str]]:
        """Return, by source path, the secrets (JSON pointers) that it may hold."""
        return {file.source: file.treatment.secrets for file in self._files}


def compile_blueprint(
    blueprint: Blueprint, engine: Engine, *, entering: Entering = unwatched
) -> CompiledBlueprint:
    """Compile every template of *blueprint*, those of unmet conditions too.

    Args:
        blueprint: Whose templates.
        engine: What they are written for.
        entering: Told each file before it is compiled.

    Raises:
        TemplateSyntaxError: With file, line and column.
        InvalidBlueprintError: If a template is not text.
    """
    return BlueprintCompiler(blueprint, engine, entering).compile()


class BlueprintCompiler:
    """Compiles the templates of one blueprint; see ``compile_blueprint``."""

    def __init__(
        self, blueprint: Blueprint, engine: Engine, entering: Entering
    ) -> None:
        self._blueprint = blueprint
        self._engine = engine
        self._entering = entering
        self._names: dict[str, Template] = {}
        # Templates include each other by their path below template/; partials go first.
        shared = dict(self._texts(TEMPLATE, blueprint.template))
        partials = dict(self._texts(PARTIALS, blueprint.partials))
        self._partials = {**shared, **partials}
        self._places = {
            name: f"{PARTIALS if name in partials else TEMPLATE}{name}"
            for name in self._partials
        }

    def compile(self) -> CompiledBlueprint:
        """Return the blueprint with all of its templates compiled."""
        manifest = self._blueprint.manifest
        message = manifest.repository.commit_message
        self._entering(MANIFEST)
        conditions = {
            index: self._compile_said(rule.when, f"/files/{index}/when")
            for index, rule in enumerate(manifest.rules)
            if rule.when is not None
        }
        return CompiledBlueprint(
            self._blueprint,
            [self._file(*named) for named in sorted(self._blueprint.template.items())],
            conditions,
            None
            if message is None
            else self._compile_said(message, "/repository/commit_message"),
        )

    def _file(self, path: str, file: BlueprintFile) -> CompiledFile:
        self._entering(TEMPLATE + path)
        suffix = self._engine.suffix
        treatment = treatment_of(path, self._blueprint.manifest.rules, suffix=suffix)
        is_template = _is_template(path, file, suffix) and not treatment.verbatim
        content = None
        if is_template or file.mode is Mode.SYMLINK:
            content = self._compile(_text(TEMPLATE + path, file), TEMPLATE + path)
        name = path.removesuffix(suffix) if is_template else path
        return CompiledFile(
            path, compile_path(name, self._compile_name), file, content, treatment
        )

    def _compile_name(self, name: str) -> Template:
        if name not in self._names:
            self._names[name] = self._compile(name, f"the path {TEMPLATE}{name}")
        return self._names[name]

    def _compile_said(self, text: str, pointer: str) -> Template:
        """Compile a template that stands in the manifest itself."""
        place = InManifest(self._blueprint, pointer, text)
        try:
            compiled = self._compile(text, MANIFEST)
        except (TemplateError, LimitExceededError) as error:
            raise place.of(error) from None
        return _Said(compiled, place)

    def _compile(self, text: str, name: str) -> Template:
        try:
            compiled = self._compile_text(text, name)
        except (TemplateError, LimitExceededError) as error:
            raise error.renamed(self._places) from None
        return _Placed(compiled, self._places)

    def _compile_text(self, text: str, name: str) -> Template:
        return self._engine.compile(text, name=name, partials=self._partials)

    def _texts(
        self, folder: str, files: Mapping[str, BlueprintFile]
    ) -> Iterator[tuple[str, str]]:
        for path, file in files.items():
            if folder == PARTIALS or _is_template(path, file, self._engine.suffix):
                yield path, _text(folder + path, file)


class _Placed:
    """A template whose errors name a partial by its path in the blueprint."""

    def __init__(self, template: Template, places: Mapping[str, str]) -> None:
        self._template = template
        self._places = places

    def render(self, context: JsonObject) -> str:
        try:
            return self._template.render(context)
        except (TemplateError, LimitExceededError) as error:
            raise error.renamed(self._places) from None


class _Said:
    """A template that stands in the manifest: its errors point there."""

    def __init__(self, template: Template, place: InManifest) -> None:
        self._template = template
        self._place = place

    def render(self, context: JsonObject) -> str:
        try:
            return self._template.render(context)
        except (TemplateError, LimitExceededError) as error:
            raise self._place.of(error) from None


def _render_file(file: CompiledFile, context: JsonObject) -> Entry | None:
    # The name first: a file that is dropped may use what is not defined.
    path = file.path.render(context)
    if path is None:
        return None
    if file.content is None:
        return Entry(path, file.file.content, file.file.mode)
    text = file.content.render(context)
    try:
        return Entry(path, text.encode("utf-8"), file.file.mode)
    except UnicodeEncodeError:
        raise TemplateRuntimeError(
            f"`{file.source}` renders to text that UTF-8 can't hold: half of a "
            "surrogate pair",
            at=Source(TEMPLATE + file.source, "").at(1),
        ) from None


def _is_template(path: str, file: BlueprintFile, suffix: str) -> bool:
    return file.mode is not Mode.SYMLINK and path.endswith(suffix)


def _text(path: str, file: BlueprintFile) -> str:
    if file.mode is Mode.SYMLINK and path.startswith(PARTIALS):
        raise InvalidBlueprintError(f"`{path}` is a symbolic link, not a file")
    return file.text(path)


def when_holds(text: str) -> bool | None:
    """Return whether a rendered ``when`` means yes; None if it means nothing."""
    word = text.strip().lower()
    return word in _TRUE if word in _TRUE or word in _FALSE else None


def _truth(text: str, blueprint: Blueprint, index: int) -> bool:
    """Return whether a rendered ``when`` means that the files exist."""
    holds = when_holds(text)
    if holds is not None:
        return holds
    rule = blueprint.manifest.rules[index]
    raise InvalidBlueprintError(
        f"`when` of `{rule.path}` renders to `{text.strip()[:80]}`, which is neither "
        "true nor false",
        at=blueprint.locate(f"/files/{index}/when"),
        hint="write it as a tag of the blueprint's engine that renders to `true`, "
        "`false` or nothing",
    )
