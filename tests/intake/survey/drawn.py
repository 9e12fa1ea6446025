"""A study with two short scales, and regions drawn as text whose surveys go through all of intake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.intake.assemble import finish_tables, link_tables
from analysis.intake.clean import load_sources, region_key
from analysis.intake.entries import read_delivery
from analysis.intake.ledger import close_ledger
from analysis.intake.survey.finish import SurveyResult, finish_survey
from analysis.intake.survey.marks import mark_answers
from analysis.intake.tables import check_tables
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Scale, Study, Variable
from analysis.study.workspace import Workspace
from tests.intake.drawn import small_study, variable

YES_NO = {"yes": ("是",), "no": ("否",)}
AREAS = {"urban": ("城区",), "town": ("镇区",), "rural": ("乡村",)}
STAGES = {"primary": ("小学",), "junior": ("初中",)}


def item(name: str, low: float = 0.0, high: float = 6.0) -> Variable:
    """One item of a scale."""
    return variable(name, "integer", ("survey",), low=low, high=high)


def scale(name: str, count: int, **more: object) -> Scale:
    """A scale of so many items 0 to 6, scored from four fifths of them on."""
    facts = {
        "label": name,
        "label_en": name,
        "items": tuple(f"{name}_{k}" for k in range(1, count + 1)),
        "minimum_answered": 0.8,
        "low": 0.0,
        "high": 6.0,
        "good": "lower",
        "higher_means": "worse",
    }
    return Scale(id=name, **(facts | more))  # type: ignore[arg-type]


def survey_study() -> Study:
    """The small study with scales ``tired`` (5 items, the last reversed) and ``glad`` (4, good if high)."""
    study = small_study()
    scales = {
        "tired": scale("tired", 5, reversed=("tired_5",)),
        "glad": scale("glad", 4, good="higher"),
    }
    entries = [
        *(variable(s, "number", ("survey", "panel"), low=0.0, high=6.0) for s in scales),
        *(item(i) for s in scales.values() for i in s.items),
        *(item(f"need_{k}", 1.0, 5.0) for k in range(1, 13)),
        variable("area", "category", ("schools",), codes=AREAS),
        variable("stage", "category", ("roster", "survey"), codes=STAGES),
        variable("work_start", "month", ("roster",)),
        variable("years_teaching", "number", ("survey",), low=0.0, high=60.0),
        variable("uses_tools", "flag", ("survey",), codes=YES_NO),
        variable(
            "tool_hours",
            "number",
            ("survey",),
            low=0.0,
            high=100.0,
            only_if={"uses_tools": ("yes",)},
        ),
        variable("is_speeder", "flag", ("survey",), codes=YES_NO),
        variable("is_straight_line", "flag", ("survey",), codes=YES_NO),
        variable("test_form", "text", ("assessments",)),
        variable("attempt", "integer", ("assessments",), low=1.0, high=9.0),
        variable("anchor_score", "number", ("assessments",), low=0.0, high=30.0),
    ]
    variables = study.variables | {v.id: v for v in entries}
    return study.model_copy(update={"variables": variables, "scales": scales})


@dataclass(frozen=True)
class Cleaned:
    """What intake makes of a drawn region, and its whole ledger."""

    result: SurveyResult
    ledger: pd.DataFrame

    def rows(self, rule: str) -> list[int]:
        """The sheet rows that a rule tells."""
        return sorted(self.ledger.loc[self.ledger["rule"] == rule, "row"].tolist())


def clean_drawn(space: Workspace, study: Study, year: int, region: str = "drawn") -> Cleaned:
    """A drawn region from its files to finished survey tables, checked against their schema."""
    sources = load_sources(space, study, region, year)
    key = region_key(space, region, sources)
    parts = [p for source in sources.values() for p in read_delivery(space, study, region, source)]
    marked = mark_answers(study, parts)
    linked = link_tables(study, list(marked.parts), "示例县")
    tables = finish_tables(study, linked.tables, key, region)
    lines = [*(p.lines for p in marked.parts), linked.lines]
    result = finish_survey(study, tables, marked, lines)
    check_tables(study, result.tables)
    return Cleaned(result, close_ledger([*lines, result.lines]))


def survey_part(frame: pd.DataFrame, file: str = "survey.csv", year: int = 2025) -> TypedRows:
    """A typed survey part of drawn rows, numbered from sheet row 2 on."""
    from analysis.intake.ledger import join_lines

    rows = frame.assign(
        year=year,
        source_year=year,
        source_file=file,
        source_sheet="",
        source_row=range(2, len(frame) + 2),
    )
    return TypedRows("survey", file, "", year, rows, join_lines([]), len(rows), ())


def ratings(answers: Mapping[str, list[int | None]]) -> pd.DataFrame:
    """Columns of ratings as intake types them."""
    return pd.DataFrame({name: pd.array(values, dtype="Int64") for name, values in answers.items()})


def place(folder: Path) -> Path:
    """A folder for one drawn region."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder
