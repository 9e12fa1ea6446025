"""Scales: items to scores, how reliable they are, how answers are spread, and items that point the other way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import messages
from analysis.intake.ledger import join_lines, write_lines
from analysis.intake.survey.reliability import alpha, omega
from analysis.study.objects import Scale, Study

SCALE_COLUMNS = (
    "year",
    "scale",
    "n_answers",
    "n_scored",
    "n_items",
    "alpha",
    "omega",
    "mean",
    "std_dev",
    "floor_share",
    "ceiling_share",
)
ITEM_COLUMNS = ("year", "scale", "item", "value", "n", "share")
SAME_SCORE = 0.01  # a platform rounds its means to two decimals
ENOUGH = 30  # complete answers from which the direction of an item can be told


@dataclass(frozen=True)
class ScoredSurvey:
    """The survey with scale scores, its ledger lines, notes, and the check tables ``scales`` and ``items``."""

    survey: pd.DataFrame
    lines: pd.DataFrame
    notes: tuple[str, ...]
    scales: pd.DataFrame
    items: pd.DataFrame


def score_survey(study: Study, survey: pd.DataFrame) -> ScoredSurvey:
    """Every scale of the study scored where its items were asked; a platform's mean stands where they were not."""
    out, lines = survey, []
    notes: list[str] = []
    scales: list[dict[str, object]] = []
    items: list[pd.DataFrame] = []
    for scale in study.scales.values():
        if not ({scale.id, *scale.items} & set(survey.columns)):
            continue
        scored = score(survey, scale)
        lines += [differing(survey, scale, scored), turned(survey, scale)]
        out = out.assign(**{scale.id: with_delivered(survey, scale, scored)})
        for year, rows in out.groupby("year"):
            if rows[asked(rows, scale)].notna().any(axis=None):
                scales.append(describe(rows, scale, int(year)))
                items.append(spread(rows, scale, int(year)))
                notes += delivered_note(study, rows, scale, int(year))
                notes += negative_note(study, scale, scales[-1])
    return ScoredSurvey(
        survey=out,
        lines=join_lines(lines),
        notes=tuple(notes),
        scales=pd.DataFrame(scales, columns=list(SCALE_COLUMNS)),
        items=pd.concat(items, ignore_index=True)
        if items
        else pd.DataFrame(columns=list(ITEM_COLUMNS)),
    )


def asked(rows: pd.DataFrame, scale: Scale) -> list[str]:
    """The columns of a scale that were delivered: its items, and its score if a platform gave one."""
    return [c for c in (*scale.items, scale.id) if c in rows]


def mirrored(rows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """The delivered items as floats, reversed ones mirrored: low + high - answer."""
    present = [i for i in scale.items if i in rows]
    values = rows[present].astype("Float64").astype("float64")
    turn = [i for i in scale.reversed if i in rows]
    return values.assign(**{i: scale.low + scale.high - values[i] for i in turn})


def score(rows: pd.DataFrame, scale: Scale) -> pd.Series:
    """The mean of the answered items for who answered at least the stated share of all items, else missing."""
    values = mirrored(rows, scale)
    answered = values.notna().sum(axis=1) / len(scale.items)
    return values.mean(axis=1).where(answered >= scale.minimum_answered)


def with_delivered(rows: pd.DataFrame, scale: Scale, scored: pd.Series) -> pd.Series:
    """The score by items; the platform's mean for rows of which no item was delivered."""
    if scale.id not in rows:
        return scored
    present = [i for i in scale.items if i in rows]
    has_items = rows[present].notna().any(axis=1) if present else pd.Series(False, index=rows.index)
    return scored.where(has_items, rows[scale.id].astype("float64"))


def differing(rows: pd.DataFrame, scale: Scale, scored: pd.Series) -> pd.DataFrame:
    """A line for each answer of which the platform's mean and the score by items disagree; the latter is used."""
    if scale.id not in rows:
        return join_lines([])
    given = rows[scale.id].astype("float64")
    is_other = ((given - scored).abs() > SAME_SCORE) & scored.notna()
    return _lines("score_differs", rows[is_other], variable=scale.id)


def _lines(rule: str, rows: pd.DataFrame, **fields: object) -> pd.DataFrame:
    """Ledger lines of survey rows that still know where they stood."""
    return write_lines(
        rule,
        table="survey",
        year=rows["source_year"],
        file=rows["source_file"],
        sheet=rows["source_sheet"],
        row=rows["source_row"],
        **fields,
    )


def turned(rows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """A line for each item and file whose answers run against the rest of its scale: noted, never turned round."""
    found = []
    for (year, file), part in rows.groupby(["source_year", "source_file"]):
        for item, r in rest_correlations(mirrored(part, scale)).items():
            if r < 0:
                told = {"variable": item, "found": f"r = {r:.2f}"}
                place = {"year": int(year), "file": file, "n": len(part)}
                found.append(write_lines("scale_direction", table="survey", **place, **told))
    return join_lines(found)


def rest_correlations(values: pd.DataFrame) -> dict[str, float]:
    """Item -> correlation with the mean of the other items, over complete answers; only where it can be told."""
    whole = values.dropna()
    if len(whole) < ENOUGH or whole.shape[1] < 3:
        return {}
    varies = [c for c in whole if whole[c].std() > 0]
    rests = {c: whole.drop(columns=c).mean(axis=1) for c in varies}
    return {c: float(np.corrcoef(whole[c], r)[0, 1]) for c, r in rests.items() if r.std() > 0}


def describe(rows: pd.DataFrame, scale: Scale, year: int) -> dict[str, object]:
    """One row of ``scales``: reliability over complete answers, and the score's level, spread and ends."""
    values = mirrored(rows, scale)
    complete = values.dropna().to_numpy() if values.shape[1] else np.empty((0, 0))
    found = rows[scale.id].dropna().astype("float64")
    n = len(found)
    return {
        "year": year,
        "scale": scale.id,
        "n_answers": int(rows[asked(rows, scale)].notna().any(axis=1).sum()),
        "n_scored": n,
        "n_items": int(values.notna().any().sum()),
        "alpha": alpha(complete),
        "omega": omega(complete),
        "mean": float(found.mean()),
        "std_dev": float(found.std(ddof=1)),
        "floor_share": float((found <= scale.low).mean()) if n else float("nan"),
        "ceiling_share": float((found >= scale.high).mean()) if n else float("nan"),
    }


def spread(rows: pd.DataFrame, scale: Scale, year: int) -> pd.DataFrame:
    """Rows of ``items``: per item and answer, how many of those who answered it gave it, as delivered."""
    values = [*range(int(scale.low), int(scale.high) + 1)]
    present = [i for i in scale.items if i in rows and rows[i].notna().any()]
    counts = [rows[i].value_counts().reindex(values, fill_value=0).astype(int) for i in present]
    return pd.DataFrame(
        [
            (year, scale.id, item, value, int(n), n / found.sum())
            for item, found in zip(present, counts, strict=True)
            for value, n in found.items()
        ],
        columns=list(ITEM_COLUMNS),
    )


def delivered_note(study: Study, rows: pd.DataFrame, scale: Scale, year: int) -> Iterator[str]:
    """That a scale came as the platform's mean only."""
    present = [i for i in scale.items if i in rows]
    if not present or not rows[present].notna().any(axis=None):
        text = messages()["note_score_delivered"]["zh"]
        yield text.format(year=year, label=study.scales[scale.id].label)


def negative_note(study: Study, scale: Scale, row: dict[str, object]) -> Iterator[str]:
    """That a scale's items do not go together at all: alpha, which knows no lower limit, is below 0."""
    if float(str(row["alpha"])) < 0:
        text = messages()["note_alpha_negative"]["zh"]
        yield text.format(year=row["year"], label=study.scales[scale.id].label)
