"""What is asked of locked processes and what they answer, as JSON and raw bytes.

Functions come in pairs. What ``write_`` makes inside, ``read_`` checks outside,
where nothing of it is believed; requests come from the worker, and are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, cast

from provisionhub.blueprint import BlueprintFile, Example, Manifest, Subject
from provisionhub.blueprint.manifest import manifest_of
from provisionhub.errors import InvalidValuesError, LimitExceededError
from provisionhub.job import JobType
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.matrix import Case, Matrix
from provisionhub.renderer import Rendered
from provisionhub.repository import RunId
from provisionhub.sandbox.reading import Reader
from provisionhub.source import printable
from provisionhub.tree import Entry, Mode, Tree, TreeLimits
from provisionhub.values import Secret, Values

FORK: Final = b"f"
"""Asks a template process for a render process."""
COMPILE_AND_FORK: Final = b"c"
"""The same, with the blueprint's templates compiled."""

ACCEPT: Final = "accept"
EXAMPLE: Final = "example"
CASES: Final = "cases"
LINT: Final = "lint"
LOCATE: Final = "locate"
REGIONS: Final = "regions"
RENDER: Final = "render"

_MOST_SECRETS: Final = 100_000
_LONGEST_MESSAGE: Final = 100_000
_MOST_MISSED: Final = 10_000
_LONGEST_NAME: Final = 200


def write_files(
    files: Mapping[str, BlueprintFile], label: str, *, watched: bool = False
) -> tuple[JsonObject, list[bytes]]:
    """Return the request to load a blueprint.

    Args:
        files: Its files by path.
        label: Where it lies.
        watched: Whether its renderings are to tell which regions they reach.
    """
    listed: list[JsonValue] = [
        [path, int(file.mode), len(file.content)] for path, file in files.items()
    ]
    contents = [file.content for file in files.values()]
    return {"label": label, "files": listed, "watched": watched}, contents


def read_files(
    request: JsonObject, read: Callable[[int], bytes]
) -> dict[str, BlueprintFile]:
    """Return the files of a request to load a blueprint.

    Args:
        request: What ``write_files`` made.
        read: Returns the next so many raw bytes behind it.
    """
    listed = cast("list[list[Any]]", request["files"])
    return {path: BlueprintFile(read(size), Mode(mode)) for path, mode, size in listed}


def read_manifest(said: JsonObject) -> Manifest:
    """Return the manifest in the answer to a request to load; it is checked anew.

    Raises:
        BrokenFrameError: If it is none.
    """
    reader = Reader(said)
    try:
        return manifest_of(reader.child("manifest"))
    except (InvalidValuesError, LimitExceededError):
        raise reader.broken("a manifest that is none") from None


def write_values(values: Values) -> JsonObject:
    """Return *values* as JSON; the public ones only where they are not all."""
    secrets: list[JsonValue] = [[each.pointer, each.value] for each in values.secrets]
    said: JsonObject = {"data": values.data, "secrets": secrets}
    return said if values.public == values.data else said | {"public": values.public}


def read_values(said: JsonObject) -> Values:
    """Return the values that *said* holds.

    Raises:
        BrokenFrameError: If it holds none.
    """
    reader = Reader(said)
    secrets = reader.items("secrets", most=_MOST_SECRETS)
    data = reader.child("data")
    public = data if reader.get("public") is None else reader.child("public")
    return Values(data, public, tuple(map(_read_secret, secrets)))


def _read_secret(said: JsonValue) -> Secret:
    match said:
        case [str(pointer), str() | int() | float() | bool() | None as value]:
            return Secret(pointer, value)
        case _:
            raise Reader(said).broken("a secret that is none")


def write_job(
    values: Values | None, subject: Subject, limits: TreeLimits
) -> JsonObject:
    """Return the request to render; without values, those accepted just before."""
    given = {} if values is None else write_values(values)
    return given | {
        "does": RENDER,
        "subject": {
            "name": subject.name,
            "namespace": subject.namespace,
            "run_id": subject.run_id,
            "type": str(subject.type),
            "timestamp": subject.timestamp,
            "version": subject.version,
        },
        "limits": [limits.files, limits.file_bytes, limits.total_bytes],
    }


def read_subject(job: JsonObject) -> Subject:
    """Return whom a request to render is for."""
    said = cast("dict[str, str]", job["subject"])
    return Subject(
        name=said["name"],
        namespace=said["namespace"],
        run_id=RunId(said["run_id"]),
        type=JobType(said["type"]),
        timestamp=said["timestamp"],
        version=said["version"],
    )


def read_limits(job: JsonObject) -> TreeLimits:
    """Return how large the tree of a request to render may be."""
    files, file_bytes, total_bytes = cast("list[int]", job["limits"])
    return TreeLimits(files=files, file_bytes=file_bytes, total_bytes=total_bytes)


def write_rendered(rendered: Rendered) -> tuple[JsonObject, list[bytes]]:
    """Return a rendered tree: what it holds as JSON, the contents raw."""
    listed: list[JsonValue] = [
        [e.path, int(e.mode), len(e.content), e.path in rendered.guarded]
        for e in rendered.tree
    ]
    contents = [entry.content for entry in rendered.tree]
    return {"entries": listed, "commit_message": rendered.commit_message}, contents


def read_rendered(
    said: JsonObject, read: Callable[[int], bytes], limits: TreeLimits
) -> Rendered:
    """Return the tree that *said* lists; sizes are summed before a byte is read.

    Args:
        said: The answer.
        read: Returns the next so many raw bytes behind it.
        limits: How large the tree may be.

    Raises:
        BrokenFrameError: If it is none, or larger than a sound process would send.
    """
    reader = Reader(said)
    listed = [_read_entry(item) for item in reader.items("entries", most=limits.files)]
    sizes = [size for _, _, size, _ in listed]
    if sum(sizes) > limits.total_bytes or max(sizes, default=0) > limits.file_bytes:
        raise reader.broken("a tree larger than allowed")
    message = reader.text("commit_message")
    if len(message) > _LONGEST_MESSAGE:
        raise reader.broken("a commit message that is too long")
    tree = Tree([Entry(path, read(size), mode) for path, mode, size, _ in listed])
    guarded = frozenset(path for path, _, _, is_guarded in listed if is_guarded)
    return Rendered(tree, message, guarded)


def _read_entry(said: JsonValue) -> tuple[str, Mode, int, bool]:
    match said:
        case [str(path), int(mode), int(size), bool(is_guarded)] if (
            mode in _MODES and size >= 0 and not isinstance(size, bool)
        ):
            return path, Mode(mode), size, is_guarded
        case _:
            raise Reader(said).broken("an entry that is none")


_MODES: Final = frozenset(map(int, Mode))


def read_example(key: str, said: JsonObject) -> Example:
    """Return the example that *said* holds.

    Raises:
        BrokenFrameError: If it is none.
    """
    reader = Reader(said)
    return Example(
        key, reader.text("name"), reader.text("namespace"), reader.child("values")
    )


def write_matrix(matrix: Matrix) -> JsonObject:
    """Return *matrix* as JSON."""
    cases: list[JsonValue] = [
        {"name": case.name, "values": case.values} for case in matrix.cases
    ]
    return {"cases": cases, "missed": list[JsonValue](matrix.missed)}


def read_matrix(said: JsonObject, *, most: int) -> Matrix:
    """Return the matrix that *said* holds, of *most* cases.

    Raises:
        BrokenFrameError: If it is none; names are what a terminal may be shown.
    """
    reader = Reader(said)
    cases = reader.each("cases", _read_case, most=most)
    if len({case.name for case in cases}) < len(cases):
        raise reader.broken("two cases of one name")
    missed = reader.texts("missed", most=_MOST_MISSED)
    return Matrix(tuple(cases), tuple(map(printable, missed)))


def _read_case(reader: Reader) -> Case:
    name = reader.text("name")
    if not (name.isascii() and name.isprintable() and len(name) <= _LONGEST_NAME):
        raise reader.broken("a case with a name that is none")
    return Case(name, reader.child("values"))
