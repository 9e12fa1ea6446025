"""The record of one drawn bureau: what is true, before any of it is written down by anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.profile import Planted, Profile


@dataclass(frozen=True)
class Draw:
    """A bureau as it truly is. Flags are booleans, categories the codes of ``study/variables.toml``.

    ``schools``: a school. ``teachers``: a person on the roster of 1 September ``year`` (also staff who do not
    teach, ``is_teacher`` false). ``fates``: what became of a roster person by 1 September ``year``, the year
    after the roster's, with the chances. ``exits``: a line of the leaver list of ``year``. ``trainings``: an
    attendance (``year`` is the calendar year it ended in). ``scores``: a test taken. ``survey``: an answer.
    ``rotation``: a rotated teacher, still on the home roster. ``person`` and ``school`` are positions, good
    across all tables; columns ``hidden_*`` are in no delivery. ``truth``: what ``truth.json`` says.
    """

    options: BureauOptions
    profile: Profile
    planted: Planted
    schools: pd.DataFrame
    teachers: pd.DataFrame
    fates: pd.DataFrame
    exits: pd.DataFrame
    trainings: pd.DataFrame
    scores: pd.DataFrame
    survey: pd.DataFrame
    rotation: pd.DataFrame
    truth: dict[str, Any] = field(default_factory=dict)

    def roster(self, year: int) -> pd.DataFrame:
        """The roster of 1 September of one year."""
        return self.teachers[self.teachers["year"] == year]
