"""The sandbox at work: what a job takes, what is kept, and what is left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from provisionhub.blueprint import load_blueprint
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    InvalidValuesError,
    LimitExceededError,
    PermanentError,
    TemplateRuntimeError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.sandbox import Guard, Sandbox
from provisionhub.sandbox.killing import kill_member
from support.blueprints import MANIFEST, blueprint_files
from support.sandboxes import LIMITS, render, sandbox

SAMPLE = blueprint_files(
    {
        "template/a.j2": "{{ Name }} {{ Values.port }}",
        "template/run.sh": b"\xff\x00",
        "examples/small.yaml": "name: small\nvalues: {port: 1}\n",
    },
    MANIFEST + "schema: {properties: {port: {type: integer, default: 80}, "
    "token: {type: string, writeOnly: true}, "
    "slow: {type: string, pattern: '^(a+)+$'}}}\n",
)


@pytest.fixture
def guard() -> Iterator[Guard]:
    """Return a guard whose zygote no other test uses, so that it may be harmed."""
    made = Guard("require", as_nobody=False)
    yield made
    made.close()


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """Return a sandbox on the zygote that all tests share."""
    made = sandbox()
    yield made
    made.close()


def children(process_id: int) -> list[int]:
    """Return the ids of a process's children, those that have ended too."""
    path = Path(f"/proc/{process_id}/task/{process_id}/children")
    return [int(word) for word in path.read_text(encoding="ascii").split()]


def is_running(process_id: int) -> bool:
    """Return whether there is such a process, and not only its remains."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def zygote_of(guard: Guard) -> int:
    """Return the id of the guard's zygote: the only child that Python runs in."""
    guard.tried()
    return next(
        child
        for child in children(os.getpid())
        if b"as_nobody" in Path(f"/proc/{child}/cmdline").read_bytes()
        and b"same" in Path(f"/proc/{child}/cmdline").read_bytes()
    )


def settle(process_id: int, *, at: int) -> int:
    """Return how many children a process has once that is *at*, or after a while."""
    for _ in range(100):
        if len(children(process_id)) <= at:
            break
        time.sleep(0.02)
    return len(children(process_id))


def test_renders_what_is_rendered_in_process(box: Sandbox) -> None:
    """Tree, modes, bytes and message are those that the plain renderer makes."""
    made = render(box, SAMPLE, {"port": 8080})

    assert [(e.path, e.content) for e in made.tree] == [
        ("a", b"my-service 8080"),
        ("run.sh", b"\xff\x00"),
    ]
    assert made.commit_message == "Provision my-service from sample 1.2.0"


def test_values_are_those_accepted_in_process(box: Sandbox) -> None:
    """Defaults, public values and secrets arrive as the schema has them."""
    values: JsonObject = {"token": "hunter2-hunter2", "other": [1.5, None, True, "é"]}

    made = box.load(SAMPLE, label="sample").accept(values)

    assert made == load_blueprint(SAMPLE, label="sample").accept(values)


def test_violations_arrive_all_at_once(box: Sandbox) -> None:
    """Values that do not fit are refused as in process."""
    with pytest.raises(InvalidValuesError) as told:
        box.load(SAMPLE, label="sample").accept({"port": "x", "token": 1})

    assert [v.pointer for v in told.value.violations] == ["/port", "/token"]


def test_examples_are_read_inside(box: Sandbox) -> None:
    """An example arrives with its values; one that is not there is refused."""
    blueprint = box.load(SAMPLE, label="sample")

    assert (blueprint.example("small").name, blueprint.example("small").values) == (
        "small",
        {"port": 1},
    )
    with pytest.raises(BlueprintNotFoundError):
        blueprint.example("large")


def test_cases_are_derived_inside(box: Sandbox) -> None:
    """Cases are derived in a locked process, and are those of this one."""
    inside = box.load(SAMPLE, label="sample").derive_cases()
    here = load_blueprint(SAMPLE, label="sample").derive_cases()

    assert inside == here
    assert inside.cases


def test_places_in_the_manifest_are_found_inside(box: Sandbox) -> None:
    """Where a value stands in the manifest is told with its excerpt."""
    inside = box.load(SAMPLE, label="sample").locate("/version")

    assert inside == load_blueprint(SAMPLE, label="sample").locate("/version")


def test_broken_manifest_is_told_with_its_place(box: Sandbox) -> None:
    """A manifest that is wrong is refused with file and line below its label."""
    files = blueprint_files({}, MANIFEST.replace("1.2.0", "one"))

    with pytest.raises(InvalidBlueprintError) as told:
        box.load(files, label="shelf/sample")

    assert str(told.value.at) == "shelf/sample/blueprint.yaml:3:10"


def test_error_has_the_label_that_was_asked_for(box: Sandbox) -> None:
    """Equal blueprints in two places are told apart in error places."""
    files = blueprint_files({"template/a.j2": "{{ nmae }}"})

    for label in ("one", "two"):
        with pytest.raises(TemplateRuntimeError) as told:
            render(box, files, label=label)
        assert str(told.value.at) == f"{label}/template/a.j2:1:4"


def test_cpu_limit_names_the_file(box: Sandbox) -> None:
    """A template that computes for too long is named, with the limit and its value."""
    slow = "{% for a in range(9999) %}{{ range(99999)|sort|length }}{% endfor %}"
    files = blueprint_files({"template/a": "", "template/slow.j2": slow})

    with pytest.raises(LimitExceededError, match=r"slow\.j2"):
        render(box, files)


def test_pattern_that_explodes_is_stopped(box: Sandbox) -> None:
    """A schema's pattern runs where CPU time is limited, not in the worker."""
    blueprint = box.load(SAMPLE, label="sample")

    with pytest.raises(LimitExceededError) as told:
        blueprint.accept({"slow": "a" * 40 + "!"})

    assert (told.value.limit, told.value.allowed) == ("MAX_RENDER_CPU", "1s")


def test_wall_clock_ends_what_cpu_time_does_not() -> None:
    """A job that takes too long on the clock is killed, and the limit named."""
    box = sandbox(replace(LIMITS, cpu_seconds=60, wall_seconds=0.5))
    blueprint = box.load(SAMPLE, label="sample")
    began = time.monotonic()

    with pytest.raises(LimitExceededError) as told:
        blueprint.accept({"slow": "a" * 40 + "!"})

    assert time.monotonic() - began < 3
    assert (told.value.limit, told.value.allowed) == ("MAX_RENDER_TIME", "0.5s")
    assert blueprint.accept({}).data == {"port": 80}
    box.close()


def test_compiling_that_takes_too_long_is_ended_and_named() -> None:
    """Compiling runs against the clock too; the process that does it is replaced."""
    box = sandbox(replace(LIMITS, cpu_seconds=60, wall_seconds=0.3))
    many = "".join(f"{{{{ Values.a{i} }}}}" for i in range(30_000))

    with pytest.raises(LimitExceededError, match=r"slow\.j2"):
        render(box, blueprint_files({"template/slow.j2": many}))

    box.close()


def test_compiling_that_computes_too_long_is_ended_and_named() -> None:
    """Compiling has CPU time of its own, and ends in the limit's name and the file."""
    box = sandbox(replace(LIMITS, memory_bytes=2**30))
    many = "".join(f"{{{{ Values.a{i} + {i} * {i} }}}}" for i in range(40_000))

    with pytest.raises(LimitExceededError, match=r"slow\.j2") as told:
        render(box, blueprint_files({"template/slow.j2": many}))

    assert told.value.limit == "MAX_RENDER_CPU"
    assert len(render(box, SAMPLE).tree) == 2
    box.close()


def test_memory_limit_is_told() -> None:
    """A tree that takes more memory than allowed ends with the limit's name."""
    tree = replace(LIMITS.tree, file_bytes=10**9, total_bytes=10**9)
    box = sandbox(replace(LIMITS, memory_bytes=32 * 2**20, tree=tree))
    files = {f"template/{i}.j2": "{{ 'x' * 900000 }}" * 9 for i in range(50)}

    with pytest.raises(LimitExceededError) as told:
        render(box, blueprint_files(files))

    assert (told.value.limit, told.value.allowed) == ("MAX_RENDER_MEMORY", "32MiB")
    box.close()


def test_zygote_that_dies_is_replaced(guard: Guard) -> None:
    """When the zygote is killed the next job gets a new one."""
    box = sandbox(guard=guard)
    render(box, SAMPLE)

    os.kill(zygote_of(guard), signal.SIGKILL)

    assert len(render(box, SAMPLE).tree) == 2
    box.close()


def test_template_process_that_dies_is_replaced(guard: Guard) -> None:
    """When a blueprint's process is killed the next job gets a new one."""
    box = sandbox(guard=guard)
    render(box, SAMPLE)

    for child in children(zygote_of(guard)):
        os.kill(child, signal.SIGKILL)

    assert len(render(box, SAMPLE).tree) == 2
    box.close()


def test_spare_that_dies_costs_no_job(guard: Guard) -> None:
    """When a process that was forked ahead is killed, the job gets another."""
    box = sandbox(guard=guard)
    for _ in range(3):
        render(box, SAMPLE)
    zygote = zygote_of(guard)

    for template in children(zygote):
        for spare in children(template):
            os.kill(spare, signal.SIGKILL)
    time.sleep(0.1)

    assert len(render(box, SAMPLE).tree) == 2
    box.close()


def test_pool_is_bounded(guard: Guard) -> None:
    """Only so many blueprints' processes are kept: those used last."""
    box = Sandbox(LIMITS, guard, kept=2)
    zygote = zygote_of(guard)

    for i in range(6):
        render(box, blueprint_files({"template/a": str(i)}))

    assert settle(zygote, at=2) == 2
    box.close()


def test_nothing_is_left_behind(guard: Guard) -> None:
    """After jobs, sound and hostile, no process, zombie or descriptor is left over."""
    box = sandbox(guard=guard)
    bomb = blueprint_files({"template/a.j2": "{{ range(10**9)|list }}"})
    for _ in range(2):
        render(box, SAMPLE)
    zygote = zygote_of(guard)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(10):
        render(box, SAMPLE)
        with pytest.raises(PermanentError):
            render(box, bomb)
        with pytest.raises(InvalidValuesError):
            box.load(SAMPLE, label="sample").accept({"port": "x"})
    gc.collect()

    # Each blueprint's hold has a channel and a status; each of two spares as well.
    assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 2 * 3
    for template in children(zygote):
        assert settle(template, at=2) <= 2
    assert len(children(zygote)) >= 1
    # Another guard of the same zygote, so that closing leaves that to look at.
    keeper = Guard("require", as_nobody=False)
    keeper.start()
    box.close()
    assert settle(zygote, at=0) == 0
    keeper.close()
    assert not Path(f"/proc/{zygote}").exists()


def test_closed_sandbox_can_be_used_again(box: Sandbox) -> None:
    """Closing ends the processes; using the sandbox again starts new ones."""
    render(box, SAMPLE)
    box.close()

    assert len(render(box, SAMPLE).tree) == 2


def test_jobs_run_side_by_side(box: Sandbox) -> None:
    """Several threads share a sandbox, and each gets its own job's answer."""
    files = blueprint_files({"template/a.j2": "{{ Values.n }}"})

    def one(number: int) -> bytes:
        return next(iter(render(box, files, {"n": number}).tree)).content

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(one, range(40)))

    assert made == [str(number).encode() for number in range(40)]


def test_loading_is_done_once_for_several_threads(guard: Guard) -> None:
    """Threads that ask for one blueprint at once share one process."""
    box = sandbox(guard=guard)
    zygote = zygote_of(guard)
    barrier = threading.Barrier(4)

    def one(_number: int) -> int:
        barrier.wait()
        return len(render(box, SAMPLE).tree)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, range(4))) == [2] * 4

    assert settle(zygote, at=1) == 1
    box.close()


def test_worn_process_is_replaced(
    guard: Guard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many jobs a blueprint's process makes room for a fresh one."""
    monkeypatch.setattr("provisionhub.sandbox.hold._MOST_JOBS", 3)
    box = sandbox(guard=guard)
    zygote = zygote_of(guard)
    seen = set()

    for _ in range(6):
        render(box, SAMPLE)
        seen.update(children(zygote))

    assert len(seen) >= 2
    assert settle(zygote, at=1) == 1
    box.close()


def test_nothing_outside_the_group_is_ever_killed() -> None:
    """An id that a template process made up is not killed, whosever it is."""
    kill_member(os.getpid(), group=1)
    kill_member(2**22 - 1, group=1)

    assert os.getpid()


def test_environment_of_a_zygote_is_empty(guard: Guard) -> None:
    """The zygote is started without this process's environment or descriptors."""
    zygote = zygote_of(guard)

    assert Path(f"/proc/{zygote}/environ").read_bytes() == b""
    opened = {str(file.readlink()) for file in Path(f"/proc/{zygote}/fd").iterdir()}
    assert {target.partition(":")[0] for target in opened} <= {"/dev/null", "socket"}


_WORKER = """
import os, signal
from pathlib import Path
from support.blueprints import blueprint_files
from support.sandboxes import render, sandbox

def family(pid):
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    below = [int(word) for word in text.split()]
    return below + [inner for each in below for inner in family(each)]

box = sandbox()
for _ in range(3):
    render(box, blueprint_files({"template/a": ""}))
print(*family(os.getpid()), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_worker_that_is_killed_takes_all_with_it() -> None:
    """When the worker is killed, nothing that it started lives on."""
    tests = Path(__file__).resolve().parents[1]
    environment = os.environ | {"PYTHONPATH": str(tests)}
    killed = subprocess.run(
        [sys.executable, "-c", _WORKER],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    started = [int(word) for word in killed.stdout.split()]

    for _ in range(250):
        if not any(map(is_running, started)):
            break
        time.sleep(0.02)

    assert killed.returncode == -signal.SIGKILL
    assert len(started) >= 2
    assert not any(map(is_running, started))
