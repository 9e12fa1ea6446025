"""The question bank: for every survey variable its question, answers with codes, what it feeds, and where it is asked.

A question is worded once, in ``study/variables.toml``; the export's header is that wording behind the number of the
question, and intake maps it back. Licensed scales appear by item code only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from analysis.intake.desk.templates_forms import range_words, read_desk_file
from analysis.intake.tables import columns_of
from analysis.study.objects import Indicator, Study, Variable
from analysis.study.references import split_measure

SURVEY = "survey"


class Question(BaseModel):
    """One question of the questionnaire; a matrix has a variable per row. ``feeds``: what is made of the answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    type: Literal["text", "number", "single", "multiple", "scale", "matrix"]
    variables: tuple[str, ...]  # a star stands for all items of a scale
    options: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    note: str = ""


class Part(BaseModel):
    """One part of the questionnaire."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    questions: tuple[Question, ...]


class Notice(BaseModel):
    """What a respondent must be told first; a draft for the bureau's legal office."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    heading: str
    paragraphs: tuple[str, ...]


class Bank(BaseModel):
    """All of ``questions.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    title: str
    workbook: str
    text_file: str
    notice: Notice
    columns: dict[str, str]
    types: dict[str, str]
    words: dict[str, str]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Asked:
    """One numbered question with the variables of the study that it fills."""

    number: int
    part: str
    question: Question
    variables: tuple[Variable, ...]


@cache
def bank() -> Bank:
    """The question bank, read once."""
    return Bank(**read_desk_file("questions.toml"))


def asked_questions(study: Study) -> list[Asked]:
    """The questions whose variables the study has, numbered as they are asked."""
    known = columns_of(study, SURVEY)
    found = [
        (part.title, question, variables)
        for part in bank().parts
        for question in part.questions
        if (variables := _variables(known, question))
    ]
    return [Asked(number, *rest) for number, rest in enumerate(found, 1)]


def _variables(known: Mapping[str, Variable], question: Question) -> tuple[Variable, ...]:
    """The variables of a question; those without a wording cannot be asked."""
    names = [n for pattern in question.variables for n in known if fnmatchcase(n, pattern)]
    return tuple(known[n] for n in names if known[n].question)


def header(asked: Asked, variable: Variable) -> str:
    """The header under which an export brings the answers of one variable."""
    return bank().words["header"].format(number=asked.number, question=variable.question)


def export_headers(study: Study) -> dict[str, str]:
    """Header of the export -> variable, for every question of the bank."""
    return {header(a, v): v.id for a in asked_questions(study) for v in a.variables}


def stem_and_row(wording: str) -> tuple[str, str]:
    """The stem of a matrix and the title of one of its rows; a plain question has no row."""
    stem, _, row = wording.partition(bank().words["row_mark"])
    stem = stem.partition(bank().words["type_mark"])[0]
    return stem, row.removeprefix("(").removesuffix(")")


def option_words(question: Question, variable: Variable) -> str:
    """The answers with their codes, or the range of a number."""
    words = bank().words
    if question.type == "number":
        return words["number_only"].format(range=range_words(variable))
    return words["options_joiner"].join(
        label if label == code else words["option"].format(code=code, label=label)
        for code, label in coded_options(question, variable)
    )


def coded_options(question: Question, variable: Variable) -> Iterator[tuple[str, str]]:
    """Code and what is shown, in order: the codes of the study, or numbers whose ends are named."""
    if question.type in ("single", "multiple"):
        yield from ((code, variable.code_label(code)) for code in variable.codes)
    ends = dict(zip((0, len(question.options) - 1), question.anchors, strict=False))
    for at, code in enumerate(question.options):
        yield code, ends.get(at, code)


def note_words(study: Study, question: Question, variable: Variable) -> str:
    """The note of a question, and when it is shown at all."""
    notes = [question.note] if question.note else []
    for name, codes in variable.only_if.items():
        asked = study.variables[name]
        answers = bank().words["options_joiner"].join(asked.code_label(code) for code in codes)
        notes.append(bank().words["only_if"].format(question=asked.question, answers=answers))
    return bank().words["options_joiner"].join(notes)


def fed_indicators(study: Study, question: Question, variable: Variable) -> list[str]:
    """The labels of the indicators and outcomes that an answer feeds."""
    names = {variable.id, *question.feeds}
    outcomes = [
        outcome.label
        for outcome in study.outcomes.values()
        if names & {d.variable for d in outcome.definitions.values()}
    ]
    indicators = [
        indicator.label
        for problem in study.problems.values()
        for indicator in problem.indicators
        if names & _measures(study, indicator)
    ]
    return list(dict.fromkeys([*indicators, *outcomes]))


def _measures(study: Study, indicator: Indicator) -> set[str | None]:
    """The variables that an indicator measures or groups by."""
    name, definition = split_measure(indicator.measure)
    read = study.outcomes[name].definitions[definition].variable if definition else name
    return {read, indicator.group, *indicator.adjust}
