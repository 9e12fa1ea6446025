"""What the cells of the hand-kept lists say, with the answer beside a few drawn rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.synthetic.paper import office_entries as entries
from analysis.synthetic.paper.office import office_parts
from analysis.synthetic.truth.record import Draw
from tests.synthetic.paper.office_drawn import YEARS, drawn_register, office_draw


@pytest.fixture(scope="module")
def county() -> Draw:
    return office_draw("county")


@pytest.fixture(scope="module")
def city() -> Draw:
    return office_draw("city")


def filled(draw: Draw, name: str, fill, **columns: list) -> dict:
    """The first row of one list of 2025 as the office writes it."""
    table = pd.DataFrame({"year": [2025], **columns})
    drawn = replace(draw, office={name: table})
    return fill(drawn, drawn_register(draw), 2025).iloc[0].to_dict()


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("bureau", ["county", "city"])
def test_every_column_of_a_form_is_filled(bureau: str, year: int, request) -> None:
    draw = request.getfixturevalue(bureau)
    register = drawn_register(draw)
    for form, fill in office_parts(draw, year):
        rows = fill(draw, register, year)
        assert set(form.headers) <= set(rows), form.file
        assert len(rows), form.file
        blank = rows[list(form.headers)].isna().all() | (rows[list(form.headers)] == "").all()
        assert not blank.any(), form.file


def test_a_member_of_a_studio(county: Draw) -> None:
    row = filled(
        county,
        "studios",
        entries.master_studios,
        kind=["master"],
        studio=[3],
        subject=["语文"],
        role=["host"],
        person=[12],
        school=[5],
        start_date=[pd.Timestamp("2023-11-05")],
    )
    assert row["team"] == "示例县第3名师工作室"
    assert (row["role"], row["name"], row["school_name"]) == ("主持人", "甲12", "校5")
    assert (row["programme"], row["start_date"]) == ("名师工作室", "2023.11.05")


def test_a_team_is_not_called_after_a_person(county: Draw) -> None:
    rows = entries.master_studios(county, drawn_register(county), 2025)
    assert not rows["team"].str.contains("甲").any()


def test_a_payment(city: Draw) -> None:
    row = filled(
        city,
        "subsidies",
        entries.subsidies,
        person=[4],
        school=[2],
        subsidy_grade=[3],
        monthly_yuan=[1100],
        paid_months=[12],
        amount_yuan=[13200],
    )
    assert (row["name"], row["subsidy_grade"], row["amount_yuan"]) == ("甲4", "三档", 13200)
    assert row["person_number"].startswith("99")


def test_a_meeting_names_no_school(county: Draw) -> None:
    row = filled(
        county,
        "inspections",
        entries.inspections,
        kind=["meeting"],
        school=[-1],
        inspection_score=[float("nan")],
        inspection_finding=["none"],
        start_date=[pd.Timestamp("2025-01-08")],
    )
    assert (row["programme"], row["school_name"]) == ("培训工作专题会议", "")


def test_a_project_and_a_course(county: Draw) -> None:
    project = filled(
        county,
        "projects",
        entries.projects,
        person=[1],
        school=[1],
        subject=["数学"],
        topic=["care"],
        honour_level=["county"],
        is_approved=[False],
        award_date=[pd.Timestamp("2025-03-05")],
    )
    assert project["title"] == "数学教学中留守儿童关爱的实践研究"
    assert (project["is_approved"], project["award_date"]) == ("未立项", "2025年3月5日")
    course = filled(
        county,
        "courses",
        entries.courses,
        course=[7],
        topic=["ai"],
        is_local=[True],
        hours=[8],
        course_kind=["practice"],
    )
    assert course["course"] == "乡土课程开发：人工智能应用课堂实操（7）"
    assert (course["programme"], course["course_kind"]) == ("人工智能应用能力提升培训", "实践课")


def test_a_visit_says_which_training_it_follows(county: Draw) -> None:
    row = filled(
        county,
        "visits",
        entries.visits,
        person=[1],
        school=[1],
        followed_programme=["outreach"],
        start_date=[pd.Timestamp("2025-03-05")],
        application_score=[80],
    )
    assert (row["programme"], row["followed_programme"]) == ("训后跟踪指导", "送教下乡")
    assert row["start_date"] == "2025.3.5"


def test_dates_as_written() -> None:
    days = pd.Series(pd.to_datetime(["2025-03-05", "2024-11-20", "2025-03-05"]))
    assert entries.days_as(days, "{0}年{1}月").tolist() == ["2025年3月", "2024年11月", "2025年3月"]
    assert entries.days_as(days[:0], "{0}").tolist() == []


def test_no_list_before_the_office_kept_any(county: Draw) -> None:
    assert office_parts(county, 2023) == []
    assert len(office_parts(county, 2024)) == 15


def test_what_the_county_keeps_and_the_city_does_not(county: Draw, city: Draw) -> None:
    of_county, of_city = ({f.file for f, _ in office_parts(d, 2025)} for d in (county, city))
    assert "乡村首席教师工作室名单2025.xls" in of_county - of_city
    assert "云平台登录日统计2025.csv" in of_city - of_county


def test_a_delivery_holds_the_lists_of_its_own_year(county: Draw) -> None:
    rows = entries.contests(county, drawn_register(county), 2024)
    of_year = county.office["contests"]["year"] == 2024
    assert len(rows) == of_year.sum() < len(of_year)
    assert rows["serial"].tolist() == [*range(1, len(rows) + 1)]
