"""The ``gitlab`` provider: one project a run, and nobody else's ever touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar, Final

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from gitlab.v4.objects import Project

from provisionhub.errors import (
    PermanentError,
    ProviderRefusedError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.publishing.gitlab.ahead import AskedAhead
from provisionhub.publishing.gitlab.answers import (
    LastAnswer,
    error_of,
    mapped_errors,
    said_by,
)
from provisionhub.publishing.gitlab.configuring import configure
from provisionhub.publishing.gitlab.groups import Groups, KnownGroup
from provisionhub.publishing.gitlab.names import check_path
from provisionhub.publishing.gitlab.ownership import described, is_of_run
from provisionhub.repository import (
    Credentials,
    Provider,
    Repository,
    RepositoryRequest,
    RunId,
)

_DEFAULT_URL: Final = "https://gitlab.com"
_SECONDS: Final = 30.0
_TAKEN: Final = "has already been taken"
_ONCE: Final[dict[str, Any]] = {
    # The client itself would send a request again whose answer was lost, and so
    # create twice; and sleep as long as it is told to, ten times.
    "retry_transient_errors": False,
    "obey_rate_limit": False,
}


class GitLabProvider:
    """Makes projects in a GitLab group.

    Made once, used for one run after the other: connections and groups are kept.

    Args:
        settings: ``GITLAB_URL``, ``GITLAB_TOKEN`` and ``GITLAB_GROUP_ID``, the group
            for jobs that name none: its number or full path.

    Raises:
        ProviderRefusedError: If there is no token.
    """

    title: ClassVar[str] = "GitLab"

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._token = settings.get("GITLAB_TOKEN", "")
        if not self._token:
            raise ProviderRefusedError(
                "there is no GitLab token",
                hint="set GITLAB_TOKEN, or GITLAB_TOKEN_FILE to the path of a file "
                "that holds it",
            )
        self._group_id = settings.get("GITLAB_GROUP_ID", "")
        self._last = LastAnswer()
        self._gitlab = connect(
            settings.get("GITLAB_URL") or _DEFAULT_URL, self._token, self._last
        )
        self._groups = Groups(self._gitlab, self._last)
        self._ahead = AskedAhead()

    def create_repository(
        self, request: RepositoryRequest, *, for_run: RunId
    ) -> Repository:
        """Create the project, or adopt the one that this run made before.

        What the blueprint says of branches, variables, members and merging is
        applied before anything is pushed, so before any pipeline can start.

        Raises:
            RepositoryExistsError: If its path is taken, by whatever it may be.
            ProviderRefusedError: If GitLab won't have it, with its reason.
            TransientError: If the same call may succeed later.
        """
        check_path(request.name)
        wanted = self._wanted(request)
        is_free = self._ahead.is_free((wanted, request.name, for_run))
        began = self._groups.now()
        try:
            group = self._groups.find(wanted)
            return self._create_in(group, request, for_run, is_free=is_free)
        except PermanentError:
            # The group may have been moved, or deleted and made anew, since it was
            # looked up: what is refused was not made, and is safe to ask for again.
            if not self._groups.forget(wanted, known_before=began):
                raise
        return self._create_in(self._groups.find(wanted), request, for_run)

    def look_ahead(self, request: RepositoryRequest, *, for_run: RunId) -> None:
        """Begin to find the group, and whether the path is free, while others work."""
        wanted = self._wanted(request)

        def is_free() -> bool:
            check_path(request.name)
            path = f"{self._groups.find(wanted).full_path}/{request.name}"
            return self._find(path, for_run) is None

        self._ahead.ask((wanted, request.name, for_run), is_free)

    def _wanted(self, request: RepositoryRequest) -> str:
        return request.group_id or self._group_id or request.namespace

    def _create_in(
        self,
        group: KnownGroup,
        request: RepositoryRequest,
        for_run: RunId,
        *,
        is_free: bool = False,
    ) -> Repository:
        path = f"{group.full_path}/{request.name}"
        # A path that is not free after all is found out by creating there.
        project = None if is_free else self._find(path, for_run)
        if project is None:
            project = self._create(group, path, request, for_run)
        elif not self._is_ours(project, for_run):
            raise _taken(path, project.web_url)
        if project.attributes.get("archived"):
            raise ProviderRefusedError(
                f"{project.path_with_namespace} was archived, and takes no push",
                hint="restore it, or choose another name",
            )
        with mapped_errors(f"set up {path}", self._last):
            configure(project, request.settings)
        made = _repository(project, request)
        # GitLab takes the token as a password alone, with any user name.
        return replace(made, credentials=Credentials("oauth2", self._token))

    def _find(self, path: str, run_id: RunId) -> Project | None:
        """Return the project at *path*, or the run's own if it was moved from there."""
        with mapped_errors(f"look for {path}", self._last):
            try:
                project = self._gitlab.projects.get(path, **_ONCE)
            except GitlabError as error:
                if error.response_code == HTTPStatus.NOT_FOUND:
                    return None
                raise
        if project.path_with_namespace.casefold() == path.casefold():
            return project
        # An old path leads on to where the project went: renamed, transferred, or
        # marked for deletion. Until somebody creates there the path itself is free.
        is_dying = project.attributes.get("marked_for_deletion_on") is not None
        if not is_dying and self._is_ours(project, run_id):
            return project
        return None

    def _is_ours(self, project: Project, run_id: RunId) -> bool:
        with mapped_errors(f"see whose {project.path_with_namespace} is", self._last):
            return is_of_run(project, run_id)

    def _create(
        self, group: KnownGroup, path: str, request: RepositoryRequest, run_id: RunId
    ) -> Project:
        try:
            created = self._gitlab.projects.create(
                {
                    "name": request.name,
                    "path": request.name,
                    "namespace_id": group.id,
                    "visibility": str(request.visibility),
                    "description": described(request.description, run_id),
                    "topics": list(request.topics),
                    # A first commit of GitLab's own would be in the way of ours.
                    "initialize_with_readme": False,
                },
                **_ONCE,
            )
        except GitlabError as error:
            return self._instead(error, path, run_id)
        except OSError as error:
            # The project may be there, and only the answer lost.
            if (found := self._find(path, run_id)) and self._is_ours(found, run_id):
                return found
            raise TransientError(
                f"can't create {path}: the connection to GitLab broke"
            ) from error
        return created

    def _instead(self, error: GitlabError, path: str, run_id: RunId) -> Project:
        """Return the run's own project if that is why GitLab refused to create it."""
        said = said_by(error)
        if error.response_code == HTTPStatus.BAD_REQUEST and _TAKEN in said:
            found = self._find(path, run_id)
            if found is not None and self._is_ours(found, run_id):
                return found
            raise _taken(path, None if found is None else found.web_url) from error
        refusal = error_of(error, f"create {path}", self._last)
        if "namespace is not valid" in said:
            refusal.hint = "the token's owner may not create projects in this group"
        raise refusal from error


def connect(url: str, token: str, last: LastAnswer) -> Gitlab:
    """Return a client whose answers *last* takes note of."""
    # As a bearer's: the client drops that header where an answer leads to another
    # host, and its own kind of header it would take along.
    client = Gitlab(url, oauth_token=token, timeout=_SECONDS)
    client.session.hooks["response"].append(last.note)
    # A server may close a connection that is kept just as it is used again. Asked
    # twice is only what changes nothing the second time: no POST, and no answer.
    adapter: Any = client.session.get_adapter(url)
    adapter.max_retries = adapter.max_retries.new(
        total=1, connect=0, read=1, status=0, other=0
    )
    return client


def _taken(path: str, address: str | None) -> RepositoryExistsError:
    where = "" if address is None else f" at {address}"
    return RepositoryExistsError(
        f"{path} exists{where}, and this run did not make it",
        hint="choose another name, or remove what is there; a group, or a project that "
        "the token can't see, takes a path as well",
    )


def _repository(project: Project, request: RepositoryRequest) -> Repository:
    is_empty = project.attributes.get("empty_repo", True)
    # GitLab keeps no wish for an empty repository: the first branch pushed counts.
    branch = request.default_branch if is_empty else project.default_branch
    lowered = (
        f"GitLab made {project.path_with_namespace} {project.visibility}, not "
        f"{request.visibility}: its group allows no more"
    )
    return Repository(
        id=str(project.id),
        full_path=project.path_with_namespace,
        web_url=project.web_url,
        clone_url=project.http_url_to_repo,
        default_branch=branch or request.default_branch,
        notes=() if project.visibility == request.visibility else (lowered,),
    )


_: type[Provider] = GitLabProvider
