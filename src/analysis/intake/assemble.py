"""From the typed rows of all files to the tables of a region: schools resolved, people linked, repeats set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.intake.attendance import TABLE as ATTENDANCES
from analysis.intake.attendance import pasted_lines, repeated_attendances
from analysis.intake.cleaning.cleaners import as_kind
from analysis.intake.dating import date_rows, drop_later
from analysis.intake.ledger import join_lines, row_lines, write_lines
from analysis.intake.linking.answers import join_answers, second_answers
from analysis.intake.linking.listed import left_still_listed, missing_schools
from analysis.intake.linking.persons import PersonKey, teacher_ids
from analysis.intake.linking.rates import confidence_table, link_table, row_rates
from analysis.intake.linking.roster_links import LinkedRoster, link_roster
from analysis.intake.linking.row_links import (
    Snapshots,
    link_rows,
    open_snapshots,
    own_people,
    unlinked_lines,
)
from analysis.intake.linking.school_history import follow_schools
from analysis.intake.linking.schools import read_places, resolve_schools
from analysis.intake.tables import LEFT_BEHIND, ORIGIN, columns_of, order_columns
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Study

PLACES = ("roster", "schools")
MEMBERS = "programmes"  # the table of lists of who belongs to what; rows with hours are attendances
ALWAYS = ("teacher_id", "school_id", "is_teacher")  # kept even if no file brought a value


@dataclass(frozen=True)
class LinkedTables:
    """The tables of a region with ``person`` instead of keys; never written to disk.

    ``checks``: what the data check shows of the links (``followed``, ``confidence``).
    """

    tables: dict[str, pd.DataFrame]
    lines: pd.DataFrame
    links: pd.DataFrame
    checks: dict[str, pd.DataFrame]


def gather(study: Study, parts: Sequence[TypedRows]) -> dict[str, pd.DataFrame]:
    """The rows of all files by table, in reading order."""
    tables = {}
    for table in sorted({p.table for p in parts}):
        rows = pd.concat([p.frame for p in parts if p.table == table], ignore_index=True)
        kinds = {n: v for n, v in columns_of(study, table).items() if n in rows}
        tables[table] = rows.assign(**{n: as_kind(rows[n], v) for n, v in kinds.items()})
    return tables


def assume_teachers(parts: Iterable[TypedRows]) -> tuple[list[TypedRows], pd.DataFrame]:
    """Rosters that do not say who teaches are taken as rosters of teachers, with a note for each."""
    out, lines = [], []
    for part in parts:
        if part.table == "roster" and "is_teacher" not in part.frame:
            lines.append(_assumed(part))
            part = replace(part, frame=part.frame.assign(is_teacher="yes"))
        out.append(part)
    return out, join_lines(lines)


def _assumed(part: TypedRows) -> pd.DataFrame:
    return write_lines(
        "assumed_teacher",
        table=part.table,
        year=part.year,
        file=part.file,
        sheet=part.sheet,
        variable="is_teacher",
        done="yes",
        n=len(part.frame),
    )


def link_tables(study: Study, parts: Sequence[TypedRows], label: str) -> LinkedTables:
    """All tables with schools resolved and people told apart; repeats and rows after the report year set aside."""
    parts, assumed = assume_teachers(parts)
    tables, followed = place_rows(gather(study, parts), label)
    roster = _roster(study, tables)
    lines, links = [assumed, followed], [roster.links] if roster else []
    lines += [roster.lines] if roster else []
    out = {"roster": roster.frame} if roster else {}
    if "schools" in tables:
        out["schools"], told = one_per_school(tables["schools"])
        lines.append(told)
    snapshots = open_snapshots(roster.posts) if roster else None
    for name in (t for t in tables if t not in PLACES):
        out[name], told = link_table_rows(study, name, tables[name], snapshots)
        lines.append(told)
        links.append(row_rates(out[name], name))
    checks = {"confidence": confidence_table(out)}
    checks |= {"followed": roster.followed} if roster else {}
    lines.append(cross_lines(out))
    return LinkedTables(out, join_lines(lines), pd.concat([link_table([]), *links]), checks)


def place_rows(
    tables: dict[str, pd.DataFrame], label: str
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """The tables with every row's school, under its newest code; and the ledger."""
    directory = read_places(tables, label)
    out, lines = {}, []
    for name in tables:
        out[name], told = resolve_schools(tables[name], name, directory)
        lines.append(told)
    out, told = follow_schools(out, label)
    return out, join_lines([*lines, told])


def cross_lines(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What two tables say of the same people or schools and cannot both be right, as ledger lines."""
    roster, lines = tables.get("roster"), []
    if roster is None:
        return join_lines([])
    if "exits" in tables:
        lines.append(left_still_listed(roster, tables["exits"]))
    if "schools" in tables:
        lines.append(missing_schools(roster, tables["schools"]))
    if ATTENDANCES in tables:
        lines.append(pasted_lines(tables[ATTENDANCES], roster))
    return join_lines(lines)


def _roster(study: Study, tables: dict[str, pd.DataFrame]) -> LinkedRoster | None:
    """The linked roster, if one was delivered."""
    if "roster" not in tables:
        return None
    share = study.variables.get("post_share")
    high = share.high if share is not None and share.high is not None else float("inf")
    return link_roster(tables["roster"], high)


def one_per_school(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per school and year: the first; the others go to the ledger."""
    is_repeat = rows.duplicated(["school_id", "year"])
    return rows[~is_repeat], row_lines("repeated_row", rows[is_repeat], "schools")


def link_table_rows(
    study: Study, table: str, rows: pd.DataFrame, snapshots: Snapshots | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One table dated, linked and without repeats; and its ledger."""
    kept, later = drop_later(study, table, rows)
    dated = date_rows(study, table, kept)
    linked = link_rows(dated, snapshots) if snapshots else own_people(dated)
    reason = repeat_reason(study, table, linked)
    is_repeat = reason != ""
    repeats = row_lines(reason[is_repeat], linked[is_repeat], table)
    out, joined = linked[~is_repeat].reset_index(drop=True), join_lines([])
    if table == "survey":
        out, joined = join_answers(out)
    return out, join_lines([later, repeats, joined, unlinked_lines(out, table)])


def repeat_reason(study: Study, table: str, rows: pd.DataFrame) -> pd.Series:
    """Per row why it is a repeat of an earlier one, or an empty text.

    A survey file holds one answer per linked person and year. Elsewhere a repeat says the same of the same person
    (or of the same name in the same school) in every delivered column, and of the same year where it is no event
    of its day. An attendance may be reported by county and school.
    """
    if table == "survey":
        return second_answers(rows).map({True: "second_answer", False: ""})
    who = rows["person"].fillna(_name_and_school(rows))
    variables = {n: v for n, v in columns_of(study, table).items() if n in rows}
    said = [n for n in variables if n not in (*LEFT_BEHIND, "school_id")]
    dates = [n for n in said if variables[n].kind == "date"]
    of_year = rows["year"].mask(are_events(table, rows, dates), 0)
    is_repeat = who.notna() & rows[said].assign(who=who, of_year=of_year).duplicated()
    reason = is_repeat.map({True: "repeated_row", False: ""})
    if table != ATTENDANCES:
        return reason
    is_again = repeated_attendances(rows[~is_repeat]).reindex(rows.index, fill_value=False)
    return reason.mask(is_again, "repeated_attendance")


def are_events(table: str, rows: pd.DataFrame, dates: list[str]) -> pd.Series:
    """Whether each row tells of an event of its day, the same whichever delivery brings it.

    A row without any date says how things stood in its year; so does the line of a list of members, whose date is
    that of joining: such lists bring last year's members again, and each of them is a member this year.
    """
    is_dated = rows[dates].notna().any(axis=1)
    if table != MEMBERS:
        return is_dated
    return is_dated & (rows["hours"].notna() if "hours" in rows else False)


def _name_and_school(rows: pd.DataFrame) -> pd.Series:
    """Name and school of rows nobody could be found for; missing where there is no name."""
    school = rows["school_id"].fillna("") if "school_id" in rows else ""
    return (rows["name_form"] + "|" + school).where(rows["name_form"] != "")


def finish_tables(
    study: Study, tables: dict[str, pd.DataFrame], key: PersonKey, region: str
) -> dict[str, pd.DataFrame]:
    """The typed tables as they are handed on: keyed, in column and row order, without names and numbers.

    A table of which no row is left is as one that was not delivered.
    """
    filled = {t: rows for t, rows in tables.items() if not rows.empty}
    return {t: finish_table(study, t, rows, key, region) for t, rows in filled.items()}


def finish_table(
    study: Study, table: str, rows: pd.DataFrame, key: PersonKey, region: str
) -> pd.DataFrame:
    """One typed table; columns for which no file brought a value are left out, so that absent means absent."""
    if table != "schools":
        rows = rows.assign(teacher_id=teacher_ids(rows["person"], key, region))
    if "link_pass" in rows:
        rows = rows.assign(link_pass=rows["link_pass"].astype("str"))
    order = [c for c in ("year", "school_id", *ORIGIN) if c in rows]
    ordered = order_columns(study, table, rows.sort_values(order, kind="stable"))
    is_empty = ordered.isna().all()
    empty = [c for c in ordered if is_empty[c] and c not in ALWAYS]
    return ordered.drop(columns=empty).reset_index(drop=True)
