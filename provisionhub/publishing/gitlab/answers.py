"""GitLab's answers, and the errors of ours that they mean.

There are four shapes of error: ``message`` as text, ``message`` as a map of fields,
``error`` as text or a list, and plain text or HTML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from gitlab.exceptions import GitlabError

from provisionhub.errors import ProviderRefusedError, ProvisionError, TransientError
from provisionhub.source import printable
from provisionhub.waiting import read_retry_after

_LONGEST: Final = 300
_MARKUP: Final = re.compile(
    r"<(?:style|script)\b.*?</(?:style|script)>|<[^>]*>", re.DOTALL
)
_RATE_LIMIT_WAIT: Final = 60.0
_HINTS: Final = {
    HTTPStatus.UNAUTHORIZED: "set GITLAB_TOKEN to a token that is neither expired nor "
    "revoked, of a member of the group, with scope `api`",
    HTTPStatus.FORBIDDEN: "the token needs scope `api`, and its owner a role that may "
    "do this: Maintainer of the group",
    HTTPStatus.NOT_FOUND: "what a token may not see GitLab calls not found",
}


class LastAnswer:
    """Remembers what the last response said of waiting."""

    def __init__(self) -> None:
        self.retry_after: float | None = None

    def note(self, response: object, *_: object, **__: object) -> None:
        """Take the waiting time from *response*; a hook of the HTTP session."""
        headers = getattr(response, "headers", {})
        self.retry_after = read_retry_after(headers.get("Retry-After"))


@contextmanager
def mapped_errors(doing: str, last: LastAnswer) -> Iterator[None]:
    """Turn what the client raises while *doing* something into our errors.

    Raises:
        ProviderRefusedError: If the same request would be refused again.
        TransientError: If it may be granted later.
    """
    try:
        yield
    except GitlabError as error:
        raise error_of(error, doing, last) from error
    except OSError as error:
        # Every error of the HTTP client is one: no route, time-out, cut off.
        raise TransientError(
            f"can't {doing}: no answer from GitLab: {_first_words(error)}"
        ) from error


def error_of(error: GitlabError, doing: str, last: LastAnswer) -> ProvisionError:
    """Return our error for a response that says no."""
    status = error.response_code or 0
    said = said_by(error)
    message = f"can't {doing}: GitLab answers {status}: {said}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _RATE_LIMIT_WAIT if last.retry_after is None else last.retry_after
        return TransientError(message, retry_after=wait)
    if not status or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TransientError(message, retry_after=last.retry_after)
    if status == HTTPStatus.FORBIDDEN and "read-only" in said:
        return TransientError(message)
    if "still being deleted" in said:
        return TransientError(message, retry_after=_RATE_LIMIT_WAIT)
    hint = next((hint for code, hint in _HINTS.items() if code == status), None)
    return ProviderRefusedError(message, status=status, hint=hint)


def said_by(error: GitlabError) -> str:
    """Return what GitLab said, on one line, whichever shape it has."""
    body = error.response_body
    raw = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(error)
    try:
        said = json.loads(raw)
    except ValueError:
        return _clipped(_MARKUP.sub(" ", raw))
    if not isinstance(said, dict):
        return _clipped(raw)
    described = said.get("error_description")
    return _clipped(described or _flat(said.get("message", said.get("error", raw))))


def _flat(said: object) -> str:
    """Return texts, lists of texts and maps from fields to texts as one text."""
    match said:
        case {"error": str(text)}:
            return text
        case dict():
            fields = ((field, _flat(texts)) for field, texts in said.items())
            return "; ".join(f"{field} {text}" for field, text in fields)
        case list():
            return ", ".join(map(_flat, said))
        case _:
            return str(said)


def _clipped(text: str) -> str:
    line = printable(" ".join(text.split()))
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _first_words(error: OSError) -> str:
    # The client's texts hold the whole address, and addresses of objects in memory.
    cause: BaseException = error
    while cause.__context__ is not None:
        cause = cause.__context__
    return _clipped(re.sub(r"<[^>]*>: ?", "", str(cause))) or type(error).__name__
