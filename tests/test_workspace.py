"""A run's folder: its own while it lives, gone afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from provisionhub.errors import TransientError
from provisionhub.publishing import write_tree
from provisionhub.repository import RunId
from provisionhub.tree import Entry, Tree
from provisionhub.workspace import Workspaces

RUN = RunId("run-1")
HOLD = """
import sys, time
from pathlib import Path
from provisionhub.publishing import write_tree
from provisionhub.workspace import Workspaces
workspace = Workspaces(Path(sys.argv[1]), write_tree=write_tree).prepare("held")
print(workspace.path, flush=True)
time.sleep(60)
"""


def workspaces(root: Path) -> Workspaces:
    """Return the workspaces below *root*."""
    return Workspaces(root, write_tree=write_tree)


def test_workspace_holds_the_tree(tmp_path: Path) -> None:
    """A tree is written into the workspace's own Git repository."""
    with workspaces(tmp_path / "w").prepare(RUN) as workspace:
        workspace.write(Tree([Entry("a", b"x")]))

        assert workspace.tree_id is not None
        assert (workspace.repository_path / "objects").is_dir()
        assert workspace.path.stat().st_mode & 0o777 == 0o700


def test_workspace_is_removed_on_every_path(tmp_path: Path) -> None:
    """A workspace is gone when it is left, by an error too."""
    workspace = workspaces(tmp_path).prepare(RUN)
    workspace.write(Tree([Entry("a", b"x")]))

    with pytest.raises(KeyError), workspace:
        raise KeyError

    assert not workspace.path.exists()


def test_two_workspaces_of_one_run_are_apart(tmp_path: Path) -> None:
    """Two attempts of one run never share a folder."""
    both = workspaces(tmp_path)

    with both.prepare(RUN) as one, both.prepare(RUN) as other:
        assert one.path != other.path
        assert one.path.exists()


def test_workspace_of_a_killed_worker_is_swept(tmp_path: Path) -> None:
    """What a killed process left is swept; what a living one holds is not."""
    holders = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD, tmp_path], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    paths = [
        Path((holder.stdout or sys.stdin).readline().strip()) for holder in holders
    ]
    holders[0].kill()
    holders[0].wait()

    with workspaces(tmp_path).prepare(RUN):
        left = [path.exists() for path in paths]
    holders[1].kill()
    for holder in holders:
        holder.communicate()

    assert left == [False, True]


def test_disk_that_refuses_is_told(tmp_path: Path) -> None:
    """A folder that can't be made is an error that names the setting."""
    (tmp_path / "file").touch()

    with pytest.raises(TransientError, match="can't make a workspace") as caught:
        workspaces(tmp_path / "file").prepare(RUN)

    assert "WORKSPACE_DIR" in (caught.value.hint or "")
