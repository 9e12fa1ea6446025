"""Money: the ledger of training funds and the payments of the rural living subsidy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.synthetic.truth.office.desk import Desk

STANDARD = (800, 1000)  # yuan a month at grade 2, until the rise and from it on (row 26)
GRADE_STEP = 100
EXECUTED = (0.90, 1.0)  # spent of what was planned (a choice)
MONTHS = 12
DAYS_A_MONTH = 365 / 12


def draw_funds(desk: Desk) -> pd.DataFrame:
    """The ledger of training funds; a row is a programme: budget and spending in yuan, attendances, hours of each."""
    rng = desk.rng("funds")
    rows = (
        pd.DataFrame.from_dict(
            desk.figures.funds, orient="index", columns=["n_attendances", "hours", "thousands"]
        )
        .rename_axis("programme")
        .reset_index()
    )
    rows["n_attendances"] = [desk.scaled(n) for n in rows["n_attendances"]]
    grown = 1.0 + 0.06 * (desk.year - 2025)
    budget = rows["thousands"] * grown * desk.options.scale * 1000
    rows["budget_yuan"] = np.maximum(100, (budget / 100).round().astype(int) * 100)
    spent = rows["budget_yuan"] * rng.uniform(*EXECUTED, len(rows))
    rows["spent_yuan"] = spent.round().astype(int)
    return rows.drop(columns="thousands")


def draw_subsidies(desk: Desk) -> pd.DataFrame:
    """The subsidy paid from September to August; a row is an eligible teacher, ``paid_months`` those in post."""
    rows = desk.teachers[desk.teachers["subsidy_eligible"].to_numpy(bool)].reset_index(drop=True)
    standard = STANDARD[int(desk.september >= desk.profile.subsidy_starts)]
    rows["monthly_yuan"] = standard + GRADE_STEP * (rows["subsidy_grade"] - 2)
    paid = np.ceil((rows["days"].to_numpy() + 1) / DAYS_A_MONTH)
    rows["paid_months"] = np.clip(paid, 1, MONTHS).astype(int)
    rows["amount_yuan"] = rows["monthly_yuan"] * rows["paid_months"]
    columns = ["person", "school", "subsidy_grade", "monthly_yuan", "paid_months", "amount_yuan"]
    return rows.sort_values(["school", "person"], ignore_index=True)[columns]
