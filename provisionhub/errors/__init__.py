"""Everything that can go wrong with a job, as one tree of exceptions.

::

    ProvisionError
    ├─ PermanentError                  a retry would fail alike
    │  ├─ InvalidJobError(violations)
    │  ├─ UnroutableJobError
    │  ├─ BlueprintNotFoundError
    │  ├─ InvalidBlueprintError(at)
    │  ├─ InvalidLockError(at)
    │  ├─ UnknownEngineError
    │  ├─ UnknownProviderError
    │  ├─ BrokenPluginError
    │  ├─ InvalidValuesError(violations)
    │  ├─ TemplateError(at)
    │  │  ├─ TemplateSyntaxError
    │  │  │  └─ UnknownPartialError
    │  │  ├─ TemplateRuntimeError
    │  │  └─ SandboxViolationError
    │  ├─ LimitExceededError(limit, allowed)
    │  ├─ UnsafePathError(path)
    │  ├─ SecretExposedError(secret, path)
    │  ├─ SnapshotMismatchError(example, diff)
    │  ├─ RepositoryExistsError
    │  ├─ ProviderRefusedError(status)
    │  └─ StatusRefusedError
    └─ TransientError(retry_after)     network, 5xx, 429, not ready yet
       ├─ SandboxUnavailableError      no locked process to render in, here and now
       ├─ BrokerUnavailableError
       ├─ WorkerCrashedError
       └─ JobTimeoutError

Each class has a stable kebab-case ``code``: control planes and scripts may rely
on it. Errors survive pickling, so that they can cross from a job process.
"""

from __future__ import annotations

from provisionhub.errors.passing import (
    BrokerUnavailableError,
    JobTimeoutError,
    SandboxUnavailableError,
    WorkerCrashedError,
)
from provisionhub.errors.refused import (
    ProviderRefusedError,
    RepositoryExistsError,
    StatusRefusedError,
)
from provisionhub.errors.root import (
    PermanentError,
    PlacedError,
    ProvisionError,
    TransientError,
    Violation,
    ViolationsError,
    did_you_mean,
)
from provisionhub.errors.written import (
    BlueprintNotFoundError,
    BrokenPluginError,
    InvalidBlueprintError,
    InvalidJobError,
    InvalidLockError,
    InvalidValuesError,
    LimitExceededError,
    SandboxViolationError,
    SecretExposedError,
    SnapshotMismatchError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UnknownEngineError,
    UnknownPartialError,
    UnknownProviderError,
    UnroutableJobError,
    UnsafePathError,
)

__all__ = [
    "BlueprintNotFoundError",
    "BrokenPluginError",
    "BrokerUnavailableError",
    "InvalidBlueprintError",
    "InvalidJobError",
    "InvalidLockError",
    "InvalidValuesError",
    "JobTimeoutError",
    "LimitExceededError",
    "PermanentError",
    "PlacedError",
    "ProviderRefusedError",
    "ProvisionError",
    "RepositoryExistsError",
    "SandboxUnavailableError",
    "SandboxViolationError",
    "SecretExposedError",
    "SnapshotMismatchError",
    "StatusRefusedError",
    "TemplateError",
    "TemplateRuntimeError",
    "TemplateSyntaxError",
    "TransientError",
    "UnknownEngineError",
    "UnknownPartialError",
    "UnknownProviderError",
    "UnroutableJobError",
    "UnsafePathError",
    "Violation",
    "ViolationsError",
    "WorkerCrashedError",
    "did_you_mean",
]
