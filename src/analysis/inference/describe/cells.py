"""Needs without hours by topic, area and stage of career: raw shares, pooled values and ranks of every cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.inference.arms import Arm
from analysis.inference.checking.balance import size_check
from analysis.inference.describe.pooling import Pooled, pool, ranks
from analysis.inference.record import Estimate, Point
from analysis.panel.build import Panel
from analysis.panel.survey import hours_by_topic
from analysis.panel.training import NEEDED, Tables
from analysis.panel.vouched import listed_topics, part_attendances
from analysis.study.objects import Indicator, Study

JOIN = "|"
MIN_CELL = 2  # persons without whom a cell has no share to pool
MIN_CELLS = 10  # fewer say too little of how much cells differ
PRIOR = 1.0  # half a person each way: a share of 0 or 1 in a few people is not known without error


@dataclass(frozen=True)
class Answers:
    """N teachers by T topics: 1 where a topic is needed and had no hours, else 0; school and cell of each teacher.

    Missing where a pasted list names the teacher for the topic: whether there were hours cannot be told.
    """

    unmet: pd.DataFrame
    school: pd.Series
    cell: pd.Series


def cells_record(
    blank: Estimate,
    indicator: Indicator,
    study: Study,
    panel: Panel,
    tables: Tables,
) -> Estimate:
    """The share of teachers who need a topic and had no hours on it, in percent, by topic and ``across``.

    Series ``cells`` (raw, error by schools), ``pooled`` and ``ranks`` (estimate: median rank) carry the same labels
    ``topic|code|code``. The estimate is the mean over all teachers and topics.
    """
    if "topic" not in tables.get("trainings", ()) or tables["trainings"].empty:
        return replace(blank, reason="no_outcome")
    answers = unmet_needs(study, panel, tables, indicator.across)
    if answers is None or answers.unmet.empty:
        return replace(blank, reason="no_outcome")
    raw = raw_cells(answers)
    record = replace(
        blank,
        estimate=100 * float(np.nanmean(answers.unmet.to_numpy())),
        grade="D",
        n_teachers=len(answers.unmet),
        n_schools=answers.school.nunique(),
        arms={"all": Arm(len(answers.unmet), answers.school.nunique(), None, None)},
        checks=(size_check(len(answers.unmet)),),
        series={"cells": raw_points(raw)},
    )
    if len(raw) < MIN_CELLS:
        return record
    return replace(record, series=record.series | pooled_points(raw, pool_shares(raw)))


def unmet_needs(
    study: Study, panel: Panel, tables: Tables, across: tuple[str, ...]
) -> Answers | None:
    """The teachers of the report year who rated every topic and whose cell is known; None without needs or columns."""
    now = panel.of_year()
    names = [v.id for v in study.variables.values() if v.topic and v.id in now]
    if not names or not set(across) <= set(now):
        return None
    asked = now[now[[*names, *across]].notna().all(axis=1)]
    kept, pasted = part_attendances(tables)
    hours = hours_by_topic(kept, asked["teacher_id"], panel.year, names)
    unmet = ((asked[names].astype(float) >= NEEDED) & (hours == 0)).astype(float)
    unmet = unmet.mask(listed_topics(pasted, asked["teacher_id"], panel.year, names))
    cell = asked[list(across)].astype(str).agg(JOIN.join, axis=1)
    return Answers(
        unmet.rename(columns=lambda n: n.removeprefix("need_")), asked["school_id"], cell
    )


def raw_cells(answers: Answers) -> pd.DataFrame:
    """One row per cell: label, topic, codes, share, its error with schools as units, persons; cells of one go."""
    rows = []
    for cell, mine in answers.unmet.groupby(answers.cell, sort=True):
        for topic in mine.columns:
            known = mine[topic].dropna()
            if len(known) < MIN_CELL:
                continue
            share, error = clustered_share(known.to_numpy(), answers.school.loc[known.index])
            label = f"{topic}{JOIN}{cell}"
            rows.append((label, topic, *str(cell).split(JOIN), share, error, len(known)))
    codes = [f"code_{i}" for i in range(len(rows[0]) - 5)] if rows else []
    return pd.DataFrame(rows, columns=["label", "topic", *codes, "share", "error", "n"])


def clustered_share(values: np.ndarray, schools: pd.Series) -> tuple[float, float]:
    """A share and its error by linearisation with schools as units (Cochran 1977, ch. 9A); 0 from a single school."""
    share = float(values.mean())
    sums = pd.Series(values - share).groupby(schools.to_numpy()).sum().to_numpy()
    g = len(sums)
    if g < 2:
        return share, 0.0
    return share, float(np.sqrt(g / (g - 1) * (sums**2).sum()) / len(values))


def groups_of(raw: pd.DataFrame) -> list[np.ndarray]:
    """The kinds of group a cell belongs to: its topic, each column across, and topic by each of these."""
    codes = [raw[c] for c in raw if str(c).startswith("code_")]
    kinds = [raw["topic"], *codes, *(raw["topic"] + JOIN + c for c in codes)]
    return [pd.factorize(k)[0] for k in kinds]


def pool_shares(raw: pd.DataFrame) -> Pooled:
    """The cells' shares pooled, each with a smoothed variance.

    A small cell's own error is as uncertain as its share and goes with it (a share of 0 has none), so the variance is
    that of the topic's share, times the design effect of all cells together (a generalised variance function: Wolter
    2007, ch. 7).
    """
    n, share = raw["n"].to_numpy(float), raw["share"].to_numpy(float)
    weighted = raw.assign(events=n * share).groupby("topic")[["events", "n"]].transform("sum")
    expected = ((weighted["events"] + PRIOR / 2) / (weighted["n"] + PRIOR)).to_numpy(float)
    plain = expected * (1 - expected) / n
    effect = max(1.0, float((raw["error"] ** 2).sum() / plain.sum()))
    return pool(share, effect * plain, groups_of(raw))


def pooled_points(raw: pd.DataFrame, found: Pooled) -> dict[str, tuple[Point, ...]]:
    """The series of pooled values (in percent, ends within 0 and 100) and of ranks."""
    low, high, value = (100 * np.clip(v, 0, 1) for v in (found.low, found.high, found.value))
    shares = zip(raw["label"], value, 100 * found.std_error, low, high, raw["n"], strict=True)
    middle, first, last = ranks(found)
    places = zip(raw["label"], middle, first, last, raw["n"], strict=True)
    return {
        "pooled": tuple(
            Point(k, float(v), float(e), float(a), float(b), int(n)) for k, v, e, a, b, n in shares
        ),
        "ranks": tuple(
            Point(k, float(r), None, float(a), float(b), int(n)) for k, r, a, b, n in places
        ),
    }


def raw_points(raw: pd.DataFrame) -> tuple[Point, ...]:
    """The raw shares in percent with their errors."""
    rows = zip(raw["label"], 100 * raw["share"], 100 * raw["error"], raw["n"], strict=True)
    return tuple(Point(k, float(v), float(e), n=int(n)) for k, v, e, n in rows)
