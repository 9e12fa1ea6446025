"""A drawn bureau that has hand-kept lists and nothing else."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd

from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.register import Register
from analysis.synthetic.planted import Planted
from analysis.synthetic.truth.office.lists import draw_office
from analysis.synthetic.truth.record import Draw
from tests.synthetic.truth.office.drawn import drawn_roster, drawn_schools

YEARS = (2024, 2025)


def office_draw(bureau: str, teachers: int = 900) -> Draw:
    """A bureau whose tables are empty but for schools, teachers and the lists of two years."""
    options = bureau_options(bureau, teachers=teachers)
    schools, rosters = drawn_schools(options), {y: drawn_roster(options, y - 1) for y in YEARS}
    years = [draw_office(options, options.profile, schools, r, y) for y, r in rosters.items()]
    office = {name: pd.concat([year[name] for year in years]) for name in years[0]}
    empty = {
        f.name: pd.DataFrame({"year": []}) for f in fields(Draw) if f.type == "pd.DataFrame"
    } | {"schools": schools, "teachers": rosters[YEARS[-1]]}
    return Draw(options=options, profile=options.profile, planted=Planted(), office=office, **empty)


def drawn_register(draw: Draw) -> Register:
    """Names that tell the position: 甲12 is person 12, 校3 is school 3."""
    person = draw.teachers["person"]
    people = {
        "name": [f"甲{p}" for p in person],
        "person_number": [f"99{p:015d}X" for p in person],
        "staff_number": [f"G{p}" for p in person],
    }
    names = np.array([f"校{s}" for s in draw.schools["school"]], dtype=object)
    schools = {"school_name": names, "former_name": names, "renamed_in": 0}
    return Register(
        pd.DataFrame(people, index=pd.Index(person, name="person")),
        pd.DataFrame(schools, index=pd.Index(draw.schools["school"], name="school")),
    )
