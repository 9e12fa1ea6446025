"""Rows that somebody entered to try a form out: a trial word for a name or school, or the same 1 in every field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.intake.cleaning.text import compact
from analysis.intake.cleaning.words import words
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.reading.header import TextTable

TRIED = "1"
FEWEST = 4  # filled fields that must all hold it
_NUMBER = re.compile(r"\d{0,3}$")


def drop_trials(table: TextTable, who: Sequence[str], answers: Sequence[str]) -> TextTable:
    """The table without rows entered to try the form out; each is a ledger line.

    ``who``: headers that say who or where somebody is; a trial word must be the whole of one of them.
    ``answers``: headers of which every filled one must hold the same 1 (those of dates left out).
    """
    is_trial = _is_named_so(table.frame, who) | _is_all_ones(table.frame, answers)
    if not is_trial.any():
        return table
    told = write_lines(
        "test_row",
        file=table.file,
        sheet=table.sheet,
        row=table.rows[is_trial],
        table="",
    )
    return replace(
        table,
        frame=table.frame[~is_trial].reset_index(drop=True),
        rows=table.rows[~is_trial].reset_index(drop=True),
        lines=join_lines([table.lines, told]),
    )


def is_trial_word(text: str) -> bool:
    """Whether a whole text is a word for a trial, with or without a number behind it."""
    flat = compact(text)
    trials = words().questionnaire.trials
    return bool(flat) and (flat in trials or _NUMBER.sub("", flat) in trials)


def _is_named_so(frame: pd.DataFrame, who: Sequence[str]) -> np.ndarray:
    """Per row whether one of these columns holds a trial word."""
    out: np.ndarray = np.zeros(len(frame), dtype=bool)
    for header in who:
        known = {text: is_trial_word(text) for text in frame[header].unique()}
        out |= frame[header].map(known).to_numpy(dtype=bool)
    return out


def _is_all_ones(frame: pd.DataFrame, answers: Sequence[str]) -> np.ndarray:
    """Per row whether every filled one of these columns holds the same 1, and enough are filled."""
    cells = frame[list(answers)].to_numpy(dtype=object)
    n_filled, n_ones = (cells != "").sum(axis=1), (cells == TRIED).sum(axis=1)
    out: np.ndarray = (n_ones == n_filled) & (n_filled >= FEWEST)
    return out
