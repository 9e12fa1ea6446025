"""One row per teacher and report year: who was in post, what they were exposed to, and what became of them.

Report year Y: in post on 1 September Y-1 (the base), looked up on 1 September Y, scores from the test dated in Y.
Where a region has no roster, its survey respondents of the year are the rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from analysis.intake.delivery import Delivery
from analysis.intake.source import Replicates
from analysis.panel.attrition import add_attrition
from analysis.panel.exposure import add_exposures
from analysis.panel.scores import add_scores
from analysis.panel.survey import add_needs, add_survey, careful, survey_rows
from analysis.study.objects import Study

UNDER_ALL = ("roster", "schools", "exits")
SCHOOL_COLUMNS = ("area", "distance_km", "is_small", "pilot_start", "is_pilot", "school_group")


@dataclass(frozen=True)
class SourceFile:
    """A delivered file, with its sheet if it was read from one: the delivery's year and what it holds."""

    year: int
    name: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """The analysis panel of one region up to one report year.

    ``frame``: one row per teacher and report year. ``absent``: outcome or column -> reason key for what is not
    in the data. ``counts``: sizes for the scope line. ``files``: typed table -> the files it came from.
    ``periods``: report year -> ISO dates of base and look-up snapshot. ``surveys``: answers of each survey file
    of the report year. ``replicates``: how the replicate weights of the survey are to be used.
    """

    region: str
    year: int
    frame: pd.DataFrame
    absent: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: dict[str, tuple[SourceFile, ...]] = field(default_factory=dict)
    as_of: str = ""
    periods: dict[int, str] = field(default_factory=dict)
    surveys: tuple[int, ...] = ()
    replicates: Replicates | None = None

    def files_of(
        self, tables: tuple[str, ...], first: int, last: int, only: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Files of these tables delivered in the years ``first`` to ``last``; all of a table's if none is of them.

        ``only``: variables or ``programme:<code>``; where any of the tables' files hold one of them, the others
        are left out (of rosters and schools, which everything rests on, all are named).
        """
        known = [(table, file) for table in tables for file in self.files.get(table, ())]
        holders = {file for _, file in known if set(only) & set(file.holds)}
        if holders:
            known = [(t, file) for t, file in known if t in UNDER_ALL or file in holders]
        found: list[str] = []
        for table in tables:
            mine = [file for t, file in known if t == table]
            found += [f.name for f in mine if first <= f.year <= last] or [f.name for f in mine]
        return tuple(dict.fromkeys(found))

    def of_year(self) -> pd.DataFrame:
        """The rows of the report year itself."""
        return self.frame[self.frame["year"] == self.year]


def build_panel(study: Study, delivery: Delivery) -> Panel:
    """The panel of a delivery; its columns are documented in ``study/variables.toml``, outcomes and programmes."""
    tables = delivery.tables
    frame = base_rows(tables, delivery.year)
    frame = add_attrition(study, frame, tables)
    frame = add_scores(study, frame, tables)
    frame = add_survey(study, frame, tables)
    frame = add_needs(frame, tables, delivery.year)
    frame = add_exposures(study, frame, tables)
    frame = frame.sort_values(["year", "school_id", "row_order"], kind="stable")
    return Panel(
        region=delivery.region,
        year=delivery.year,
        frame=frame.reset_index(drop=True),
        absent=find_absent(study, frame, delivery.year),
        counts=count_rows(frame, tables, delivery),
        files=file_names(delivery),
        as_of=delivery.as_of,
        periods=find_periods(tables.get("roster")),
        surveys=count_answers(delivery),
        replicates=delivery.survey_replicates,
    )


def base_rows(tables: dict[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Teachers in post on each snapshot, one row per teacher and report year (snapshot year + 1), up to ``year``.

    Without a snapshot of the year before, the year's own serves: scores and answers are known then, leaving is not.
    """
    roster = tables.get("roster")
    if roster is None or roster.empty:
        return survey_rows(tables, year)
    teachers = roster[roster["is_teacher"] == "yes"]
    has_base = bool((teachers["year"] == year - 1).any())
    rows = teachers[teachers["year"] < year + (not has_base)].copy()
    rows["base_year"] = rows["year"]
    rows["year"] = (rows["year"] + 1).clip(upper=year)
    rows["row_order"] = range(len(rows))
    return add_ages(add_schools(rows, tables.get("schools")))


def add_schools(rows: pd.DataFrame, schools: pd.DataFrame | None) -> pd.DataFrame:
    """School facts at the base snapshot; a school file of a later year serves where the base year has none."""
    if schools is None or schools.empty:
        return rows
    wanted = [c for c in SCHOOL_COLUMNS if c in schools and c not in rows]
    facts = schools[["school_id", "year", *wanted]].drop_duplicates(["school_id", "year"])
    out = rows.merge(
        facts.rename(columns={"year": "base_year"}), on=["school_id", "base_year"], how="left"
    )
    newest = facts.sort_values("year").groupby("school_id")[wanted].last()
    for column in wanted:
        out[column] = out[column].fillna(out["school_id"].map(newest[column]))
    return out


def add_ages(rows: pd.DataFrame) -> pd.DataFrame:
    """Age and years of teaching on 1 September of the base year, from months of birth and of first work."""
    out = rows.copy()
    for source, target in (("birth_month", "age"), ("work_start", "years_teaching")):
        if source in out:
            out[target] = months_before_september(out[source], out["base_year"]) // 12
    return out


def months_before_september(months: pd.Series, years: pd.Series) -> pd.Series:
    """Whole months from ``YYYY-MM`` texts to 1 September of each year; missing stays missing."""
    parts = months.astype("string").str.extract(r"^(\d{4})-(\d{2})$").astype("Float64")
    since = (years.astype("Float64") - parts[0]) * 12 + (9 - parts[1])
    return since.astype("float64")


def find_absent(study: Study, frame: pd.DataFrame, year: int) -> dict[str, str]:
    """Outcome definitions without a single value in the report year, with the reason ``no_data``."""
    now = frame[frame["year"] == year]
    columns = [
        study.outcome_column(o.id, d) for o in study.outcomes.values() for d in o.definitions
    ]
    return {c: "no_data" for c in columns if c not in now or now[c].notna().sum() == 0}


def find_periods(roster: pd.DataFrame | None) -> dict[int, str]:
    """Report year -> ``base to look-up`` as ISO dates, for every pair of neighbouring snapshots."""
    if roster is None or "snapshot" not in roster:
        return {}
    days = {int(y): str(d)[:10] for y, d in roster.groupby("year")["snapshot"].first().items()}
    return {y: f"{days[y - 1]}/{day}" for y, day in days.items() if y - 1 in days}


def count_rows(
    frame: pd.DataFrame, tables: dict[str, pd.DataFrame], delivery: Delivery
) -> dict[str, int]:
    """Sample sizes of the report year; ``answers`` are sheets, several of one teacher counted, ``careless`` those
    teachers whose answers do not count.
    """
    now = frame[frame["year"] == delivery.year]
    survey = tables.get("survey")
    answers = sum(count_answers(delivery))
    if survey is not None and not answers:
        answers = int((survey["year"] == delivery.year).sum())
    linked = int(now["is_respondent"].sum()) if "is_respondent" in now else 0
    of_year = survey[survey["year"] == delivery.year] if survey is not None else pd.DataFrame()
    return {
        "linked": linked,
        "careless": len(of_year) - len(careful(of_year)),
        "teachers": int(now["teacher_id"].nunique()),
        "schools": int(now["school_id"].nunique()),
        "answers": answers,
    }


def count_answers(delivery: Delivery) -> tuple[int, ...]:
    """The answers kept of each survey file of the report year, in reading order."""
    kept: dict[str, int] = {}
    for record in delivery.files:
        if record.table == "survey" and record.year == delivery.year:
            kept[record.file] = kept.get(record.file, 0) + record.n_rows_kept
    return tuple(kept.values())


def file_names(delivery: Delivery) -> dict[str, tuple[SourceFile, ...]]:
    """Typed table -> the files it came from, in reading order, without folders.

    Of a file that was read from several sheets only the file is named.
    """
    names: dict[tuple[str, int, str], list[str]] = {}
    sheets = Counter((r.table, r.year, r.file) for r in delivery.files)
    for record in delivery.files:
        is_one = record.sheet and sheets[record.table, record.year, record.file] == 1
        label = f"{record.file} / {record.sheet}" if is_one else record.file
        names.setdefault((record.table, record.year, label), []).extend(record.holds)
    found: dict[str, list[SourceFile]] = {}
    for (table, year, label), holds in names.items():
        file = SourceFile(year, label, tuple(dict.fromkeys(holds)))
        found.setdefault(table, []).append(file)
    return {table: tuple(files) for table, files in found.items()}
