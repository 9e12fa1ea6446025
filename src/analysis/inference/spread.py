"""How scores are spread: so many dots, each for the same share of teachers, over bins of whole points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.inference.levels import level_blank, level_record
from analysis.inference.record import Estimate, Point
from analysis.panel.build import Panel
from analysis.study.objects import Outcome, Study

SERIES = "spread"
# the most dots of which each still stands for ten teachers or more
DOTS = ((1000, 100), (500, 50), (200, 20))
WIDTHS = (1, 2, 5, 10, 20, 50)
MOST_BINS = 30


def measure_spreads(study: Study, panel: Panel) -> list[Estimate]:
    """The newest year's spread of every outcome that is a score and that enough teachers have."""
    found = []
    for outcome in study.outcomes.values():
        column = study.outcome_column(outcome.id, outcome.primary)
        if outcome.kind != "continuous" or column not in panel.frame:
            continue
        rows = panel.frame[panel.frame[column].notna() & (panel.frame["year"] == panel.year)]
        points = tuple(spread(rows[column], cut_of(outcome)))
        if points:
            blank = level_blank(panel, outcome, outcome.primary, panel.year, outcome.unit)
            level = level_record(blank, rows, column, panel.replicates)
            id_ = f"spread:{outcome.id}:{outcome.primary}:{panel.year}"
            found.append(replace(level, id=id_, series={SERIES: points}))
    return found


def cut_of(outcome: Outcome) -> float:
    """The score from which one of an outcome's definitions counts; 0 if none does: bins begin there."""
    cuts = (rule.at_least for rule in outcome.definitions.values())
    return next((cut for cut in cuts if cut is not None), 0.0)


def spread(scores: pd.Series, cut: float) -> Iterator[Point]:
    """One point a bin: its lower edge, its dots, its teachers; none of fewer than 200 teachers.

    Dots are shared out by rank (a bin's are the whole numbers that its cumulated share passes), so that they add up.
    """
    dots = next((count for least, count in DOTS if len(scores) >= least), 0)
    if not dots:
        return
    edges = bin_edges(float(scores.min()), float(scores.max()), cut)
    counts = np.histogram(scores, edges)[0]
    passed = np.floor(np.cumsum(counts) / len(scores) * dots + 0.5).astype(int)
    shared = np.diff(passed, prepend=0)
    for edge, share, n in zip(edges, shared, counts, strict=False):
        yield Point(f"{edge:g}", float(share), n=int(n))


def bin_edges(low: float, high: float, cut: float) -> list[float]:
    """Edges of bins of a whole width, the narrowest of which so many suffice; one edge is the cut.

    The highest score lies in the last bin, even where it is its upper edge.
    """
    width = next((w for w in WIDTHS if (high - low) / w <= MOST_BINS - 1), WIDTHS[-1])
    first = cut - np.ceil((cut - low) / width) * width
    count = max(int(np.ceil((high - first) / width)), 1)
    return [float(first + width * step) for step in range(count + 1)]
