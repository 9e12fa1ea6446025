"""The typed tables: which columns each may have, by what its rows are known, and a schema that checks all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.errors import DataError, raise_all
from analysis.study.objects import Study, Variable

PERSON = ("person_number", "staff_number", "name")
SCHOOL = ("school_id", "school_name")
KEYS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "roster": (PERSON, SCHOOL),
    "schools": (SCHOOL,),
    "trainings": (PERSON, ("programme", "topic")),
    "assessments": (PERSON,),
    "exits": (PERSON,),
    "programmes": (PERSON + SCHOOL, ("programme",)),
    "funds": ((*PERSON, "programme"),),
    "trainers": (PERSON,),
    "honours": (PERSON,),
    "courses": (("course",),),
}
UNIQUE: Mapping[str, tuple[str, ...]] = {
    "roster": ("teacher_id", "year"),
    "schools": ("school_id", "year"),
}
LEFT_BEHIND = (*PERSON, "school_name")  # used for linking, never in a typed table
ORIGIN = ("source_year", "source_file", "source_sheet", "source_row")
LINK_MARKS = ("link_pass", "link_confidence", "has_ambiguous_name")
MARKS = ("teacher_id", "year", "snapshot", "school_id", *LINK_MARKS, *ORIGIN)
REPLICATE = "survey_rep_"
TEACHER_ID = r"^t[0-9a-f]{16}$"
ISO = r"^\d{4}(-\d{2}(-\d{2})?)?$"
FORMS = {"date": ISO, "month": ISO, "band": r"^(-?[\d.]+-[\d.]+|-[\d.]+|[\d.]+-)$"}
CODED = ("category", "flag")
JOINT = ";"  # between the codes of a multiple-choice answer


def table_names(study: Study) -> list[str]:
    """The typed tables that at least one variable of the study belongs to."""
    names = {t for v in study.variables.values() for t in v.tables}
    return sorted(names - {"panel"})


def columns_of(study: Study, table: str) -> dict[str, Variable]:
    """The variables of one typed table, in the order of ``study/variables.toml``."""
    return {name: v for name, v in study.variables.items() if table in v.tables}


def order_columns(study: Study, table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Keys first, then delivered variables in the study's order, then replicate weights, then where the row stood."""
    first = [c for c in ("teacher_id", "year", "snapshot", "school_id") if c in frame]
    variables = [c for c in columns_of(study, table) if c in frame and c not in LEFT_BEHIND]
    marks = [c for c in LINK_MARKS if c in frame]
    weights = [c for c in frame if str(c).startswith(REPLICATE)]
    return frame[list(dict.fromkeys([*first, *variables, *marks, *weights, *ORIGIN]))]


def check_tables(study: Study, tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise every breach of every table's schema at once, as DataErrors naming table, column and count."""
    raise_all(error for name, frame in tables.items() for error in check_table(study, name, frame))


def check_table(study: Study, table: str, frame: pd.DataFrame) -> Iterator[DataError]:
    """Breaches of one table's schema, one DataError per column and check."""
    from pandera.errors import SchemaErrors  # half a second to import: only when a table is checked

    try:
        schema_of(study, table, frame).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.astype({"column": object})
        # of a column that should not be there pandera gives the name as the case
        cases["column"] = cases["column"].fillna(cases["failure_case"].astype(object))
        for (column, check), found in cases.groupby(["column", "check"], sort=True):
            yield DataError(
                "table_breach", table=table, column=column, check=check, count=len(found)
            )


def schema_of(study: Study, table: str, frame: pd.DataFrame) -> Any:
    """The pandera schema of one typed table with the columns that were delivered."""
    import pandera.pandas as pa

    declared = {*MARKS, *columns_of(study, table)} - set(LEFT_BEHIND)
    columns = {
        c: _column(study, table, str(c))
        for c in frame.columns
        if c in declared or str(c).startswith(REPLICATE)
    }
    unique = list(UNIQUE.get(table, ()))
    return pa.DataFrameSchema(columns, strict=True, unique=unique or None)


def _column(study: Study, table: str, name: str) -> Any:
    """The schema of one column: keys and marks by name, variables by kind."""
    import pandera.pandas as pa

    if name == "teacher_id":
        return pa.Column("str", pa.Check.str_matches(TEACHER_ID), nullable=table != "roster")
    if name == "school_id":
        return pa.Column("str", nullable=table not in ("roster", "schools"))
    if name == "has_ambiguous_name":
        return pa.Column("bool")
    if name == "link_confidence":  # the share of such links that are right
        return pa.Column("float64", pa.Check.in_range(0, 1), nullable=True)
    if name in ("year", "source_year", "source_row"):
        return pa.Column("int64")
    if name.startswith(REPLICATE):
        return pa.Column("float64", pa.Check.ge(0), nullable=True)
    if name in study.variables:
        return _variable_column(study.variables[name])
    return pa.Column("str", nullable=name == "link_pass")


def are_choices(texts: pd.Series, variable: Variable) -> pd.Series:
    """Whether each text is nothing but codes of a multiple-choice question."""
    known = {t: set(t.split(JOINT)) <= {*variable.codes} for t in texts.dropna().unique()}
    return texts.map(known).fillna(True).astype(bool)


def _variable_column(variable: Variable) -> Any:
    """The schema of one variable: type and permitted values of its kind."""
    import pandera.pandas as pa

    kinds = {"number": "float64", "integer": "Int64"}
    checks = []
    if variable.codes and variable.kind in CODED:
        checks.append(pa.Check.isin([*variable.codes]))
    if variable.kind in FORMS:
        checks.append(pa.Check.str_matches(FORMS[variable.kind]))
    if variable.kind == "choices":
        checks.append(pa.Check(lambda texts: are_choices(texts, variable), name="isin"))
    if variable.low is not None and variable.kind != "band":
        checks.append(pa.Check.ge(variable.low))
    if variable.high is not None and variable.kind != "band":
        checks.append(pa.Check.le(variable.high))
    return pa.Column(kinds.get(variable.kind, "str"), checks, nullable=True)
