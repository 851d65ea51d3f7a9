"""Settings from the environment, from mounted files and from ``.env``."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from provisionhub.settings import (
    Settings,
    SettingsError,
    parse_duration,
    provider_settings,
    read_settings,
)


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_defaults_are_those_of_the_design() -> None:
    """Without any setting the documented defaults hold."""
    settings = read_settings()

    assert settings.blueprint_catalogs == (".",)
    assert settings.max_template_size == 10_000_000
    assert settings.max_workspace_size == 500_000_000
    assert settings.log_level == "info"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("10MB", 10_000_000, id="decimal"),
        pytest.param("1.5GiB", 1_610_612_736, id="binary"),
        pytest.param("4096", 4096, id="bytes"),
    ],
)
def test_sizes_are_human(
    text: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A size may be written as people write it."""
    monkeypatch.setenv("MAX_TEMPLATE_SIZE", text)

    assert read_settings().max_template_size == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5s", timedelta(seconds=5), id="seconds"),
        pytest.param("10m", timedelta(minutes=10), id="minutes"),
        pytest.param("1h30m", timedelta(minutes=90), id="hours and minutes"),
        pytest.param("250ms", timedelta(milliseconds=250), id="milliseconds"),
    ],
)
def test_durations_are_human(text: str, expected: timedelta) -> None:
    """A duration may be written as people write it."""
    assert parse_duration(text) == expected


@pytest.mark.parametrize("text", ["", "5", "s", "5 s", "-5s", "5s!"])
def test_other_durations_are_refused(text: str) -> None:
    """What is no duration is refused with an example of one."""
    with pytest.raises(ValueError, match="such as `5s`"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        pytest.param("MAX_TEMPLATE_SIZE", "lots", "`lots` is not accepted", id="size"),
        pytest.param("MAX_TEMPLATE_SIZE", "0", "a size such as", id="nothing"),
        pytest.param("MAX_FILES", "-1", "a whole number", id="count"),
        pytest.param("LOG_LEVEL", "loud", "one of `debug`", id="choice"),
        pytest.param("BLUEPRINT_CATALOGS", " , ", "folders, or", id="empty list"),
        pytest.param("CONTROL_PLANE_URL", "ftp://a.example", "https", id="scheme"),
        pytest.param("CONTROL_PLANE_URL", "https://u:p@a.example", "out", id="user"),
        pytest.param("CONTROL_PLANE_URL", "https://a.example?x=1", "http", id="query"),
        pytest.param("HEALTH_ADDRESS", "8081", "`host:port`", id="no colon"),
        pytest.param("HEALTH_ADDRESS", "a:65536", "`host:port`", id="port"),
        pytest.param("OTEL_TRACES_EXPORTER", "OTLP HTTP", "such as `otlp`", id="word"),
        pytest.param("RABBITMQ_QUEUE", "my jobs", "letters", id="queue"),
        pytest.param("RABBITMQ_PREFETCH_COUNT", "0", "whole", id="prefetch"),
        pytest.param("RABBITMQ_RETRY_DELAY", "5", "a duration", id="no unit"),
        pytest.param("RABBITMQ_RETRY_DELAY", "6m", "at most `5m`", id="long wait"),
        pytest.param("WORKER_CONCURRENCY", "101", "to `100`", id="concurrency"),
        pytest.param("WORKER_MODE", "turbo", "`batch`", id="mode"),
        pytest.param("WORKER_JOB_TYPES", "planet", "`component`", id="job type"),
        pytest.param("WORKER_ID", "a b", "128 letters", id="worker's name"),
        pytest.param("MAX_ATTEMPTS", "0", "`1` to `100`", id="attempts"),
        pytest.param("MAX_JOB_DURATION", "0s", "a duration", id="no time"),
    ],
)
def test_bad_setting_is_refused(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad value is refused with the name, the value and what is accepted."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=says) as caught:
        read_settings()

    assert str(caught.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://me:s3cret@mq.example",
        "amqp://me:s3cret@",
        "amqp://me:s3cret@mq.example:port/x",
        "me:s3cret@mq.example",
    ],
)
def test_bad_broker_address_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker's address that is none is named, and its password not shown."""
    monkeypatch.setenv("RABBITMQ_URL", url)

    with pytest.raises(SettingsError, match="RABBITMQ_URL: its value") as caught:
        read_settings()

    assert "s3cret" not in str(caught.value)


def test_worker_settings_have_the_design_s_defaults() -> None:
    """Without any setting a worker does five jobs at a time, four times each."""
    settings = read_settings()

    assert settings.rabbitmq_queue == "provisioning-jobs"
    assert settings.rabbitmq_retry_delay == timedelta(seconds=5)
    assert (settings.worker_concurrency, settings.max_attempts) == (5, 4)
    assert settings.max_job_duration == timedelta(minutes=10)
    assert settings.worker_id.endswith(f"-{os.getpid()}")
    assert "guest" not in repr(settings)


def test_bad_secret_is_refused_without_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A secret that is not accepted is named, and not shown."""
    monkeypatch.setenv("CONTROL_PLANE_API_KEY", "two words")

    with pytest.raises(SettingsError) as caught:
        read_settings()

    assert str(caught.value) == (
        "CONTROL_PLANE_API_KEY: its value is not accepted: the control plane's bearer "
        "token: visible ASCII characters"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("127.0.0.1:8081", ("127.0.0.1", 8081), id="IPv4"),
        pytest.param("[::1]:80", ("::1", 80), id="IPv6"),
        pytest.param("localhost:0", ("localhost", 0), id="name"),
        pytest.param(":8081", ("0.0.0.0", 8081), id="anywhere"),  # noqa: S104
    ],
)
def test_address_is_host_and_port(
    text: str, expected: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address to listen on is written as such addresses are."""
    monkeypatch.setenv("HEALTH_ADDRESS", text)

    assert read_settings().health_address == expected


def test_control_planes_address_needs_no_trailing_slash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A trailing slash makes no difference."""
    monkeypatch.setenv("CONTROL_PLANE_URL", "https://a.example/base/")

    assert read_settings().control_plane_url == "https://a.example/base"


def test_setting_may_come_from_a_mounted_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``NAME_FILE`` names a file that holds the value, less its line end."""
    (tmp_path / "level").write_text("debug\n")
    monkeypatch.setenv("LOG_LEVEL_FILE", str(tmp_path / "level"))

    assert read_settings().log_level == "debug"


def test_missing_mounted_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mounted file that is not there is refused with its name."""
    monkeypatch.setenv("LOG_LEVEL_FILE", "absent")

    with pytest.raises(SettingsError, match="LOG_LEVEL_FILE: can't read `absent`"):
        read_settings()


def test_environment_goes_before_dotenv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``.env`` is read, and the environment goes before it."""
    (tmp_path / ".env").write_text("LOG_LEVEL=error\nMAX_FILES=7\nOTHER=x\n")
    monkeypatch.setenv("LOG_LEVEL", "WARNING")

    settings = read_settings()

    assert (settings.log_level, settings.max_files) == ("warning", 7)


def test_catalogs_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catalogs are separated by commas or blanks, in order of precedence."""
    monkeypatch.setenv("BLUEPRINT_CATALOGS", "/a, git+https://host/c.git@v1\n./b")

    catalogs = read_settings().blueprint_catalogs

    assert catalogs == ("/a", "git+https://host/c.git@v1", "./b")


def test_provider_gets_settings_by_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A provider is given our settings and the environment, by documented names."""
    monkeypatch.setenv("ACME_URL", "https://acme.example")
    monkeypatch.setenv("LOCAL_REPOSITORIES_DIR", "~/git")

    given = provider_settings(read_settings())

    assert given["ACME_URL"] == "https://acme.example"
    assert given["LOCAL_REPOSITORIES_DIR"] == str(Path("~/git").expanduser())
