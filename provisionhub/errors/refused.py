"""Errors of other services, which say no and would say so again."""

from __future__ import annotations

from provisionhub.errors.root import PermanentError
from provisionhub.jsontypes import JsonObject


class RepositoryExistsError(PermanentError):
    """Somebody else's repository is in the way; it is left untouched."""

    code = "repository-exists"
    remedy = "choose another name, or move the other repository away"


class ProviderRefusedError(PermanentError):
    """The Git provider said no, and would say so again.

    Attributes:
        status: The provider's status code, where it has one.
    """

    code = "provider-refused"
    remedy = "mend what the provider says, such as the token's rights"

    def __init__(
        self, message: str, *, status: int | None = None, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status

    def details(self) -> JsonObject:
        """Add ``status``, where there is one."""
        details = super().details()
        return details if self.status is None else details | {"status": self.status}


class StatusRefusedError(PermanentError):
    """The control plane won't have the run's final status, for as long as was tried."""

    code = "status-refused"
