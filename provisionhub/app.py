"""The only place where adapters are chosen: settings in, working parts out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from provisionhub.blueprint import Blueprint
from provisionhub.blueprint.files import MANIFEST
from provisionhub.catalog import (
    BlueprintSource,
    Catalog,
    Catalogs,
    FolderCatalog,
    GitCatalog,
    GitSource,
    load_folder,
    read_source,
)
from provisionhub.engine import Engine
from provisionhub.errors import PlacedError
from provisionhub.gate import KnownVerdicts, SnapshotGate, Verdicts
from provisionhub.job import Job, JobType
from provisionhub.linting import Report
from provisionhub.pipeline import Pipeline, never_cancelled
from provisionhub.publishing import GitMirror, Publisher, write_tree
from provisionhub.registry import (
    Plugin,
    engine_plugins,
    find_provider,
    provider_plugins,
)
from provisionhub.renderer import Renderer
from provisionhub.repository import Provider
from provisionhub.sandbox import Guard, Sandbox, SandboxedRenderer, SandboxLimits
from provisionhub.settings import Settings, provider_settings
from provisionhub.status import LogReporter, Reporter
from provisionhub.telemetry import trace_headers
from provisionhub.tree import TreeLimits
from provisionhub.values import Redactor, Secret
from provisionhub.workspace import Workspaces

if TYPE_CHECKING:
    # Here and below: pika and OpenTelemetry's SDK take a time that commands don't have.
    from provisionhub.publishing.gitlab import Finding
    from provisionhub.status.control_plane import ControlPlane
    from provisionhub.worker import Broker, Channel, Nursery, Plan, QueueFinding


@dataclass(frozen=True)
class App:
    """The product, put together for one process.

    Attributes:
        settings: What the process was told from outside.
        kept: For how many blueprints a locked process is kept when it is idle.
    """

    settings: Settings
    kept: int = 8

    @cached_property
    def engines(self) -> Mapping[str, Plugin[Engine]]:
        """The installed engines by name."""
        return engine_plugins()

    @cached_property
    def providers(self) -> Mapping[str, Plugin[Provider]]:
        """The installed Git providers by name."""
        return provider_plugins()

    @cached_property
    def catalog(self) -> Catalogs:
        """Every catalog, in order of precedence."""
        return Catalogs(map(self._catalog, self.settings.blueprint_catalogs))

    @cached_property
    def sandbox(self) -> Sandbox:
        """Where blueprints are read and templates run: in locked processes."""
        settings = self.settings
        limits = SandboxLimits(
            cpu_seconds=ceil(settings.max_render_cpu.total_seconds()),
            wall_seconds=settings.max_render_time.total_seconds(),
            memory_bytes=settings.max_render_memory,
            tree=TreeLimits(
                files=settings.max_files,
                file_bytes=settings.max_file_size,
                total_bytes=settings.max_workspace_size,
            ),
        )
        guard = Guard(settings.sandbox)
        guard.start()
        return Sandbox(limits, guard, kept=self.kept)

    @cached_property
    def renderer(self) -> Renderer:
        """Renders in the sandbox, within the settings' limits."""
        return SandboxedRenderer(self.engines, self.sandbox)

    @cached_property
    def verdicts(self) -> Verdicts:
        """What this process knows of blueprints and their snapshots."""
        return KnownVerdicts()

    def close(self) -> None:
        """End what was started: the locked processes."""
        if "sandbox" in vars(self):
            self.sandbox.close()

    def load_blueprint(self, folder: Path) -> Blueprint:
        """Return the blueprint in *folder*; raises as ``load_folder``."""
        longest = self.settings.max_template_size
        return load_folder(folder, longest=longest, load=self.sandbox.load)

    def read_blueprint(self, name: str) -> BlueprintSource:
        """Return the files of the blueprint *name*: of a catalog's, or a folder's path.

        Raises:
            BlueprintNotFoundError: If there is none.
            InvalidBlueprintError: If they can't be read.
            LimitExceededError: If they are too large.
        """
        is_path = "/" in name or name in {".", ".."}
        if is_path or (name not in self.catalog.names() and _holds_manifest(name)):
            longest = self.settings.max_template_size
            return read_source(Path(name), longest=longest)
        return self.catalog.read(name)

    def lint(self, source: BlueprintSource) -> Report:
        """Return what is wrong with a blueprint; what it does to the sandbox, too.

        Raises:
            TransientError: If there is no locked process to do it.
        """
        try:
            return self.sandbox.lint(source.files, label=source.label, name=source.name)
        except PlacedError as error:
            return Report.of(error)

    def provider(self, name: str) -> Provider:
        """Return the Git provider called *name*; the same one each time.

        A provider keeps its connections from one run to the next, and what it knows.

        Raises:
            UnknownProviderError: If it is not installed.
        """
        made = self._made_providers.get(name)
        if made is None:
            plugin = find_provider(self.providers, name)
            made = plugin.factory(provider_settings(self.settings))
            self._made_providers[name] = made
        return made

    @cached_property
    def _made_providers(self) -> dict[str, Provider]:
        return {}

    @cached_property
    def redactor(self) -> Redactor:
        """Hides the secrets among the settings."""
        found = {name: getattr(self.settings, name) for name in Settings.model_fields}
        secrets = {
            name: value.get_secret_value()
            for name, value in found.items()
            if isinstance(value, SecretStr)
        }
        password = urlsplit(secrets["rabbitmq_url"]).password
        # The one that every broker comes with is no secret, and a common word.
        if password and password != "guest":  # noqa: S105 - says so
            secrets["rabbitmq_password"] = unquote(password)
        return Redactor(
            Secret(f"/{name.upper()}", value) for name, value in secrets.items()
        )

    def control_plane(
        self, worker_id: str, *, lost: Callable[[int], None] = lambda _: None
    ) -> ControlPlane:
        """Return who asked for the runs; the log alone if the settings name nobody.

        Args:
            worker_id: Who reports.
            lost: Is called with a number of log lines that nobody will see.
        """
        # Here, because requests takes a tenth of a second that commands don't have.
        from provisionhub.status.control_plane import (  # noqa: PLC0415
            Endpoint,
            HttpControlPlane,
            NoControlPlane,
        )

        url = self.settings.control_plane_url
        if not url:
            return NoControlPlane()
        api_key = self.settings.control_plane_api_key.get_secret_value()
        return HttpControlPlane(
            Endpoint(url, api_key, worker_id),
            self.redactor,
            trace_headers=trace_headers,
            lost=lost,
        )

    def gate(self, verdicts: Verdicts) -> SnapshotGate:
        """Return what holds blueprints to their snapshots, as *verdicts* remembers."""
        return SnapshotGate(
            self.settings.snapshot_gate, self.renderer, self.engines, verdicts
        )

    def pipeline(
        self,
        reporter: Reporter,
        *,
        is_cancelled: Callable[[Job], bool] = never_cancelled,
        verdicts: Verdicts | None = None,
    ) -> Pipeline:
        """Return a pipeline that tells *reporter* of its runs.

        Args:
            reporter: Is told.
            is_cancelled: As ``Pipeline``'s.
            verdicts: Who remembers the snapshot gate's; None is this very process.
        """
        return Pipeline(
            catalog=self.catalog,
            gate=self.gate(verdicts or self.verdicts),
            renderer=self.renderer,
            workspaces=Workspaces(self.settings.workspace_dir, write_tree=write_tree),
            provider_for=self.provider,
            publisher=Publisher(),
            reporter=reporter,
            is_cancelled=is_cancelled,
        )

    def broker(self, client: str) -> Broker:
        """Return the broker, for *client*: who connects, as its operators see it."""
        from provisionhub.worker import Broker  # noqa: PLC0415 - as above

        return Broker(self.settings.rabbitmq_url.get_secret_value(), client)

    def inspect_broker(self) -> list[QueueFinding]:
        """Return what the broker holds of our queues; raises as ``inspect_queues``."""
        from provisionhub.worker import inspect_queues  # noqa: PLC0415 - as above

        return inspect_queues(self.broker("doctor"), self.settings.rabbitmq_queue)

    def inspect_gitlab(self) -> list[Finding]:
        """Return what GitLab says of token, scopes, group and role."""
        from provisionhub.publishing.gitlab import check_access  # noqa: PLC0415 - as above

        return check_access(provider_settings(self.settings))

    def nursery(self) -> Nursery:
        """Return what starts job processes; to be called before any thread starts."""
        from provisionhub.worker import Nursery, serve_jobs  # noqa: PLC0415 - as above

        def warm_up() -> None:
            self.pipeline(LogReporter())
            _ = self.engines, self.providers

        def serve(channel: Channel) -> None:
            end_traces = self.trace()
            # It takes half a second, and is ready by the time the first job comes.
            self.sandbox.guard.start()
            try:
                serve_jobs(channel, self.pipeline)
            finally:
                self.close()
                end_traces()

        return Nursery(serve, warm_up)

    def trace(self) -> Callable[[], None]:
        """Trace this process from now on; return what ends it."""
        from provisionhub.telemetry.traces import start_traces  # noqa: PLC0415 - as above

        return start_traces(
            self.settings.otel_traces_exporter, worker_id=self.settings.worker_id
        )

    @cached_property
    def plan(self) -> Plan:
        """What the settings have a worker do."""
        from provisionhub.worker import Plan, RetryPolicy  # noqa: PLC0415 - as above

        settings = self.settings
        return Plan(
            queue=settings.rabbitmq_queue,
            worker_id=settings.worker_id,
            concurrency=settings.worker_concurrency,
            prefetch=settings.rabbitmq_prefetch_count,
            mode=settings.worker_mode,
            types=frozenset(map(JobType, settings.worker_job_types)),
            batch=settings.worker_batch_size,
            retries=RetryPolicy(
                first=settings.rabbitmq_retry_delay.total_seconds(),
                most=settings.max_attempts,
            ),
            longest=settings.max_job_duration.total_seconds(),
            draining=settings.shutdown_timeout.total_seconds(),
        )

    def _catalog(self, text: str) -> Catalog:
        longest = self.settings.max_template_size
        source = GitSource.parse(text)
        if source is None:
            folder = Path(text).expanduser()
            return FolderCatalog(folder, longest=longest, load=self.sandbox.load)
        mirror = GitMirror(source.url, source.ref, self.settings.template_cache_dir)
        return GitCatalog(mirror.url, mirror, longest=longest, load=self.sandbox.load)


def _holds_manifest(folder: str) -> bool:
    return (Path(folder) / MANIFEST).exists()
