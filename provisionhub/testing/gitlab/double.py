"""The double as a server, and what a test arranges and looks at."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from provisionhub.testing.gitlab.answers import NOT_FOUND, Answer
from provisionhub.testing.gitlab.api import Api
from provisionhub.testing.gitlab.faults import Fault, FaultPlan
from provisionhub.testing.gitlab.git import GitRequest, answer_git
from provisionhub.testing.gitlab.state import Access, Group, Project, State, Token

_API: Final = "/api/v4"
_POLL: Final = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came, and how it was answered; 0 if it was cut off."""

    method: str
    path: str
    status: int


class GitLabDouble:
    """A GitLab on this machine.

    Args:
        folder: Where its repositories lie.

    Attributes:
        requests: Every request, in the order of the answers.
    """

    def __init__(self, folder: Path) -> None:
        self.requests: list[Asked] = []
        self._state = State(folder)
        self._faults = FaultPlan()
        self._server = _Server(self)
        self._api = Api(self._state, self.url)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL,), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """What ``GITLAB_URL`` is to be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def projects(self) -> list[Project]:
        """Every project, oldest first."""
        return list(self._state.projects)

    def project(self, full_path: str) -> Project:
        """Return the project at *full_path*.

        Raises:
            LookupError: If there is none.
        """
        found = self._state.project(full_path)
        if found is None:
            raise LookupError(full_path)
        return found

    def add_group(self, full_path: str, *, visibility: str = "public") -> Group:
        """Make a group."""
        return self._state.add_group(full_path, visibility)

    def move_group(self, full_path: str, to: str) -> None:
        """Rename a group; its projects' old paths lead on, its own does not."""
        self._state.move_group(full_path, to)

    def delete_group(self, full_path: str) -> None:
        """Delete a group, and all projects in it, at once."""
        self._state.delete_group(full_path)

    def add_user(self, username: str) -> int:
        """Make a user; return the id."""
        return self._state.add_user(username)

    def add_token(
        self,
        text: str,
        *,
        access: Access = Access.MAINTAINER,
        scopes: frozenset[str] = frozenset({"api"}),
        state: str = "active",
    ) -> Token:
        """Make a token; *state* may be ``expired`` or ``revoked``."""
        token = Token(text, access, scopes, state)
        self._state.tokens[text] = token
        self._state.add_user(token.username)
        return token

    def add_project(self, group: Group, name: str, **said: object) -> Project:
        """Make a project that somebody else made."""
        return self._state.add_project(group, {"name": name, **said})

    def start_unready(self, requests: int) -> None:
        """Let the repositories of new projects be unready for that many requests."""
        self._state.not_ready = requests

    def plan(self, fault: Fault) -> None:
        """Let the requests that it is for meet *fault*."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Forget the faults that are still to come."""
        self._faults.clear()

    def fault_for(self, method: str, path: str) -> Fault | None:
        """Take out the fault that a request meets, if one is planned."""
        return self._faults.next(f"{method} {path}")

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Return the answer to a request, after all its effects."""
        address = urlsplit(target)
        if not address.path.startswith(f"{_API}/"):
            request = GitRequest(
                method, unquote(address.path), address.query, headers, body
            )
            return answer_git(self._state, request) or NOT_FOUND
        said: dict[str, Any] = dict(parse_qsl(address.query))
        if body:
            said |= json.loads(body)
        token = headers.get("private-token") or headers.get(
            "authorization", ""
        ).removeprefix("Bearer ")
        return self._api.answer(method, address.path.removeprefix(_API), token, said)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, double: GitLabDouble) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.double = double

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    # An answer leaves in one piece: a body that waits for the ack of its own head
    # takes 40 ms on a connection that is kept.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _serve(self) -> None:
        double, body = self.server.double, self._body()
        fault = double.fault_for(self.command, self.path) or Fault(on="")
        if fault.hold is not None:
            fault.hold.wait()
        time.sleep(fault.delay)
        if fault.reset and not fault.late:
            self._break(double)
            return
        if fault.status is not None:
            answer = Answer(fault.status, fault.body, fault.headers)
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = double.answer(self.command, self.path, headers, body)
        if fault.reset:
            self._break(double)
            return
        double.requests.append(Asked(self.command, self.path, answer.status))
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the server's names

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def _break(self, double: GitLabDouble) -> None:
        double.requests.append(Asked(self.command, self.path, 0))
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)
