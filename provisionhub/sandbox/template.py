"""Inside a template process: one blueprint, loaded and compiled, and its jobs.

The process is locked before it reads the blueprint's first byte. Each job has a
process of its own, forked from this one and locked once more.
"""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, TypeAlias, TypeVar, cast

from provisionhub.blueprint import BlueprintFile, LoadedBlueprint, load_blueprint
from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.linting import lint
from provisionhub.registry import Plugin
from provisionhub.renderer import CompiledBlueprint, Renderer, Watch
from provisionhub.sandbox import messages
from provisionhub.sandbox.failures import write_error, write_location
from provisionhub.sandbox.findings import write_report
from provisionhub.sandbox.forking import ForkServer
from provisionhub.sandbox.frames import ChannelClosedError, InnerChannel
from provisionhub.sandbox.locking import Bounds, Lock
from provisionhub.sandbox.regions import write_regions
from provisionhub.tree import TreeLimits
from provisionhub.values import Values

Answer: TypeAlias = tuple[JsonObject, list[bytes]]
T = TypeVar("T")

_LONGEST_TEXT: Final = 1_000
_NO_LIMITS: Final = TreeLimits(files=0, file_bytes=0, total_bytes=0)
"""What compiling needs: it makes no tree."""


class TemplateProcess:
    """Serves the jobs of one blueprint until its channel is closed.

    Args:
        engines: The installed engines.
        bounds: What this process and each job's are locked with.
        channel: Descriptor of the worker's channel.
        parent: Id of the zygote.
    """

    def __init__(
        self,
        engines: Mapping[str, Plugin[Engine]],
        bounds: Bounds,
        channel: int,
        *,
        parent: int,
    ) -> None:
        self._engines = engines
        self._channel = channel
        self._lock = Lock(bounds, parent=parent)
        self._own_id = os.getpid()
        self._blueprint: LoadedBlueprint | None = None
        self._is_watched = False
        self._compiled: CompiledBlueprint | Answer | None = None
        self._watch: Watch | None = None
        self._accepted: Values | None = None

    def run(self) -> None:
        """Lock this process, load the blueprint, answer, and serve its jobs."""
        server = ForkServer(
            socket.socket(fileno=self._channel),
            request_length=1,
            before_fork=self._before_fork,
            run=self._run_job,
        )
        server.start_watching()
        channel = InnerChannel(self._channel)
        try:
            self._lock.close_template_process()
        except OSError as error:
            channel.send({"unlocked": str(error)})
            return
        _reply(channel, lambda: self._load(channel))
        if self._blueprint is not None:
            gc.freeze()
            server.serve()

    def _load(self, channel: InnerChannel) -> Answer:
        request = channel.receive()
        files: dict[str, BlueprintFile] = messages.read_files(request, channel.read)
        if request.get("does") == messages.LINT:
            return self._lint(files, request, channel)
        blueprint = load_blueprint(files, label=str(request["label"]))
        self._blueprint = blueprint
        self._is_watched = request["watched"] is True
        return {"manifest": blueprint.document.value}, []

    def _lint(
        self,
        files: Mapping[str, BlueprintFile],
        request: JsonObject,
        channel: InnerChannel,
    ) -> Answer:
        """Check the blueprint and load none: this process has no jobs to serve."""
        report = lint(
            files,
            self._engines,
            label=str(request["label"]),
            name=cast("str | None", request["name"]),
            entering=lambda path: channel.send({"entering": path}),
        )
        return write_report(report), []

    def _before_fork(self, request: bytes, channel: int) -> None:
        """Compile before the first job that renders, and never again."""
        if request != messages.COMPILE_AND_FORK or self._compiled is not None:
            return
        self._lock.allow_compiling()
        self._compiled = _attempt(lambda: self._compile(InnerChannel(channel)))
        gc.freeze()

    def _compile(self, channel: InnerChannel) -> CompiledBlueprint:
        assert self._blueprint is not None  # noqa: S101 - jobs come after loading
        renderer = Renderer(self._engines, _NO_LIMITS)

        def entering(path: str) -> None:
            channel.send({"entering": path})

        if not self._is_watched:
            return renderer.compile(self._blueprint, entering=entering)
        watched = renderer.compile_watched(self._blueprint, entering=entering)
        self._watch = watched.watch
        return watched.compiled

    def _run_job(self, _request: bytes, descriptor: int) -> None:
        """Be a render process: lock, read the job, answer it."""
        channel = InnerChannel(descriptor)
        try:
            self._lock.close_render_process(self._own_id)
        except OSError as error:
            channel.send({"unlocked": str(error)})
            return
        with suppress(ChannelClosedError):
            _reply(channel, lambda: self._do(channel.receive(), channel))
            if self._accepted is not None and self._compiled is not None:
                # What checked a job's values renders them, if it is asked to.
                _reply(channel, lambda: self._do(channel.receive(), channel))

    def _do(self, job: JsonObject, channel: InnerChannel) -> Answer:
        match job["does"]:
            case messages.ACCEPT:
                return self._accept(job)
            case messages.EXAMPLE:
                return self._example(job)
            case messages.CASES:
                return self._derive_cases(job)
            case messages.LOCATE:
                return self._locate(job)
            case messages.REGIONS:
                return self._regions()
            case _:
                return self._render(job, channel)

    def _accept(self, job: JsonObject) -> Answer:
        values = cast("JsonObject", job["values"])
        self._accepted = self._loaded.accept(values)
        return messages.write_values(self._accepted), []

    def _example(self, job: JsonObject) -> Answer:
        example = self._loaded.read_example(str(job["key"]), str(job["path"]))
        return {
            "name": example.name,
            "namespace": example.namespace,
            "values": example.values,
        }, []

    def _derive_cases(self, job: JsonObject) -> Answer:
        matrix = self._loaded.derive_cases(
            most=cast("int", job["most"]), odd_texts=bool(job["odd_texts"])
        )
        return messages.write_matrix(matrix), []

    def _locate(self, job: JsonObject) -> Answer:
        return {"at": write_location(self._loaded.locate(str(job["pointer"])))}, []

    def _render(self, job: JsonObject, channel: InnerChannel) -> Answer:
        compiled = self._compiled
        if isinstance(compiled, tuple):
            return compiled
        assert compiled is not None  # noqa: S101 - the process before this one did
        rendered = Renderer(self._engines, messages.read_limits(job)).fill(
            compiled,
            self._accepted or messages.read_values(job),
            messages.read_subject(job),
            entering=lambda path: channel.send({"entering": path}),
        )
        answer, contents = messages.write_rendered(rendered)
        if self._watch is not None:
            answer["reached"] = list[JsonValue](sorted(self._watch.reached))
        return answer, contents

    def _regions(self) -> Answer:
        if isinstance(self._compiled, tuple):
            return self._compiled
        assert self._watch is not None  # noqa: S101 - asked of those that watch only
        regions = self._watch.regions
        return write_regions(regions, self._loaded.files), []

    @property
    def _loaded(self) -> LoadedBlueprint:
        assert self._blueprint is not None  # noqa: S101 - jobs come after loading
        return self._blueprint


def _reply(channel: InnerChannel, work: Callable[[], Answer]) -> None:
    message, bodies = _attempt(work)
    channel.send(message, *bodies)


def _attempt(work: Callable[[], T]) -> T | Answer:
    """Return what *work* does, or the answer that says why it could not."""
    try:
        return work()
    except ChannelClosedError:
        raise
    except ProvisionError as error:
        return {"error": write_error(error)}, []
    except MemoryError:
        return {"exhausted": "memory"}, []
    except RecursionError:
        return {"exhausted": "depth"}, []
    except BaseException as bug:  # noqa: BLE001 - a panic of an extension is one
        shown = f"{type(bug).__name__}: {bug}"[:_LONGEST_TEXT]
        return {"bug": shown.encode("ascii", "backslashreplace").decode()}, []
