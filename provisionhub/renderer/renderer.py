"""From a blueprint and values to a tree that may be published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from provisionhub.blueprint import Blueprint, Subject
from provisionhub.engine import Engine
from provisionhub.errors import InvalidBlueprintError, PlacedError
from provisionhub.job import Job
from provisionhub.lock import LOCK_PATH, Lock
from provisionhub.registry import Plugin, find_engine
from provisionhub.renderer.compiled import (
    CompiledBlueprint,
    Entering,
    compile_blueprint,
    unwatched,
)
from provisionhub.renderer.context import context_for
from provisionhub.renderer.engines import engine_of
from provisionhub.renderer.exposure import refuse_exposed_secrets
from provisionhub.renderer.watching import (
    FileRegion,
    WatchedBlueprint,
    watch_blueprint,
)
from provisionhub.tree import Entry, Tree, TreeLimits, check_tree
from provisionhub.values import Values


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a blueprint makes of values.

    Attributes:
        tree: The files.
        commit_message: What the first commit says, without its trailer.
        guarded: Paths of the files that may hold secrets.
    """

    tree: Tree
    commit_message: str
    guarded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Watched:
    """What was rendered, and what of the blueprint that reached.

    Attributes:
        rendered: As from any other rendering.
        reached: Numbers of the blueprint's regions; none if its engine can't tell.
    """

    rendered: Rendered
    reached: frozenset[int]


class Renderer:
    """Renders blueprints with the installed engines, within limits."""

    def __init__(
        self, engines: Mapping[str, Plugin[Engine]], limits: TreeLimits
    ) -> None:
        self._engines = engines
        self._limits = limits

    def render(self, blueprint: Blueprint, values: Values, job: Job) -> Rendered:
        """Return the tree for *job*, its lock file included.

        Raises:
            UnknownEngineError: If the blueprint's engine is not installed.
            TemplateError: With file, line and column.
            InvalidBlueprintError: If the blueprint contradicts itself.
            UnsafePathError: If a rendered path could leave the tree or mislead.
            SecretExposedError: If a secret stands where it may not.
            LimitExceededError: If the tree is larger than allowed.
        """
        return self.lock(blueprint, values, Subject.of_job(job))

    def lock(self, blueprint: Blueprint, values: Values, subject: Subject) -> Rendered:
        """Return what ``preview`` does, with the lock file; raises as ``render``."""
        rendered = self.preview(blueprint, values, subject)
        lock = Lock.of(
            blueprint=blueprint,
            engine=find_engine(self._engines, blueprint.manifest.engine),
            values=values,
            subject=subject,
            tree=rendered.tree,
        )
        tree = rendered.tree.with_entry(Entry(LOCK_PATH, lock.write()))
        return Rendered(tree, rendered.commit_message, rendered.guarded)

    def preview(
        self, blueprint: Blueprint, values: Values, subject: Subject
    ) -> Rendered:
        """Return the tree for *subject* without a lock file; raises as ``render``."""
        return self.fill(self.compile(blueprint), values, subject)

    def regions(self, blueprint: Blueprint) -> tuple[FileRegion, ...] | None:
        """Return the regions of *blueprint*; None if its engine can't tell them.

        Raises:
            ProvisionError: As ``compile``.
        """
        regions = self.compile_watched(blueprint).watch.regions
        return None if regions is None else tuple(regions)

    def watch(self, blueprint: Blueprint, values: Values, subject: Subject) -> Watched:
        """Return what ``preview`` does, and what that reached; raises as ``render``."""
        watched = self.compile_watched(blueprint)
        rendered = self.fill(watched.compiled, values, subject)
        return Watched(rendered, frozenset(watched.watch.reached))

    def warnings(self) -> list[str]:
        """Return what whoever renders should know of where that is done."""
        return []

    def compile(
        self, blueprint: Blueprint, *, entering: Entering = unwatched
    ) -> CompiledBlueprint:
        """Return *blueprint* with its templates compiled, for any number of jobs.

        Raises:
            UnknownEngineError: If the blueprint's engine is not installed.
            TemplateSyntaxError: With file, line and column.
            InvalidBlueprintError: If an option is wrong, or a template is not text.
        """
        with _placed_below(blueprint.label):
            engine = engine_of(blueprint, self._engines)
            return compile_blueprint(blueprint, engine, entering=entering)

    def compile_watched(
        self, blueprint: Blueprint, *, entering: Entering = unwatched
    ) -> WatchedBlueprint:
        """Return *blueprint* compiled to be watched; raises as ``compile``."""
        with _placed_below(blueprint.label):
            engine = engine_of(blueprint, self._engines)
            return watch_blueprint(blueprint, engine, entering=entering)

    def fill(
        self,
        compiled: CompiledBlueprint,
        values: Values,
        subject: Subject,
        *,
        entering: Entering = unwatched,
    ) -> Rendered:
        """Return what ``preview`` does, of templates that are compiled already."""
        with _placed_below(compiled.blueprint.label):
            return self._fill(compiled, values, subject, entering)

    def _fill(
        self,
        compiled: CompiledBlueprint,
        values: Values,
        subject: Subject,
        entering: Entering,
    ) -> Rendered:
        blueprint = compiled.blueprint
        context = context_for(subject, blueprint, values)
        entries = compiled.render(context, entering=entering)
        tree = Tree(item.entry for item in entries)
        check_tree(tree, self._limits)
        _refuse_own_lock(tree)
        message = compiled.render_commit_message(context) or (
            f"Provision {subject.name} from {blueprint.name} {blueprint.version}"
        )
        allowed = compiled.secrets_allowed()
        refuse_exposed_secrets(entries, values.secrets, allowed, message)
        guarded = frozenset(e.entry.path for e in entries if allowed[e.source])
        return Rendered(tree, message, guarded)


@contextmanager
def _placed_below(label: str) -> Iterator[None]:
    try:
        yield
    except PlacedError as error:
        raise error.below(label) from None


def _refuse_own_lock(tree: Tree) -> None:
    if any(entry.path == LOCK_PATH for entry in tree):
        raise InvalidBlueprintError(
            f"the blueprint renders `{LOCK_PATH}`, which ProvisionHub writes itself",
            hint="remove it from the template tree",
        )
