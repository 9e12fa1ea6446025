"""``policy-report``: the commands, what they print, and the exit code they end with.

Exit codes: 0 done, 1 failed run, 2 bad parameters, 3 bad data. Errors go to the error stream in Chinese
and English; the last line on the output stream says where to look, or that nothing was changed.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import Abort, TyperException

from analysis.errors import AnalysisError, ParameterError, message, messages
from analysis.study.workspace import Workspace, check_region, check_year, open_workspace

if TYPE_CHECKING:
    from analysis.intake.desk.draft import Drafted
    from analysis.intake.desk.draw_record import Request
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


@app.command("draft-source")
def draft_source(
    region: Region,
    year: Year = "auto",
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Replace an edited source.toml; the old one is kept."),
    ] = False,
    home: Home = "",
) -> None:
    """Propose source.toml for the files of a new delivery.

    Example: policy-report draft-source --region demo-county --year 2026
    """
    space = open_workspace(home)
    from analysis.intake.desk.draft import draft_source as draft
    from analysis.study.load import load_study

    made = draft(space, load_study(space), region, year, overwrite=overwrite)
    typer.echo("\n".join(draft_lines(made)))


def draft_lines(made: Drafted) -> Iterator[str]:
    """What is said of a draft: a line per file, the sums, and what is still to be done."""
    for file, table, n_sure, n_unsure, n_unmapped in made.files:
        counts = {"n_sure": n_sure, "n_unsure": n_unsure, "n_unmapped": n_unmapped}
        yield messages()["draft_line"]["zh"].format(file=file, table=table, **counts)
    sums = {"n_sure": made.total(2), "n_unsure": made.total(3), "n_unmapped": made.total(4)}
    sizes = {"n_files": made.n_files, "n_tables": made.n_tables}
    yield message("draft_written", path=near_path(made.path), **sizes, **sums)
    yield message("draft_open")


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
def run(
    region: Region,
    year: Year = "auto",
    form: Annotated[
        str, typer.Option(help="Your own Word form, filled as well (see templates).")
    ] = "",
    home: Home = "",
    out: Out = "",
) -> None:
    """Make the report of a region and year: the main job.

    Example: policy-report run --region demo-county --year 2025 --form form.docx
    """
    space = open_workspace(home, out)
    asked = check_year(space, region, year)
    from analysis.run.report import run_report

    tell_of_key(space, region)

    page = run_report(space, region, asked, form)
    typer.echo(message("report_ready", page=near_path(page)))


@app.command()
def templates(
    out: Annotated[str, typer.Option(help="Where to; usually templates/ in the workspace.")] = "",
    year: Annotated[str, typer.Option(help="Printed on the forms; blank for any year.")] = "",
    home: Home = "",
) -> None:
    """Write the Excel forms that a bureau fills by hand, the question bank, and an example for run --form.

    Example: policy-report templates --year 2026 --out forms
    """
    space = open_workspace(home)
    from analysis.intake.desk.templates import write_templates
    from analysis.present.form_example import write_example
    from analysis.study.load import load_study

    folder = Path(out).resolve() if out else space.home / "templates"
    made = write_templates(load_study(space), folder, year) + write_example(folder)
    typer.echo(message("forms_made", count=len(made), folder=near_path(folder)))


@app.command()
def draw(
    region: Annotated[str, typer.Option(help="The folder name under data/raw.")] = "",
    year: Annotated[int, typer.Option(help="The year whose delivery gets the result.")] = 0,
    list_file: Annotated[str, typer.Option("--list", help="The applicants: any workbook.")] = "",
    places: Annotated[int, typer.Option(help="How many can take part.")] = 0,
    course: Annotated[str, typer.Option(help="A code of programme in study/.")] = "",
    date: Annotated[str, typer.Option(help="The day of the draw, as 2025-03-01.")] = "",
    strata: Annotated[str, typer.Option(help="Draw within these: stage,area.")] = "",
    seed: Annotated[
        int | None, typer.Option(help="Said before witnesses; else from the list's hash.")
    ] = None,
    verify: Annotated[str, typer.Option(help="Check this protocol against --list.")] = "",
    home: Home = "",
    out: Annotated[str, typer.Option(help="Where the protocol goes.")] = "",
) -> None:
    """Draw lots for a course with more applicants than places, so that next year is compared by lot.

    Example: policy-report draw --region demo-county --year 2025 --list applicants.xlsx --places 40
    --course digital_course --date 2025-03-01 --strata stage --seed 52146
    """
    asked = dict(region=region, year=year, places=places, course=course, date=date)
    require({"list": list_file} if verify else {"list": list_file, **asked})
    space = open_workspace(home)
    if verify:
        typer.echo(verify_lot(space, Path(verify), Path(list_file)))
        return
    within = tuple(name.strip() for name in strata.split(",") if name.strip())
    from analysis.intake.desk.draw_record import Request

    request = Request(region, year, course, date, places, within, seed)
    typer.echo(draw_lot(space, request, Path(list_file), Path(out) if out else None))


def require(options: Mapping[str, object]) -> None:
    """Raises a ParameterError that names every option left out."""
    missing = [f"--{name}" for name, value in options.items() if value in ("", 0)]
    if missing:
        raise ParameterError("draw_missing_option", missing=", ".join(missing))


def draw_lot(space: Workspace, request: Request, path: Path, out: Path | None) -> str:
    """Draws lots and writes them down; gives what is said of it."""
    from analysis.intake.desk.draw_files import write_draw
    from analysis.study.load import load_study

    made = write_draw(space, load_study(space), request, path, out)
    told = message(
        "draw_ready",
        applicants=len(made.drawn.applicants.groups),
        places=request.places,
        smallest=min(s.n_applicants for s in made.drawn.lots.strata),
        result=near_path(made.result),
        protocol=near_path(made.protocol),
    )
    return f"{told}\n{made.snippet}"


def verify_lot(space: Workspace, protocol: Path, path: Path) -> str:
    """Draws again from a protocol and its list; gives what is said of it."""
    from analysis.intake.desk.draw_files import verify_draw
    from analysis.study.load import load_study

    record = verify_draw(load_study(space), protocol, path)
    return message("draw_verified", file=protocol.name, count=len(record.lots))


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


@app.command()
def verify(
    published: Annotated[
        bool, typer.Option("--published", help="Published numbers only.", show_default=False)
    ] = False,
    planted: Annotated[
        bool, typer.Option("--planted", help="Planted effects only.", show_default=False)
    ] = False,
) -> None:
    """Reproduce published numbers and planted effects; exit code 1 if one does not come out.

    Example: policy-report verify --published
    """
    from analysis.verification.table import report_text
    from analysis.verification.verify import raise_missed, verify_lines

    is_whole = published == planted
    lines = list(verify_lines(published=published or is_whole, planted=planted or is_whole))
    typer.echo(report_text(lines))
    raise_missed(lines)


@app.command()
def lint(
    file: Annotated[str, typer.Argument(help="A .docx, .txt or .html, or - for standard input.")],
) -> None:
    """Say where a draft's words are stronger than its evidence, and what to write instead.

    Exit code 0 without findings, 1 with findings, 2 if the file cannot be read.

    Example: policy-report lint draft.docx
    """
    from analysis.run.proofread import lint_file

    lines, has_findings = lint_file(file)
    typer.echo("\n".join(lines))
    if has_findings:
        raise typer.Exit(1)


@app.command()
def fill(
    file: Annotated[
        str, typer.Argument(help="A .docx or .txt with X, XX, ____ or empty brackets.")
    ],
    region: Region,
    year: Year = "auto",
    home: Home = "",
    out: Annotated[str, typer.Option(help="Usually FILE-filled, beside FILE.")] = "",
) -> None:
    """Fill the placeholders of a draft with counts of this year's data, each with its source.

    What is not certain is left open, with the reason and the missing file.

    Example: policy-report fill draft.docx --region demo-county --year 2025
    """
    from analysis.run.proofread import open_fillable

    draft, target = open_fillable(file, out)
    space = open_workspace(home)
    asked = check_year(space, region, year)
    from analysis.run.drafts import fill_file, filled_lines

    tell_of_key(space, region)
    made = fill_file(space, region, asked, draft, target)
    typer.echo("\n".join(filled_lines(made, near_path(target))))


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
