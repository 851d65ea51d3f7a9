"""The figures, by the names that dashboards rely on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families

from provisionhub.gate import Result
from provisionhub.job import JobType
from provisionhub.telemetry.metrics import JobOutcome, Metrics

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def depths() -> dict[str, int]:
    """Return how deep the queues are."""
    return {}


@pytest.fixture
def metrics(depths: dict[str, int]) -> Iterator[Metrics]:
    """Return figures of one's own."""
    metrics = Metrics(lambda: depths)
    yield metrics
    metrics.close()


def scrape(metrics: Metrics) -> Samples:
    """Return every sample as Prometheus reads it, by name and labels."""
    text, media_type = metrics.exposition()
    assert media_type.startswith("text/plain")
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
    }


def labels(**named: str) -> frozenset[tuple[str, str]]:
    """Return labels by their names."""
    return frozenset(named.items())


def test_names_and_labels_are_those_that_are_documented(
    metrics: Metrics, depths: dict[str, int]
) -> None:
    """The four figures that others rely on have exactly their names and labels."""
    depths["provisioning-jobs"] = 7
    metrics.job_processed(JobType.COMPONENT, JobOutcome.SUCCEEDED)
    metrics.job_failed(JobType.SYSTEM, "template-syntax")
    metrics.job_started()
    metrics.job_ended(JobType.COMPONENT, 0.2)

    seen = scrape(metrics)

    processed = labels(type="component", outcome="succeeded")
    failed = labels(type="system", code="template-syntax")
    assert seen["jobs_processed_total", processed] == 1
    assert seen["jobs_failed_total", failed] == 1
    assert seen["queue_depth", labels(queue="provisioning-jobs")] == 7
    assert seen["job_duration_seconds_count", labels(type="component")] == 1
    assert seen["job_duration_seconds_sum", labels(type="component")] == 0.2
    assert seen["jobs_in_flight", labels()] == 0


def test_durations_fall_into_buckets_from_a_tenth_to_a_quarter_hour(
    metrics: Metrics,
) -> None:
    """The histogram reaches from 0.1 s to the longest job and beyond."""
    for seconds in (0.05, 0.2, 899, 1000):
        metrics.job_started()
        metrics.job_ended(JobType.COMPONENT, seconds)

    counts = {
        dict(named)["le"]: value
        for (name, named), value in scrape(metrics).items()
        if name == "job_duration_seconds_bucket"
    }

    assert next(iter(counts)) == "0.1"
    assert (counts["0.1"], counts["0.25"]) == (1, 2)
    assert (counts["900.0"], counts["+Inf"]) == (3, 4)


def test_unknown_depths_are_not_shown(metrics: Metrics, depths: dict[str, int]) -> None:
    """While the broker is away a queue has no depth, not the last one known."""
    depths["provisioning-jobs"] = 7
    scrape(metrics)
    depths.clear()

    assert not [name for name, _ in scrape(metrics) if name == "queue_depth"]


def test_counters_are_there_before_the_first_event(metrics: Metrics) -> None:
    """A rate over a counter needs the zero that it rises from."""
    seen = scrape(metrics)

    for outcome in JobOutcome:
        for kind in JobType:
            at = labels(type=str(kind), outcome=str(outcome))
            assert seen["jobs_processed_total", at] == 0
    assert seen["broker_reconnects_total", labels()] == 0
    for result in Result:
        assert seen["snapshot_gate_total", labels(result=str(result))] == 0


def test_message_that_can_not_be_read_has_an_unknown_type(metrics: Metrics) -> None:
    """No name from a message becomes a label."""
    metrics.job_processed(None, JobOutcome.DEAD_LETTERED)

    at = labels(type="unknown", outcome="dead-lettered")
    assert scrape(metrics)["jobs_processed_total", at] == 1


def test_everything_else_is_counted_too(metrics: Metrics) -> None:
    """Retries, dead letters, reconnects, stale acks, crashes, steps, lines, gate."""
    metrics.job_retried(JobType.SYSTEM)
    metrics.dead_lettered("invalid-job")
    metrics.broker_reconnected()
    metrics.stale_ack_dropped()
    metrics.job_process_crashed()
    metrics.status_undelivered()
    metrics.lines_lost(3)
    metrics.snapshot_checked("passed", 0.02)
    metrics.step_done("render", 0.02)

    seen = scrape(metrics)

    assert seen["job_retries_total", labels(type="system")] == 1
    assert seen["dead_letters_total", labels(reason="invalid-job")] == 1
    assert seen["broker_reconnects_total", labels()] == 1
    assert seen["stale_acks_total", labels()] == 1
    assert seen["job_process_crashes_total", labels()] == 1
    assert seen["final_statuses_undelivered_total", labels()] == 1
    assert seen["log_lines_lost_total", labels()] == 3
    assert seen["snapshot_gate_total", labels(result="passed")] == 1
    assert seen["snapshot_gate_duration_seconds_count", labels()] == 1
    assert seen["step_duration_seconds_count", labels(step="render")] == 1


def test_figures_of_two_workers_do_not_mix(metrics: Metrics) -> None:
    """Each object counts for itself."""
    other = Metrics()
    other.broker_reconnected()

    assert scrape(metrics)["broker_reconnects_total", labels()] == 0
    other.close()


def test_process_itself_is_shown(metrics: Metrics) -> None:
    """Memory and descriptors of the process are among the figures."""
    seen = {name for name, _ in scrape(metrics)}

    assert {"process_open_fds", "process_resident_memory_bytes"} <= seen
