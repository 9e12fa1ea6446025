"""Who left, moved or stayed between two snapshots, under every definition of the study."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.study.objects import Definition, Retirement, Study

AREA_UNKNOWN = ""


def add_attrition(
    study: Study, frame: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Adds one 0/1 column per attrition definition; missing where the next snapshot is not there.

    A person whose name stands for several people in either snapshot has no known destination and stays missing.
    """
    roster = tables.get("roster")
    outcomes = [o for o in study.outcomes.values() if o.source == "roster"]
    if roster is None or roster.empty or not outcomes:
        return frame
    out = add_reasons(study, add_destination(frame, roster, tables.get("schools")), tables)
    for outcome in outcomes:
        for definition in outcome.definitions.values():
            column = study.outcome_column(outcome.id, definition.id)
            out[column] = leaving(out, definition)
    return out.drop(columns=["next_school", "next_area"])


def add_destination(
    frame: pd.DataFrame, roster: pd.DataFrame, schools: pd.DataFrame | None
) -> pd.DataFrame:
    """The school and area of each teacher one snapshot later, and whether that snapshot exists at all."""
    later = roster[["teacher_id", "year", "school_id"]].rename(columns={"school_id": "next_school"})
    out = frame.merge(later, on=["teacher_id", "year"], how="left")
    known = set(roster["year"].unique())
    out["is_followed"] = out["year"].isin(known) & (out["base_year"] < out["year"])
    if "has_ambiguous_name" in out:
        out["is_followed"] &= ~out["has_ambiguous_name"].fillna(False).astype(bool)
    return add_next_area(out, schools)


def add_next_area(frame: pd.DataFrame, schools: pd.DataFrame | None) -> pd.DataFrame:
    """The area one snapshot later: a stayer's is that of the base, so that a reclassified school loses nobody.

    A mover's is the area of the new school at the look-up, else as of the nearest school file; empty if unknown.
    """
    out = frame.assign(next_area=None)
    if schools is None or "area" not in schools or "area" not in frame:
        return out
    dated = schools.drop_duplicates(["school_id", "year"]).set_index(["school_id", "year"])["area"]
    keys = pd.MultiIndex.from_arrays([out["next_school"], out["year"]])
    at_lookup = pd.Series(dated.reindex(keys).to_numpy(), index=out.index)
    newest = schools.sort_values("year").groupby("school_id")["area"].last()
    moved = at_lookup.fillna(out["next_school"].map(newest))
    stays = out["next_school"] == out["school_id"]
    return out.assign(next_area=moved.mask(stays, out["area"]))


def add_reasons(study: Study, frame: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The reason each person left or moved; a blank reason beyond the statutory age counts as retirement."""
    exits = tables.get("exits")
    out = frame.copy()
    out["exit_reason"] = None
    out["has_reasons"] = False if exits is None else out["year"].isin(set(exits["year"]))
    if exits is not None and not exits.empty:
        known = exits[exits["teacher_id"].fillna("") != ""].drop_duplicates(["teacher_id", "year"])
        out = out.drop(columns="exit_reason").merge(
            known[["teacher_id", "year", "exit_reason"]], on=["teacher_id", "year"], how="left"
        )
    is_due = out["exit_reason"].isna() & out["next_school"].isna() & reached_retirement(study, out)
    out["is_assumed_retired"] = is_due & out["is_followed"]
    out.loc[is_due, "exit_reason"] = "retired"
    return out


def reached_retirement(study: Study, frame: pd.DataFrame) -> pd.Series:
    """Whether a teacher had reached the statutory age of retirement by 1 September of the report year."""
    if "age" not in frame or "sex" not in frame or not study.retirement:
        return pd.Series(False, index=frame.index)
    due = pd.Series(np.inf, index=frame.index)
    for sex, rule in study.retirement.items():
        is_sex = (frame["sex"] == sex).fillna(False)
        due[is_sex] = [retirement_years(rule, y) for y in frame.loc[is_sex, "year"]]
    return (frame["age"] + 1 >= due).fillna(False)


def retirement_years(rule: Retirement, year: int) -> float:
    """The statutory age in years on 1 September of a year, after the stepwise rise."""
    months = (year - rule.starts.year) * 12 + 9 - rule.starts.month
    steps = max(0, -(-months // rule.every_months)) if months > 0 else 0
    return min(rule.age_months + steps, rule.cap_months) / 12


def leaving(frame: pd.DataFrame, definition: Definition) -> pd.Series:
    """1 for those who left in the sense of the definition, 0 for the others in its population, missing otherwise."""
    gone = frame["next_school"].isna()
    moved = ~gone & (frame["next_school"] != frame["school_id"])
    event = {
        "bureau": gone,
        "school": moved,
        "rural": gone | (frame["next_area"] != "rural"),
        "area": gone | (frame["next_area"] != _area(frame)),
    }[definition.leaves or "bureau"]
    event = event & ~frame["exit_reason"].isin(definition.excludes)
    known = frame["is_followed"] & in_population(frame, definition)
    if definition.excludes:  # without the list of reasons a retirement would count as a loss
        known &= frame["has_reasons"]
    if definition.leaves in ("rural", "area"):
        known &= (_area(frame) != AREA_UNKNOWN) & (gone | frame["next_area"].notna())
    return event.astype(float).where(known)


def _area(frame: pd.DataFrame) -> pd.Series:
    """The area at the base, an empty text where it is not known."""
    if "area" not in frame:
        return pd.Series(AREA_UNKNOWN, index=frame.index)
    return frame["area"].fillna(AREA_UNKNOWN)


def in_population(frame: pd.DataFrame, definition: Definition) -> pd.Series:
    """Whom the definition is about; nobody if a column it needs is not in the data."""
    chosen = pd.Series(True, index=frame.index)
    for column, codes in definition.population.items():
        chosen &= frame[column].isin(codes) if column in frame else False
    return chosen
