"""What the GitLab provider keeps from one run to the next, and when it lets go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.errors import (
    ProviderRefusedError,
    RepositoryExistsError,
    TransientError,
)
from provisionhub.publishing.gitlab import GitLabProvider, groups
from provisionhub.repository import RepositoryRequest, RunId
from provisionhub.settings import Settings
from provisionhub.testing.gitlab import Fault, GitLabDouble

TOKEN = "glpat-of-a-maintainer"
LOOK_UP = "GET /api/v4/groups/shop?with_projects=False"


@pytest.fixture
def gitlab(tmp_path: Path) -> Iterator[GitLabDouble]:
    """A GitLab with one group and one token."""
    with GitLabDouble(tmp_path) as double:
        double.add_group("shop")
        double.add_token(TOKEN)
        yield double


@pytest.fixture
def provider(gitlab: GitLabDouble) -> GitLabProvider:
    """A provider that has made one project already, in the group `shop`."""
    provider = GitLabProvider({"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN})
    _create(provider, "first")
    gitlab.requests.clear()
    return provider


def _create(provider: GitLabProvider, name: str) -> str:
    request = RepositoryRequest(name, "shop")
    return provider.create_repository(request, for_run=RunId(f"run-{name}")).full_path


def _asked(gitlab: GitLabDouble) -> list[str]:
    return [f"{asked.method} {asked.path}" for asked in gitlab.requests]


def test_group_is_looked_up_once(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """The next project in a group takes two calls: is it there, and make it."""
    assert _create(provider, "second") == "shop/second"

    assert _asked(gitlab) == [
        "GET /api/v4/projects/shop%2Fsecond",
        "POST /api/v4/projects",
    ]


def test_group_is_looked_up_again_after_a_while(
    gitlab: GitLabDouble, provider: GitLabProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of a group is believed for a bounded time."""
    monkeypatch.setattr(groups, "KEPT_SECONDS", 0.0)

    _create(provider, "second")

    assert _asked(gitlab)[0] == LOOK_UP


def test_group_that_was_made_anew_is_found(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A group that was deleted, and another made at its path, is looked up again."""
    gitlab.delete_group("shop")
    anew = gitlab.add_group("shop")

    assert _create(provider, "second") == "shop/second"

    assert gitlab.project("shop/second").namespace is anew
    assert _asked(gitlab).count(LOOK_UP) == 1


def test_group_that_was_renamed_is_followed(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A group that was renamed since gets the project where it is now."""
    gitlab.move_group("shop", "store")

    assert _create(provider, "second") == "store/second"


def test_run_finds_its_project_in_a_group_that_was_renamed(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A group that was renamed does not hide the project that a run made in it."""
    gitlab.move_group("shop", "store")

    assert _create(provider, "first") == "store/first"
    assert len(gitlab.projects) == 1


def test_group_that_is_gone_is_told(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A group that was deleted since is an error that names it."""
    gitlab.delete_group("shop")

    with pytest.raises(ProviderRefusedError, match="find the group `shop`"):
        _create(provider, "second")


def test_project_of_a_namesake_of_the_group_is_left(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A project that lies where the group was is another's, and stays so."""
    gitlab.move_group("shop", "store")
    gitlab.add_project(gitlab.add_group("shop"), "second")

    with pytest.raises(RepositoryExistsError, match="shop/second exists"):
        _create(provider, "second")


def test_refusal_of_a_fresh_lookup_is_final(gitlab: GitLabDouble) -> None:
    """What is refused with what is true now is not asked for twice."""
    provider = GitLabProvider({"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN})
    gitlab.plan(Fault(on="POST /api/v4/projects$", status=400, body=b"no"))

    with pytest.raises(ProviderRefusedError):
        _create(provider, "second")

    assert len(gitlab.requests) == 3


def test_connection_that_was_closed_meanwhile_does_no_harm(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A kept connection that breaks as it is used again is made anew, once."""
    gitlab.plan(Fault(on="GET /api/v4/projects", reset=True))

    assert _create(provider, "second") == "shop/second"


def test_connection_that_breaks_twice_is_told(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A GitLab that breaks off again is an error that a later attempt may mend."""
    gitlab.plan(Fault(on="GET /api/v4/projects", reset=True, times=2))

    with pytest.raises(TransientError, match="no answer from GitLab"):
        _create(provider, "second")


def test_creation_is_never_sent_twice(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A creation whose connection breaks is looked for, not repeated."""
    gitlab.plan(Fault(on="POST /api/v4/projects$", reset=True))

    with pytest.raises(TransientError, match="broke"):
        _create(provider, "second")

    assert _asked(gitlab).count("POST /api/v4/projects") == 1


SECOND = RepositoryRequest("second", "shop")
RUN = RunId("run-second")


def test_what_was_looked_up_ahead_is_not_asked_for_again(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A path that was free a moment ago is taken without a further look."""
    provider.look_ahead(SECOND, for_run=RUN)

    assert _create(provider, "second") == "shop/second"

    assert _asked(gitlab) == [
        "GET /api/v4/projects/shop%2Fsecond",
        "POST /api/v4/projects",
    ]


@pytest.mark.parametrize("is_own", [True, False])
def test_path_that_was_taken_since_the_look_ahead_is_seen(
    gitlab: GitLabDouble, provider: GitLabProvider, is_own: bool
) -> None:
    """A project that came first is adopted if it is the run's, and else refused."""
    provider.look_ahead(SECOND, for_run=RUN)
    _wait_for(lambda: "GET /api/v4/projects/shop%2Fsecond" in _asked(gitlab))
    other = GitLabProvider({"GITLAB_URL": gitlab.url, "GITLAB_TOKEN": TOKEN})
    other.create_repository(SECOND, for_run=RUN if is_own else RunId("run-other"))

    if is_own:
        assert _create(provider, "second") == "shop/second"
    else:
        with pytest.raises(RepositoryExistsError, match="shop/second exists"):
            _create(provider, "second")

    assert len(gitlab.projects) == 2


def test_look_ahead_that_finds_something_is_no_answer(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """Only a free path is believed: a project is looked at again, as it is then."""
    request = RepositoryRequest("first", "shop")
    provider.look_ahead(request, for_run=RunId("run-first"))
    _wait_for(lambda: "GET /api/v4/projects/shop%2Ffirst" in _asked(gitlab))
    gitlab.project("shop/first").archived = True

    with pytest.raises(ProviderRefusedError, match="was archived"):
        _create(provider, "first")


def test_look_ahead_of_another_run_is_no_answer(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """What was found for one run is never used for another."""
    provider.look_ahead(SECOND, for_run=RunId("run-other"))

    _create(provider, "second")

    assert _asked(gitlab).count("GET /api/v4/projects/shop%2Fsecond") == 2


def test_look_ahead_that_fails_is_made_good(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """An error on the way ahead is nobody's: the question is asked again."""
    gitlab.plan(Fault(on="GET /api/v4/projects", status=500))
    provider.look_ahead(SECOND, for_run=RUN)

    assert _create(provider, "second") == "shop/second"


def test_name_that_gitlab_refuses_is_not_looked_up_ahead(
    gitlab: GitLabDouble, provider: GitLabProvider
) -> None:
    """A name outside GitLab's rules is an error of the creation, and costs no call."""
    request = RepositoryRequest("new", "shop")
    provider.look_ahead(request, for_run=RUN)

    with pytest.raises(ProviderRefusedError, match="takes no project called"):
        provider.create_repository(request, for_run=RUN)

    assert gitlab.requests == []


def _wait_for(happened: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_process_makes_a_provider_once(gitlab: GitLabDouble, tmp_path: Path) -> None:
    """Every run of a process has the same provider, and so its connections."""
    app = App(
        Settings.model_validate(
            {
                "gitlab_url": gitlab.url,
                "gitlab_token": TOKEN,
                "local_repositories_dir": str(tmp_path),
            }
        )
    )

    assert app.provider("gitlab") is app.provider("gitlab")
    assert app.provider("local") is not app.provider("gitlab")
