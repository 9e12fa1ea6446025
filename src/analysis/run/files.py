"""The tables and the Word file that accompany the report page, written by the last notebook.

They wait beside the processed data until a run has finished and takes them along, so running a
notebook by hand never touches a report.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from analysis.inference.record import Estimate
from analysis.inference.store import load_estimates
from analysis.intake.delivery import Delivery
from analysis.present.form import fill_form, form_file
from analysis.present.labels import word
from analysis.present.page import Page
from analysis.present.word import write_word
from analysis.release.claims import Claim
from analysis.release.rows import csv_row
from analysis.run.manifest import recipe, short_hash
from analysis.run.parameters import Question
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace

ENCODING = "utf-8-sig"  # with the mark by which Excel and WPS know the encoding


def export_folder(question: Question) -> Path:
    """Where the files of one region and year wait."""
    return question.space.processed(question.region) / str(question.year) / "export"


def write_files(question: Question, study: Study, delivery: Delivery, page: Page) -> Path:
    """Writes ``estimates.csv``, ``claims.csv`` and the Word file of a report; returns their folder.

    A page holds disclosed estimates only, so nothing small gets into the tables either.
    """
    folder = export_folder(question)
    folder.mkdir(parents=True, exist_ok=True)
    rows = [csv_row(study, delivery.label, e) for e in page.estimates.values()]
    write_rows(folder / "estimates.csv", rows)
    write_rows(folder / "claims.csv", [claim_row(c) for c in page.report.claims()])
    outcomes = appendix_outcomes(question.space)
    mark = short_hash(recipe(question.space, delivery, outcomes, question.form))
    write_word(page, folder / word("path_word"), mark)
    if question.form:
        write_form(Path(question.form), folder, page, mark)
    return folder


def write_form(form: Path, folder: Path, page: Page, mark: str) -> None:
    """The bureau's own form, filled, beside the other files."""
    (folder / form_file(form)).write_bytes(fill_form(form, page, mark))


def stored_estimates(question: Question) -> tuple[Estimate, ...]:
    """What the notebooks of the single outcomes stored; RunError if one of them has not run."""
    place = (question.space, question.region, question.year)
    names = appendix_outcomes(question.space)
    return tuple(e for name in names for e in load_estimates(*place, name))


def appendix_outcomes(space: Workspace) -> dict[str, str]:
    """Outcomes with an appendix of their own, each with the definition it is estimated by."""
    outcomes = load_study(space).outcomes.values()
    return {o.id: o.primary for o in outcomes if o.appendix}


def claim_row(claim: Claim) -> dict[str, object]:
    """One claim as a flat row: the sentence as read, and its numbers as ``name=value unit (source)``."""
    slots = (f"{s.name}={s.value:.{s.decimals}f} {s.unit} ({s.source})" for s in claim.slots)
    return {
        "id": claim.id,
        "problem": claim.problem,
        "kind": claim.kind,
        "label": claim.label,
        "text": claim.plain(),
        "slots": "; ".join(slots),
        "caveats": "; ".join(claim.caveats),
        "estimate": claim.estimate,
    }


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    """One CSV file; its columns are all keys in the order they first appear, a missing value is empty."""
    table = list(rows)
    columns = list(dict.fromkeys(key for row in table for key in row))
    with path.open("w", encoding=ENCODING, newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(table)
