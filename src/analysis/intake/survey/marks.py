"""Response quality, seen before answers of several files are joined: marked and told, never dropped.

Rules (Huang et al. 2012, J. Business and Psychology 27, 99-114: two seconds an item, and long strings of one answer;
Curran 2016, J. Experimental Social Psychology 66, 4-19): see the constants.
None of them proves anything about a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Study, Variable

SECONDS_PER_QUESTION = 2.0  # Huang et al. 2012
FLOOR_SECONDS = 90.0  # platforms call 60 to 90 seconds too fast for a form of usual length
FLOOR_FROM = 10  # questions from which a form is of usual length
OPEN_SECONDS = 4 * 3600.0  # longer than any sitting: the form was left open
OPPOSED_ITEMS = 8  # of one range, where items or scales point in opposite directions
PLAIN_ITEMS = 10  # of one range, where all point one way
SAME_ITEMS = 10  # answers from which two equal sheets are worth a word
BACKGROUND = (
    "age",
    "years_teaching",
    "survey_date",
    "answer_seconds",
    "survey_weight",
    "survey_stratum",
    "is_speeder",
    "is_straight_line",
)
MARKED = {"speeder": "is_speeder", "straight_line": "is_straight_line"}
QUALITY_COLUMNS = ("year", "file", "mark", "n_answers", "n_marked", "share")


@dataclass(frozen=True)
class Questionnaire:
    """One questionnaire of a delivery: its files (several exports of one form are one) and its questions."""

    year: int
    files: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class MarkedAnswers:
    """All typed rows, survey rows with their marks and lines; the check table ``quality``; the questionnaires."""

    parts: tuple[TypedRows, ...]
    quality: pd.DataFrame
    questionnaires: tuple[Questionnaire, ...] = ()


Finder = Callable[[Study, pd.DataFrame], pd.DataFrame | None]


def mark_answers(study: Study, parts: Sequence[TypedRows]) -> MarkedAnswers:
    """Mark every survey part; ``is_speeder`` and ``is_straight_line`` say ``yes`` or stay missing."""
    out, counts = [], []
    for part in parts:
        if part.table != "survey" or part.frame.empty:
            out.append(part)
            continue
        marked, found = mark_part(study, part)
        out.append(marked)
        counts += found
    quality = pd.DataFrame(counts, columns=list(QUALITY_COLUMNS))
    return MarkedAnswers(tuple(out), quality, tuple(questionnaires(study, parts)))


def mark_part(study: Study, part: TypedRows) -> tuple[TypedRows, list[tuple[object, ...]]]:
    """One survey file or sheet with marks and lines, and its rows of ``quality``."""
    frame, lines = part.frame, [part.lines]
    counts: list[tuple[object, ...]] = []
    for mark, find in FINDERS.items():
        cases = find(study, part.frame)
        if cases is None:  # the file does not say enough to judge
            continue
        positions = cases["position"].to_numpy(dtype=int)
        if mark in MARKED:
            flag = pd.Series(None, index=frame.index, dtype=object)
            flag.iloc[positions] = "yes"
            frame = frame.assign(**{MARKED[mark]: flag})
        lines.append(case_lines(part, mark, cases))
        n, n_marked = len(frame), cases["position"].nunique()
        counts.append((part.year, part.file, mark, n, n_marked, n_marked / n))
    return replace(part, frame=frame, lines=join_lines(lines)), counts


def case_lines(part: TypedRows, rule: str, cases: pd.DataFrame) -> pd.DataFrame:
    """One ledger line per case, with file, sheet and row."""
    rows = part.frame["source_row"].to_numpy()[cases["position"].to_numpy(dtype=int)]
    return write_lines(
        pd.Series([rule] * len(cases), dtype=object),
        table=part.table,
        year=part.year,
        file=part.file,
        sheet=part.sheet,
        row=pd.Series(rows),
        variable=cases["variable"].reset_index(drop=True),
        found=cases["found"].reset_index(drop=True),
    )


def cases_of(is_case: pd.Series, found: pd.Series, variable: str) -> pd.DataFrame:
    """The positions at which something is so, with what was found."""
    at = is_case.fillna(False).to_numpy(dtype=bool).nonzero()[0]
    texts = found.iloc[at].astype(object).reset_index(drop=True)
    return pd.DataFrame({"position": at, "variable": variable, "found": texts})


def questions_of(study: Study, frame: pd.DataFrame) -> list[str]:
    """The questions that a survey file holds: not who answered, nor what the platform adds."""
    return [
        c for c in frame if _is_question(study.variables.get(str(c))) and frame[c].notna().any()
    ]


def _is_question(variable: Variable | None) -> bool:
    """Whether a variable is asked in questionnaires only."""
    if variable is None or variable.id in BACKGROUND:
        return False
    return "survey" in variable.tables and set(variable.tables) <= {"survey", "panel"}


def too_fast(frame: pd.DataFrame, n_questions: int) -> float:
    """Seconds under which an answer is too fast: two a question, and 90 for a form of ten questions or more."""
    floor = FLOOR_SECONDS if n_questions >= FLOOR_FROM else 0.0
    return max(SECONDS_PER_QUESTION * n_questions, floor)


def find_speeders(study: Study, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Answers given in less time than anybody needs to read the questions."""
    if "answer_seconds" not in frame:
        return None
    limit = too_fast(frame, len(questions_of(study, frame)) + _n_background(frame))
    seconds = frame["answer_seconds"]
    told = seconds.map(lambda s: f"{s:g} s < {limit:g} s", na_action="ignore")
    return cases_of(seconds < limit, told, "answer_seconds")


def _n_background(frame: pd.DataFrame) -> int:
    """Questions on the person among the columns; they take time to answer, too."""
    asked = ("sex", "age", "years_teaching", "name", "staff_number", "school_name")
    return sum(c in frame and bool(frame[c].notna().any()) for c in asked)


def find_left_open(study: Study, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Forms left open for hours: their time says nothing."""
    if "answer_seconds" not in frame:
        return None
    seconds = frame["answer_seconds"]
    told = seconds.map(lambda s: f"{s:g} s", na_action="ignore")
    return cases_of(seconds > OPEN_SECONDS, told, "answer_seconds")


def blocks(study: Study, frame: pd.DataFrame) -> Iterator[list[str]]:
    """Rating items of one range that stand in one file, where there are enough of them."""
    ranges: dict[tuple[float, float], list[str]] = {}
    for name in questions_of(study, frame):
        v = study.variables[name]
        if v.kind == "integer" and v.low is not None and v.high is not None:
            ranges.setdefault((v.low, v.high), []).append(name)
    for items in ranges.values():
        if len(items) >= (OPPOSED_ITEMS if are_opposed(study, items) else PLAIN_ITEMS):
            yield items


def are_opposed(study: Study, items: Sequence[str]) -> bool:
    """Whether one answer to all of these items contradicts itself: reversed items, or scales that point both ways."""
    mine = [s for s in study.scales.values() if set(s.items) & set(items)]
    return len({s.good for s in mine}) > 1 or any(set(s.reversed) & set(items) for s in mine)


def same_answer(study: Study, frame: pd.DataFrame) -> pd.Series | None:
    """Per row the one answer given to all items of a block as delivered, before any is turned round; else missing."""
    found = [*blocks(study, frame)]
    if not found:
        return None
    out = pd.Series(float("nan"), index=frame.index)
    for items in found:
        values = frame[items].astype("float64")
        needed = OPPOSED_ITEMS if are_opposed(study, items) else PLAIN_ITEMS
        highest = values.max(axis=1)
        is_same = (highest == values.min(axis=1)) & (values.notna().sum(axis=1) >= needed)
        out = out.fillna(highest.where(is_same))
    return out


def find_straight_lines(study: Study, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Answers with one and the same rating for every item of a block."""
    same = same_answer(study, frame)
    if same is None:
        return None
    told = same.map(lambda v: f"{v:g}", na_action="ignore")
    return cases_of(same.notna(), told, "")


def find_identical(study: Study, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Answers equal in every question to those of somebody else; straight lines and second answers do not count."""
    same, questions = same_answer(study, frame), questions_of(study, frame)
    rated = [c for c in questions if study.variables[c].kind == "integer"]
    if len(rated) < SAME_ITEMS:
        return None
    able = frame[rated].notna().sum(axis=1) >= SAME_ITEMS
    able &= same.isna() if same is not None else True
    rows = frame.loc[able, questions]
    equal = rows[rows.duplicated(keep=False)].astype("string").fillna("")
    key = equal.agg("|".join, axis=1) if len(equal) else pd.Series(dtype=object)
    mine = frame.loc[equal.index]
    first = mine["source_row"].groupby(key).transform("min").reindex(frame.index)
    is_case = ~_one_person(mine, key).reindex(frame.index, fill_value=True)
    return cases_of(is_case, "row " + first.astype("Int64").astype("string"), "")


def _one_person(frame: pd.DataFrame, key: pd.Series) -> pd.Series:
    """Whether all equal answers carry one staff number: a second answer, told elsewhere."""
    if "staff_number" not in frame:
        return pd.Series(False, index=frame.index)
    who = frame["staff_number"].groupby(key)
    return (who.transform("nunique") == 1) & (who.transform("count") == who.transform("size"))


def find_broken_skips(study: Study, frame: pd.DataFrame) -> pd.DataFrame | None:
    """Answers to a question that the answer before rules out, and a zero where that answer asks for more."""
    found = []
    for name in questions_of(study, frame):
        gates = study.variables[name].only_if
        if gates and all(g in frame for g in gates):
            found.append(broken(frame, name, gates))
    return pd.concat(found, ignore_index=True) if found else None


def broken(frame: pd.DataFrame, name: str, gates: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """The rows whose answers to one question and to those it depends on do not go together."""
    known = frame[[*gates]].notna().all(axis=1)
    meets = pd.Series(True, index=frame.index)
    for gate, codes in gates.items():
        meets &= frame[gate].isin(codes)
    is_number = pd.api.types.is_numeric_dtype(frame[name])
    given = frame[name].notna()
    is_some = (frame[name] != 0) & given if is_number else given
    is_none = (frame[name] == 0) & given if is_number else ~given & False
    gate_text = frame[[*gates]].astype("string").agg("/".join, axis=1)
    told = gate_text + " / " + frame[name].astype("string")
    return cases_of(known & ((~meets & is_some) | (meets & is_none)), told, name)


FINDERS: Mapping[str, Finder] = {
    "speeder": find_speeders,
    "straight_line": find_straight_lines,
    "left_open": find_left_open,
    "identical_answers": find_identical,
    "skip_broken": find_broken_skips,
}


def questionnaires(study: Study, parts: Sequence[TypedRows]) -> Iterator[Questionnaire]:
    """The questionnaires of each delivery; files that share a question are exports of one."""
    found: dict[int, list[tuple[set[str], set[str]]]] = {}
    for part in (p for p in parts if p.table == "survey"):
        files, questions = {part.file}, set(questions_of(study, part.frame))
        others = []
        for known_files, known in found.get(part.year, []):
            if known & questions or part.file in known_files:
                files, questions = files | known_files, questions | known
            else:
                others.append((known_files, known))
        found[part.year] = [*others, (files, questions)]
    for year, forms in found.items():
        for names, asked in forms:
            yield Questionnaire(year, tuple(sorted(names)), tuple(sorted(asked)))
