"""Who was exposed to which programme, dated so that exposure comes before the outcome it is held against.

Columns per programme: ``exposed_<id>_<outcome>`` (1, 0, missing where it cannot be said or the window is partial)
and, for policies, ``group_<id>`` (1 for those who are ever exposed).
"""

from __future__ import annotations

import pandas as pd

from analysis.study.objects import (
    Attendance,
    FundGrade,
    Intervention,
    Lot,
    RosterFlag,
    SchoolFlag,
    SchoolStart,
    Study,
    SurveyAnswer,
    WaitingList,
)


def add_exposures(
    study: Study, frame: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Adds the exposure columns of every programme whose data are there."""
    columns: dict[str, pd.Series] = {}
    for entry in study.interventions.values():
        for outcome in entry.outcomes:
            kind = entry.design[outcome]
            source = kind if kind == "describe" else study.outcomes[outcome].source
            found = expose(entry, frame, tables, source)
            suffix = {"group": entry.id}
            columns |= {
                f"{k}_{suffix.get(k, f'{entry.id}_{outcome}')}": v for k, v in found.items()
            }
    return frame.assign(**columns)


def expose(
    entry: Intervention, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], source: str
) -> dict[str, pd.Series]:
    """``exposed``, ``day`` and ``closes`` (and ``group`` for policies) of one programme for outcomes from one source.

    ``day``: when the exposure that counts was complete; ``closes``: the day by which it had to be. Both as ISO text.
    """
    rule = entry.exposure
    if isinstance(rule, (Attendance, Lot, WaitingList, FundGrade)):
        return from_list(rule, frame, tables, source)
    if rule.variable not in frame:
        return {}
    if isinstance(rule, RosterFlag):
        return roster_flag(rule, frame) | {"closes": exposure_ends(frame, source)}
    if isinstance(rule, SchoolStart):
        return school_start(rule, frame) | {"closes": exposure_ends(frame, source)}
    return chosen_value(rule, frame)


def from_list(
    rule: Attendance | Lot | WaitingList | FundGrade,
    frame: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    source: str,
) -> dict[str, pd.Series]:
    """What ``expose`` returns for a programme whose people stand in a list of their own."""
    if isinstance(rule, Attendance):
        return attendance(rule, frame, tables, source)
    if isinstance(rule, Lot):
        return drawn_by_lot(rule, frame, tables, source)
    if isinstance(rule, WaitingList):
        return waiting_list(rule, frame, tables, source)
    return fund_grade(rule, frame, tables, source)


def window_opens(years: pd.Series) -> pd.Series:
    """1 September of the base year, as ISO text, when the look-ahead of the report year begins."""
    return (years - 1).astype(str) + "-09-01"


def since(start: pd.Series, years: pd.Series) -> pd.Series:
    """1 if begun when the window opens, 0 if after it closes or never, missing if it begins inside (a partial cell)."""
    opens = window_opens(years)
    closes = years.astype(str) + "-09-01"
    begun = start.fillna("9999") <= opens
    inside = (start.fillna("9999") > opens) & (start.fillna("9999") < closes)
    return begun.astype(float).mask(inside)


def roster_flag(rule: RosterFlag, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """A policy for everyone who holds a flagged post, from one date on."""
    flag = frame[rule.variable]
    group = (flag == "yes").astype(float).where(flag.notna())
    start = pd.Series(rule.starts.isoformat(), index=frame.index)
    is_on = since(start, frame["year"])
    exposed = (group * is_on).where(is_on.notna())
    return {"group": group, "exposed": exposed, "day": start}


def school_start(rule: SchoolStart, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """A programme that schools join at a date; a month counts as its first day.

    Of a school that is listed without a date nobody can say whether its teachers were exposed.
    """
    start = frame[rule.variable].astype("string").str.slice(0, 10)
    day = start.where(start.str.len() != 7, start + "-01")
    is_listed = frame[rule.listed].eq("yes").fillna(False) if rule.listed in frame else False
    is_unknown = day.isna() & is_listed
    group = day.notna().astype(float).mask(is_unknown)
    return {"group": group, "exposed": since(day, frame["year"]).mask(is_unknown), "day": day}


def chosen_value(rule: SchoolFlag | SurveyAnswer, frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Exposed if the column holds one of the values; missing where the column is empty."""
    values = frame[rule.variable]
    return {"exposed": values.isin(rule.values).astype(float).where(values.notna())}


def attendance(
    rule: Attendance, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], source: str
) -> dict[str, pd.Series]:
    """Exposed after ``min_hours`` within the 12 months before the window opens (attrition) or before the test (scores).

    Missing for report years whose 12 months hold no attendance of the programme at all: no ledger, not "nobody came".
    """
    held = programme_rows(rule, tables)
    if held.empty:
        return {}
    closes = exposure_ends(frame, source)
    sums = (
        hours_inside(window_keys(frame, closes), held)
        .reindex(range(len(frame)))
        .set_index(frame.index)
    )
    exposed = (sums["hours"].notna() & (sums["hours"] >= rule.min_hours)).astype(float)
    known = ledger_covers(closes, held) & closes.notna()
    return {"exposed": exposed.where(known), "day": sums["ends"], "closes": closes}


def window_keys(frame: pd.DataFrame, closes: pd.Series) -> pd.DataFrame:
    """Teacher, position and the 12 months up to ``closes`` of each row of the panel."""
    opens = (closes.str.slice(0, 4).astype("Int64") - 1).astype("string") + closes.str.slice(4)
    return frame[["teacher_id"]].assign(opens=opens, closes=closes, row=range(len(frame)))


def drawn_by_lot(
    rule: Lot, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], source: str
) -> dict[str, pd.Series]:
    """1 for those drawn in the 12 months before the window opens (or the test), 0 for those still waiting.

    By the lot, not by who came (intention to treat); missing for everybody who was on no list. ``stratum``: day and
    stratum of the lot, for chances differ between them. Of several lots the first counts.
    """
    lots = lot_rows(rule, tables)
    if lots.empty:
        return {}
    closes = exposure_ends(frame, source)
    pairs = window_keys(frame, closes).merge(lots, on="teacher_id", how="inner")
    inside = pairs[(pairs["lot_date"] > pairs["opens"]) & (pairs["lot_date"] <= pairs["closes"])]
    first = inside.sort_values(["row", "lot_date"], kind="stable").drop_duplicates("row")
    found = first.set_index("row").reindex(range(len(frame))).set_index(frame.index)
    exposed = (found["lot_result"] == "drawn").astype(float).where(found["lot_result"].notna())
    stratum = found["lot_date"] + "/" + found["lot_stratum"]
    return {"exposed": exposed, "day": found["lot_date"], "closes": closes, "stratum": stratum}


def lot_rows(rule: Lot, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Teacher, day, stratum and result of everybody on a list that was drawn for the programme."""
    columns = ["teacher_id", "lot_date", "lot_stratum", "lot_result"]
    table = tables.get("programmes")
    if table is None or not {"programme", "lot_date", "lot_result"} <= set(table):
        return pd.DataFrame(columns=columns)
    rows = table[(table["programme"] == rule.programme) & (table["teacher_id"].fillna("") != "")]
    text = rows.reindex(columns=columns).astype("string")
    return text.fillna({"lot_stratum": ""}).dropna()


def waiting_list(
    rule: WaitingList, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], source: str
) -> dict[str, pd.Series]:
    """1 for those with a place when the window opens (or on the day of the test), 0 for those still waiting then.

    Missing for everybody else: who never asked, or asked later, has given the place up, or gets it inside the window
    (a partial cell), and for report years after the newest list, when nobody can say who still waits.
    """
    listed, newest = listed_people(rule, tables)
    if listed.empty:
        return {}
    closes = exposure_ends(frame, source)
    found = frame["teacher_id"].to_frame().join(listed, on="teacher_id")
    ends = closes if source != "roster" else frame["year"].astype("string") + "-09-01"
    is_in = (found["start_date"] <= closes).fillna(False)
    has_ended = (found["end_date"] <= closes).fillna(False)
    waits = (found["applied_date"] <= closes).fillna(False) & ~is_in
    is_partial = waits & (found["start_date"] < ends).fillna(False)
    known = (is_in | waits) & ~has_ended & ~is_partial & (frame["year"] <= newest)
    exposed = is_in.astype(float).where(known)
    return {"exposed": exposed, "day": found["start_date"].where(is_in), "closes": closes}


def listed_people(rule: WaitingList, tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, int]:
    """Everybody ever on the list, by teacher: first days of applying, getting and giving up; year of the newest list.

    Days are ISO text; who has a place without a day of applying has applied by the day of getting it.
    """
    days = ["applied_date", "start_date", "end_date"]
    table = tables.get("programmes")
    if table is None or not {"programme", "teacher_id", "applied_date"} <= set(table):
        return pd.DataFrame(columns=days), 0
    rows = table[(table["programme"] == rule.programme) & (table["teacher_id"].fillna("") != "")]
    text = rows.reindex(columns=["teacher_id", *days]).astype("string")
    first = text.groupby("teacher_id")[days].min()
    first["applied_date"] = first["applied_date"].fillna(first["start_date"])
    return first, int(rows["year"].max()) if len(rows) else 0


def fund_grade(
    rule: FundGrade, frame: pd.DataFrame, tables: dict[str, pd.DataFrame], source: str
) -> dict[str, pd.Series]:
    """1 for those paid at one of the rule's grades in the school year before the window opens, 0 for another grade.

    The list of a year covers the months up to its August. Missing for those not on it, or on it with two grades.
    """
    funds = tables.get("funds")
    if funds is None or not {"teacher_id", rule.variable} <= set(funds):
        return {}
    rows = funds[(funds["teacher_id"].fillna("") != "") & funds[rule.variable].notna()]
    if rows.empty:
        return {}
    grades = rows.groupby(["teacher_id", "year"])[rule.variable].agg(["first", "nunique"])
    paid = grades["first"].where(grades["nunique"] == 1).rename("grade")
    keys = frame[["teacher_id"]].assign(year=frame["year"] - 1)
    found = keys.join(paid, on=["teacher_id", "year"])["grade"]
    exposed = found.isin(rule.values).astype(float).where(found.notna())
    day = (keys["year"].astype("string") + "-08-31").where(found.notna())
    return {"exposed": exposed, "day": day, "closes": exposure_ends(frame, source)}


def programme_rows(rule: Attendance, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Attendances of one programme with teacher, last day and hours; lists without hours count as zero hours."""
    parts = []
    for name in ("trainings", "programmes"):
        table = tables.get(name)
        if table is None or "programme" not in table:
            continue
        rows = table[
            (table["programme"] == rule.programme) & (table["teacher_id"].fillna("") != "")
        ]
        days = rows.reindex(columns=["end_date", "start_date"]).astype("string")
        ends = days["end_date"].fillna(days["start_date"])  # a day in a list has no end
        hours = rows["hours"].fillna(0.0) if "hours" in rows else 0.0
        parts.append(pd.DataFrame({"teacher_id": rows["teacher_id"], "ends": ends, "hours": hours}))
    held = pd.concat(parts) if parts else pd.DataFrame(columns=["teacher_id", "ends", "hours"])
    return held.assign(ends=held["ends"].astype("string")).dropna(subset=["ends"])


def exposure_ends(frame: pd.DataFrame, source: str) -> pd.Series:
    """The day by which exposure must be over: the window's opening, the test, or the year's end (describe)."""
    if source == "describe":
        return (frame["year"].astype(str) + "-12-31").astype("string")
    if source != "assessments" or "test_date" not in frame:
        return window_opens(frame["year"]).astype("string")
    usual = frame.groupby("year")["test_date"].transform("min")
    return frame["test_date"].fillna(usual).astype("string")


def hours_inside(keys: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """``hours`` per row of ``keys`` that ended after ``opens`` and by ``closes``, and the last day they ``ends``."""
    pairs = keys.merge(held, on="teacher_id", how="inner")
    inside = (pairs["ends"] > pairs["opens"]) & (pairs["ends"] <= pairs["closes"])
    return pairs[inside].groupby("row").agg(hours=("hours", "sum"), ends=("ends", "max"))


def ledger_covers(closes: pd.Series, held: pd.DataFrame) -> pd.Series:
    """Whether any attendance of the programme is recorded in the 12 months before each closing day."""
    days = held["ends"]
    covered = {}
    for end in closes.dropna().unique():
        begin = f"{int(end[:4]) - 1}{end[4:]}"
        covered[end] = bool(((days > begin) & (days <= end)).any())
    return closes.map(covered).fillna(False).astype(bool)
