"""What stands in the cells: light dirt at the stated rates, over an otherwise true table."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from analysis.synthetic.paper import dirt, entries
from analysis.synthetic.paper.entries import Register, open_register
from analysis.synthetic.truth.record import Draw


@pytest.fixture(scope="module")
def register(county: Draw) -> Register:
    return open_register(county)


def test_roster_dirt(county: Draw, register: Register) -> None:
    rows = entries.roster_entries(county, register, 2025)
    assert len(rows) == len(county.roster(2025))
    assert rows["name"].str.contains(r"\s").mean() == pytest.approx(0.015, abs=0.006)
    assert rows["person_number"].str.contains("[０-９]").mean() == pytest.approx(0.003, abs=0.003)
    year = rows["birth_month"].str.extract(r"^(\d{4})")[0].astype(int)
    assert ((year < 1900) | (year > 2025)).mean() == pytest.approx(0.005, abs=0.003)
    usual = rows["work_start"].str.fullmatch(r"\d{4}\.\d{2}")
    assert 1 - usual.mean() == pytest.approx(0.06, abs=0.012)
    # months have two digits, so 1998.1 and 1998.10 cannot be confused
    assert not rows["work_start"].str.fullmatch(r"\d{4}\.\d").any()


def test_roster_cells_are_true_under_the_dirt(county: Draw, register: Register) -> None:
    rows = entries.roster_entries(county, register, 2025).sort_values("person")
    truth = county.roster(2025).sort_values("person")
    names = rows["name"].str.replace(r"\s", "", regex=True)
    assert names.tolist() == truth["name"].tolist()
    wide = str.maketrans("０１２３４５６７８９", "0123456789")
    assert [n.translate(wide) for n in rows["person_number"]] == truth["person_number"].tolist()
    assert (rows["staffed_post"] == "是").tolist() == truth["staffed_post"].tolist()


def test_school_entries_show_a_pilot_once_it_has_started(county: Draw, register: Register) -> None:
    shown = {
        year: entries.school_entries(county, register, year)["pilot_start"].ne("").sum()
        for year in (2021, 2022, 2023, 2024, 2025)
    }
    assert shown == {2021: 0, 2022: 2, 2023: 6, 2024: 12, 2025: 12}
    starts = entries.school_entries(county, register, 2025)["pilot_start"]
    assert starts[starts != ""].value_counts().to_dict() == {
        "2024.09": 6,
        "2023.09": 4,
        "2022.09": 2,
    }


def test_training_dirt(county: Draw, register: Register) -> None:
    rows = entries.training_entries(county, register, 2025)
    assert rows["hours"].str.endswith("学时").mean() == pytest.approx(0.02, abs=0.005)
    assert (rows["staff_number"] == "").mean() == pytest.approx(0.03, abs=0.006)
    forms = rows["end_date"].map(lambda text: re.sub(r"\d+", "9", text)).value_counts()
    assert set(forms.index) == {"9-9-9", "9.9.9", "9/9/9", "9年9月9日"}
    assert forms["9-9-9"] / len(rows) == pytest.approx(0.94, abs=0.01)


def test_survey_entries(county: Draw, register: Register) -> None:
    rows = entries.survey_entries(county, register, 2025)
    known = set(register.people["staff_number"])
    typed = rows["staff_number"].str.upper()
    assert typed.isin(known).mean() == pytest.approx(0.92, abs=0.015)
    # a mistyped number is a digit short and so belongs to nobody else
    assert typed[~typed.isin(known)].str.fullmatch(r"|G\d{5}").all()
    assert ((rows["age"] < 16) | (rows["age"] > 80)).mean() == pytest.approx(0.005, abs=0.004)
    assert rows["answer_seconds"].str.fullmatch(r"\d+秒").all()


def test_exit_reasons_are_blank_for_some_who_left_themselves(
    county: Draw, register: Register
) -> None:
    blanks, own = 0, 0
    for year in range(2020, 2026):
        rows = entries.exit_entries(county, register, year)
        pension = rows["reason"].isin(dirt.ALWAYS_GIVEN)
        assert (rows.loc[pension, "exit_reason"] != "").all()
        blanks += (rows.loc[~pension, "exit_reason"] == "").sum()
        own += (~pension).sum()
    assert blanks / own == pytest.approx(0.15, abs=0.02)


def test_dirt_leaves_its_input_alone() -> None:
    names = pd.Series(["张三"] * 400)
    dirt.space_names(np.random.default_rng(1), names)
    assert (names == "张三").all()
