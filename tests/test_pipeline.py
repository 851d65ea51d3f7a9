"""The whole flow, on real repositories: one run, one repository, one commit."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    InvalidJobError,
    InvalidValuesError,
    LimitExceededError,
    ProvisionError,
    RepositoryExistsError,
    SecretExposedError,
    SnapshotMismatchError,
    TemplateError,
    UnknownEngineError,
    UnknownProviderError,
    UnsafePathError,
)
from provisionhub.job import Job, JobType
from provisionhub.pipeline import Pipeline, never_cancelled
from provisionhub.settings import Settings
from provisionhub.status import Cancelled, Failed, Outcome, Provisioned, Step
from support.blueprints import MANIFEST, Files, write_blueprint
from support.jobs import job as make_job
from support.snapshots import LARGE, record, write_catalog

SCHEMA = """\
schema:
  type: object
  additionalProperties: false
  properties:
    port: {type: integer, default: 8080}
    level: {enum: [a, b]}
    size: {type: integer, maximum: 3}
    path: {type: string, default: x}
    token: {type: string, writeOnly: true}
files: [{path: secret.env, secrets: [token]}]
"""
FILES = {
    "template/README.md.j2": "# {{ Name }}\n\nPort {{ Values.port }}\n",
    "template/secret.env.j2": "{{ Values.token | default('') }}",
}


@dataclass
class Told:
    """A reporter that keeps what it was told."""

    steps: list[Step] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    outcome: Outcome | None = None

    def started(self, job: Job) -> None:
        """Keep that it began."""
        self.lines.append(f"started {job.run_id}")

    def entered(self, job: Job, step: Step) -> None:  # noqa: ARG002 - one job
        """Keep the step."""
        self.steps.append(step)

    def said(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002
        """Keep the line."""
        self.lines.append(message)

    def warned(self, job: Job, step: Step, message: str) -> None:  # noqa: ARG002
        """Keep the warning."""
        self.lines.append(f"warning: {message}")

    def finished(self, job: Job, outcome: Outcome, seconds: float) -> None:
        """Keep the outcome."""
        self.lines.append(f"finished {job.run_id} {seconds >= 0}")
        self.outcome = outcome


class Stage:
    """A catalog, a folder of repositories and a folder of workspaces, all real."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.repositories = root / "repositories"
        self.workspaces = root / "workspaces"
        self.told = Told()

    def blueprint(self, files: Files, manifest: str = MANIFEST + SCHEMA) -> None:
        """Put the sample blueprint into the catalog."""
        write_blueprint(self.root / "blueprints" / "sample", files, manifest)

    def run(self, job: Job, **settings: object) -> Provisioned:
        """Provision *job*, which nobody cancels."""
        made = self.pipeline(never_cancelled, **settings).run(job)
        assert isinstance(made, Provisioned)
        return made

    def pipeline(
        self, is_cancelled: Callable[[Job], bool], **settings: object
    ) -> Pipeline:
        """Return a pipeline on this stage."""
        app = App(
            Settings(
                blueprint_catalogs=(str(self.root),),
                workspace_dir=self.workspaces,
                local_repositories_dir=self.repositories,
                **settings,  # type: ignore[arg-type] # by name, from a test
            )
        )
        return app.pipeline(self.told, is_cancelled=is_cancelled)

    def git(self, *arguments: str, name: str = "my-team/my-service") -> str:
        """Return what git prints about the repository called *name*."""
        folder = self.repositories / f"{name}.git"
        return subprocess.run(
            ["git", "--git-dir", folder, *arguments],
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def left(self) -> list[str]:
        """Return all that lies in the repositories' and the workspaces' folders."""
        folders = (self.repositories, self.workspaces)
        return sorted(
            str(path.relative_to(self.root))
            for folder in folders
            for path in folder.rglob("*")
        )


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return a stage whose catalog holds a sound sample blueprint."""
    stage = Stage(tmp_path)
    stage.blueprint(FILES)
    return stage


def test_job_becomes_a_repository(stage: Stage) -> None:
    """A job becomes one commit, with the rendered files and the lock file."""
    made = stage.run(make_job({"port": 80}))

    assert stage.git("ls-tree", "-r", "--name-only", "main").split() == [
        ".provisionhub.lock.yaml",
        "README.md",
        "secret.env",
    ]
    assert stage.git("show", "main:README.md") == "# my-service\n\nPort 80\n"
    assert stage.git("rev-list", "--all").split() == [made.commit]
    assert stage.git("log", "-1", "--format=%B").endswith(
        "\n\nProvisionHub-Run: run-1\n\n"
    )
    assert stage.git("fsck", "--strict") == ""


def test_each_step_is_told_in_order(stage: Stage) -> None:
    """The reporter hears of each step, in order, and of the outcome."""
    made = stage.run(make_job())

    assert stage.told.steps == list(Step)
    assert stage.told.outcome == made
    assert stage.told.lines == [
        "started run-1",
        "Rendering template: sample",
        "Creating repository: my-team/my-service",
        "Committing files (3 files)",
        "Pushing to local repositories",
        "finished run-1 True",
    ]


def test_workspace_is_gone_afterwards(stage: Stage) -> None:
    """After a run nothing is left in the workspaces' folder."""
    stage.run(make_job())

    assert list(stage.workspaces.iterdir()) == []


def test_same_job_again_changes_nothing(stage: Stage) -> None:
    """The same job again gives the same repository and the same commit."""
    first = stage.run(make_job())
    before = stage.git("for-each-ref")

    second = stage.run(make_job())

    assert second == first
    assert stage.git("for-each-ref") == before


def test_redelivery_with_another_date_finds_its_work_done(stage: Stage) -> None:
    """A run that is done reports its commit, though its own would now be another."""
    first = stage.run(make_job())
    later = datetime(2027, 1, 1, tzinfo=UTC)

    second = stage.run(make_job(requested_at=later))

    assert second.commit == first.commit
    assert len(stage.git("rev-list", "--all").split()) == 1


def test_branch_that_moved_is_never_overwritten(stage: Stage, tmp_path: Path) -> None:
    """What somebody pushed since stays; the run still reports its own commit."""
    first = stage.run(make_job())
    clone = tmp_path / "clone"
    bare = stage.repositories / "my-team/my-service.git"
    subprocess.run(["git", "clone", "-q", bare, clone], check=True)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    commit = ["git", *identity, "commit", "-q", "--allow-empty", "-m", "more"]
    subprocess.run(commit, cwd=clone, check=True)
    subprocess.run(["git", "push", "-q"], cwd=clone, check=True)
    head = stage.git("rev-parse", "main")

    second = stage.run(make_job())

    assert second.commit == first.commit
    assert stage.git("rev-parse", "main") == head


def test_somebody_elses_repository_is_left_alone(stage: Stage) -> None:
    """A repository that another run made is refused, and not written to."""
    stage.run(make_job())
    before = stage.left()

    with pytest.raises(RepositoryExistsError, match="my-team/my-service"):
        stage.run(make_job(run_id="run-2"))

    assert stage.left() == before


def _manifest(old: str, new: str) -> str:
    return (MANIFEST + SCHEMA).replace(old, new)


BAD: dict[str, tuple[Job, Callable[[Stage], object] | None, type[ProvisionError]]] = {
    "unknown blueprint": (make_job(template="smaple"), None, BlueprintNotFoundError),
    "unknown version": (
        make_job(template="sample@9.9.9"),
        None,
        BlueprintNotFoundError,
    ),
    "unknown provider": (make_job(provider="gitlob"), None, UnknownProviderError),
    "type not served": (make_job(kind=JobType.SYSTEM), None, InvalidJobError),
    "values wrong in three places": (
        make_job({"port": "80", "level": "c", "size": 4}),
        None,
        InvalidValuesError,
    ),
    "path out of the tree": (
        make_job({"path": "../x"}),
        lambda stage: stage.blueprint({"template/{{ Values.path }}": ""}),
        UnsafePathError,
    ),
    "path into git": (
        make_job({"path": ".git/config"}),
        lambda stage: stage.blueprint({"template/{{ Values.path }}": ""}),
        UnsafePathError,
    ),
    "paths differ in case": (
        make_job(),
        lambda stage: stage.blueprint({"template/A": "", "template/a": ""}),
        UnsafePathError,
    ),
    "unknown engine": (
        make_job(),
        lambda stage: stage.blueprint(FILES, _manifest("jinja2", "jinja3")),
        UnknownEngineError,
    ),
    "broken YAML": (
        make_job(),
        lambda stage: stage.blueprint(FILES, "name: ["),
        InvalidBlueprintError,
    ),
    "schema that is none": (
        make_job(),
        lambda stage: stage.blueprint(FILES, _manifest("integer", "integr")),
        InvalidBlueprintError,
    ),
    "misspelled variable": (
        make_job(),
        lambda stage: stage.blueprint({"template/a.j2": "{{ Values.prot }}"}),
        TemplateError,
    ),
    "snapshot that differs": (
        make_job({"port": 80}),
        lambda stage: write_catalog(stage.root, {"small": "", "large": LARGE}),
        SnapshotMismatchError,
    ),
    "secret in the wrong file": (
        make_job({"token": "hunter2hunter2"}),
        lambda stage: stage.blueprint({"template/a.j2": "{{ Values.token }}"}),
        SecretExposedError,
    ),
}


@pytest.mark.parametrize(("job", "arrange", "error"), BAD.values(), ids=BAD.keys())
def test_bad_input_leaves_nothing_behind(
    job: Job,
    arrange: Callable[[Stage], object] | None,
    error: type[ProvisionError],
    stage: Stage,
) -> None:
    """Bad input gets its error, told to the reporter, and leaves nothing behind."""
    if arrange is not None:
        arrange(stage)

    with pytest.raises(error) as caught:
        stage.run(job)

    assert stage.left() == []
    assert isinstance(stage.told.outcome, Failed)
    assert stage.told.outcome.error is caught.value
    assert "hunter2" not in caught.value.explain()


def test_file_larger_than_its_limit_leaves_nothing_behind(stage: Stage) -> None:
    """A rendered file that is too large is refused before anything is created."""
    with pytest.raises(LimitExceededError, match=r"README\.md"):
        stage.run(make_job(), max_file_size=5)

    assert stage.left() == []


def test_unexpected_failure_is_told_as_a_bug(stage: Stage) -> None:
    """What nobody foresaw is reported as an internal error, and cleaned up."""
    job = replace(make_job(), requested_at="not a date")  # type: ignore[arg-type] # the point

    with pytest.raises(ProvisionError, match="unexpected") as caught:
        stage.run(job)

    assert caught.value.code == "internal-error"
    assert list(stage.workspaces.rglob("*")) == []


def test_warnings_are_told(stage: Stage) -> None:
    """Generated files that the tree's own .gitignore hides are told of."""
    stage.blueprint({**FILES, "template/.gitignore": "*.env\n"})

    stage.run(make_job())

    assert any("secret.env" in line for line in stage.told.lines)


def test_run_cancelled_early_creates_nothing(stage: Stage) -> None:
    """A run that is cancelled ends before anything is created, and says so."""
    outcome = stage.pipeline(lambda job: job.run_id == "run-1").run(make_job())

    assert outcome == stage.told.outcome == Cancelled(Step.CREATE)
    assert stage.told.steps[-1] is Step.CREATE
    assert stage.left() == []


def test_run_cancelled_after_its_repository_pushes_nothing(stage: Stage) -> None:
    """A run that is cancelled once its repository is there commits nothing to it."""
    pipeline = stage.pipeline(lambda _: stage.told.steps[-1] is Step.PUSH)

    outcome = pipeline.run(make_job())

    assert outcome == Cancelled(Step.PUSH)
    assert stage.git("for-each-ref") == ""
    assert list(stage.workspaces.iterdir()) == []


def test_other_runs_are_not_cancelled_along(stage: Stage) -> None:
    """The question is asked for each run by itself."""
    pipeline = stage.pipeline(lambda job: job.run_id == "run-1")
    pipeline.run(make_job())

    assert isinstance(pipeline.run(make_job(run_id="run-2")), Provisioned)


def test_snapshots_are_checked_before_the_first_job(stage: Stage) -> None:
    """A run says that it checks them; the next of the same process need not."""
    write_catalog(stage.root)
    pipeline = stage.pipeline(never_cancelled)

    pipeline.run(make_job())
    pipeline.run(make_job())

    line = "Checking snapshots of sample 1.2.0 (2 examples)"
    assert stage.told.lines[1] == line
    assert stage.told.lines.count(line) == 1


def test_snapshot_that_differs_is_warned_of_if_so_set(stage: Stage) -> None:
    """With ``SNAPSHOT_GATE=warn`` the run goes on, and is told in what it differs."""
    write_catalog(stage.root)
    record(stage.root, {"small": "=== README.md (100644)\nother\n"})

    stage.run(make_job(), snapshot_gate="warn")

    (warning,) = (line for line in stage.told.lines if "warning" in line)
    assert "-other\n" in warning
