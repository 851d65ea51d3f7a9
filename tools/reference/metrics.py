"""The worker's figures: those that one shows once it has counted everything."""

from __future__ import annotations

import enum
import inspect
import math
import typing
from collections.abc import Callable
from typing import Any, Final

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from provisionhub.telemetry.metrics import Metrics
from tools.reference.markdown import code, listed, page, prose, table

_STAND_INS: Final[dict[object, object]] = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: True,
}
_OWN: Final = frozenset({"exposition", "close"})
_OF_PROCESS: Final = ("process_", "python_")


def write() -> str:
    """Return the page."""
    rows = [
        (
            code(_name(family)),
            _kind(family),
            listed(_labels(family)),
            family.documentation,
        )
        for family in _families()
    ]
    return page(
        "Metrics",
        "Every figure that `/metrics` shows, in Prometheus' form, with its labels.",
        table(("name", "kind", "labels", "what it is"), rows),
        prose(
            "Beside them are the process's own: `process_…` and `python_…`. How to read"
            " them is said in [watching a worker](../observing.md)."
        ),
    )


def _families() -> list[Metric]:
    metrics = Metrics(lambda: {"provisioning-jobs": 1})
    for name, record in inspect.getmembers(metrics, inspect.ismethod):
        if not name.startswith("_") and name not in _OWN:
            _call(record)
    text, _ = metrics.exposition()
    metrics.close()
    families = text_string_to_metric_families(text.decode())
    shown = [each for each in families if not each.name.startswith(_OF_PROCESS)]
    return sorted(shown, key=lambda family: family.name)


def _call(record: Callable[..., Any]) -> None:
    """Let one thing be counted, whatever it is."""
    hints = typing.get_type_hints(record)
    parameters = inspect.signature(record).parameters
    record(*(_stand_in(hints[name]) for name in parameters))


def _stand_in(annotation: object) -> object:
    kind = (typing.get_args(annotation) or (annotation,))[0]
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return _STAND_INS[kind]


def _name(family: Metric) -> str:
    return f"{family.name}_total" if family.type == "counter" else family.name


def _kind(family: Metric) -> str:
    """Return what it is; of a histogram, from where to where its buckets reach."""
    if family.type != "histogram":
        return str(family.type)
    ends = {float(each.labels["le"]) for each in family.samples if "le" in each.labels}
    finite = sorted(filter(math.isfinite, ends))
    return f"histogram, {finite[0]:g} to {finite[-1]:g}"


def _labels(family: Metric) -> list[str]:
    names = {name for sample in family.samples for name in sample.labels}
    return sorted(names - {"le"})
