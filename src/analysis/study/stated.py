"""A bureau's own stated figures laid over the study: what a ratio is held against is the bureau's to say, not ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from analysis.study.objects import Indicator, Problem, Study


class Figure(Protocol):
    """A stated figure and how a sentence names the document it stands in."""

    @property
    def value(self) -> float:
        """The figure, in the indicator's unit."""

    @property
    def text(self) -> str:
        """The words that stand before it in a sentence."""


def with_stated(study: Study, stated: Mapping[str, Figure]) -> Study:
    """The study whose ratios carry the figures stated for them; ``stated`` by ``problem.indicator``."""
    if not stated:
        return study
    problems = {k: with_figures(p, stated) for k, p in study.problems.items()}
    return study.model_copy(update={"problems": problems})


def with_figures(problem: Problem, stated: Mapping[str, Figure]) -> Problem:
    """One problem with the figures of its indicators."""
    found = tuple(with_figure(i, stated.get(f"{problem.id}.{i.id}")) for i in problem.indicators)
    return problem.model_copy(update={"indicators": found})


def with_figure(indicator: Indicator, figure: Figure | None) -> Indicator:
    """One indicator with its figure, or as it is."""
    if figure is None:
        return indicator
    return indicator.model_copy(update={"stated": figure.value, "stated_text": figure.text})
