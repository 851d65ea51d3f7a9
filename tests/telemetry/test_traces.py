"""One trace for each job, across the queue and the calls it makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from provisionhub.app import App
from provisionhub.errors import ProvisionError, SnapshotMismatchError
from provisionhub.settings import Settings
from provisionhub.status import LogReporter, Step
from provisionhub.telemetry import (
    configure_logs,
    received_span,
    sent_span,
    span,
    trace_headers,
)
from provisionhub.telemetry.traces import UnknownExporterError, start_traces
from support.blueprints import MANIFEST, write_blueprint
from support.jobs import job
from support.snapshots import FILES, write_catalog

SECRET = """\
schema:
  type: object
  properties: {token: {type: string, writeOnly: true}}
"""


def app(root: Path, template: str) -> App:
    """Return the product with a catalog of one blueprint."""
    folder = root / "blueprints" / "sample"
    write_blueprint(folder, {"template/a.j2": template}, MANIFEST + SECRET)
    return App(
        Settings(
            blueprint_catalogs=(str(root),),
            workspace_dir=root / "workspaces",
            local_repositories_dir=root / "repositories",
        )
    )


def test_trace_crosses_the_queue(spans: InMemorySpanExporter) -> None:
    """What a worker does for a message is in the trace of its sender."""
    with sent_span("submit"):
        headers = trace_headers()
    with span("something else"), received_span("job", headers):
        onward = trace_headers()

    submit, received, _ = spans.get_finished_spans()
    assert submit.context is not None
    assert received.context is not None
    assert received.parent is not None
    assert received.parent.span_id == submit.context.span_id
    assert f"{submit.context.trace_id:032x}" == onward["traceparent"].split("-")[1]
    assert (submit.kind, received.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"traceparent": "00-zz"}, id="not W3C's"),
        pytest.param({"traceparent": 7, "tracestate": b"x"}, id="no texts"),
        pytest.param({"traceparent": f"00-{'0' * 32}-{'0' * 16}-01"}, id="zeros"),
    ],
)
def test_message_without_a_trace_starts_one(
    headers: dict[str, object], spans: InMemorySpanExporter
) -> None:
    """Whatever a message's headers hold, its job has a trace."""
    with received_span("job", headers):
        onward = trace_headers()

    (received,) = spans.get_finished_spans()
    assert received.parent is None
    assert onward["traceparent"].startswith("00-")


def test_outside_of_a_span_there_are_no_headers() -> None:
    """Nothing is claimed where nothing is traced."""
    assert trace_headers() == {}


def test_each_step_of_a_run_is_a_span(
    spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    """A run is a span, its steps are spans below it, and nothing stays open."""
    with received_span("job", {}):
        app(tmp_path, "text").pipeline(LogReporter()).run(job())

    *steps, run, received = spans.get_finished_spans()
    assert [each.name for each in steps] == [str(step) for step in Step]
    assert run.name == "provision"
    assert run.context is not None
    assert received.context is not None
    assert {each.parent.span_id for each in steps if each.parent} == {
        run.context.span_id
    }
    assert run.attributes is not None
    assert run.attributes["run_id"] == "run-1"
    assert {each.context.trace_id for each in (*steps, run) if each.context} == {
        received.context.trace_id
    }
    assert trace_headers() == {}


def test_failed_step_is_marked_without_its_secrets(
    spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    """Step and run carry the error's code, and nothing of its text."""
    told = app(tmp_path, "{{ Values.token }}").pipeline(LogReporter())

    with pytest.raises(ProvisionError):
        told.run(job({"token": "hunter2hunter2"}))

    render, run = spans.get_finished_spans()[-2:]
    assert (render.name, run.name) == ("render", "provision")
    assert {each.status.status_code for each in (render, run)} == {StatusCode.ERROR}
    assert {each.status.description for each in (render, run)} == {"secret-exposed"}
    assert "hunter2" not in "".join(
        each.to_json() for each in spans.get_finished_spans()
    )


def test_snapshot_gate_is_a_span_of_its_step(
    spans: InMemorySpanExporter, tmp_path: Path
) -> None:
    """Comparing snapshots shows below `validate`, and is marked where they differ."""
    product = app(write_catalog(tmp_path, files=FILES), "text")

    with pytest.raises(SnapshotMismatchError):
        product.pipeline(LogReporter()).run(job())

    gate, validate, _ = spans.get_finished_spans()
    assert (gate.name, validate.name) == ("snapshot gate", "validate")
    assert gate.parent is not None
    assert gate.parent == validate.context
    assert dict(gate.attributes or {}) == {
        "examples": 2,
        "error.type": "snapshot-mismatch",
    }


def test_log_lines_lead_to_the_trace(
    spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line said in a span names its trace."""
    configure_logs("info", "json")

    with span("work"):
        LogReporter().started(job())

    (work,) = spans.get_finished_spans()
    line = json.loads(capsys.readouterr().err)
    assert work.context is not None
    assert line["trace_id"] == f"{work.context.trace_id:032x}"
    assert line["span_id"] == f"{work.context.span_id:016x}"


def test_unknown_exporter_is_refused() -> None:
    """An exporter that is not installed is named, with the remedy for the usual one."""
    with pytest.raises(UnknownExporterError, match="`jaeger` is not installed"):
        start_traces("jaeger", worker_id="w")


def test_spans_go_where_the_settings_say(tmp_path: Path) -> None:
    """An installed exporter gets the spans, by the time that tracing ends."""
    code = (
        "from provisionhub.telemetry import span\n"
        "from provisionhub.telemetry.traces import start_traces\n"
        "stop = start_traces('console', worker_id='worker-1')\n"
        "with span('work'): pass\n"
        "stop()\n"
    )

    shown = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    exported = json.loads(shown)
    assert exported["name"] == "work"
    assert exported["resource"]["attributes"]["service.instance.id"] == "worker-1"
