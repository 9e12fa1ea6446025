"""What is recorded of a lot: enough to draw it again from the list, and nothing that names anybody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis import __version__
from analysis.errors import DataError, ParameterError, nearest
from analysis.intake.desk.draw import Lots, draw_lots
from analysis.intake.desk.draw_list import Applicants, read_applicants
from analysis.study.objects import Study

SEED_DIGITS = 16  # of the list's hash: 64 bits
RECORD = re.compile(r'<script type="application/json" id="record">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Request:
    """What was asked for; without a ``seed`` it comes from the list itself, so that nobody chose it."""

    region: str
    year: int
    course: str
    date: str
    places: int
    strata: tuple[str, ...] = ()
    seed: int | None = None


class Record(BaseModel):
    """A lot as its protocol keeps it; ``lots``: sheet, row, number, drawn or not, in the order of the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    region: str
    year: int
    course: str
    date: str
    places: int
    strata: tuple[str, ...]
    seed: int
    is_seed_given: bool
    file: str
    sha256: str
    software: str
    lots: tuple[tuple[str, int, int, bool], ...]


@dataclass(frozen=True)
class Drawn:
    """A lot with the list it was drawn from."""

    applicants: Applicants
    lots: Lots
    record: Record


def check_course(study: Study, course: str) -> str:
    """The course if it is a programme of the study; otherwise a ParameterError that names the nearest one."""
    known = study.variables["programme"].codes
    if course not in known:
        raise ParameterError(
            "draw_unknown_course", found=course, nearest=nearest(course, known) or "-"
        )
    return course


def draw(study: Study, request: Request, path: Path) -> Drawn:
    """The lot of one list.

    Raises ParameterError for what cannot be asked, DataError for what is wrong with the list.
    """
    check_course(study, request.course)
    applicants = read_applicants(study, path, request.strata, request.course)
    seed = int(applicants.sha256[:SEED_DIGITS], 16) if request.seed is None else request.seed
    lots = draw_lots(list(applicants.groups), applicants.order, request.places, seed)
    where = applicants.places.itertuples(index=False)
    rows = zip(where, lots.numbers, lots.is_drawn, strict=True)
    record = Record(
        region=request.region,
        year=request.year,
        course=request.course,
        date=request.date,
        places=request.places,
        strata=request.strata,
        seed=seed,
        is_seed_given=request.seed is not None,
        file=applicants.file,
        sha256=applicants.sha256,
        software=f"policy-report {__version__}",
        lots=tuple((str(s), int(r), int(n), bool(d)) for (s, r), n, d in rows),
    )
    return Drawn(applicants, lots, record)


def record_text(record: Record) -> str:
    """The record as it stands in the protocol; nothing in it can end the element that holds it."""
    text = json.dumps(record.model_dump(), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def read_record(protocol: Path) -> Record:
    """The record inside a protocol. Raises DataError for a file that is no protocol or was changed out of form."""
    try:
        found = RECORD.search(protocol.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("draw_no_protocol", file=protocol.name, detail=error) from error
    if found is None:
        raise DataError("draw_no_protocol", file=protocol.name, detail="-")
    try:
        return Record.model_validate_json(found.group(1))
    except ValidationError as error:
        raise DataError("draw_no_protocol", file=protocol.name, detail=error) from error
