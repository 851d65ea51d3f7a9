"""The sandbox: what an author or a job wrote is read and run in locked processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import ClassVar, Final, TypeAlias, TypeVar

from provisionhub.blueprint import Blueprint, BlueprintFile, Example, Subject
from provisionhub.blueprint.files import digest_of
from provisionhub.errors import SandboxUnavailableError
from provisionhub.jsontypes import JsonObject
from provisionhub.linting import Report
from provisionhub.matrix import Matrix
from provisionhub.renderer import Rendered
from provisionhub.sandbox import messages
from provisionhub.sandbox.asking import Asking, LostProcessError
from provisionhub.sandbox.blueprint import SandboxedBlueprint
from provisionhub.sandbox.causes import Work, cause_of
from provisionhub.sandbox.failures import read_location
from provisionhub.sandbox.findings import read_report
from provisionhub.sandbox.frames import ChannelClosedError
from provisionhub.sandbox.guard import Guard
from provisionhub.sandbox.hold import TemplateProcessHold
from provisionhub.sandbox.kept import KeptProcesses
from provisionhub.sandbox.launcher import Forked
from provisionhub.sandbox.limits import SandboxLimits
from provisionhub.sandbox.locking import Bounds
from provisionhub.sandbox.pool import TemplatePool
from provisionhub.sandbox.zygote import TEMPLATE
from provisionhub.source import Location
from provisionhub.values import Values, check_workable

T = TypeVar("T")

Read: TypeAlias = Callable[[JsonObject, Callable[[int], bytes]], T]

_COMPILED: Final = (messages.REGIONS, messages.RENDER)
"""What takes the templates compiled."""
_KEPT: Final = 8
_TRIES: Final = 2


class Sandbox:
    """Loads blueprints and does their jobs in locked processes.

    Safe to use from several threads. Close it when its owner ends; a sandbox that
    is not closed ends with the process.

    Args:
        limits: What each process may take.
        guard: Vouches for the lock, and holds the zygote.
        kept: For how many blueprints a process is kept when it is idle.
    """

    _watches: ClassVar = False

    def __init__(
        self, limits: SandboxLimits, guard: Guard, *, kept: int = _KEPT
    ) -> None:
        self._limits = limits
        self._guard = guard
        self._pool = TemplatePool(most=kept)
        self._kept = KeptProcesses()

    @property
    def limits(self) -> SandboxLimits:
        """What each process may take."""
        return self._limits

    @property
    def guard(self) -> Guard:
        """What vouches for the lock."""
        return self._guard

    def load(self, files: Mapping[str, BlueprintFile], *, label: str) -> Blueprint:
        """Return the blueprint made up of *files*, of which only bytes are read here.

        Args:
            files: Its files by path, ``blueprint.yaml`` among them.
            label: Where it lies; it goes before the file in every error place.

        Raises:
            InvalidBlueprintError: With file, line and what is accepted.
            LimitExceededError: If reading it takes more than is allowed.
            SandboxUnavailableError: If there is no locked process to read it.
        """
        digest = digest_of(files)
        with self._lease_for(files, digest, label) as template:
            return SandboxedBlueprint(
                label=label,
                manifest=template.manifest,
                digest=digest,
                files=files,
                sandbox=self,
            )

    def lint(
        self,
        files: Mapping[str, BlueprintFile],
        *,
        label: str,
        name: str | None = None,
    ) -> Report:
        """Return what is wrong with the blueprint made up of *files*.

        Args:
            files: Its files by path, ``blueprint.yaml`` among them.
            label: Where it lies; it goes before the file in every place.
            name: What it has to be called; None if that may be anything.

        Raises:
            LimitExceededError: If that takes more than is allowed.
            SandboxUnavailableError: If there is no locked process to do it.
        """
        question, contents = messages.write_files(files, label)
        forked, report = self._ask_new(
            Work("checking", label),
            question | {"does": messages.LINT, "name": name},
            contents,
            lambda said, _: read_report(said),
        )
        forked.close()
        return report

    def accept(self, blueprint: Blueprint, values: JsonObject) -> Values:
        """Return *values* as the blueprint's schema accepts them.

        Raises:
            InvalidValuesError: With every violation at once.
            LimitExceededError: If that takes more than is allowed.
        """
        check_workable(values)
        work = Work("checking the values of", blueprint.label)
        request: JsonObject = {"does": messages.ACCEPT, "values": values}
        return self.ask(
            blueprint, work, request, lambda said, _: messages.read_values(said)
        )

    def read_example(self, blueprint: Blueprint, key: str, path: str) -> Example:
        """Return the example in the blueprint's file at *path*.

        Raises:
            InvalidBlueprintError: If it is not written as an example.
        """
        work = Work("reading", blueprint.label, file=path)
        return self.ask(
            blueprint,
            work,
            {"does": messages.EXAMPLE, "key": key, "path": path},
            lambda said, _read: messages.read_example(key, said),
        )

    def locate(self, blueprint: Blueprint, pointer: str) -> Location:
        """Return where in the manifest the value at JSON *pointer* stands."""
        work = Work("reading", blueprint.label)
        return self.ask(
            blueprint,
            work,
            {"does": messages.LOCATE, "pointer": pointer},
            lambda said, _read: read_location(said.get("at")),
        )

    def derive_cases(
        self, blueprint: Blueprint, *, most: int, odd_texts: bool
    ) -> Matrix:
        """Return cases derived from the blueprint's schema and examples.

        Raises:
            LimitExceededError: If that takes more than is allowed.
        """
        work = Work("deriving cases from the schema of", blueprint.label)
        return self.ask(
            blueprint,
            work,
            {"does": messages.CASES, "most": most, "odd_texts": odd_texts},
            lambda said, _read: messages.read_matrix(said, most=most),
        )

    def preview(
        self, blueprint: Blueprint, values: Values, subject: Subject
    ) -> Rendered:
        """Return what the blueprint makes of *values*; raises as ``Renderer``'s."""
        limits = self._limits.tree
        work = Work("rendering", blueprint.label)

        def read(said: JsonObject, read: Callable[[int], bytes]) -> Rendered:
            return messages.read_rendered(said, read, limits)

        with self._lease(blueprint) as template:
            waiting = self._kept.take(values, template)
            if waiting is not None:
                request = messages.write_job(None, subject, limits)
                with suppress(LostProcessError):
                    return self._ask_forked(waiting, template, work, request, read)
        request = messages.write_job(values, subject, limits)
        return self.ask(blueprint, work, request, read)

    def close(self) -> None:
        """End every process; the sandbox may be used again, and starts new ones."""
        self._pool.close()
        self._guard.close()

    def ask(
        self,
        blueprint: Blueprint,
        work: Work,
        message: JsonObject,
        read: Read[T],
    ) -> T:
        """Ask a fresh process of the blueprint's; once more if that was lost.

        Args:
            blueprint: The blueprint.
            work: What that is, for errors.
            message: The question.
            read: Makes of the answer what is returned, believing nothing of it.

        Raises:
            ProvisionError: What the process answers with, or the cause of its end.
        """
        for _ in range(_TRIES):
            with self._lease(blueprint) as template:
                try:
                    return self._ask_once(template, work, message, read)
                except LostProcessError as lost:
                    self._pool.discard(template)
                    _raise_fault(template, lost.work, self._limits)
                    reason = str(lost)
        raise _unavailable(reason)

    def _ask_once(
        self,
        template: TemplateProcessHold,
        work: Work,
        message: JsonObject,
        read: Read[T],
    ) -> T:
        try:
            forked = template.take(compiled=message["does"] in _COMPILED)
        except ChannelClosedError:
            raise LostProcessError("its parent is gone", work) from None
        return self._ask_forked(forked, template, work, message, read)

    def _ask_forked(
        self,
        forked: Forked,
        template: TemplateProcessHold,
        work: Work,
        message: JsonObject,
        read: Read[T],
    ) -> T:
        """Ask, and keep the process if it accepted values, to render them next."""
        try:
            answer = Asking(forked, work, self._limits).ask(message, read=read)
            if isinstance(answer, Values) and forked.is_compiled:
                self._kept.keep(answer, forked, template)
                return answer
        except LostProcessError:
            forked.close()
            raise
        except BaseException:
            self._finish(forked, template)
            raise
        self._finish(forked, template)
        return answer

    def _finish(self, forked: Forked, template: TemplateProcessHold) -> None:
        if not template.give_back(forked):
            # The template process itself is what does not come to an end.
            self._pool.discard(template)
            template.close()

    def _lease(
        self, blueprint: Blueprint
    ) -> AbstractContextManager[TemplateProcessHold]:
        return self._lease_for(blueprint.files, blueprint.digest, blueprint.label)

    def _lease_for(
        self, files: Mapping[str, BlueprintFile], digest: str, label: str
    ) -> AbstractContextManager[TemplateProcessHold]:
        return self._pool.lease((digest, label), lambda: self._load(files, label))

    def _load(
        self, files: Mapping[str, BlueprintFile], label: str
    ) -> TemplateProcessHold:
        """Return a template process that has read the blueprint."""
        question, contents = messages.write_files(files, label, watched=self._watches)
        forked, manifest = self._ask_new(
            Work("reading", label),
            question,
            contents,
            lambda said, _: messages.read_manifest(said),
        )
        return TemplateProcessHold(forked, manifest)

    def _ask_new(
        self, work: Work, question: JsonObject, contents: list[bytes], read: Read[T]
    ) -> tuple[Forked, T]:
        """Ask a template process of its own; return it with the answer."""
        limits, guard = self._limits, self._guard
        bounds = Bounds(guard.layers, limits.cpu_seconds, limits.memory_bytes)
        for _ in range(_TRIES):
            forked = guard.fork(TEMPLATE + bounds.pack())
            try:
                asking = Asking(forked, work, limits)
                return forked, asking.ask(question, *contents, read=read)
            except LostProcessError as lost:
                forked.close()
                reason = str(lost)
            except BaseException:
                forked.close()
                raise
        raise _unavailable(reason)


def _raise_fault(
    template: TemplateProcessHold, work: Work, limits: SandboxLimits
) -> None:
    """Raise the error of a template process that ended by its own doing."""
    status = template.end()
    if status is not None and status & 0x7F not in {0, signal.SIGKILL}:
        raise cause_of(status, work, limits) from None


def _unavailable(reason: str) -> SandboxUnavailableError:
    return SandboxUnavailableError(
        f"no locked process could be had: {reason}",
        hint="`provisionhub doctor` shows what this system can give",
    )
