"""What the cells of the hand-kept lists say, with the answer beside a few drawn rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from analysis.synthetic.paper import office_entries as entries
from analysis.synthetic.paper.filled import as_filled
from analysis.synthetic.paper.office import office_parts
from analysis.synthetic.paper.office_titles import COURSE_TAILS
from analysis.synthetic.paper.register import Register
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
    return as_filled(fill(drawn, drawn_register(draw), 2025)).rows.iloc[0].to_dict()


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("bureau", ["county", "city"])
def test_every_column_of_a_form_is_filled(bureau: str, year: int, request) -> None:
    draw = request.getfixturevalue(bureau)
    register = drawn_register(draw)
    for form, fill in office_parts(draw, year):
        rows = as_filled(fill(draw, register, year)).rows
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
        stage=["primary"],
        role=["host"],
        person=[12],
        school=[5],
        start_date=[pd.Timestamp("2023-11-05")],
    )
    assert row["team"] == "示例县小学语文名师工作室"
    assert (row["role"], row["name"], row["school_name"]) == ("主持人", "甲12", "校5")
    assert (row["programme"], row["start_date"]) == ("名师工作室", "2023.11.05")


def test_a_team_is_not_called_after_a_person(county: Draw) -> None:
    rows = entries.master_studios(county, drawn_register(county), 2025).rows
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
    assert "数学教学中留守儿童" in project["title"]
    assert (project["is_approved"], project["award_date"]) == ("未立项", "2025年3月5日")
    course = filled(
        county,
        "courses",
        entries.courses,
        course=[7],
        topic=["ai"],
        is_local=[True],
        hours=[8],
        form=["hands_on"],
        course_kind=["practice"],
    )
    assert course["course"].startswith("乡土课程开发：")
    assert course["course"].endswith(COURSE_TAILS["hands_on"])
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
    rows = entries.contests(county, drawn_register(county), 2024).rows
    of_year = county.office["contests"]["year"] == 2024
    assert len(rows) == of_year.sum() < len(of_year)
    assert rows["serial"].tolist() == [*range(1, len(rows) + 1)]


def dirty(draw: Draw, items: str) -> Draw:
    return replace(draw, options=replace(draw.options, dirt=items))


def stained(draw: Draw, register: Register) -> dict[tuple[str, str], int]:
    """File and variable -> cells that do not say what is true, in what the reader sees."""
    found: dict[tuple[str, str], int] = {}
    for form, fill in office_parts(draw, 2025):
        for stain in as_filled(fill(draw, register, 2025)).stains:
            if stain.column in form.headers and len(stain.positions):
                found[form.file, stain.column] = len(stain.positions)
    return found


@pytest.fixture(scope="module")
def large() -> Draw:
    return office_draw("city", 6000)


def test_lists_kept_by_hand_are_not_clean(large: Draw) -> None:
    found = stained(large, drawn_register(large))
    columns = {column for _, column in found}
    assert columns == {"name", "person_number", "staff_number", "award_date", "start_date"}
    assert len({file for file, _ in found}) >= 9


def test_without_dirt_everything_is_true_and_each_switch_is_for_itself(large: Draw) -> None:
    register = drawn_register(large)
    assert stained(dirty(large, "none"), register) == {}
    spaced = stained(dirty(large, "spaced-names"), register)
    assert {column for _, column in spaced} == {"name"}
    dated = stained(dirty(large, "odd-dates"), register)
    assert {column for _, column in dated} == {"award_date", "start_date"}


def test_every_stain_knows_what_a_clean_list_says(large: Draw) -> None:
    register, clean = drawn_register(large), dirty(large, "none")
    for form, fill in office_parts(large, 2025):
        filled, wanted = (as_filled(fill(d, register, 2025)) for d in (large, clean))
        rows = filled.rows[[*form.headers]].astype(object)
        for stain in reversed(filled.stains):
            if stain.column in rows:
                at = rows.columns.get_loc(stain.column)
                rows.iloc[stain.positions, at] = stain.values
        pd.testing.assert_frame_equal(rows, wanted.rows[[*form.headers]].astype(object))


def test_dates_in_another_form_are_the_same_days(large: Draw) -> None:
    rows = entries.visits(large, drawn_register(large), 2025).rows
    table = large.office["visits"]
    days = table.loc[table["year"] == 2025, "start_date"]
    read = pd.to_datetime(
        rows["start_date"].str.replace(r"[年月./]", "-", regex=True).str[:10].str.rstrip("日")
    )
    assert (read.to_numpy() == days.to_numpy()).all()
    assert rows["start_date"].str.contains("年").any()


def test_some_lines_have_a_remark(large: Draw) -> None:
    remarks = entries.backbone(large, drawn_register(large), 2025).rows["remark"]
    assert 0.03 < (remarks != "").mean() < 0.1


def test_a_letter_for_each_title_and_level(county: Draw) -> None:
    rows = entries.honours(county, drawn_register(county), 2025).rows
    assert rows.groupby(["honour", "honour_level"])["document"].nunique().eq(1).all()
    assert rows["document"].nunique() == 6
    assert rows["document"].str.fullmatch(r"示例[县市省]教(师)?〔2025〕\d+号").all()


def test_studios_of_the_same_subject_are_numbered(city: Draw) -> None:
    rows = pd.DataFrame(
        {"studio": [1, 2, 2, 3], "stage": "senior", "subject": ["语文", "语文", "语文", "数学"]}
    )
    assert entries.team_names("示例市", rows, "master").tolist() == [
        "示例市高中语文名师工作室",
        "示例市高中语文第二名师工作室",
        "示例市高中语文第二名师工作室",
        "示例市高中数学名师工作室",
    ]
