"""The record of one drawn bureau: what is true, before any of it is written down by anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.planted import Planted
from analysis.synthetic.profile import Profile


@dataclass(frozen=True)
class Draw:
    """A bureau as it truly is. Flags are booleans, categories have the codes of ``study/variables.toml``.

    ``schools``: a school. ``teachers``: a person on the roster of 1 September ``year`` (also staff who do not
    teach, ``is_teacher`` false). ``fates``: what became of a roster person by 1 September ``year``, the year
    after the roster's, with the chances. ``exits``: a line of the leaver list of ``year``. ``trainings``: an
    attendance (``year`` is the calendar year it ended in). ``scores``: a first try at a test. ``survey``: an
    answer of March; ``needs``: an answer of the need survey of the September before. ``rotation``: a rotated
    teacher, still on the home roster. ``dormitories``: an applicant for a flat. ``volunteering``: a service.
    ``office``: hand-kept lists by name. ``person`` and ``school`` are positions, good across all tables;
    columns ``hidden_*`` are in no delivery. ``person_offset`` and ``school_offset`` tell the parts of one large
    bureau apart. ``truth``: what ``truth.json`` says. Nobody has a name here: names are paper.
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
    needs: pd.DataFrame
    rotation: pd.DataFrame
    dormitories: pd.DataFrame
    volunteering: pd.DataFrame
    office: dict[str, pd.DataFrame] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)
    person_offset: int = 0
    school_offset: int = 0

    def roster(self, year: int) -> pd.DataFrame:
        """The roster of 1 September of one year."""
        return self.teachers[self.teachers["year"] == year]
