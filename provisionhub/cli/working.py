"""``provisionhub worker``: takes jobs from the queue, for as long as it lives."""

from __future__ import annotations

from contextlib import ExitStack

from provisionhub.app import App
from provisionhub.cli.console import complain
from provisionhub.errors import SandboxUnavailableError
from provisionhub.settings import Settings, SettingsError, read_settings
from provisionhub.telemetry import configure_logs


def work() -> int:
    """Be a worker; return the exit code.

    Returns:
        0 done, 1 a batch with dead letters, 70 broken, 75 ended with work left,
        78 misconfigured.
    """
    # Here, because together they take half a second that other commands don't have.
    from provisionhub.telemetry.health import HealthServer  # noqa: PLC0415
    from provisionhub.telemetry.traces import UnknownExporterError  # noqa: PLC0415
    from provisionhub.worker import Exit, Worker  # noqa: PLC0415

    with ExitStack() as ending:
        try:
            app = App(read_settings())
            settings = app.settings
            configure_logs(
                settings.log_level, settings.log_format, redact=app.redactor.redact
            )
            _try_sandbox(settings)
            nursery = app.nursery()
            ending.callback(nursery.close)
            ending.callback(app.trace())
        except (SettingsError, UnknownExporterError) as error:
            complain(f"error: a setting is wrong\n{error}")
            return Exit.MISCONFIGURED
        except SandboxUnavailableError as error:
            complain(error.explain())
            return Exit.MISCONFIGURED
        control_plane = app.control_plane(settings.worker_id)
        broker = app.broker(settings.worker_id)
        worker = Worker(app.plan, broker, nursery, control_plane)
        ending.callback(worker.metrics.close)
        ending.callback(control_plane.close)
        try:
            health = HealthServer(
                settings.health_address, worker, worker.metrics.exposition
            )
        except OSError as error:
            complain(f"error: HEALTH_ADDRESS can't be listened on: {error.strerror}")
            return Exit.MISCONFIGURED
        with health:
            return worker.run()


def _try_sandbox(settings: Settings) -> None:
    """Refuse to start where templates would not be locked in as is required.

    In an app of its own, so that no job process inherits what the trial started.

    Raises:
        SandboxUnavailableError: Saying what is missing, or got through.
    """
    app = App(settings)
    try:
        app.sandbox.guard.check()
    finally:
        app.close()
