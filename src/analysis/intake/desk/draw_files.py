"""``policy-report draw``: writes the papers of a lot, once, and checks a protocol by drawing again."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import DataError, ParameterError
from analysis.intake.desk.draw_papers import (
    draw_words,
    protocol_page,
    result_book,
    source_snippet,
)
from analysis.intake.desk.draw_record import Drawn, Record, Request, draw, read_record
from analysis.study.objects import Study
from analysis.study.workspace import YEAR, Workspace, check_region

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Written:
    """Where the papers of a lot lie, what ``source.toml`` needs, and the lot itself."""

    result: Path
    protocol: Path
    snippet: str
    drawn: Drawn


def write_draw(
    space: Workspace, study: Study, request: Request, path: Path, out: Path | None = None
) -> Written:
    """Draw and write: the result with names beside the deliveries, owner-only, the protocol there too or in ``out``.

    Raises ParameterError for what cannot be asked and for a lot that was drawn before with another outcome.
    """
    check_request(space, request)
    drawn = draw(study, request, path)
    folder, words = space.delivery(request.region, request.year), draw_words()
    result = folder / words["result_file"].format(course=request.course)
    protocol = (out or folder) / words["protocol_file"].format(course=request.course)
    papers = {
        result: result_book(study, drawn),
        protocol: protocol_page(study, drawn).encode("utf-8"),
    }
    refuse_second_lot(papers)
    try:
        write_papers(papers, private=result)
    except OSError as error:
        raise ParameterError("draw_not_written", folder=folder, detail=error) from error
    return Written(result, protocol, source_snippet(result.name), drawn)


def check_request(space: Workspace, request: Request) -> None:
    """Raise ParameterError for an unknown region, a date that is none or after the year, or a negative seed."""
    check_region(space, request.region)
    if not YEAR.fullmatch(str(request.year)):
        raise ParameterError("form_year", found=request.year)
    try:
        day = dt.date.fromisoformat(request.date)
    except ValueError as error:
        raise ParameterError("draw_date", found=request.date, year=request.year) from error
    if day.year > request.year or request.date != day.isoformat():
        raise ParameterError("draw_date", found=request.date, year=request.year)
    if request.seed is not None and request.seed < 0:
        raise ParameterError("draw_seed", found=request.seed)


def refuse_second_lot(papers: dict[Path, bytes]) -> None:
    """Raise ParameterError if a paper of this course lies there and says something else: a lot is drawn once."""
    for path, content in papers.items():
        if path.exists() and path.read_bytes() != content:
            raise ParameterError("draw_done", file=path.name, folder=path.parent)


def write_papers(papers: dict[Path, bytes], private: Path) -> None:
    """Each paper whole or not at all; the one with names readable by its owner only from the first byte."""
    for path, content in papers.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.partial")
        partial.unlink(missing_ok=True)
        mode = OWNER_ONLY if path == private else 0o644
        with os.fdopen(
            os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
        ) as stream:
            stream.write(content)
        partial.replace(path)


def verify_draw(study: Study, protocol: Path, path: Path) -> Record:
    """The record of a protocol if the list and the seed give the same protocol again, to the letter.

    Raises DataError if the list is another one, or if any number, result or word of the protocol differs.
    """
    record = read_record(protocol)
    again = draw(study, asked_again(record), path)
    if again.record.sha256 != record.sha256:
        raise DataError(
            "draw_other_list", file=path.name, found=again.record.sha256, expected=record.sha256
        )
    same = {"software": record.software, "file": record.file}  # a renamed list is the same list
    again = replace(again, record=again.record.model_copy(update=same))
    if protocol_page(study, again) != protocol.read_text(encoding="utf-8"):
        raise DataError(
            "draw_differs", file=protocol.name, rows=differing_rows(record, again.record)
        )
    return record


def asked_again(record: Record) -> Request:
    """The request that a record answers."""
    return Request(
        region=record.region,
        year=record.year,
        course=record.course,
        date=record.date,
        places=record.places,
        strata=record.strata,
        seed=record.seed if record.is_seed_given else None,
    )


def differing_rows(record: Record, again: Record) -> str:
    """The rows of the list whose number or result is not the one drawn; a dash if only other words differ."""
    known = {(sheet, row): lot for sheet, row, *lot in record.lots}
    rows = [str(row) for sheet, row, *lot in again.lots if known.get((sheet, row)) != lot]
    return ", ".join(rows) or "-"
