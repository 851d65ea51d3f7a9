"""The commands: what each takes, and the module that does it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Optional

import typer

from provisionhub import __version__
from provisionhub.app import App
from provisionhub.cli import doctor as checking
from provisionhub.cli import (
    linting,
    listing,
    provisioning,
    queueing,
    rendering,
    starting,
    testing,
    verifying,
    working,
)
from provisionhub.cli.console import misuse, told_errors
from provisionhub.cli.lint_formats import Form
from provisionhub.settings import read_settings
from provisionhub.telemetry import configure_logs

cli = typer.Typer(
    name="provisionhub",
    help="Turns a blueprint and a job into a Git repository, exactly once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
dead_letters = typer.Typer(
    help="Look at jobs that were given up; send them back, or away.",
    no_args_is_help=True,
)
cli.add_typer(dead_letters, name="dead-letters")

BlueprintArgument = Annotated[
    str, typer.Argument(help="A name in a catalog, or a path to a blueprint's folder.")
]
RunArgument = Annotated[
    str, typer.Argument(help="A run, as `dead-letters list` names it.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Tell what would be done, and do nothing.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON, of a failure too.")
]


def main() -> None:
    """Run the command line; exits 0 done, 1 failed, 2 usage."""
    cli()


new = typer.Typer(help="Write a working start, with its tests.", no_args_is_help=True)
cli.add_typer(new, name="new")


@cli.callback()
def _options(
    *,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _print_version() if wanted else None,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    configure_logs("warning", "console")


@cli.command()
def provision(
    job: Annotated[Path, typer.Argument(help="The job message; - is standard input.")],
    *,
    provider: Annotated[
        Optional[str],  # noqa: UP045 - typer reads it when running
        typer.Option(help="Use this Git provider instead of the job's."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Do one job, here and now, without a queue; shows each step."""
    with told_errors(as_json=json):
        provisioning.provision(_app(), job, provider=provider, as_json=json)


@cli.command()
def render(  # noqa: PLR0913 - one parameter an option
    blueprint: BlueprintArgument,
    *,
    example: Annotated[
        Optional[str],  # noqa: UP045 - as above
        typer.Option(help="Render one of the blueprint's own examples."),
    ] = None,
    values: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Render {name, namespace, values} from a YAML or JSON file."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Write the files into this folder, new or empty."),
    ] = None,
    tree: Annotated[bool, typer.Option("--tree", help="Show the tree.")] = False,
    diff: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Show how this folder differs; exit 1 if it does."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Preview what a blueprint makes of an example or of your values."""
    if (example is None) == (values is None):
        misuse("name either `--example NAME` or `--values FILE`")
    if sum((out is not None, tree, diff is not None, json)) > 1:
        misuse("choose one of `--out`, `--tree`, `--diff` and `--json`")
    with told_errors(as_json=json):
        app = _app()
        rendered = rendering.render(app, blueprint, example=example, values=values)
        if out is not None:
            rendering.write_out(rendered, out)
        elif diff is not None:
            raise typer.Exit(rendering.show_diff(rendered, diff))
        elif json:
            rendering.print_files(rendered)
        else:
            rendering.show_tree(rendered)


@cli.command("test")
def hold_to_snapshots(  # noqa: PLR0913 - one parameter an option
    blueprint: Annotated[
        Optional[list[str]],  # noqa: UP045 - as above
        typer.Argument(help="Names in a catalog folder; all of them if none is given."),
    ] = None,
    *,
    update: Annotated[
        bool, typer.Option("--update", help="Record the snapshots anew.")
    ] = False,
    jobs: Annotated[
        int,
        typer.Option(
            "--jobs", "-j", min=0, help="Render this many at a time; 0: one a core."
        ),
    ] = 0,
    junit_xml: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Write a JUnit report for CI into this file."),
    ] = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage", help="Tell what of the templates no case ever reached."
        ),
    ] = False,
    fail_under: Annotated[
        Optional[float],  # noqa: UP045 - as above
        typer.Option(min=0, max=100, help="Fail if fewer percent of it are reached."),
    ] = None,
    html: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Write pages with each file's lines coloured, here."),
    ] = None,
    coverage_json: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Write what was missed into this file, as JSON."),
    ] = None,
    coverage_xml: Annotated[
        Optional[Path],  # noqa: UP045 - as above
        typer.Option(help="Write it into this file in Cobertura's format, for CI."),
    ] = None,
    matrix: Annotated[
        bool,
        typer.Option(help="Also render cases derived from each blueprint's schema."),
    ] = True,
    odd_texts: Annotated[
        bool,
        typer.Option(help="Have cases with texts that templates forget about."),
    ] = True,
    snapshot_matrix: Annotated[
        bool,
        typer.Option("--snapshot-matrix", help="Hold those cases to snapshots too."),
    ] = False,
    only_list: Annotated[
        bool, typer.Option("--list", help="List the tests; run none.")
    ] = False,
) -> None:
    """Hold every example to its snapshot; render what else the schema accepts."""
    reports = testing.CoverageReports(
        coverage, fail_under, html, coverage_json, coverage_xml
    )
    with told_errors(as_json=False):
        raise typer.Exit(
            testing.test_blueprints(
                _app(),
                blueprint or [],
                update=update,
                jobs=jobs,
                junit_xml=junit_xml,
                coverage=reports,
                cases=testing.CaseChoice(
                    is_on=matrix or snapshot_matrix,
                    odd_texts=odd_texts,
                    is_recorded=snapshot_matrix,
                ),
                only_list=only_list,
            )
        )


@cli.command()
def lint(
    blueprint: Annotated[
        Optional[list[str]],  # noqa: UP045 - as above
        typer.Argument(
            help="Names in a catalog, or paths to folders; all if none is given."
        ),
    ] = None,
    *,
    form: Annotated[
        Form, typer.Option("--format", help="How to print what is found.")
    ] = Form.TEXT,
    json: JsonOption = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail for warnings, too.")
    ] = False,
    affects: Annotated[
        bool, typer.Option("--affects", help="Show which files each value affects.")
    ] = False,
) -> None:
    """Check blueprints without values: what their templates read, above all."""
    if json and form not in {Form.TEXT, Form.JSON}:
        misuse("choose one of `--json` and `--format`")
    if affects and (json or form is not Form.TEXT):
        misuse("`--affects` shows a table; JSON has the same under `affects`")
    with told_errors(as_json=json or form is Form.JSON):
        raise typer.Exit(
            linting.lint_blueprints(
                _app(),
                blueprint or [],
                form=Form.JSON if json else form,
                is_strict=strict,
                affects=affects,
            )
        )


@new.command("blueprint")
def new_blueprint(
    name: Annotated[str, typer.Argument(help="What jobs will ask for it by.")],
    *,
    engine: Annotated[str, typer.Option(help="Its template engine.")],
    catalog: Annotated[
        Path, typer.Option(help="The folder that holds `blueprints/`.")
    ] = Path(),
) -> None:
    """Write a blueprint with examples, snapshots and a pipeline."""
    with told_errors(as_json=False):
        starting.new_blueprint(_app(), name, engine=engine, folder=catalog)


@new.command("engine")
def new_engine(
    name: Annotated[str, typer.Argument(help="What blueprints will ask for it by.")],
    *,
    folder: Annotated[
        Path, typer.Option(help="Where the package's folder goes.")
    ] = Path(),
) -> None:
    """Write an installable package with an engine that keeps the contract."""
    with told_errors(as_json=False):
        starting.new_engine(_app(), name, folder=folder)


@cli.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A folder with a lock file: a clone.")],
    *,
    json: JsonOption = False,
) -> None:
    """Make a repository again from its lock file, and compare."""
    with told_errors(as_json=json):
        raise typer.Exit(verifying.verify(_app(), folder, as_json=json))


@cli.command()
def worker() -> None:
    """Take jobs from the queue until told to end; see the settings."""
    raise typer.Exit(working.work())


@cli.command()
def submit(
    jobs: Annotated[
        list[Path], typer.Argument(help="Job messages; - is standard input.")
    ],
    *,
    json: JsonOption = False,
) -> None:
    """Publish jobs to the queue, confirmed: all or, if one is wrong, none."""
    with told_errors(as_json=json):
        queueing.submit(_app(), jobs, as_json=json)


@dead_letters.command("list")
def list_dead_letters(*, json: JsonOption = False) -> None:
    """List every run that was given up, once each."""
    with told_errors(as_json=json):
        queueing.list_dead_letters(_app(), as_json=json)


@dead_letters.command("show")
def show_dead_letter(run: RunArgument, *, json: JsonOption = False) -> None:
    """Show one run: why it was given up, and what became of each attempt."""
    with told_errors(as_json=json):
        raise typer.Exit(queueing.show_dead_letter(_app(), run, as_json=json))


@dead_letters.command("replay")
def replay_dead_letters(
    runs: Annotated[
        Optional[list[str]],  # noqa: UP045 - as above
        typer.Argument(help="Runs, as `dead-letters list` names them."),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every run.")] = False,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Send runs back to their queues, to be tried afresh."""
    if bool(runs) == every:
        misuse("name either runs or `--all`")
    with told_errors(as_json=json):
        raise typer.Exit(
            queueing.replay(
                _app(), runs or [], every=every, dry_run=dry_run, as_json=json
            )
        )


@dead_letters.command("discard")
def discard_dead_letters(
    runs: Annotated[list[str], typer.Argument(help="Runs to forget.")],
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Forget runs for good."""
    with told_errors(as_json=json):
        raise typer.Exit(queueing.discard(_app(), runs, dry_run=dry_run, as_json=json))


@cli.command()
def blueprints(*, json: JsonOption = False) -> None:
    """List the blueprints of every catalog."""
    with told_errors(as_json=json):
        raise typer.Exit(listing.blueprints(_app(), as_json=json))


@cli.command()
def engines(*, json: JsonOption = False) -> None:
    """List the installed template engines."""
    with told_errors(as_json=json):
        listing.engines(_app(), as_json=json)


@cli.command()
def providers(*, json: JsonOption = False) -> None:
    """List the installed Git providers."""
    with told_errors(as_json=json):
        listing.providers(_app(), as_json=json)


@cli.command()
def doctor(*, json: JsonOption = False) -> None:
    """Check sandbox, broker, GitLab and control plane before the first job does."""
    with told_errors(as_json=json):
        raise typer.Exit(checking.doctor(_app(), checking.CHECKS, as_json=json))


def _app() -> App:
    return App(read_settings())


def _print_version() -> None:
    typer.echo(f"provisionhub {__version__}")
    raise typer.Exit
