"""``policy-report``: the commands, what they print, and the exit code they end with.

Exit codes: 0 done, 1 failed run, 2 bad parameters, 3 bad data. Errors go to the error stream in Chinese
and English; the last line on the output stream says where to look, or that nothing was changed.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Abort, TyperException

from analysis.errors import AnalysisError, message
from analysis.study.workspace import Workspace, check_region, check_year, open_workspace

if TYPE_CHECKING:
    from analysis.synthetic.options import BureauOptions

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Region = Annotated[str, typer.Option(help="The folder name under data/raw.", show_default=False)]
Year = Annotated[str, typer.Option(help="The report year, or auto: the newest delivery.")]
Home = Annotated[str, typer.Option(help="A workspace other than this project.", show_default=False)]
Size = Annotated[
    int | None, typer.Option(help="How many; usually as the bureau has.", show_default=False)
]
Out = Annotated[
    str, typer.Option(help="Where results go, if not into the workspace.", show_default=False)
]


@app.callback()
def policy_report() -> None:
    """Evidence for the problems section of a bureau's yearly work summary."""


@app.command()
def demo(
    bureau: Annotated[str, typer.Option(help="county or city.")] = "county",
    region: Annotated[str, typer.Option(help="Its folder; usually demo-<bureau>.")] = "",
    teachers: Size = None,
    schools: Size = None,
    pilots: Size = None,
    years: Annotated[int | None, typer.Option(help="How many yearly deliveries.")] = None,
    last_year: Annotated[int, typer.Option(help="The year of the newest delivery.")] = 2025,
    waves: Annotated[int | None, typer.Option(help="How many yearly tests up to 2025.")] = None,
    tests: Annotated[str, typer.Option(help="scores or pass-list.")] = "scores",
    world: Annotated[str, typer.Option(help="planted, or W0 to W8.")] = "planted",
    dirt: Annotated[str | None, typer.Option(help="all, none, some items, or -item,-item.")] = None,
    format: Annotated[str, typer.Option(help="files or parquet.")] = "files",
    seed: Annotated[int, typer.Option(help="Another seed invents another bureau.")] = 20251201,
    if_absent: Annotated[
        bool, typer.Option("--if-absent", help="Do nothing if it exists as it would be made.")
    ] = False,
    home: Home = "",
) -> None:
    """Make an invented bureau under data/raw.

    Example: policy-report demo --bureau city --if-absent
    """
    asked = {name: value for name, value in locals().items() if name not in ("if_absent", "home")}
    from analysis.synthetic.options import bureau_options

    options = bureau_options(**asked | {"region": region or f"demo-{bureau}"})
    typer.echo(invent(open_workspace(home), options, if_absent))


def invent(space: Workspace, options: BureauOptions, if_absent: bool) -> str:
    """Makes an invented bureau unless it is there as it would be made; gives what is said of it."""
    from analysis.synthetic.demo import is_stale, make_demo, read_made

    folder = space.raw / options.region
    existed = folder.exists()
    if if_absent and existed and read_made(folder) and not is_stale(folder, options):
        return message("demo_present", folder=near_path(folder))
    make_demo(space, options, overwrite=True)
    return demo_message(near_path(folder), existed, if_absent)


def demo_message(folder: str, existed: bool, if_absent: bool) -> str:
    """What is said of a region just made: new, or in place of one before, and then why."""
    if not existed:
        return message("demo_made", folder=folder)
    return message("demo_stale" if if_absent else "demo_renewed", folder=folder)


@app.command()
def check(region: Region, year: Year = "auto", home: Home = "", out: Out = "") -> None:
    """Read and clean only; write the data check page.

    Example: policy-report check --region demo-county --year 2025
    """
    space = open_workspace(home, out)
    asked = check_year(
        space, region, year
    )  # before the slow imports, so a typing error is told at once
    from analysis.run.report import run_check

    tell_of_key(space, region)

    page = run_check(space, region, asked)
    typer.echo(message("report_ready", page=near_path(page)))


@app.command()
def run(region: Region, year: Year = "auto", home: Home = "", out: Out = "") -> None:
    """Make the report of a region and year: the main job.

    Example: policy-report run --region demo-county --year 2025
    """
    space = open_workspace(home, out)
    asked = check_year(space, region, year)
    from analysis.run.report import run_report

    tell_of_key(space, region)

    page = run_report(space, region, asked)
    typer.echo(message("report_ready", page=near_path(page)))


@app.command()
def schedule(
    region: Region,
    system: Annotated[str, typer.Option(help="systemd, cron or windows.")] = "",
    every: Annotated[str, typer.Option(help="daily or weekly (Mondays).")] = "weekly",
    at: Annotated[str, typer.Option(help="The time of day.")] = "06:30",
    home: Home = "",
) -> None:
    """Print a timer entry for the newest report.

    Example: policy-report schedule --region demo-county --system cron
    """
    from analysis.run.schedule import this_system, timer_entry

    space = open_workspace(home)
    check_region(space, region)
    asked = str(space.home) if home else ""
    typer.echo(timer_entry(system or this_system(), region, every, at, asked))


def tell_of_key(space: Workspace, region: str) -> None:
    """Says once, before anything else, where the key of a bureau's people was made; mostly nothing."""
    from analysis.intake.linking.persons import prepare_key

    note = prepare_key(space, region)
    if note:
        typer.echo(note, err=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; only a fault of ours shows a traceback."""
    speak_plainly()
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    try:
        return int(app(args=words, standalone_mode=False, prog_name="policy-report") or 0)
    except AnalysisError as error:
        return stop(str(error), error.exit_code)
    except TyperException as error:
        return stop(message("bad_usage", detail=error.format_message()), error.exit_code)
    except (Abort, KeyboardInterrupt):
        return stop(message("interrupted"), 1)
    except Exception:  # noqa: BLE001 the last line of defence: anything else is our bug, shown whole
        return stop(f"{traceback.format_exc()}{message('our_fault')}", 1)


def stop(text: str, exit_code: int) -> int:
    """Says on the error stream what went wrong and on the output stream that it did."""
    typer.echo(text, err=True)
    typer.echo(message("not_done", code=exit_code))
    return exit_code


def speak_plainly() -> None:
    """A console that knows no Chinese shows question marks instead of stopping the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def near_path(path: Path) -> str:
    """A path as one would type it: relative to here if it lies below, otherwise in full."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)
