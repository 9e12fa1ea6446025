"""All hand-kept lists of one report year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import Profile
from analysis.synthetic.truth.office import honours, money, steps, studios, teaching
from analysis.synthetic.truth.office.desk import Desk

BOTH: dict[str, Callable[[Desk], pd.DataFrame]] = {
    "studios": studios.draw_studios,
    "backbone": studios.draw_backbone,
    "honours": honours.draw_honours,
    "contests": honours.draw_contests,
    "projects": honours.draw_projects,
    "trainers": teaching.draw_trainers,
    "courses": teaching.draw_courses,
    "funds": money.draw_funds,
    "subsidies": money.draw_subsidies,
    "novices": steps.draw_novices,
    "visits": steps.draw_visits,
    "inspections": steps.draw_inspections,
}
ONLY: dict[str, dict[str, Callable[[Desk], pd.DataFrame]]] = {
    "county": {"pairs": steps.draw_pairs},
    "city": {
        "micro_cases": honours.draw_micro_cases,
        "ethics_cases": honours.draw_ethics_cases,
        "lessons": teaching.draw_lessons,
        "promotions": steps.draw_promotions,
        "tools": steps.draw_tools,
        "logins": steps.draw_logins,
    },
}


def list_names(bureau: str) -> list[str]:
    """The lists that a bureau of this kind keeps."""
    return [*BOTH, *ONLY[bureau]]


def draw_office(
    options: BureauOptions,
    profile: Profile,
    schools: pd.DataFrame,
    roster: pd.DataFrame,
    year: int,
    last_day: np.ndarray | None = None,
) -> dict[str, pd.DataFrame]:
    """The lists of report year ``year`` by name; each has columns ``year`` and, where it names any, ``person``, ``school``.

    ``roster``: staff of 1 September ``year - 1`` with the columns of their school; ``last_day``: days after
    it on which each of them is last in post, None if nobody leaves. Research, ethics and party matters that
    concern single persons (violations, membership) and results of pupils are deliberately in no list.
    """
    desk = Desk(options, profile, schools, roster, year, last_day)
    lists = BOTH | ONLY[options.bureau]
    return {name: draw(desk).assign(year=year) for name, draw in lists.items()}
