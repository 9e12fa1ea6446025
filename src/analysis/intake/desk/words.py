"""The words of the desk: what workbooks for schools and drafts say, read from ``desk.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict


class Question(BaseModel):
    """What a school is asked for one ledger rule; ``variable``: whose cell it is where the line names none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    text: str
    variable: tuple[str, ...] = ()


class ReturnWords(BaseModel):
    """Sheets, columns and sentences of the workbooks for schools."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    guide_sheet: str
    cells_sheet: str
    codes_sheet: str
    file: str
    file_start: str
    unknown_school: str
    kept_folder: str
    columns: tuple[str, ...]
    title: str
    author: str
    empty_mark: str
    empty_marks: tuple[str, ...]
    codes_expected: str
    date_expected: str
    month_expected: str
    number_expected: str
    range_expected: str
    number_unit: str
    reason: str
    confirmed_marks: tuple[str, ...]
    answer_expected: str
    guide: tuple[str, ...]


class DraftWords(BaseModel):
    """Comments of a drafted source.toml, and what file names say."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by_text: tuple[str, ...]
    by_number: tuple[str, ...]
    guess: str
    guess_from: str
    similar: str
    unmapped: str
    lost: str
    absent: str
    not_table: str
    no_table: str
    not_read: str
    bad_name: str
    folder: str
    twin: str
    unsure_table: str
    no_key: str
    head: str
    mark: str
    fill_region: str
    fill_producer: str
    fill_received: str
    fill_snapshot: str
    last_year: str
    file_name: str
    title_row: str
    not_tables: tuple[str, ...]
    hints: dict[str, tuple[str, ...]]


class DeskWords(BaseModel):
    """All of ``desk.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    returns: ReturnWords
    ask: dict[str, Question]
    draft: DraftWords


@cache
def desk_words() -> DeskWords:
    """The words, read once."""
    text = resources.files("analysis.intake.desk").joinpath("desk.toml").read_text(encoding="utf-8")
    return DeskWords(**tomllib.loads(text))
