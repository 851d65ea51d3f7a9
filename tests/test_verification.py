"""A clone compared with what its lock file says it was made from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from provisionhub.app import App
from provisionhub.errors import BlueprintNotFoundError, InvalidLockError
from provisionhub.lock import LOCK_PATH
from provisionhub.settings import Settings
from provisionhub.status import LogReporter, Provisioned
from provisionhub.telemetry import configure_logs
from provisionhub.verification import Verification, verify
from support.blueprints import MANIFEST, write_blueprint
from support.jobs import job

SECRETS = """\
schema:
  properties:
    port: {type: integer, default: 8080}
    token: {type: string, writeOnly: true, minLength: 8}
files: [{path: secret.env, secrets: [token]}]
"""
FILES = {
    "template/README.md.j2": "{{ Name }} {{ Values.port }} {{ Meta.timestamp }}",
    "template/secret.env.j2": "TOKEN={{ Values.token | default('none') }}\n",
    "template/run.sh": "#!/bin/sh\n",
}


@pytest.fixture
def app(tmp_path: Path) -> App:
    """Return the product on a catalog that holds the sample blueprint."""
    configure_logs("error", "json")
    write_blueprint(tmp_path / "blueprints/sample", FILES, MANIFEST + SECRETS)
    return App(
        Settings(
            blueprint_catalogs=(str(tmp_path),),
            workspace_dir=tmp_path / "workspaces",
            local_repositories_dir=tmp_path / "repositories",
        )
    )


def clone(app: App, folder: Path, **values: int | str) -> Path:
    """Provision a job and return a clone of what was made."""
    made = app.pipeline(LogReporter()).run(job({**values}))
    assert isinstance(made, Provisioned)
    source = made.repository.clone_url
    subprocess.run(["git", "clone", "-q", source, folder], check=True)
    return folder


def compare(app: App, folder: Path) -> Verification:
    """Verify *folder*."""
    return verify(folder, app.catalog, app.renderer)


def test_fresh_clone_is_equal(app: App, tmp_path: Path) -> None:
    """A fresh clone is just what its lock file says."""
    verification = compare(app, clone(app, tmp_path / "clone", port=80))

    assert verification.is_equal
    assert verification.unproven == ()


def test_differences_are_named(app: App, tmp_path: Path) -> None:
    """Each file that changed, went or came is named."""
    folder = clone(app, tmp_path / "clone")
    (folder / "README.md").write_text("x")
    (folder / "run.sh").chmod(0o755)
    (folder / "secret.env").unlink()
    (folder / "new").mkdir()
    (folder / "new/file").touch()

    verification = compare(app, folder)

    assert not verification.is_equal
    assert verification.changed == ("README.md", "run.sh")
    assert verification.missing == ("secret.env",)
    assert verification.added == ("new/file",)


def test_changed_lock_file_is_named(app: App, tmp_path: Path) -> None:
    """A lock file whose values were edited no longer agrees with the files."""
    folder = clone(app, tmp_path / "clone", port=80)
    lock = folder / LOCK_PATH
    lock.write_text(lock.read_text().replace("port: 80", "port: 81"))

    assert compare(app, folder).changed == (LOCK_PATH, "README.md")


def test_secrets_are_neither_locked_nor_needed(app: App, tmp_path: Path) -> None:
    """Files that hold secrets are compared by hash; the secret is not in the lock."""
    folder = clone(app, tmp_path / "clone", token="hunter2hunter2")

    verification = compare(app, folder)

    assert verification.is_equal
    assert verification.unproven == ("secret.env",)
    assert "hunter2" not in (folder / LOCK_PATH).read_text()


def test_changed_secret_file_is_named(app: App, tmp_path: Path) -> None:
    """A file that holds a secret is held to the hash in the lock file."""
    folder = clone(app, tmp_path / "clone", token="hunter2hunter2")
    (folder / "secret.env").write_text("TOKEN=other\n")

    assert compare(app, folder).changed == ("secret.env",)


def test_blueprint_that_changed_since_is_refused(app: App, tmp_path: Path) -> None:
    """Only the very blueprint, by its digest, can prove anything."""
    folder = clone(app, tmp_path / "clone")
    (tmp_path / "blueprints/sample/template/new").touch()

    with pytest.raises(BlueprintNotFoundError, match="has changed since"):
        compare(app, folder)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(None, "can't read", id="absent"),
        pytest.param("a: [", "never closed|expected", id="broken YAML"),
        pytest.param("- a\n", "not a lock file", id="no mapping"),
        pytest.param("lock_version: 2\n", "version `2`, not 1", id="another version"),
    ],
)
def test_folder_without_a_lock_is_refused(
    text: str | None, says: str, app: App, tmp_path: Path
) -> None:
    """A folder whose lock file is absent or unreadable is refused."""
    folder = tmp_path / "folder"
    folder.mkdir()
    if text is not None:
        (folder / LOCK_PATH).write_text(text)

    with pytest.raises(InvalidLockError, match=says):
        compare(app, folder)
