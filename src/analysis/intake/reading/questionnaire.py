"""Exports of questionnaires: headers taken apart, ticks of a multiple choice joined, two forms of one export compared.

One questionnaire comes in two forms: by text (one column with the question's words, its options joined) and by number
(many columns of 0 and 1 named by question and option, the question's own words gone). Both end here as one column of
option texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.sheets import RawSheet

SEARCHED_ROWS = 30
TICKED, NOT_TICKED, NOT_ANSWERED, NOT_ASKED = "1", "0", "-2", "-3"
FEWEST = 2  # columns of ticks that make a multiple choice
DISAGREEMENTS = ("serial", "question", "by_text", "by_number")


@dataclass(frozen=True)
class Question:
    """A header taken apart: the question's number (0: none), its own words, and the option or row it is about."""

    number: int
    stem: str
    part: str


def question_of(header: str) -> Question:
    """What a header says of its question; also of one like ``stem [row]`` or ``Q6_Row1``."""
    text = " ".join(header.split())
    if found := _tick_form().fullmatch(text):
        return Question(int(found[1]), "", _bare(found[2] or ""))
    if found := re.fullmatch(r"[Qq](\d+)_(\S+)", text):
        return Question(int(found[1]), "", found[2])
    found = _marked().match(text)
    number, rest = (int(found[1]), text[found.end() :]) if found else (0, text)
    stem, part = _stem_and_part(rest)
    return Question(number, stem.strip(), _bare(part))


@cache
def _tick_form() -> re.Pattern[str]:
    before, behind = words().questionnaire.question
    opening, closing = map(re.escape, words().questionnaire.brackets)
    inside = f"[{opening}].*[{closing}]"
    return re.compile(rf"{before}\s*(\d+)\s*{behind}\s*({inside})?", re.DOTALL)


@cache
def _marked() -> re.Pattern[str]:
    """A question's number in front of its words."""
    marks = re.escape(words().questionnaire.marks)
    return re.compile(rf"\s*\*?\s*[A-Za-z]?0*(\d{{1,3}})\s*[{marks}]+\s*")


def _stem_and_part(text: str) -> tuple[str, str]:
    """The two sides of a dash or the text before and in square brackets at the end."""
    dashes = "|".join(map(re.escape, words().questionnaire.dashes))
    if found := re.fullmatch(rf"(.*\S)\s*(?:{dashes})+\s*(\S.*)", text, re.DOTALL):
        return found[1], found[2]
    found = re.fullmatch(r"(.*\S)\s*\[([^\]]+)\]", text, re.DOTALL)
    return (found[1], found[2]) if found else (text, "")


def _bare(part: str) -> str:
    """A part without the brackets around the whole of it."""
    inside = part.strip()
    opening, closing = words().questionnaire.brackets
    return inside[1:-1] if inside and inside[0] in opening and inside[-1] in closing else inside


def join_ticks(raw: RawSheet) -> RawSheet:
    """The sheet with each multiple choice of the number form as one column of option texts; each is told.

    A matrix is written alike; it stays apart, its cells are other numbers than 0 and 1.
    """
    row = _header_at(raw.cells)
    if row is None:
        return raw
    groups: dict[int, list[int]] = {}
    for at, header in enumerate(raw.cells.iloc[row]):
        if _tick_form().fullmatch(header) and (question := question_of(header)).part:
            groups.setdefault(question.number, []).append(at)
    ticks = {n: ats for n, ats in groups.items() if are_ticks(raw.cells.iloc[row + 1 :, ats])}
    return _joined(raw, row, ticks) if ticks else raw


def _header_at(cells: pd.DataFrame) -> int | None:
    """The first row with as many headers of ticks as a multiple choice needs."""
    for row, texts in enumerate(cells.iloc[:SEARCHED_ROWS].to_numpy(dtype=object)):
        if sum(_tick_form().fullmatch(text) is not None for text in texts) >= FEWEST:
            return row
    return None


def are_ticks(cells: pd.DataFrame) -> bool:
    """Whether columns are the options of one question: nothing but ticked, not ticked, not asked, not answered."""
    found = set(cells.to_numpy(dtype=object).ravel())
    known = {"", TICKED, NOT_TICKED, NOT_ANSWERED, NOT_ASKED}
    is_known = all(text in known or _typed_behind(text) for text in found)
    return cells.shape[1] >= FEWEST and is_known and {TICKED, NOT_TICKED} <= found


def _typed_behind(text: str) -> bool:
    """Whether a tick is followed by what was typed behind the option."""
    opening, closing = words().options.typed
    return text.startswith(TICKED + opening) and text.endswith(closing)


def _joined(raw: RawSheet, row: int, ticks: Mapping[int, Sequence[int]]) -> RawSheet:
    """The sheet with one column in place of the first of each group."""
    cells, last = raw.cells.copy(), {at: at for at in range(raw.cells.shape[1])}
    lines = [raw.lines]
    for number, ats in ticks.items():
        options = [question_of(raw.cells.iat[row, at]).part for at in ats]
        texts = ticked_options(raw.cells.iloc[row + 1 :, list(ats)], options)
        header = str(number).join(words().questionnaire.question)
        above = raw.cells.iloc[:row, ats[0]].tolist()
        cells[cells.columns[ats[0]]] = [*above, header, *texts]
        last = {at: end for at, end in last.items() if at not in ats[1:]} | {ats[0]: ats[-1]}
        lines.append(_told_joined(raw, row, header, len(ats)))
    kept = cells.iloc[:, list(last)].set_axis(range(len(last)), axis=1)
    ends = np.array([*last.values()])
    widths = raw.widths and tuple(int((ends < width).sum()) for width in raw.widths)
    return replace(raw, cells=kept, widths=widths, lines=join_lines(lines), merged=())


def ticked_options(cells: pd.DataFrame, options: Sequence[str]) -> list[str]:
    """Per row the ticked options, the word for not asked or not answered, or an empty text where none is ticked."""
    said = words().questionnaire
    out = []
    for row in cells.to_numpy(dtype=object):
        chosen = [
            option + text.removeprefix(TICKED)
            for option, text in zip(options, row, strict=True)
            if text.startswith(TICKED)
        ]
        filled = {text for text in row if text}
        word = {NOT_ASKED: said.skipped, NOT_ANSWERED: said.blank}
        nothing = word.get(next(iter(filled)), "") if len(filled) == 1 else ""
        out.append(words().options.ticked[0].join(chosen) or nothing)
    return out


def _told_joined(raw: RawSheet, row: int, header: str, n_options: int) -> pd.DataFrame:
    """A note that the columns of a question became one."""
    return write_lines(
        "options_joined",
        file=raw.file,
        sheet=raw.sheet,
        row=raw.first_row + row,
        column=header,
        n=n_options,
    )


def without_other_text(answer: str) -> str:
    """An answer without what was typed behind its options."""
    opening, closing = words().options.typed
    return re.sub(f"{opening}[^{closing}]*{closing}", "", answer).strip()


def options_of(answer: str) -> frozenset[str]:
    """The options of a multiple choice, without what was typed behind them; split at the joint and nowhere else."""
    parts = without_other_text(answer).split(words().options.ticked[0])
    return frozenset(part.strip() for part in parts if part.strip())


def contradictions(answers: pd.Series, exclusive: Iterable[str] = ()) -> pd.Series:
    """Per answer whether it ticks an option that excludes all others together with another one.

    ``exclusive``: the options that exclude others; by default those that ``words.toml`` names.
    """
    alone = {compact(word) for word in exclusive or words().questionnaire.exclusive}
    chosen = answers.map(options_of)
    return chosen.map(lambda c: len(c) > 1 and any(compact(o) in alone for o in c)).astype(bool)


def compare_forms(text_sheet: RawSheet, number_sheet: RawSheet) -> pd.DataFrame:
    """Every answer in which the two forms of one export disagree: serial, question, by_text, by_number.

    A single choice is compared through the numbering that most answers follow, a multiple choice by its options.
    Rows that only one form holds are disagreements with an empty question.
    """
    texts, numbers = answers_of(text_sheet), answers_of(number_sheet)
    shared = texts.index.intersection(numbers.index)
    alone = texts.index.symmetric_difference(numbers.index)
    rows = [(serial, "", "", "") for serial in alone]
    for header, other in _pairs([*texts], [*numbers]):
        by_text, by_number = texts.loc[shared, header], numbers.loc[shared, other]
        wrong = _differs(by_text.map(without_other_text), by_number.map(without_other_text))
        found = zip(shared[wrong], by_text[wrong], by_number[wrong], strict=True)
        rows += [(serial, header, text, number) for serial, text, number in found]
    return pd.DataFrame(rows, columns=list(DISAGREEMENTS), dtype=object)


def answers_of(raw: RawSheet) -> pd.DataFrame:
    """The answers of an export by serial number (by position where there is none), one column per header."""
    row, serials = question_row(raw.cells), serials_of(raw)
    headers = [text.strip() for text in raw.cells.iloc[row]]
    frame = raw.cells.loc[serials.index].set_axis(headers, axis=1).set_axis(serials)
    return frame.loc[:, ~frame.columns.duplicated()]


def serials_of(raw: RawSheet) -> pd.Series:
    """Position of a row -> its serial number, or the position where the export has none; the first row of each."""
    row, serial = question_row(raw.cells), words().questionnaire.serial
    headers = [text.strip() for text in raw.cells.iloc[row]]
    body = raw.cells.iloc[row + 1 :]
    if serial not in headers:
        return pd.Series(body.index, index=body.index)
    texts = body.iloc[:, headers.index(serial)]
    return texts[(texts != "") & ~texts.duplicated()]


def question_row(cells: pd.DataFrame) -> int:
    """The first of the rows with the most headers that are numbered questions."""
    heads = cells.iloc[:SEARCHED_ROWS].to_numpy(dtype=object)
    n_asked = [sum(question_of(text).number > 0 for text in row) for row in heads]
    return n_asked.index(max(n_asked))


def _pairs(texts: Sequence[str], numbers: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The headers of the two forms that ask the same."""
    known = {_asked(header): header for header in numbers}
    for header in texts:
        same = known.get(_asked(header))
        if same is not None and question_of(header).number:
            yield header, same


def _asked(header: str) -> tuple[int, str]:
    """What tells one question (or one row of a matrix) from the others in both forms."""
    question = question_of(header)
    return question.number, compact(question.part)


def _differs(texts: pd.Series, numbers: pd.Series) -> np.ndarray:
    """Where two columns say different things: by options, or against the numbering that most rows follow."""
    if texts.empty:
        return np.zeros(0, dtype=bool)
    if _are_options(texts, numbers):
        return (texts.map(options_of) != numbers.map(options_of)).to_numpy(dtype=bool)
    there = numbers.groupby(texts).agg(lambda group: group.value_counts().index[0])
    back = texts.groupby(numbers).agg(lambda group: group.value_counts().index[0])
    is_same = (texts.map(there) == numbers) & (numbers.map(back) == texts)
    return (~is_same).to_numpy(dtype=bool)


def _are_options(texts: pd.Series, numbers: pd.Series) -> bool:
    """Whether both forms hold the texts of options: the number form has any text that the other has too."""
    spelled = {option for answer in numbers.unique() for option in options_of(answer)}
    return bool({option for answer in texts.unique() for option in options_of(answer)} & spelled)
