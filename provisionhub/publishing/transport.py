"""How libgit2 speaks to a server: credentials, refusals, and what its errors mean.

Its push returns normally where a reference is refused; it asks for credentials
fifteen times where they are wrong; and of an HTTP error it tells the number alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import pygit2
from pygit2.enums import CredentialType
from pygit2.remotes import PushUpdate

from provisionhub.errors import ProviderRefusedError, ProvisionError, TransientError
from provisionhub.publishing.addresses import without_credentials
from provisionhub.repository import Repository
from provisionhub.source import printable

_CONNECT_MILLISECONDS: Final = 15_000
_ANSWER_MILLISECONDS: Final = 120_000
_NOTHING: Final = "0" * 40
_LONGEST_REASON: Final = 2_000
_STATUS: Final = re.compile(r"unexpected http status code: (\d+)")
_NOT_READY: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}
)
_HINTS: Final = {
    HTTPStatus.UNAUTHORIZED: "set GITLAB_TOKEN to one that is neither expired nor "
    "revoked; a token of another project's is not taken",
    HTTPStatus.FORBIDDEN: "the token needs scope `api` or `write_repository`, and its "
    "owner a role that may push",
}


class BranchFoundError(Exception):
    """The branch is there already, so that nothing was pushed.

    Attributes:
        commit: What it is at.
    """

    def __init__(self, commit: str) -> None:
        super().__init__(commit)
        self.commit = commit


class NotReadyError(TransientError):
    """The server does not have the repository yet, or not at the moment."""


class PushCallbacks(pygit2.RemoteCallbacks):
    """Presents credentials once, to the right server; never updates, only creates.

    Args:
        target: Where the connection leads, and what to present if its server asks.
    """

    def __init__(self, target: Repository) -> None:
        super().__init__()
        self._target = target
        self._is_asked = False
        self._refusals: list[str] = []
        self._said = ""

    def credentials(
        self,
        url: str,
        username_from_url: str | None,  # noqa: ARG002 - libgit2's signature
        allowed_types: CredentialType,  # noqa: ARG002 - as above
    ) -> pygit2.UserPass:
        """Return the credentials, the first time that the target's server asks.

        Raises:
            ProviderRefusedError: If they were refused, or there are none.
        """
        asker, wanted = urlsplit(url), urlsplit(self._target.clone_url)
        known = self._target.credentials
        if known is None or asker[:2] != wanted[:2] or self._is_asked:
            raise _refused(self._target, HTTPStatus.UNAUTHORIZED)
        self._is_asked = True
        return pygit2.UserPass(known.user, known.password)

    def push_negotiation(self, updates: list[PushUpdate]) -> None:
        """Look at what the server's references are at, before anything is sent.

        That saves a connection of its own to look over, with its two requests.

        Raises:
            BranchFoundError: If one that is to be made is there.
        """
        for update in updates:
            if (found := str(update.src)) != _NOTHING:
                raise BranchFoundError(found)

    def push_update_reference(self, refname: str, message: str | None) -> None:
        """Note whether the server took *refname*; None says that it did."""
        if message is not None:
            self._refusals.append(f"{refname}: {message}")

    def sideband_progress(self, string: str) -> None:
        """Collect what the server says for people; it may be cut anywhere."""
        self._said = (self._said + string)[-_LONGEST_REASON:]

    def refusal(self) -> ProviderRefusedError | None:
        """Return why the server refused the reference, or None if it did not.

        The reference's own message is often only ``pre-receive hook declined``; the
        reason is what was said on the side band.
        """
        if not self._refusals:
            return None
        reason = printable(" ".join(self._said.split()))
        return ProviderRefusedError(
            f"push to {self._target.full_path} was refused: "
            + "; ".join(map(printable, self._refusals))
            + (f": {reason}" if reason else "")
        )


@contextmanager
def mapped_errors(target: Repository) -> Iterator[None]:
    """Turn libgit2's errors into ours, without any credential in the text.

    Raises:
        NotReadyError: If the server does not have the repository yet.
        ProviderRefusedError: If it would refuse the same again.
        TransientError: Of anything else.
    """
    pygit2.settings.server_connect_timeout = _CONNECT_MILLISECONDS
    pygit2.settings.server_timeout = _ANSWER_MILLISECONDS
    try:
        yield
    except pygit2.GitError as error:
        raise _error_of(str(error), target) from error


def _error_of(text: str, target: Repository) -> ProvisionError:
    found = _STATUS.search(text)
    status = int(found[1]) if found else 0
    if "authentication replays" in text:
        status = HTTPStatus.UNAUTHORIZED
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return _refused(target, HTTPStatus(status))
    url = without_credentials(target.clone_url)
    message = f"can't reach the repository at {url}: {printable(text)}"
    if status in _NOT_READY:
        return NotReadyError(message)
    return TransientError(message)


def _refused(target: Repository, status: HTTPStatus) -> ProviderRefusedError:
    what = (
        "does not accept the credentials for"
        if status == HTTPStatus.UNAUTHORIZED
        else "does not let these credentials push to"
    )
    return ProviderRefusedError(
        f"the Git server {what} {target.full_path}: it answers {status.value}",
        status=status.value,
        hint=_HINTS[status],
    )
