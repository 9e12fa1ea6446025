"""The questionnaires: every sheet as it was filled in, and what nobody gave in earnest at its rate."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.entries import of_year
from analysis.synthetic.paper.filled import KIND, Filled
from analysis.synthetic.paper.forms import needs_of, scale_items
from analysis.synthetic.paper.questionnaires import (
    item_ranges,
    need_counts,
    need_entries,
    survey_counts,
    survey_entries,
)
from analysis.synthetic.paper.register import Register, open_register
from analysis.synthetic.truth.bureau import draw_bureau
from analysis.synthetic.truth.record import Draw

YEAR = 2025
COUNTY_ITEMS = {"ee": 9, "dp": 5, "pa": 8, "ti": 4}


@pytest.fixture(scope="module")
def register(county: Draw) -> Register:
    return open_register(county)


@pytest.fixture(scope="module")
def dirty(county: Draw, register: Register) -> Filled:
    return survey_entries(county, register, YEAR)


@pytest.fixture(scope="module")
def clean(county: Draw, register: Register) -> Filled:
    return survey_entries(with_dirt(county, "none"), register, YEAR)


def with_dirt(draw: Draw, dirt: str) -> Draw:
    return replace(draw, options=replace(draw.options, dirt=dirt))


def test_clean_answers_are_the_truth(county: Draw, register: Register, clean: Filled) -> None:
    true = of_year(county.survey, YEAR).sort_values("survey_date", kind="stable")
    for column in item_ranges(true):
        assert clean.rows[column].tolist() == true[column].tolist()
    numbers = register.people["staff_number"].loc[true["person"]]
    assert clean.rows["staff_number"].tolist() == numbers.tolist()
    assert clean.rows["age"].tolist() == [int(age) for age in true["age"]]
    seconds = clean.rows["answer_seconds"].str.removesuffix("秒").astype(int)
    assert seconds.tolist() == true["answer_seconds"].tolist()
    assert clean.rows["serial"].is_monotonic_increasing


def test_numbers_of_sheets_have_gaps_where_some_were_refused(county: Draw, dirty: Filled) -> None:
    # mess.md 39: the platform numbers all sheets that came in
    received, valid = survey_counts(county, YEAR)
    assert valid == len(dirty.rows)
    assert received == valid + round(0.03 * valid)
    serials = dirty.rows["serial"]
    assert serials.is_unique
    assert serials.between(1, received).all()
    # they lie all over: about half of them in the first half
    missing = [n for n in range(1, received + 1) if n not in set(serials)]
    assert len(missing) == received - valid
    assert 0.25 < sum(n < received / 2 for n in missing) / len(missing) < 0.75


def test_counts_of_the_need_survey(county: Draw, register: Register) -> None:
    assert need_counts(county, YEAR)[1] == len(need_entries(county, register, YEAR).rows)


def test_sheets_come_in_by_several_ways_from_nobodys_address(dirty: Filled) -> None:
    rows = dirty.rows
    shares = rows["source"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx(
        {"微信": 0.62, "手机提交": 0.21, "链接": 0.17}, abs=0.03
    )
    # RFC 5737: kept for documentation
    form = (
        r"(?:192\.0\.2|198\.51\.100|203\.0\.113)\.(?:[1-9]|[1-9]\d|1\d\d|2[0-4]\d|250)\(.+省-.+\)"
    )
    assert rows["address"].str.fullmatch(form).all()
    assert rows["address"].nunique() > 500
    assert 0 < (rows["source_detail"] != "").mean() < 0.3


def test_the_platform_shows_the_means_of_the_items(dirty: Filled) -> None:
    for mean, scale in (("burnout_ee", "ee"), ("leave_intention", "ti")):
        of_items = dirty.rows[scale_items(scale)].astype(float).mean(axis=1).round(2)
        assert dirty.rows[mean].astype(float).tolist() == pytest.approx(
            of_items.tolist(), abs=0.011
        )


def test_which_items_were_asked(county: Draw) -> None:
    asked = item_ranges(of_year(county.survey, YEAR))
    assert len(asked) == sum(COUNTY_ITEMS.values()) + 2
    assert asked["ee9"] == (0, 6)
    assert asked["ti1"] == (1, 5)
    assert [*item_ranges(of_year(county.needs, YEAR))] == needs_of()


def test_items_of_dirt_come_at_their_rates(dirty: Filled, clean: Filled) -> None:
    size = len(clean.rows)
    kinds = dirty.rows[KIND].value_counts()
    assert kinds["second_answer"] / size == pytest.approx(0.01, abs=0.005)
    assert kinds["test"] == round(0.002 * size)
    stained = {stain.column: len(stain.positions) for stain in dirty.stains}
    assert stained["answer_seconds"] / size == pytest.approx(0.02, abs=0.007)
    assert max(stained[item] for item in scale_items("pa")) / size == pytest.approx(
        0.015, abs=0.005
    )
    fast = dirty.rows["answer_seconds"].str.removesuffix("秒").astype(int)
    is_earnest = (dirty.rows[KIND] == "").to_numpy()
    assert (fast[is_earnest] < 90).mean() == pytest.approx(0.02, abs=0.01)


def test_a_straight_line_is_one_answer_to_everything(dirty: Filled, county: Draw) -> None:
    items = [*item_ranges(of_year(county.survey, YEAR))]
    is_straight = dirty.rows[items].nunique(axis=1) == 1
    is_earnest = dirty.rows[KIND] != "test"
    spoilt = {at for s in dirty.stains if s.column in items for at in s.positions.tolist()}
    assert {*is_straight[is_straight & is_earnest].index} >= spoilt


def test_trials_are_scattered_and_name_nobody(dirty: Filled) -> None:
    trials = dirty.rows[dirty.rows[KIND] == "test"]
    places = trials.index.to_numpy() / len(dirty.rows)
    assert places.min() < 0.4
    assert places.max() > 0.6
    moments = pd.to_datetime(trials["survey_date"], format="%Y/%m/%d %H:%M:%S")
    assert moments.diff().nunique() == len(trials) - 1  # no two at the same distance
    assert set(trials["staff_number"]) == set(trials["school_name"]) == {"测试"}
    assert set(trials["working_hours"]) == {1}


def test_a_second_answer_is_the_same_persons_and_later(dirty: Filled) -> None:
    rows = dirty.rows.assign(
        at=pd.to_datetime(dirty.rows["survey_date"], format="%Y/%m/%d %H:%M:%S")
    )
    again = rows[rows[KIND] == "second_answer"].set_index("person")
    first = rows[rows[KIND] == ""].set_index("person").loc[again.index]
    assert (again["at"] > first["at"]).all()
    assert (again["staff_number"].str.upper() == first["staff_number"].str.upper()).all()


def test_the_county_asks_everybody_for_needs(county: Draw, register: Register) -> None:
    rows = need_entries(with_dirt(county, "none"), register, YEAR).rows
    assert len(rows) == len(of_year(county.needs, YEAR))
    assert rows["survey_date"].str[:4].eq(str(YEAR - 1)).all()


def test_the_city_asks_for_needs_in_the_survey() -> None:
    city = draw_bureau(bureau_options("city", teachers=700, seed=5, dirt="none"))
    rows = survey_entries(city, open_register(city), YEAR).rows
    assert set(needs_of()) <= set(rows)
    assert rows["need_care"].tolist() == (
        of_year(city.survey, YEAR).sort_values("survey_date", kind="stable")["need_care"].tolist()
    )
