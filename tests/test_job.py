"""Job messages."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from provisionhub.errors import InvalidJobError
from provisionhub.job import BlueprintRef, GitConfig, Job, JobType, read_job
from provisionhub.repository import RunId, Visibility

RECEIVED = datetime(
    2026, 2, 1, 10, 30, 15, 999_999, tzinfo=timezone(timedelta(hours=2))
)
PUBLISHED = Path(__file__).resolve().parents[1] / "schemas" / "job.schema.json"
MESSAGE: dict[str, Any] = {
    "run_id": "abc-123",
    "type": "component",
    "blueprint": {
        "template": "go-backend",
        "name": "my-service",
        "namespace": "my-team",
        "values": {"port": 8080, "token": "hunter2"},
    },
    "git_config": {"provider": "gitlab", "group_id": "123", "visibility": "private"},
    "requested_at": "2026-01-31T12:00:00Z",
}
LEFT_OUT = object()


def message(path: str = "", value: object = LEFT_OUT) -> bytes:
    """Return the message with *value* at *path* (dots between names), or without."""
    document = copy.deepcopy(MESSAGE)
    if path:
        *parents, name = path.split(".")
        place = document
        for parent in parents:
            place = place[parent]
        place[name] = value
        if value is LEFT_OUT:
            del place[name]
    return json.dumps(document).encode()


def read(data: bytes) -> Job:
    """Return the job that *data* asks for."""
    return read_job(data, received_at=RECEIVED)


def violations(data: bytes) -> list[str]:
    """Return the violations in *data* as text."""
    with pytest.raises(InvalidJobError) as raised:
        read(data)
    return [str(violation) for violation in raised.value.violations]


def test_reads_a_job() -> None:
    """Each member of a message has its place in the job."""
    expected = Job(
        run_id=RunId("abc-123"),
        type=JobType.COMPONENT,
        blueprint=BlueprintRef("go-backend"),
        name="my-service",
        namespace="my-team",
        git=GitConfig("gitlab", group_id="123", visibility=Visibility.PRIVATE),
        requested_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
        values={"port": 8080, "token": "hunter2"},
    )

    assert expected == read(message())


def test_reads_the_smallest_job() -> None:
    """What may be left out has a default, and the time of receipt counts."""
    data = json.dumps(
        {
            "run_id": "1",
            "type": "system",
            "blueprint": {"template": "a", "name": "b", "namespace": "c"},
            "git_config": {"provider": "local"},
        }
    ).encode()

    job = read(data)

    assert GitConfig("local") == job.git
    assert job.values == {}
    assert datetime(2026, 2, 1, 8, 30, 15, tzinfo=UTC) == job.requested_at


def test_reads_the_largest_job() -> None:
    """Each optional member of the Git configuration is kept."""
    git = {
        "provider": "gitlab",
        "group_id": "platform/payments",
        "visibility": "internal",
        "default_branch": "release/1.0",
        "description": "Takes money: politely",
        "topics": ["go", "payments"],
    }

    assert (
        GitConfig(
            provider="gitlab",
            group_id="platform/payments",
            visibility=Visibility.INTERNAL,
            default_branch="release/1.0",
            description="Takes money: politely",
            topics=("go", "payments"),
        )
        == read(message("git_config", git)).git
    )


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (None, None),
        (123, "123"),
        (123.0, "123"),
        ("123", "123"),
        ("a/b.c/d_e", "a/b.c/d_e"),
    ],
)
def test_group_is_a_number_or_a_path(group: object, expected: str | None) -> None:
    """A group's number may come as a number or in digits, and null is none."""
    assert expected == read(message("git_config.group_id", group)).git.group_id


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("go-backend", BlueprintRef("go-backend")),
        ("go-backend@1.2.0-rc.1+x", BlueprintRef("go-backend", "1.2.0-rc.1+x")),
    ],
)
def test_template_may_pin_a_version(template: str, expected: BlueprintRef) -> None:
    """A template is a name, or a name and a version, and is written back alike."""
    job = read(message("blueprint.template", template))

    assert expected == job.blueprint
    assert template == str(job.blueprint)


@pytest.mark.parametrize(
    "path", ["x", "blueprint.x", "git_config.x", "blueprint.values.x"]
)
def test_unknown_members_are_ignored(path: str) -> None:
    """Members that nobody knows yet break nothing."""
    read(message(path, {"any": ["thing"]}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31t12:00:00z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00.999999999Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T00:30:00+01:00", "2026-01-30T23:30:00Z"),
        ("2026-01-31T12:00:00-00:00", "2026-01-31T12:00:00Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("2101-01-01T00:30:00+01:00", "2100-12-31T23:30:00Z"),
    ],
)
def test_time_is_utc_in_whole_seconds(text: str, expected: str) -> None:
    """Times with any offset and any fraction become whole seconds of UTC."""
    assert expected == read(message("requested_at", text)).timestamp


@pytest.mark.parametrize(
    "text",
    [
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:30:00+01:00",
        "2101-01-01T00:00:00Z",
        "0001-01-01T00:00:00+05:00",
        "9999-12-31T23:59:59-05:00",
    ],
)
def test_time_must_suit_git(text: str) -> None:
    """Times that Git can't hold are a violation."""
    assert [
        f"/requested_at: must lie between 1970 and 2100, not `{text}`"
    ] == violations(message("requested_at", text))


DATE = "must be a date and time such as `2026-01-31T12:00:00Z`"
RUN = "must be 1 to 128 letters, digits, `.`, `_` and `-`, the first a letter or digit"
NAME = (
    "must be 1 to 255 letters, digits, `.`, `_` and `-`, the first and last a letter,"
    " digit or `_`"
)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("run_id", LEFT_OUT, "/run_id: is required"),
        ("run_id", 5, "/run_id: must be a string, not the number 5"),
        ("run_id", "", f'/run_id: {RUN}, not `""`'),
        ("run_id", "../x", f"/run_id: {RUN}, not `../x`"),
        ("run_id", "a\n", f"/run_id: {RUN}, not `a␊`"),
        ("run_id", "a" * 129, f"/run_id: {RUN}, not `{'a' * 59}…`"),
        ("type", LEFT_OUT, "/type: is required"),
        (
            "type",
            "komponent",
            (
                "/type: must be one of `system`, `component`, not `komponent`;"
                " did you mean `component`?"
            ),
        ),
        ("blueprint", [], "/blueprint: must be an object, not a list"),
        ("blueprint.template", LEFT_OUT, "/blueprint/template: is required"),
        (
            "blueprint.template",
            "a@",
            (
                "/blueprint/template: must be a blueprint's name, or `name@version`,"
                " not `a@`"
            ),
        ),
        ("blueprint.name", LEFT_OUT, "/blueprint/name: is required"),
        ("blueprint.name", "-a", f"/blueprint/name: {NAME}, not `-a`"),
        ("blueprint.name", "a.", f"/blueprint/name: {NAME}, not `a.`"),
        ("blueprint.name", "a/b", f"/blueprint/name: {NAME}, not `a/b`"),
        ("blueprint.namespace", LEFT_OUT, "/blueprint/namespace: is required"),
        (
            "blueprint.namespace",
            "a//b",
            (
                "/blueprint/namespace: must be 1 to 20 names with `/` between them, not"
                " `a//b`"
            ),
        ),
        (
            "blueprint.namespace",
            "/".join("a" * 21),
            (
                "/blueprint/namespace: must be 1 to 20 names with `/` between them, not"
                f" `{'/'.join('a' * 21)}`"
            ),
        ),
        (
            "blueprint.namespace",
            "/".join(["a" * 200] * 6),
            "/blueprint/namespace: must be at most 1024 characters long",
        ),
        ("blueprint.values", None, "/blueprint/values: must be an object, not null"),
        ("git_config", LEFT_OUT, "/git_config: is required"),
        ("git_config.provider", LEFT_OUT, "/git_config/provider: is required"),
        (
            "git_config.provider",
            "a b",
            (
                "/git_config/provider: must be the name of a Git provider, such as"
                " `gitlab`, not `a b`"
            ),
        ),
        ("git_config.group_id", 0, "/git_config/group_id: must be at least 1, not 0"),
        (
            "git_config.group_id",
            "",
            (
                "/git_config/group_id: must be a group's number or its full path, not"
                ' `""`'
            ),
        ),
        (
            "git_config.group_id",
            True,
            "/git_config/group_id: must be an integer, a string or null, not true",
        ),
        (
            "git_config.visibility",
            "secret",
            (
                "/git_config/visibility: must be one of `private`, `internal`,"
                " `public`, not `secret`"
            ),
        ),
        (
            "git_config.description",
            "two\nlines",
            (
                "/git_config/description: must be one line without control characters,"
                " not `two␊lines`"
            ),
        ),
        (
            "git_config.description",
            "x" * 2001,
            "/git_config/description: must be at most 2000 characters long",
        ),
        (
            "git_config.topics",
            ["a", "b", "a"],
            "/git_config/topics/2: must differ from the others, and equals item 1",
        ),
        (
            "git_config.topics",
            [str(number) for number in range(21)],
            "/git_config/topics: must have at most 20 items",
        ),
        ("git_config.topics", [""], "/git_config/topics/0: must not be empty"),
        ("requested_at", "yesterday", f"/requested_at: {DATE}, not `yesterday`"),
        (
            "requested_at",
            "2026-01-31T12:00:00",
            f"/requested_at: {DATE}, not `2026-01-31T12:00:00`",
        ),
        ("requested_at", 5, "/requested_at: must be a string, not the number 5"),
    ],
)
def test_violations_say_what_is_accepted(
    path: str, value: object, expected: str
) -> None:
    """Whatever breaks the schema is named with its place and what is accepted."""
    assert [expected] == violations(message(path, value))


def test_all_violations_come_at_once() -> None:
    """Every violation is reported, in the order of places, dates among them."""
    data = json.dumps(
        {**MESSAGE, "type": "x", "run_id": "", "requested_at": "1900-01-01T00:00:00Z"}
    ).encode()

    pointers = [violation.partition(":")[0] for violation in violations(data)]

    assert pointers == ["/requested_at", "/run_id", "/type"]


@pytest.mark.parametrize(
    ("branch", "is_accepted"),
    [
        *(
            (branch, True)
            for branch in ("main", "a/b", "a/-b", "x@y", "é", "a.b", "@a", "a.lockb")
        ),
        *(
            (branch, False)
            for branch in (
                *("", "@", "HEAD", "-a", "/a", "a/", "a//b", "a..b", "a.lock", "a."),
                *("a.lock/b", "a/.b", ".a", "a b", "a~b", "a^", "a:b", "a?", "a*"),
                *("a@{b", "a\\b", "a[b", "a\x7f", "a\n", "a\tb"),
            )
        ),
    ],
)
def test_branch_must_suit_git(branch: str, is_accepted: bool) -> None:
    """A default branch follows the rules of ``git check-ref-format --branch``."""
    data = message("git_config.default_branch", branch)
    if is_accepted:
        assert branch == read(data).git.default_branch
        return

    (violation,) = violations(data)

    expected = "/git_config/default_branch: must be a branch name that Git accepts, not"
    assert violation.startswith(expected)


@pytest.mark.parametrize(
    ("data", "text", "expected"),
    [
        pytest.param(
            b'{"run_id": "a", "run_id": "b"}',
            "the job can't be read: the name `run_id` stands twice in one object"
            " (job.json:1:17)",
            "(the whole): the name `run_id` stands twice in one object",
            id="duplicate name",
        ),
        pytest.param(
            b"\xff",
            "the job can't be read: byte 0xff is not UTF-8 (job.json:1:1)",
            "(the whole): byte 0xff is not UTF-8",
            id="not UTF-8",
        ),
        pytest.param(
            b" " * (1024 * 1024 + 1),
            "the job can't be read: the document is larger than 1048576 bytes",
            "(the whole): the document is larger than 1048576 bytes",
            id="too large",
        ),
        pytest.param(
            b"[]",
            "the job breaks its schema in 1 place",
            "(the whole): must be an object",
            id="not an object",
        ),
    ],
)
def test_unreadable_messages(data: bytes, text: str, expected: str) -> None:
    """A message that is no JSON object is refused with its place."""
    with pytest.raises(InvalidJobError) as raised:
        read(data)

    assert text == raised.value.message
    assert [expected] == [str(each) for each in raised.value.violations]


def test_unreadable_message_is_not_shown() -> None:
    """The lines around a syntax error may hold a secret, so they stay unseen."""
    with pytest.raises(InvalidJobError) as raised:
        read(b'{"password": "hunter2",}')

    assert "hunter2" not in repr(vars(raised.value)) + raised.value.explain()


def test_values_are_not_shown() -> None:
    """The repr of a job leaves out the values: some are secrets."""
    assert "hunter2" not in repr(read(message()))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [*MESSAGE, *MESSAGE["blueprint"], *MESSAGE["git_config"]]
                ),
                inner,
            )
        ),
    )
)
def test_no_message_raises_anything_else(document: object) -> None:
    """Any JSON is a job or an InvalidJobError."""
    data = json.dumps(document).encode()

    with pytest.raises(InvalidJobError):
        read(data)


@given(st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9:.Zz+-]{5,20}\Z"))
def test_no_time_raises_anything_else(text: str) -> None:
    """Any time is understood, or a violation at its place."""
    try:
        job = read(message("requested_at", text))
    except InvalidJobError as error:
        (violation,) = error.violations
        assert violation.pointer == "/requested_at"
    else:
        assert text[:2] in {"19", "20", "21"}
        assert job.requested_at.tzinfo is UTC


def test_schema_is_published() -> None:
    """The published schema is valid, has its address, and accepts its own example."""
    schema = json.loads(PUBLISHED.read_bytes())

    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == "https://provisionhub.io/schemas/job.schema.json"
    for example in schema["examples"]:
        assert example["run_id"] == read(json.dumps(example).encode()).run_id


def test_schema_documents_itself() -> None:
    """Each member that a message may have is explained."""
    pending = [json.loads(PUBLISHED.read_bytes())]
    while pending:
        for member in pending.pop().get("properties", {}).values():
            assert member["title"]
            assert member["description"].endswith(".")
            pending.append(member)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("", None, id="as it is"),
        pytest.param("requested_at", LEFT_OUT, id="without a date"),
        pytest.param("requested_at", "2026-01-31T12:00:00.5+02:00", id="zoned date"),
        pytest.param("blueprint.template", "go-backend@1.2.0", id="pinned"),
        pytest.param("blueprint.values", LEFT_OUT, id="without values"),
        pytest.param(
            "blueprint.values", {"a": [1.5, 10**30, None, "é\u2028"]}, id="values"
        ),
        pytest.param("git_config", {"provider": "local"}, id="provider alone"),
        pytest.param(
            "git_config",
            {
                "provider": "gitlab",
                "group_id": 7,
                "visibility": "public",
                "default_branch": "trunk",
                "description": "",
                "topics": [],
            },
            id="all of Git",
        ),
    ],
)
def test_job_survives_the_way_to_its_process(path: str, value: object) -> None:
    """What is told to a job process is the job itself, and still a message."""
    job = read(message(path, value))

    told = json.dumps(job.to_json())

    assert Job.from_json(json.loads(told)) == job
    assert read(told.encode()) == job
