"""The filters, run instruction by instruction as the kernel runs them."""

from __future__ import annotations

import struct

import pytest

from provisionhub.sandbox.bpf import Filter, render_filter, template_filter
from provisionhub.sandbox.syscalls import (
    ALLOWED,
    ALLOWED_TO_FORK,
    AUDIT_ARCH,
    DENIED,
    NUMBERS,
)

OWN = 4242
ACTIONS = {0x80000000: "kill", 0x7FFF0000: "allow", 0x00050001: "deny"}
MACHINES = list(NUMBERS)


def answer(
    found: Filter, number: int, *arguments: int, arch: int, own: int = OWN
) -> str:
    """Return what the filter does with a call, as the kernel would run it."""
    padded = [*arguments, *([0] * (6 - len(arguments)))]
    data = struct.pack("=IIQ6Q", number, arch, 0, *padded)
    program = list(struct.iter_unpack("=HBBI", found.for_process(own)))
    position, register = 0, 0
    while True:
        code, if_true, if_false, value = program[position]
        position += 1
        match code:
            case 0x20:
                (register,) = struct.unpack_from("=I", data, value)
            case 0x54:
                register &= value
            case 0x15:
                position += if_true if register == value else if_false
            case 0x45:
                position += if_true if register & value else if_false
            case _:
                assert code == 0x06
                return ACTIONS[value]


@pytest.fixture(params=MACHINES)
def machine(request: pytest.FixtureRequest) -> str:
    """Return each architecture."""
    return str(request.param)


def test_computing_is_allowed(machine: str) -> None:
    """What computing takes is allowed, in both kinds of process."""
    arch, numbers = AUDIT_ARCH[machine], NUMBERS[machine]

    for call in ALLOWED:
        if call in numbers:
            for found in (render_filter(machine), template_filter(machine)):
                assert answer(found, numbers[call], arch=arch) == "allow", call


def test_probing_is_denied(machine: str) -> None:
    """What libraries probe harmlessly fails in a render process, and goes on."""
    arch, numbers = AUDIT_ARCH[machine], NUMBERS[machine]

    for call in DENIED:
        if call in numbers:
            found = answer(render_filter(machine), numbers[call], arch=arch)
            assert found == "deny", call


def test_everything_else_kills(machine: str) -> None:
    """Every number that no list names kills, up to the last there is and beyond."""
    found, numbers = render_filter(machine), NUMBERS[machine]
    named = {*ALLOWED, *DENIED, "mmap", "mprotect", "tgkill"}
    known = {number for call, number in numbers.items() if call in named}

    for number in {*range(600), 2**31 - 1} - known:
        assert answer(found, number, arch=AUDIT_ARCH[machine]) == "kill", number


def test_other_architecture_kills(machine: str) -> None:
    """A call by another architecture's numbers, 32 bits or x32, kills."""
    found, read = render_filter(machine), NUMBERS[machine]["read"]

    assert answer(found, read, arch=0x40000003) == "kill"
    assert answer(found, read | 0x40000000, arch=AUDIT_ARCH[machine]) == "kill"


@pytest.mark.parametrize("call", ["mmap", "mprotect"])
def test_memory_may_not_become_code(machine: str, call: str) -> None:
    """Memory may be readable and writable, never executable."""
    found, arch = render_filter(machine), AUDIT_ARCH[machine]
    number = NUMBERS[machine][call]

    assert answer(found, number, 0, 4096, 0x3, arch=arch) == "allow"
    assert answer(found, number, 0, 4096, 0x7, arch=arch) == "kill"


def test_signal_goes_to_itself_only(machine: str) -> None:
    """A process may abort itself, and signal no other."""
    found, arch = render_filter(machine), AUDIT_ARCH[machine]
    number = NUMBERS[machine]["tgkill"]

    assert answer(found, number, OWN, OWN, 6, arch=arch) == "allow"
    assert answer(found, number, OWN + 1, OWN, 6, arch=arch) == "kill"


def test_only_a_template_process_forks(machine: str) -> None:
    """A template process forks plainly; no threads, no namespaces, no fork else."""
    arch, number = AUDIT_ARCH[machine], NUMBERS[machine]["clone"]
    fork, thread, user_namespace = 0x01200011, 0x003D0F00, 0x10000011

    assert answer(template_filter(machine), number, fork, arch=arch) == "allow"
    assert answer(template_filter(machine), number, thread, arch=arch) == "kill"
    assert answer(template_filter(machine), number, user_namespace, arch=arch) == "kill"
    assert answer(render_filter(machine), number, fork, arch=arch) == "kill"


def test_template_process_locks_what_it_forks(machine: str) -> None:
    """A template process may lock itself further, and nothing else of prctl."""
    found, arch, numbers = (
        template_filter(machine),
        AUDIT_ARCH[machine],
        NUMBERS[machine],
    )

    for call in ALLOWED_TO_FORK:
        if call in numbers:
            assert answer(found, numbers[call], arch=arch) == "allow", call
    assert answer(found, numbers["prctl"], 1, 9, arch=arch) == "allow"
    assert answer(found, numbers["prctl"], 4, 1, arch=arch) == "kill"
    assert answer(found, numbers["prlimit64"], 0, arch=arch) == "allow"
    assert answer(found, numbers["prlimit64"], 1, arch=arch) == "kill"
