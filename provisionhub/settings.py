"""The settings, read from the environment and ``.env``; and nothing else reads them.

Every setting may also come from a file: ``NAME_FILE`` holds the path of a mounted
secret whose content, less its trailing line end, is the value of ``NAME``.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ByteSize,
    Field,
    PlainSerializer,
    SecretStr,
    ValidationError,
)
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_TOKEN: Final = re.compile(r"[\x21-\x7e]*")
_ADDRESS: Final = re.compile(
    r"(?:\[(?P<ipv6>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.-]*)):(?P<port>[0-9]{1,5})"
)
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")


class SettingsError(ValueError):
    """One or more settings are wrong; the text names each, its value and the remedy."""


def parse_duration(text: str) -> timedelta:
    """Return the duration written as ``5s``, ``10m``, ``1h30m`` or ``250ms``.

    Raises:
        ValueError: If *text* is written otherwise.
    """
    if not re.fullmatch(f"(?:{_DURATION.pattern})+", text):
        raise ValueError("a duration such as `5s`, `10m` or `1h30m`")
    parts = _DURATION.findall(text)
    return timedelta(seconds=sum(float(n) * _UNITS[unit] for n, unit in parts))


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part for part in re.split(r"[,\s]+", value) if part)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _expand(value: object) -> object:
    return os.path.expanduser(value) if isinstance(value, str) else value  # noqa: PTH111 - not yet a path


def _check_web_address(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise ValueError("no plain http address")
    return text.rstrip("/")


def _check_broker_address(secret: SecretStr) -> SecretStr:
    parts = urlsplit(secret.get_secret_value())
    if parts.scheme not in {"amqp", "amqps"} or not parts.hostname or parts.fragment:
        raise ValueError("no broker's address")
    _ = parts.port  # raises ValueError if it is none
    return secret


def _check_token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError("no token")
    return secret


def _split_address(value: object) -> object:
    """Return the two of ``host:port``, ``[::1]:port`` or, for any host, ``:port``."""
    found = _ADDRESS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    return found["ipv6"] or found["host"] or "0.0.0.0", found["port"]  # noqa: S104 - as was asked for


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


def _worker_id() -> str:
    """Return this process's name, for as long as it lives."""
    return f"{socket.gethostname()[:80]}-{os.getpid()}"


Folder = Annotated[Path, BeforeValidator(_expand)]
Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(str)]


class Settings(BaseSettings):
    """What a run of the program is told from outside; names are upper case there."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    blueprint_catalogs: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_split)
    ] = Field(
        default=(".",),
        min_length=1,
        description="catalogs in order of precedence: folders, or "
        "`git+https://host/group/catalog.git@ref`, separated by commas",
    )
    template_cache_dir: Folder = Field(
        default_factory=lambda: user_cache_path("provisionhub") / "catalogs",
        json_schema_extra={"default": "`provisionhub/catalogs` in the user's cache"},
        description="where Git catalogs are mirrored",
    )
    workspace_dir: Folder = Field(
        default_factory=lambda: user_cache_path("provisionhub") / "workspaces",
        json_schema_extra={"default": "`provisionhub/workspaces` in the user's cache"},
        description="where jobs work; emptied after each",
    )
    local_repositories_dir: Folder = Field(
        default=Path("repositories"),
        description="where the `local` provider keeps its bare repositories",
    )
    max_template_size: ByteSize = Field(
        default=ByteSize(10_000_000),
        gt=0,
        description="largest blueprint, all its files together: a size such as `10MB`",
    )
    max_workspace_size: ByteSize = Field(
        default=ByteSize(500_000_000),
        gt=0,
        description="largest rendered tree: a size such as `500MB`",
    )
    max_file_size: ByteSize = Field(
        default=ByteSize(50_000_000),
        gt=0,
        description="largest rendered file: a size such as `50MB`",
    )
    max_files: int = Field(
        default=10_000, gt=0, description="most files in a tree: a whole number"
    )
    max_render_cpu: Duration = Field(
        default=timedelta(seconds=10),
        ge=timedelta(seconds=1),
        le=timedelta(hours=1),
        description="most CPU time for each step of a job's rendering, in whole "
        "seconds: a duration such as `10s`",
    )
    max_render_time: Duration = Field(
        default=timedelta(seconds=30),
        gt=timedelta(0),
        le=timedelta(days=1),
        description="longest that each step of a job's rendering may take on the "
        "clock: a duration such as `30s`",
    )
    max_render_memory: ByteSize = Field(
        default=ByteSize(256 * 1024**2),
        ge=16 * 1024**2,
        description="most memory for a job's rendering, beyond what Python takes: "
        "a size such as `256MiB`, at least `16MiB`",
    )
    sandbox: Annotated[Literal["require", "best-effort"], BeforeValidator(_lower)] = (
        Field(
            default_factory=lambda: (
                "require" if sys.platform == "linux" else "best-effort"
            ),
            json_schema_extra={"default": "`require` on Linux, else `best-effort`"},
            description="`require` the whole sandbox or refuse to render, or "
            "`best-effort`: do with what the system gives",
        )
    )
    snapshot_gate: Annotated[
        Literal["enforce", "warn", "off"], BeforeValidator(_lower)
    ] = Field(
        default="enforce",
        description="what becomes of jobs whose blueprint does not render its recorded "
        "snapshots: one of `enforce`, `warn`, `off`",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)
    ] = Field(
        default="info",
        description="from which level on is logged: one of `debug`, `info`, `warning`, "
        "`error`",
    )
    log_format: Annotated[Literal["json", "console"], BeforeValidator(_lower)] = Field(
        default="json",
        description="how is logged: one of `json` for machines, `console` for people",
    )

    gitlab_url: Annotated[str, AfterValidator(_check_web_address)] = Field(
        default="https://gitlab.com",
        description="the GitLab that the `gitlab` provider makes projects in: an http "
        "or https address without credentials",
    )
    gitlab_token: Annotated[SecretStr, AfterValidator(_check_token)] = Field(
        default=SecretStr(""),
        description="the token it does so with, scope `api`, of a Maintainer of the "
        "group: visible ASCII characters",
    )
    gitlab_group_id: str = Field(
        default="",
        description="the group for jobs that name none: its number or its full path",
    )
    control_plane_url: Annotated[str, AfterValidator(_check_web_address)] = Field(
        default="",
        description="where runs are reported: an http or https address without "
        "credentials, or nothing to report to the log alone",
    )
    control_plane_api_key: Annotated[SecretStr, AfterValidator(_check_token)] = Field(
        default=SecretStr(""),
        description="the control plane's bearer token: visible ASCII characters",
    )
    health_address: Annotated[
        tuple[str, Annotated[int, Field(le=65_535)]],
        NoDecode,
        BeforeValidator(_split_address),
    ] = Field(
        default=("127.0.0.1", 8081),
        description="where `/health`, `/health/ready` and `/metrics` are served: "
        "`host:port`, or `:port` for every interface",
    )
    otel_traces_exporter: str = Field(
        default="none",
        pattern="^[a-z][a-z0-9_-]*$",
        description="where traces go: `none`, or an installed OpenTelemetry exporter "
        "such as `otlp`, which has settings of its own",
    )

    rabbitmq_url: Annotated[SecretStr, AfterValidator(_check_broker_address)] = Field(
        default=SecretStr("amqp://guest:guest@localhost:5672/%2F"),
        description="the broker: `amqp://user:password@host:port/vhost`, or `amqps://…`",
    )
    rabbitmq_queue: str = Field(
        default="provisioning-jobs",
        pattern=r"^[A-Za-z0-9_.:-]{1,128}$",
        description="the queue of jobs: at most 128 letters, digits and `_.:-`; "
        "the names of its retry and dead-letter queues begin with it",
    )
    rabbitmq_prefetch_count: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="messages taken for each job that can run: a whole number",
    )
    rabbitmq_retry_delay: Duration = Field(
        default=timedelta(seconds=5),
        ge=timedelta(milliseconds=1),
        le=timedelta(minutes=5),
        description="wait before the second attempt, doubled for each further one: "
        "a duration of at most `5m`",
    )
    worker_id: str = Field(
        default_factory=_worker_id,
        json_schema_extra={"default": "host name and process id"},
        pattern=r"^[A-Za-z0-9_.:-]{1,128}$",
        description="the worker's name in logs and reports: at most 128 letters, "
        "digits and `_.:-`",
    )
    worker_concurrency: int = Field(
        default=5, ge=1, le=100, description="jobs done at a time: `1` to `100`"
    )
    worker_mode: Annotated[
        Literal["standard", "specialized", "batch"], BeforeValidator(_lower)
    ] = Field(
        default="standard",
        description="`standard` takes every job, `specialized` those of "
        "`WORKER_JOB_TYPES`, `batch` ends once the queue is empty",
    )
    worker_job_types: Annotated[
        tuple[Literal["system", "component"], ...],
        NoDecode,
        BeforeValidator(_split),
    ] = Field(
        default=(),
        description="what a specialized worker takes: `system`, `component`, "
        "separated by commas",
    )
    worker_batch_size: int = Field(
        default=100,
        ge=1,
        description="most messages that a batch settles: a whole number",
    )
    max_attempts: int = Field(
        default=4,
        ge=1,
        le=100,
        description="times that a job is tried before it is given up: `1` to `100`",
    )
    max_job_duration: Duration = Field(
        default=timedelta(minutes=10),
        gt=timedelta(0),
        description="how long one attempt may take before it is killed: "
        "a duration such as `10m`",
    )
    shutdown_timeout: Duration = Field(
        default=timedelta(seconds=25),
        ge=timedelta(0),
        description="how long running jobs may go on after SIGTERM; less than whoever "
        "stops the worker waits: a duration such as `25s`",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - replaced by NAME_FILE
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then ``NAME``, ``NAME_FILE`` and ``.env``."""
        return (
            init_settings,
            env_settings,
            _MountedSecrets(settings_cls),
            dotenv_settings,
        )


def read_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsError: Naming each setting that is wrong, and what is accepted.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except OSError as error:
        raise SettingsError(str(error)) from None


def provider_settings(settings: Settings) -> dict[str, str]:
    """Return what a Git provider is constructed with: settings by their names.

    The process's environment is part of it, so that a third party's provider can
    have settings of its own.
    """
    known = settings.model_dump(mode="json")
    for name in known:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            known[name] = value.get_secret_value()
    ours = {name.upper(): str(value) for name, value in known.items()}
    return {**os.environ, **ours}


class _MountedSecrets(PydanticBaseSettingsSource):
    """Reads ``NAME`` from the file that ``NAME_FILE`` names."""

    def get_field_value(
        self,
        field: FieldInfo,  # noqa: ARG002 - the base class's signature
        field_name: str,
    ) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{field_name.upper()}_FILE")
        if path is None:
            return None, field_name, False
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "is not UTF-8"
            raise OSError(
                f"{field_name.upper()}_FILE: can't read `{path}`: {reason}"
            ) from None
        return text.removesuffix("\n").removesuffix("\r"), field_name, False

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False, include_context=False):
        name = str(problem["loc"][0]) if problem["loc"] else ""
        accepted = Settings.model_fields[name].description
        # A secret's value is never shown, and pydantic's input is the raw one.
        secret = Settings.model_fields[name].annotation is SecretStr
        shown = "its value" if secret else f"`{problem['input']}`"
        lines.append(f"{name.upper()}: {shown} is not accepted: {accepted}")
    return "\n".join(lines)
