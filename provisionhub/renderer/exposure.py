"""Refuses a tree in which a secret stands where it may not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from provisionhub.errors import SecretExposedError
from provisionhub.renderer.compiled import RenderedEntry
from provisionhub.values import Secret, find_secret


def refuse_exposed_secrets(
    entries: Iterable[RenderedEntry],
    secrets: Sequence[Secret],
    allowed: Mapping[str, frozenset[str]],
    commit_message: str,
) -> None:
    """Look for each secret everywhere but in the files that name it.

    Args:
        entries: The whole tree.
        secrets: The values that must not be seen.
        allowed: By source path, JSON pointers to the secrets that it may hold.
        commit_message: It may hold none.

    Raises:
        SecretExposedError: Naming the secret and the file, never the value.
    """
    if not secrets:
        return
    for item in entries:
        barred = _barred(secrets, allowed[item.source])
        _look(item.entry.content, barred, f"`{item.entry.path}`", item.entry.path)
        path = item.entry.path.encode("utf-8")
        _look(path, secrets, f"the path of `{item.source}`", item.source)
    _look(commit_message.encode("utf-8"), secrets, "the commit message", "")


def _barred(secrets: Sequence[Secret], allowed: frozenset[str]) -> list[Secret]:
    return [
        secret
        for secret in secrets
        if not any(_covers(pointer, secret.pointer) for pointer in allowed)
    ]


def _covers(pointer: str, inner: str) -> bool:
    return inner == pointer or inner.startswith(f"{pointer}/")


def _look(data: bytes, secrets: Sequence[Secret], where: str, path: str) -> None:
    found = find_secret(data, secrets)
    if found is None:
        return
    raise SecretExposedError(
        f"the value of secret `{found.pointer}` appears in {where}",
        secret=found.pointer,
        path=path,
        hint="name the secret under `secrets` of a `files` entry for that file, "
        "or keep it out of the template",
    )
