"""Which hand-kept lists a delivery holds: each with its form and what fills it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis.synthetic.options import BureauOptions
from analysis.synthetic.paper import office_entries as entries
from analysis.synthetic.paper import office_forms as forms
from analysis.synthetic.paper import office_ledgers as ledgers
from analysis.synthetic.paper.filled import Filled
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.register import Register
from analysis.synthetic.truth.record import Draw

Entries = Callable[[Draw, Register, int], pd.DataFrame | Filled]
Part = tuple[Callable[[BureauOptions, int], Form], Entries]

BOTH: tuple[Part, ...] = (
    (forms.studio_form, entries.master_studios),
    (forms.backbone_form, entries.backbone),
    (forms.honour_form, entries.honours),
    (forms.contest_form, entries.contests),
    (forms.project_form, entries.projects),
    (forms.novice_form, entries.novices),
    (forms.visit_form, entries.visits),
    (ledgers.trainer_form, entries.trainers),
    (ledgers.course_form, entries.courses),
    (ledgers.fund_form, entries.funds),
    (ledgers.subsidy_form, entries.subsidies),
    (ledgers.inspection_form, entries.inspections),
)
ONLY: dict[str, tuple[Part, ...]] = {
    "county": (
        (forms.chief_form, entries.chief_studios),
        (forms.pair_form, entries.school_pairs),
        (forms.area_pair_form, entries.area_pairs),
    ),
    "city": (
        (forms.micro_form, entries.micro_cases),
        (forms.ethics_form, entries.ethics_cases),
        (forms.promotion_form, entries.promotions),
        (ledgers.lesson_form, entries.lessons),
        (ledgers.tool_form, entries.tools),
        (ledgers.login_form, entries.logins),
    ),
}


def office_parts(draw: Draw, year: int) -> list[tuple[Form, Entries]]:
    """The hand-kept lists of one delivery with the function that fills each; none where the office kept none yet.

    A form whose ``table`` is empty is delivered but has no entry in ``source.toml``.
    """
    if not any((table["year"] == year).any() for table in draw.office.values()):
        return []
    parts = (*BOTH, *ONLY[draw.options.bureau])
    return [(form(draw.options, year), fill) for form, fill in parts]
