"""The two papers of a lot: a workbook with names for next year's data, and a protocol without names to be signed."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import jinja2
import xlsxwriter

from analysis.intake.desk.draw import Lots
from analysis.intake.desk.draw_list import ONE_STRATUM
from analysis.intake.desk.draw_record import Drawn, Record, record_text
from analysis.intake.desk.templates_book import (
    MADE,
    make_ink,
    set_paper,
    write_cells,
    write_heading,
)
from analysis.intake.desk.templates_forms import read_desk_file
from analysis.study.objects import Study

ADDED = ("programme", "lot_date", "lot_stratum", "lot_number", "lot_result")
CODES = {True: "drawn", False: "waiting"}  # of lot_result
COLUMN_WIDTH, HEADING_HEIGHT = 20, 34  # characters, points


@cache
def draw_words() -> Mapping[str, Any]:
    """What the papers of a lot say."""
    return read_desk_file("draw.toml")


def course_label(study: Study, record: Record) -> str:
    """The name of the course."""
    return study.variables["programme"].code_label(record.course)


def result_cells(study: Study, drawn: Drawn) -> list[list[str]]:
    """Header and rows of the result: who, as delivered, then course, day, stratum, number and result."""
    heads = [*drawn.applicants.identifying.columns, *(study.variables[n].label for n in ADDED)]
    who = drawn.applicants.identifying.itertuples(index=False)
    told = [
        [course_label(study, drawn.record), drawn.record.date, *cells]
        for cells in lot_cells(study, drawn)
    ]
    return [heads, *([*cells, *lot] for cells, lot in zip(who, told, strict=True))]


def lot_cells(study: Study, drawn: Drawn) -> Iterator[list[str]]:
    """Stratum, number and result of each applicant, in the order of the list."""
    result = study.variables["lot_result"]
    groups, lots = drawn.applicants.groups, drawn.lots
    for group, number, is_drawn in zip(groups, lots.numbers, lots.is_drawn, strict=True):
        label = result.code_label(CODES[bool(is_drawn)])
        yield [stratum_name(group), str(number), label]


def stratum_name(group: str) -> str:
    """The name of a stratum; of the whole list where there are none."""
    return str(draw_words()["one_stratum"]) if group == ONE_STRATUM else group


def result_book(study: Study, drawn: Drawn) -> bytes:
    """The workbook of a lot, every cell a text; the same bytes for the same lot."""
    words, out = draw_words(), io.BytesIO()
    cells = result_cells(study, drawn)
    heading = words["heading"].format(
        label=course_label(study, drawn.record), year=drawn.record.year
    )
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE, "author": "", "title": heading})
        ink, sheet = make_ink(book), book.add_worksheet(words["sheet"])
        write_heading(sheet, ink, 0, len(cells[0]), heading, "title")
        sheet.set_row(0, HEADING_HEIGHT)
        for row, line in enumerate(cells, 1):
            write_cells(sheet, row, line, ink["header" if row == 1 else "cell"])
        sheet.set_column(0, len(cells[0]) - 1, COLUMN_WIDTH)
        sheet.freeze_panes(2, 0)
        set_paper(sheet, 1)
    return out.getvalue()


def protocol_page(study: Study, drawn: Drawn) -> str:
    """The protocol: what was asked, how it was drawn, strata, numbers by row of the list; no name, no clock."""
    words = draw_words()["protocol"]
    template = _environment().get_template("draw_protocol.html.j2")
    return template.render(
        title=words["title"].format(label=course_label(study, drawn.record)),
        words=words,
        facts=list(facts(study, drawn)),
        strata=strata_cells(drawn.lots),
        remarks=list(remarks(drawn.lots)),
        lots=list(protocol_lots(study, drawn)),
        record=record_text(drawn.record),
    )


@cache
def _environment() -> jinja2.Environment:
    text = resources.files("analysis.intake.desk").joinpath("draw_protocol.html.j2")
    loader = jinja2.DictLoader({"draw_protocol.html.j2": text.read_text(encoding="utf-8")})
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)


def facts(study: Study, drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Head and text of each line of the protocol's first table."""
    words, record = draw_words()["protocol"], drawn.record
    origin = draw_words()["given" if record.is_seed_given else "from_list"]
    listed = words["list_words"].format(file=record.file, n=len(record.lots), sha256=record.sha256)
    aside = drawn.applicants.n_aside
    yield words["region"], record.region
    yield words["course"], f"{course_label(study, record)} ({record.course})"
    yield words["date"], record.date
    yield words["list"], listed
    if aside:
        yield words["list"], words["aside"].format(n=aside)
    yield words["places"], str(record.places)
    yield words["seed"], words["seed_words"].format(seed=record.seed, origin=origin)
    yield words["software"], record.software


def strata_cells(lots: Lots) -> list[list[str]]:
    """Stratum, applicants, places, drawn and waiting of each stratum."""
    return [
        [
            stratum_name(s.name),
            *map(str, (s.n_applicants, s.n_places, s.n_places, s.n_applicants - s.n_places)),
        ]
        for s in lots.strata
    ]


def remarks(lots: Lots) -> Iterator[str]:
    """How small the smallest stratum is, and in which strata nobody can be compared."""
    words = draw_words()["protocol"]
    yield words["smallest"].format(n=min(s.n_applicants for s in lots.strata))
    alone = [stratum_name(s.name) for s in lots.strata if not s.is_compared]
    if alone:
        yield words["not_compared"].format(strata=words["joiner"].join(alone))


def protocol_lots(study: Study, drawn: Drawn) -> Iterator[list[str]]:
    """Sheet, row, stratum, number and result of each applicant, by number."""
    rows = zip(drawn.record.lots, lot_cells(study, drawn), strict=True)
    for (sheet, row, _, _), cells in sorted(rows, key=lambda pair: pair[0][2]):
        yield [sheet, str(row), *cells]


def source_snippet(file: str) -> str:
    """What the delivery's ``source.toml`` needs so that the result is read; no header has to be mapped."""
    return str(draw_words()["snippet"].format(file=file)).strip() + "\n"
