"""One request, one answer: the only module that knows ``requests``."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import requests
from urllib3.exceptions import HTTPError

from provisionhub import __version__
from provisionhub.jsontypes import JsonObject
from provisionhub.status.control_plane.reports import FINAL, Request, Status
from provisionhub.waiting import read_retry_after

_LONGEST_ANSWER: Final = 65_536
_LATER: Final = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,  # the key is being changed
        HTTPStatus.FORBIDDEN,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one request may take.

    Attributes:
        connect: Time for the connection, in seconds.
        read: Time for the answer's first piece, and for the rest of it, in seconds.
    """

    connect: float
    read: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request.

    Attributes:
        status: The status code; None if there was no answer.
        problem: What is wrong, for people; empty if the request was taken.
        run_status: The run's status according to the answer, where it has one.
        retry_after: How long we are asked to wait, in seconds.
    """

    status: int | None
    problem: str = ""
    run_status: Status | None = None
    retry_after: float | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the control plane has what was sent."""
        return self.status is not None and HTTPStatus(200) <= self.status < HTTPStatus(
            300
        )

    @property
    def is_refusal(self) -> bool:
        """Whether it was refused, and a repeat would be."""
        return (
            self.status is not None
            and HTTPStatus(300) <= self.status < HTTPStatus(500)
            and self.status not in _LATER
        )

    @property
    def settled(self) -> Status | None:
        """The final status that the control plane says the run has, if it has one."""
        conflict = self.status == HTTPStatus.CONFLICT
        return self.run_status if conflict and self.run_status in FINAL else None


class Http:
    """Speaks to one control plane; safe to use from several threads.

    Args:
        url: Where it is; ``/api/v1/…`` is put behind it.
        api_key: Sent as a bearer token.
        worker_id: Sent as ``X-Worker-Id``.
    """

    def __init__(self, url: str, api_key: str, worker_id: str) -> None:
        self._url = url.rstrip("/")
        self._auth = _Bearer(api_key)
        self._worker_id = quote(worker_id.strip(), safe="!#$&'()*+,/:;=?@[]~ ")
        # A session is not safe to share; the connections are worth keeping.
        self._sessions = threading.local()

    def send(self, request: Request, patience: Patience) -> Answer:
        """Send *request* once and return what came of it; never raises."""
        data = json.dumps(request.body).encode()
        headers = {**request.trace, "Idempotency-Key": request.key}
        return self._exchange(request.method, request.path, patience, data, headers)

    def look(self, path: str, patience: Patience) -> Answer:
        """Ask for *path* and change nothing; never raises."""
        return self._exchange("GET", path, patience, None, {})

    def _exchange(
        self,
        method: str,
        path: str,
        patience: Patience,
        data: bytes | None,
        headers: dict[str, str],
    ) -> Answer:
        try:
            # A redirect would carry the key elsewhere, or lose the body on the way.
            with self._session().request(
                method,
                self._url + path,
                data=data,
                headers=headers,
                auth=self._auth,
                timeout=(patience.connect, patience.read),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _answer(response, patience)
        except Exception as error:  # noqa: BLE001 - what went wrong is the answer
            return Answer(None, _cause(error))

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._sessions, "session", None)
        if session is None:
            session = self._sessions.session = requests.Session()
            session.headers.update(
                {
                    "Accept": "application/json",
                    "Content-Type": "application/json",
                    "User-Agent": f"provisionhub/{__version__}",
                    "X-Worker-Id": self._worker_id,
                }
            )
        return session


class _Bearer(requests.auth.AuthBase):
    """Sets the key on each request: a mere header would lose to a ``.netrc``."""

    def __init__(self, api_key: str) -> None:
        self._api_key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._api_key:
            request.headers["Authorization"] = f"Bearer {self._api_key}"
        return request


def _answer(response: requests.Response, patience: Patience) -> Answer:
    body = _read(response, give_up=time.monotonic() + patience.read)
    taken = HTTPStatus(200) <= response.status_code < HTTPStatus(300)
    return Answer(
        status=response.status_code,
        problem=""
        if taken
        else f"it answered {response.status_code} {response.reason}",
        run_status=_run_status(body),
        retry_after=read_retry_after(response.headers.get("Retry-After")),
    )


def _read(response: requests.Response, *, give_up: float) -> JsonObject:
    """Return the answer's JSON object; an empty one if it holds none by then."""
    data = b""
    while len(data) < _LONGEST_ANSWER and time.monotonic() < give_up:
        piece = response.raw.read1(_LONGEST_ANSWER, decode_content=True)
        if not piece:
            break
        data += piece
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _run_status(body: JsonObject) -> Status | None:
    try:
        return Status(str(body.get("status")))
    except ValueError:
        return None


def _cause(error: Exception) -> str:
    """Return an error in few words: requests' own texts are whole object trees."""
    match error:
        case requests.Timeout():
            return "it took too long to answer"
        case requests.exceptions.SSLError():
            return "its certificate is not trusted"
        case requests.ConnectionError() | HTTPError() | OSError():
            return "the connection failed"
        case _:
            return f"the request can't be sent: {type(error).__name__}"
