"""The first commit of a run, and its way into the repository."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

import pygit2

from provisionhub.errors import (
    ProviderRefusedError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.job import Job
from provisionhub.publishing.objects import create_commit
from provisionhub.publishing.trailer import run_of
from provisionhub.publishing.transport import (
    BranchFoundError,
    NotReadyError,
    PushCallbacks,
    mapped_errors,
)
from provisionhub.repository import CommitId, Repository, RunId
from provisionhub.workspace import Workspace

T = TypeVar("T")

_LOOKS: Final = 2
_FETCHED: Final = "refs/provisionhub/found"
_WAITS: Final = (0.5, 1.0, 2.0)


class Publisher:
    """Commits what a workspace holds, and pushes it to the run's repository."""

    def commit_and_push(
        self,
        workspace: Workspace,
        repository: Repository,
        *,
        job: Job,
        message: str,
        before_push: Callable[[], None] = lambda: None,
    ) -> CommitId:
        """Push the run's first commit, or find that an earlier attempt did.

        The same job gives the same commit id, on any machine. Nothing that is there
        is ever overwritten: a default branch whose first commit bears the run's
        trailer is this run's work, whatever came after it, and anything else is
        somebody else's.

        Args:
            workspace: Holds the tree.
            repository: Where it goes; made by, or adopted for, this run.
            job: Gives run id and date.
            message: What the commit says; the run's trailer is added.
            before_push: Is called once the commit is made.

        Returns:
            The run's first commit, as it is in the repository.

        Raises:
            RepositoryExistsError: If the branch is somebody else's.
            ProviderRefusedError: If the push is refused.
            TransientError: If it may succeed later.
        """
        if workspace.tree_id is None:
            raise ValueError("the workspace holds no tree yet")
        commit = create_commit(
            workspace.repository_path,
            tree_id=workspace.tree_id,
            message=message,
            run_id=job.run_id,
            at=job.requested_at,
        )
        before_push()
        return _Push(workspace, repository, job.run_id, commit).done()


class _Push:
    """One commit's way to one repository."""

    def __init__(
        self, workspace: Workspace, target: Repository, run_id: RunId, commit: CommitId
    ) -> None:
        self._local = pygit2.Repository(str(workspace.repository_path))
        self._target = target
        self._run_id = run_id
        self._commit = commit
        self._ref = f"refs/heads/{target.default_branch}"

    def done(self) -> CommitId:
        # The branch may come into being between a look and the push: look again.
        for _ in range(_LOOKS):
            found = self._push()
            if found == self._commit:
                return self._commit
            if found is not None:
                return self._own_first_commit()
        raise TransientError(
            f"branch `{self._target.default_branch}` of {self._target.full_path} "
            "comes and goes"
        )

    def _push(self) -> str | None:
        """Push the commit, unless the branch is there; return what it is at then."""
        try:
            refused = self._when_ready(self._push_once)
        except BranchFoundError as found:
            return found.commit
        except ProviderRefusedError as refusal:
            # Who may not push any more may have pushed before: look for oneself.
            if refusal.status != HTTPStatus.FORBIDDEN:
                raise
            return self._head_or(refusal)
        # Servers have many words for a branch that came first, too.
        return self._commit if refused is None else self._head_or(refused)

    def _push_once(self) -> ProviderRefusedError | None:
        callbacks = PushCallbacks(self._target)  # shows credentials once
        self._remote().push([f"{self._commit}:{self._ref}"], callbacks=callbacks)
        return callbacks.refusal()

    def _head_or(self, refusal: ProviderRefusedError) -> str:
        """Return the commit that the remote's branch is at; else raise *refusal*."""
        heads = self._when_ready(
            lambda: self._remote().list_heads(callbacks=PushCallbacks(self._target))
        )
        for head in heads:
            if head.name == self._ref:
                return str(head.oid)
        raise refusal

    def _remote(self) -> pygit2.Remote:
        # A new one each time: libgit2 keeps its connection's direction.
        return self._local.remotes.create_anonymous(self._target.clone_url)

    def _when_ready(self, act: Callable[[], T]) -> T:
        """Return what *act* does; a repository just made may need a moment for it."""
        for wait in _WAITS:
            try:
                with mapped_errors(self._target):
                    return act()
            except NotReadyError:
                time.sleep(wait)
        with mapped_errors(self._target):
            return act()

    def _own_first_commit(self) -> CommitId:
        """Return the branch's first commit, if it is this run's."""
        with mapped_errors(self._target):
            self._remote().fetch(
                [f"+{self._ref}:{_FETCHED}"], callbacks=PushCallbacks(self._target)
            )
        walker = self._local.walk(self._local.references[_FETCHED].target)
        walker.simplify_first_parent()
        *_, first = walker
        if run_of(first.message) == self._run_id:
            return CommitId(str(first.id))
        raise RepositoryExistsError(
            f"branch `{self._target.default_branch}` of {self._target.full_path} holds "
            "somebody else's work; it was left as it is",
            hint="choose another name, or another default branch",
        )
