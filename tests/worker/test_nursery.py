"""Job processes: started warm, ended with all their group, never orphaned."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run(body: str) -> list[str]:
    """Run *body* in a process of its own, without threads; return what it prints."""
    code = """
        import os, signal, subprocess, time
        from provisionhub.worker.channel import Channel, ChannelClosedError
        from provisionhub.worker.nursery import Nursery

        def serve(channel):
            while True:
                told = channel.receive()["do"]
                if told == "die":
                    os.kill(os.getpid(), signal.SIGSEGV)
                elif told == "leave":
                    os._exit(7)
                elif told == "spawn":
                    child = subprocess.Popen(["sleep", "60"])
                    channel.send({"pid": child.pid})
                else:
                    about = {"warm": WARM, "group": os.getpgrp()}
                    channel.send(about)

        WARM = False
        def warm_up():
            global WARM
            WARM = True

        def lives(pid):
            try:
                state = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0]
            except OSError:
                return False
            return state != "Z"

        def soon(holds):
            give_up = time.monotonic() + 20
            while not holds() and time.monotonic() < give_up:
                time.sleep(0.01)
            return holds()

        nursery = Nursery(serve, warm_up)
        child = nursery.start()
    """
    program = textwrap.dedent(code) + textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_job_process_is_warm_and_leads_a_group() -> None:
    """What was loaded before is there, and Ctrl-C elsewhere does not reach it."""
    shown = run("""
        child.channel.send({"do": "tell"})
        told = child.channel.receive(seconds=10)
        print(told["warm"], told["group"] == child.pid)
        nursery.close()
    """)

    assert shown == ["True", "True"]


def test_end_of_a_job_process_is_told() -> None:
    """A signal is told as its negative number, an exit by its code."""
    shown = run("""
        for told in ("die", "leave"):
            child = nursery.start()
            child.channel.send({"do": told})
            try:
                child.channel.receive(seconds=10)
            except ChannelClosedError:
                print(nursery.bury(child))
        nursery.close()
    """)

    assert shown == ["-11", "7"]


def test_what_a_job_started_ends_with_it() -> None:
    """Burying a job process ends its whole group."""
    shown = run("""
        child.channel.send({"do": "spawn"})
        pid = child.channel.receive(seconds=10)["pid"]
        before = lives(pid)
        nursery.bury(child)
        print(before, soon(lambda: not lives(pid)))
        nursery.close()
    """)

    assert shown == ["True", "True"]


def test_no_job_process_outlives_the_nursery() -> None:
    """When the worker lets go, every job process ends, even one that hears nothing."""
    shown = run("""
        nursery.close()
        print(lives(child.pid))
    """)

    assert shown == ["False"]


def test_no_job_process_outlives_a_nursery_that_was_killed() -> None:
    """Killed, the nursery takes its job processes along; that it is gone is known."""
    shown = run("""
        before = nursery.is_alive
        os.kill(nursery._pid, signal.SIGKILL)
        gone = soon(lambda: not nursery.is_alive)
        print(before, gone, soon(lambda: not lives(child.pid)))
        nursery.close()
    """)

    assert shown == ["True", "True", "True"]
