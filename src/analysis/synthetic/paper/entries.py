"""What stands in the cells: the true tables of a draw as an office would have filled them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import pandas as pd
from numpy.random import Generator

from analysis.synthetic.paper import dirt
from analysis.synthetic.paper.words import WORDS, YES_NO
from analysis.synthetic.streams import stream
from analysis.synthetic.truth.record import Draw

FLAGS = ("is_teacher", "staffed_post", "homeroom", "subsidy_eligible", "is_small")
PUPILS_PER_POST = {"urban": 17.0, "town": 15.0, "rural": 11.0}
PUPILS_TREND = {"urban": 1.01, "town": 0.995, "rural": 0.965}  # a year
EMPTY = ""


@dataclass(frozen=True)
class Register:
    """Who is who: names and numbers by person, names and numbers of schools by position."""

    people: pd.DataFrame
    schools: pd.DataFrame


def open_register(draw: Draw) -> Register:
    """The names and numbers of everyone who was ever on a roster."""
    columns = ["person", "name", "person_number", "staff_number"]
    people = draw.teachers.drop_duplicates("person")[columns].set_index("person")
    return Register(people, draw.schools.set_index("school"))


def dirt_stream(draw: Draw, year: int, table: str) -> Generator:
    """The stream of one file's dirt, apart from what is true."""
    return stream(draw.options.seed, year, f"dirt-{table}")


def roster_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The roster of 1 September; a row is a person in post."""
    rng = dirt_stream(draw, year, "roster")
    rows = draw.roster(year).sort_values(["school", "person"], ignore_index=True)
    rows = _spelled(rows)
    rows["name"] = dirt.space_names(rng, rows["name"])
    rows["person_number"] = dirt.widen_digits(rng, rows["person_number"])
    rows["birth_month"] = dirt.spoil_births(rng, dirt.write_months(rng, rows["birth_date"]))
    rows["work_start"] = dirt.write_months(rng, rows["work_start"])
    rows["weekly_lessons"] = rows["weekly_lessons"].astype(int)
    if year < 2021:
        rows["staffed_post"] = rows["staffed_post"].map({"是": "占编", "否": "编外"})
    teaches = (rows["is_teacher"] == YES_NO[True]).to_numpy()
    for column in ("stage", "subject", "title_rank"):
        rows[column] = np.where(teaches, rows[column], EMPTY)
    return rows


def school_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The school ledger of a year; a pilot stands in it from the September in which it starts."""
    rows = _spelled(draw.schools)
    rows["area"] = rows["area_code"]
    trend = draw.schools["area"].map(PUPILS_TREND) ** (year - 2024)
    per_post = draw.schools["area"].map(PUPILS_PER_POST)
    rows["n_pupils"] = (draw.schools["posts"] * per_post * trend).round().astype(int)
    cohort = draw.schools["cohort"]
    start = (cohort - 1).map(lambda y: f"{y:.0f}.09")
    rows["pilot_start"] = start.where(cohort - 1 <= year, EMPTY)
    return rows


def training_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The training ledger of a calendar year; a row is an attendance."""
    rng = dirt_stream(draw, year, "trainings")
    rows = _named(_of_year(draw.trainings, year), register)
    rows = _spelled(rows)
    rows["name"] = dirt.space_names(rng, rows["name"])
    rows["staff_number"] = dirt.blank_some(rng, rows["staff_number"], dirt.BLANK_STAFF_NUMBERS)
    rows["hours"] = dirt.write_hours(rng, rows["hours"])
    for column in ("start_date", "end_date"):
        rows[column] = dirt.write_days(rng, rows[column])
    return rows


def score_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The results of the May test; a row is a tested teacher."""
    rng = dirt_stream(draw, year, "assessments")
    rows = _named(_of_year(draw.scores, year), register)
    rows = rows.sort_values(["school", "person"], ignore_index=True)
    rows["test_form"] = np.where(rng.random(len(rows)) < 0.5, f"{year}年A卷", f"{year}年B卷")
    rows["name"] = dirt.space_names(rng, rows["name"])
    rows["person_number"] = dirt.widen_digits(rng, rows["person_number"])
    rows["test_date"] = dirt.write_days(rng, rows["test_date"])
    return rows


def survey_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The survey of March; a row is an answer sheet; the staff number is typed by hand."""
    rng = dirt_stream(draw, year, "survey")
    rows = _spelled(_named(_of_year(draw.survey, year), register))
    rows["serial"] = np.arange(1, len(rows) + 1)
    rows["staff_number"] = dirt.type_numbers(rng, rows["staff_number"], rows["is_linkable"])
    rows["age"] = dirt.spoil_ages(rng, rows["age"])
    rows["years_teaching"] = np.floor(rows["years_teaching"]).astype(int)
    rows["survey_date"] = rows["survey_date"].dt.strftime("%Y/%m/%d %H:%M:%S")
    rows["answer_seconds"] = rows["answer_seconds"].astype(str) + "秒"
    return rows


def exit_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The leaver list; a row is a person who left, moved or is away."""
    rng = dirt_stream(draw, year, "exits")
    rows = _named(_of_year(draw.exits, year), register)
    words = rows["reason"].map(WORDS["exit_reason"])
    rows["exit_reason"] = dirt.blank_reasons(rng, rows["reason"], words)
    rows["exit_date"] = dirt.write_days(rng, rows["event_date"])
    rows["name"] = dirt.space_names(rng, rows["name"])
    return rows


def rotation_entries(draw: Draw, register: Register, year: int) -> pd.DataFrame:
    """The rotated teachers; a row is a teacher of the home school."""
    rng = dirt_stream(draw, year, "programmes")
    rows = _spelled(_named(_of_year(draw.rotation, year), register))
    rows["programme"] = WORDS["programme"]["rotation"]
    rows["name"] = dirt.space_names(rng, rows["name"])
    for column in ("start_date", "end_date"):
        rows[column] = dirt.write_days(rng, rows[column])
    return rows


def _of_year(table: pd.DataFrame, year: int) -> pd.DataFrame:
    return table[table["year"] == year].reset_index(drop=True)


def _named(rows: pd.DataFrame, register: Register) -> pd.DataFrame:
    """The rows with names and numbers of the person and the school's name."""
    people = register.people.loc[rows["person"]].reset_index(drop=True)
    school = register.schools["school_name"].loc[rows["school"]].to_numpy()
    return pd.concat([rows, people], axis=1).assign(school_name=school)


def _spelled(rows: pd.DataFrame) -> pd.DataFrame:
    """Codes and flags in the words of a delivery."""
    out = rows.copy()
    for column in out.columns:
        if column in FLAGS:
            out[column] = np.where(cast(pd.Series, out[column]), YES_NO[True], YES_NO[False])
        elif column in WORDS:
            out[column] = out[column].map(WORDS[column])
    return out
