"""The suite that every Git provider passes, the built-in ones and yours.

Subclass it in a test module and say how to reach a place to create in::

    class TestLocal(ProviderContract):
        @pytest.fixture
        def provider(self, tmp_path: Path) -> Provider:
            return LocalProvider({"LOCAL_REPOSITORIES_DIR": str(tmp_path)})

pytest then runs one test for each clause of the contract, named after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from provisionhub.errors import RepositoryExistsError
from provisionhub.repository import Provider, Repository, RepositoryRequest, RunId

_FIRST: Final = RunId("11111111-1111-4111-8111-111111111111")
_SECOND: Final = RunId("22222222-2222-4222-8222-222222222222")


class ProviderContract:
    """One test for each clause of ``provisionhub.repository.Provider``'s contract."""

    @pytest.fixture
    def provider(self) -> Provider:
        """The provider, with nothing yet where ``wanted`` is to be."""
        raise NotImplementedError

    @pytest.fixture
    def wanted(self) -> RepositoryRequest:
        """What is asked for; override it where the group must be one that exists."""
        return RepositoryRequest(
            "my-service",
            "my-team/backend",
            default_branch="trunk",
            description="What it is for",
            topics=("go", "service"),
        )

    def test_repository_is_where_it_was_asked_for(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """What is made has the path and the branch that were asked for."""
        made = provider.create_repository(wanted, for_run=_FIRST)

        assert made.full_path == wanted.full_path
        assert made.default_branch == wanted.default_branch

    def test_repository_can_be_found(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """What is made has an id, a page and an address, and no credential in it."""
        made = provider.create_repository(wanted, for_run=_FIRST)

        assert made.id
        assert made.web_url
        assert made.clone_url
        assert "@" not in made.clone_url.partition("://")[2].partition("/")[0]

    def test_same_run_adopts_its_own(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """The same run again, a retry, gets the very repository that it made."""
        first, *others = self._create_thrice(provider, wanted)

        assert others == [first, first]

    def test_another_run_is_refused(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """A repository that another run made is never handed out."""
        provider.create_repository(wanted, for_run=_FIRST)

        with pytest.raises(RepositoryExistsError, match=wanted.name):
            provider.create_repository(wanted, for_run=_SECOND)

    def test_refusal_leaves_the_owner_alone(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """After another run was refused, the first still has its repository."""
        made = provider.create_repository(wanted, for_run=_FIRST)
        with pytest.raises(RepositoryExistsError):
            provider.create_repository(wanted, for_run=_SECOND)

        assert provider.create_repository(wanted, for_run=_FIRST) == made

    def test_case_alone_makes_no_other_name(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """Two names that differ in case alone are one to many a file system."""
        provider.create_repository(wanted, for_run=_FIRST)
        other = replace(wanted, name=wanted.name.upper())

        with pytest.raises(RepositoryExistsError):
            provider.create_repository(other, for_run=_SECOND)

    def test_runs_make_repositories_beside_each_other(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> None:
        """Two runs that ask for two names get two repositories."""
        other = replace(wanted, name=f"{wanted.name}-2")

        first = provider.create_repository(wanted, for_run=_FIRST)
        second = provider.create_repository(other, for_run=_SECOND)

        assert first.id != second.id
        assert first.clone_url != second.clone_url

    def _create_thrice(
        self, provider: Provider, wanted: RepositoryRequest
    ) -> list[Repository]:
        return [provider.create_repository(wanted, for_run=_FIRST) for _ in range(3)]
