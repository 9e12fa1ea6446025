"""The list of applicants: read like any delivery, who is on it, and in which stratum."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import DataError, ParameterError, nearest, raise_all
from analysis.intake.cleaning.cleaners import clean_column
from analysis.intake.cleaning.names import name_forms
from analysis.intake.cleaning.text import compact
from analysis.intake.fingerprint import file_hash
from analysis.intake.linking.school_names import may_be, school_forms
from analysis.intake.reading.header import TextTable, read_tables
from analysis.intake.reading.known_headers import KnownHeaders, known_headers
from analysis.intake.reading.readers import find_file, read_sheets
from analysis.intake.source import FileEntry
from analysis.intake.tables import PERSON, SCHOOL
from analysis.study.objects import Study, Variable

TABLE = "programmes"
PROGRAMME = "programme"
NUMBERS = ("person_number", "staff_number")
SHOWN_ROWS = 10
ONE_STRATUM = "-"
BETWEEN = "/"  # between the parts of a stratum's name


@dataclass(frozen=True)
class Applicants:
    """One row per applicant in the order of the list.

    ``places``: sheet and row of each. ``identifying``: what the list says of who they are, under its own headers.
    ``groups``: the stratum of each; ``order``: all strata in the study's order. ``n_aside``: rows that are nobody.
    """

    file: str
    sha256: str
    places: pd.DataFrame
    identifying: pd.DataFrame
    groups: pd.Series
    order: tuple[str, ...]
    n_aside: int


def strata_variables(study: Study, strata: Sequence[str]) -> list[Variable]:
    """The variables to draw within. Raises ParameterError for one that the study does not have with codes."""
    usable = [name for name, v in study.variables.items() if v.codes]
    unknown = [name for name in strata if name not in usable]
    raise_all(
        ParameterError("draw_unknown_variable", found=n, nearest=nearest(n, usable) or "-")
        for n in unknown
    )
    return [study.variables[name] for name in dict.fromkeys(strata)]


def read_applicants(
    study: Study, path: Path, strata: Sequence[str], course: str = ""
) -> Applicants:
    """The applicants of one file; ``course``: the programme that is drawn for.

    Raises DataError for a file that is no list of people, that lacks a stratum, that names somebody twice, or whose
    column of programmes names another one.
    """
    within = strata_variables(study, strata)
    tables = read_tables(read_sheets(path), (), "", list_headers(study, path, within))
    raise_all(e for table in tables for e in missing_parts(table, within))
    texts = pd.concat([_by_variable(t) for t in tables], ignore_index=True).fillna("")
    places = pd.concat([_places(t) for t in tables], ignore_index=True)
    errors = [*nobody(texts, places, path.name), *same_people(study, texts, places, path.name)]
    errors += other_course(study, texts, places, path.name, course)
    labels, unknown = stratum_labels(texts, within, places, path.name)
    raise_all([*errors, *unknown])
    return Applicants(
        file=path.name,
        sha256=file_hash(find_file(path)),
        places=places,
        identifying=_as_delivered(tables),
        groups=labels,
        order=stratum_order(within),
        n_aside=sum(t.n_rows_in - len(t.frame) for t in tables),
    )


def list_headers(study: Study, path: Path, within: Sequence[Variable]) -> KnownHeaders:
    """What the columns of a list may be called: those that say who, where, and in which stratum."""
    wanted = [
        *(study.variables[n] for n in (*PERSON, *SCHOOL, PROGRAMME) if n in study.variables),
        *within,
    ]
    told = {v.id: v.model_copy(update={"tables": (TABLE,)}) for v in wanted}
    entry = FileEntry(table=TABLE, file=path.name)
    return known_headers(study.model_copy(update={"variables": told}), entry)


def missing_parts(table: TextTable, within: Sequence[Variable]) -> Iterator[DataError]:
    """What a list cannot do without: somebody's name or number, and every variable of the strata."""
    found = set(table.implied.values())
    seen = ", ".join([*table.implied, *table.unmapped])
    place = {"file": table.file, "sheet": table.sheet or "-", "found": seen}
    if not found & set(PERSON):
        yield DataError("draw_no_person", **place)
    for variable in within:
        if variable.id not in found:
            near = nearest(variable.label, table.unmapped) or "-"
            yield DataError("draw_no_stratum", **place, column=variable.label, nearest=near)


def _by_variable(table: TextTable) -> pd.DataFrame:
    """The mapped columns under the names of their variables."""
    return table.frame.rename(columns=dict(table.implied))


def _places(table: TextTable) -> pd.DataFrame:
    return pd.DataFrame({"sheet": table.sheet, "row": table.rows})


def _as_delivered(tables: Sequence[TextTable]) -> pd.DataFrame:
    """The columns that say who and where, as they stood, under the headers of the first sheet that has them."""
    headers = {v: h for t in reversed(tables) for h, v in t.implied.items()}
    texts = pd.concat([_by_variable(t) for t in tables], ignore_index=True).fillna("")
    kept = [name for name in (*PERSON, *SCHOOL) if name in texts]
    return texts[kept].rename(columns=headers)


def nobody(texts: pd.DataFrame, places: pd.DataFrame, file: str) -> Iterator[DataError]:
    """Rows without any name or number: an application of nobody."""
    is_blank = (texts[[n for n in PERSON if n in texts]].map(compact) == "").all(axis=1)
    if is_blank.any():
        yield DataError("draw_nobody", file=file, rows=row_words(places[is_blank]))


def other_course(
    study: Study, texts: pd.DataFrame, places: pd.DataFrame, file: str, course: str
) -> list[DataError]:
    """One DataError that names the rows of another programme than the one drawn for; an empty cell names none."""
    if not course or PROGRAMME not in texts:
        return []
    variable = study.variables[PROGRAMME]
    codes = clean_column(texts[PROGRAMME], variable).values
    is_other = (texts[PROGRAMME].map(compact) != "") & (codes != course).fillna(True)
    if not is_other.any():
        return []
    label = variable.code_label(course)
    rows = row_words(places[is_other])
    return [DataError("draw_other_course", file=file, rows=rows, expected=label)]


def row_words(places: pd.DataFrame) -> str:
    """Where rows stand, the first few of many."""
    words = [f"{sheet}!{row}".removeprefix("!") for sheet, row in places.itertuples(index=False)]
    more = f" ... ({len(words)})" if len(words) > SHOWN_ROWS else ""
    return ", ".join(words[:SHOWN_ROWS]) + more


def same_people(
    study: Study, texts: pd.DataFrame, places: pd.DataFrame, file: str
) -> Iterator[DataError]:
    """One DataError that names the rows of everybody who is on the list more than once.

    The same identity number; or the same staff number or name in one school, unless a number tells two people apart.
    """
    keys = person_keys(study, texts)
    pairs: set[tuple[int, int]] = set()
    pairs |= repeated(keys, ["person_number"], ())
    pairs |= repeated(keys, ["school", "staff_number"], ("person_number",))
    pairs |= repeated(keys, ["school", "name"], ("person_number", "staff_number"))
    pairs |= {pair for pair in repeated(keys, ["name"], NUMBERS) if _one_school(keys, *pair)}
    if pairs:
        words = [
            f"{row_words(places.loc[[a]])} = {row_words(places.loc[[b]])}" for a, b in sorted(pairs)
        ]
        shown = "; ".join(words[:SHOWN_ROWS])
        yield DataError("draw_same_person", file=file, count=len(pairs), rows=shown)


def person_keys(study: Study, texts: pd.DataFrame) -> pd.DataFrame:
    """What people are compared by; an empty text where it is not known. Never written anywhere."""
    blank = pd.Series("", index=texts.index, dtype="str")
    cleaned = {
        name: clean_column(texts[name], study.variables[name]).values.fillna("").astype("str")
        for name in (*PERSON, *SCHOOL)
        if name in texts
    }
    school = cleaned.get("school_id", blank)
    by_name = cleaned.get("school_name", blank).map(compact)
    return pd.DataFrame(
        {
            "person_number": cleaned.get("person_number", blank),
            "staff_number": cleaned.get("staff_number", blank),
            "name": name_forms(cleaned.get("name", blank)),
            "school": school.where(school != "", by_name),
        }
    )


def repeated(
    keys: pd.DataFrame, same: Sequence[str], telling: Sequence[str]
) -> set[tuple[int, int]]:
    """Pairs of rows that agree in ``same`` (the last of which is known), unless one of ``telling`` differs in both."""
    known = keys[keys[same[-1]] != ""]
    found = set()
    for _, rows in known.groupby(list(same), sort=False):
        for a, b in itertools.combinations(rows.index, 2):
            if not any(_differs(keys.at[a, c], keys.at[b, c]) for c in telling):
                found.add((int(a), int(b)))
    return found


def _one_school(keys: pd.DataFrame, one: int, other: int) -> bool:
    """Whether two rows may name one school, or only one of them has a number to tell whose it is."""
    numbers = [tuple(keys.loc[k, list(NUMBERS)] != "") for k in (one, other)]
    if numbers[0] != numbers[1]:
        return True
    names = [str(keys.at[k, "school"]) for k in (one, other)]
    if names[0].endswith(names[1]) or names[1].endswith(names[0]):
        return True  # the region in front of one of them, or no school at all
    return bool(school_forms(names[0]) & school_forms(names[1])) and may_be(*names)


def _differs(first: str, second: str) -> bool:
    """Whether both are known and not the same."""
    return bool(first) and bool(second) and first != second


def stratum_labels(
    texts: pd.DataFrame, within: Sequence[Variable], places: pd.DataFrame, file: str
) -> tuple[pd.Series, list[DataError]]:
    """The stratum of each row by the labels of its codes, and a DataError per variable with rows outside its codes."""
    parts, errors = [], []
    for variable in within:
        codes = clean_column(texts[variable.id], variable).values
        is_unknown = codes.isna()
        if is_unknown.any():
            errors.append(_unknown_stratum(variable, places[is_unknown], file))
        parts.append(codes.map({c: variable.code_label(c) for c in variable.codes}).fillna(""))
    if not parts:
        return pd.Series(ONE_STRATUM, index=texts.index, dtype="str"), errors
    return pd.Series([BETWEEN.join(p) for p in zip(*parts, strict=True)], dtype="str"), errors


def _unknown_stratum(variable: Variable, places: pd.DataFrame, file: str) -> DataError:
    """Where no stratum stands, and what may stand there; the text itself may be a name in the wrong column."""
    return DataError(
        "draw_unknown_stratum",
        file=file,
        column=variable.label,
        rows=row_words(places),
        expected=", ".join(variable.code_label(c) for c in variable.codes),
    )


def stratum_order(within: Sequence[Variable]) -> tuple[str, ...]:
    """All strata there could be, in the order of the study's codes."""
    if not within:
        return (ONE_STRATUM,)
    labels = [[v.code_label(c) for c in v.codes] for v in within]
    return tuple(BETWEEN.join(parts) for parts in itertools.product(*labels))
