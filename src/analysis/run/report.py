"""The main job: three notebooks, from a delivery to the folder that people read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from analysis.errors import message
from analysis.intake.delivery import Delivery, load_delivery
from analysis.intake.desk.returns import write_returns
from analysis.present.export import page_from_notebook
from analysis.present.labels import word
from analysis.present.listing import write_listing
from analysis.present.sheets import appendix_path, appendix_title, check_title
from analysis.release.ledger_list import ledger_list
from analysis.run.diary import Diary, diary_file, kept_diary
from analysis.run.files import appendix_outcomes, export_folder
from analysis.run.kernels import execute
from analysis.run.manifest import recipe, short_hash, write_manifest
from analysis.run.parameters import Question, check_question
from analysis.run.screen import Screen, open_screen
from analysis.run.staging import held_report, staged_report
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import PROJECT, Workspace

CLEAN, ESTIMATE, PROBLEMS = "01_clean", "02_estimate", "03_problems"
CHECK_PAGE, REPORT_PAGE = "data-check.html", "index.html"
OWNER_ONLY = 0o600
KERNELS = 2  # notebooks of one outcome each, side by side


@dataclass(frozen=True)
class Job:
    """One run: the question, and where progress and the record of it go."""

    question: Question
    screen: Screen
    diary: Diary

    @property
    def scratch(self) -> Path:
        """Executed notebooks, kept for whoever wants to look inside."""
        return self.question.space.processed(self.question.region) / str(self.question.year)


def run_report(space: Workspace, region: str, year: int | str, form: str = "") -> Path:
    """Makes the report of a region and year, fills a bureau's own form if one is given, and returns the page to open.

    Raises ParameterError before anything starts, DataError or RunError later; either way the last
    good report stays as it is.
    """
    question = _question(space, region, year, form)
    outcomes = appendix_outcomes(space)
    with held_report(space, region, question.year), open_job(question) as job:
        with staged_report(space, region, question.year) as stage:
            build(job, outcomes, stage)
        write_listing(space.reports)
        tell_warnings(job)
    return space.report(region, question.year) / REPORT_PAGE


def run_check(space: Workspace, region: str, year: int | str) -> Path:
    """Reads and cleans a delivery and returns its data check page; no report is touched.

    Raises the same errors as ``run_report``.
    """
    question = _question(space, region, year)
    with held_report(space, region, question.year), open_job(question) as job:
        executed = run_notebook(job, CLEAN)
        delivery = load_delivery(space, region, question.year)
        page = job.scratch / CHECK_PAGE
        made = page_from_notebook(executed, page, check_title(delivery), "", has_views=False)
        write_ledger(job, delivery)
        tell_returns(job)
        return made


def write_ledger(job: Job, delivery: Delivery) -> None:
    """The ledger as a list for spreadsheets, beside the data check and readable by its owner alone."""
    path = job.scratch / word("path_ledger")
    text = ledger_list(load_study(job.question.space), delivery)
    path.write_text(text, encoding="utf-8-sig", newline="")
    path.chmod(OWNER_ONLY)


def tell_returns(job: Job) -> None:
    """Writes the workbooks for schools and says where they lie; they hold names, so never in a report's folder."""
    space, question = job.question.space, job.question
    made = write_returns(space, load_study(space), question.region, question.year)
    fields = {"n_files": made.n_files, "n_cells": made.n_cells, "folder": made.folder}
    job.screen.say(message("returns_written" if made.n_files else "returns_none", **fields))
    if made.kept:
        fields = {"n_kept": made.n_kept, "folder": made.folder, "kept": made.kept}
        job.screen.say(message("returns_kept", **fields))


def tell_warnings(job: Job) -> None:
    """Says that notebooks printed warnings, if they did, and where these are kept."""
    kept = job.diary.warnings
    if kept:
        file = diary_file(job.question.space, job.question.region).name
        job.screen.say(message("warnings_kept", count=len(kept), file=file))


@contextmanager
def open_job(question: Question) -> Iterator[Job]:
    """A job with its screen and diary; both are closed however the block ends."""
    with (
        open_screen() as screen,
        kept_diary(question.space, question.region, question.year) as diary,
    ):
        yield Job(question, screen, diary)


def _question(space: Workspace, region: str, year: int | str, form: str = "") -> Question:
    """The checked question of a whole run."""
    values = {"region": region, "year": year, "home": str(space.home), "out": str(space.out)}
    return check_question(PROBLEMS, values | {"form": form})


def build(job: Job, outcomes: dict[str, str], stage: Path) -> None:
    """Fills a staging folder with a whole report; ``manifest.json`` comes last."""
    question = job.question
    shutil.rmtree(export_folder(question), ignore_errors=True)  # what an earlier run exported
    executed = {CHECK_PAGE: run_notebook(job, CLEAN)}
    executed |= run_estimates(job, outcomes)
    executed |= {REPORT_PAGE: run_notebook(job, PROBLEMS)}
    with job.diary.stage("pages"):
        delivery = load_delivery(question.space, question.region, question.year)
        finish(question, delivery, outcomes, executed, stage)


def finish(
    question: Question,
    delivery: Delivery,
    outcomes: dict[str, str],
    executed: dict[str, Path],
    stage: Path,
) -> None:
    """Writes pages, tables, Word file and manifest; every page bears the mark of what it is made from."""
    made_from = recipe(question.space, delivery, outcomes, question.form)
    titles = page_titles(load_study(question.space), delivery)
    for name, notebook in executed.items():
        mark, is_report = short_hash(made_from), name == REPORT_PAGE
        page_from_notebook(notebook, stage / name, titles[name], mark, has_views=is_report)
    for path in sorted(export_folder(question).iterdir()):
        shutil.copyfile(path, stage / path.name)
    write_manifest(stage, titles[REPORT_PAGE], delivery, made_from)


def page_titles(study: Study, delivery: Delivery) -> dict[str, str]:
    """The title of each page of a report, by file name."""
    return {
        REPORT_PAGE: word("title", region=delivery.label, year=delivery.year),
        CHECK_PAGE: check_title(delivery),
    } | {appendix_path(o.id): appendix_title(delivery, o) for o in study.outcomes.values()}


def run_estimates(job: Job, outcomes: Iterable[str]) -> dict[str, Path]:
    """The executed notebook of each outcome under the name of its page; two kernels at a time."""
    names = list(outcomes)
    workers = min(KERNELS, os.cpu_count() or 1)
    with job.diary.stage(ESTIMATE), ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(lambda outcome: run_notebook(job, ESTIMATE, outcome), names))
    return {appendix_path(n): executed for n, executed in zip(names, done, strict=True)}


def run_notebook(job: Job, name: str, outcome: str = "") -> Path:
    """Where one notebook lies, executed with the job's question; its warnings go to the diary."""
    source = PROJECT / "notebooks" / f"{name}.ipynb"
    label = f"{name}:{outcome}" if outcome else name
    target = job.scratch / "executed" / f"{label.replace(':', '-')}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    cells = len(nbformat.read(source, as_version=4).cells) + 1  # papermill adds one
    with job.diary.stage(label), job.screen.watch(label, cells) as on_cell:
        values = notebook_parameters(job.question, outcome)
        values |= {"form": job.question.form} if name == PROBLEMS else {}
        warnings = execute(source, target, values, on_cell)
    job.diary.warnings.extend(f"{label}: {text}" for text in warnings)
    return target


def notebook_parameters(question: Question, outcome: str = "") -> dict[str, object]:
    """The question as papermill passes it on."""
    values: dict[str, object] = {
        "region": question.region,
        "year": question.year,
        "home": str(question.space.home),
        "out": str(question.space.out),
    }
    return values | ({"outcome": outcome} if outcome else {})
