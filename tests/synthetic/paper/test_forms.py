"""Forms: columns of their table, headers that intake can tell apart, and what changes between years and bureaus."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.intake.cleaning.text import compact
from analysis.synthetic.paper import forms
from analysis.synthetic.paper.form import Form
from analysis.synthetic.profile import CITY, COUNTY, Profile

YEARS = (2019, 2021, 2022, 2025, 2026)
FORMS = (
    forms.roster_form,
    forms.school_form,
    forms.exit_form,
    forms.training_form,
    forms.mentor_form,
    forms.score_form,
    forms.survey_form,
    forms.need_form,
    forms.rotation_form,
    forms.dormitory_form,
    forms.volunteer_form,
)
MakeForm = Callable[[Profile, int], Form]


@pytest.fixture(scope="module")
def variables(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("make", FORMS)
@pytest.mark.parametrize("profile", [COUNTY, CITY])
@pytest.mark.parametrize("year", YEARS)
def test_columns_belong_to_their_table(
    make: MakeForm, profile: Profile, year: int, variables: dict[str, Any]
) -> None:
    form = make(profile, year)
    assert set(form.unmapped) <= set(form.headers)
    for variable in set(form.headers) - set(form.unmapped):
        assert form.table in variables[variable]["tables"], variable


@pytest.mark.parametrize("make", FORMS)
@pytest.mark.parametrize("profile", [COUNTY, CITY])
@pytest.mark.parametrize("year", YEARS)
def test_headers_differ_and_no_unmapped_one_is_taken_for_a_variable(
    make: MakeForm, profile: Profile, year: int, variables: dict[str, Any]
) -> None:
    form = make(profile, year)
    every = [*form.headers.values(), *form.extra]
    assert len({compact(header) for header in every}) == len(every)
    mapped = set(form.headers) - set(form.unmapped)
    known = {
        compact(header)
        for name, entry in variables.items()
        if form.table in entry["tables"] and name not in mapped
        for header in (entry["label"], *entry.get("synonyms", ()))
    }
    unmapped = {compact(form.headers[name]) for name in form.unmapped}
    assert not known & unmapped


@pytest.mark.parametrize("make", FORMS)
@pytest.mark.parametrize("profile", [COUNTY, CITY])
def test_a_header_over_two_rows_covers_every_column(make: MakeForm, profile: Profile) -> None:
    form = make(profile, 2025)
    assert set(form.groups) in (set(), set(form.headers))
    assert set(form.totals) <= set(form.headers)


def test_headers_change_over_the_years() -> None:
    before = forms.roster_form(COUNTY, 2020).headers
    after = forms.roster_form(COUNTY, 2025).headers
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"school_name", "title_rank", "staffed_post"}


def test_the_two_bureaus_do_not_call_everything_alike() -> None:
    for make in (forms.roster_form, forms.training_form, forms.score_form, forms.exit_form):
        county, city = make(COUNTY, 2023).headers, make(CITY, 2023).headers
        assert set(county) == set(city)
        assert 0 < sum(county[name] != city[name] for name in county) < len(county) / 2


def test_formats_change_over_the_years() -> None:
    rosters = {year: forms.roster_form(COUNTY, year) for year in (2021, 2022, 2025)}
    assert {year: form.encoding for year, form in rosters.items()} == {
        2021: "gb18030",
        2022: "utf-8-sig",
        2025: "",
    }
    assert rosters[2025].file.endswith(".xlsx")
    assert rosters[2025].title
    assert forms.school_form(COUNTY, 2021).file.endswith(".xls")
    assert forms.school_form(COUNTY, 2022).file.endswith(".xlsx")


def test_a_spelling_the_study_does_not_know_is_declared() -> None:
    assert forms.roster_form(COUNTY, 2019).answers == {"staffed_post": {"占编": "yes"}}
    assert forms.roster_form(COUNTY, 2023).answers == {}


def test_the_county_asks_for_needs_in_a_survey_of_its_own() -> None:
    needs = set(forms.needs_of())
    assert len(needs) == 12
    assert needs <= set(forms.need_form(COUNTY, 2025).headers)
    assert not needs & set(forms.survey_form(COUNTY, 2025).headers)
    assert needs <= set(forms.survey_form(CITY, 2025).headers)


def test_burnout_items_stand_there_by_code_only() -> None:
    headers = forms.survey_form(COUNTY, 2025).headers
    stems = {headers[item].rsplit("—", 1)[0] for item in forms.scale_items("ee")}
    assert len(stems) == 1
    assert headers["ee9"].endswith("—(EE9)")
    coded = {item for scale in forms.SCALES for item in forms.scale_items(scale)}
    assert coded <= set(forms.survey_form(COUNTY, 2025).unmapped)


def test_platform_names_its_files_as_it_does() -> None:
    # mess.md 2 and 3: brackets in the name, and two counts that differ
    name = "[示例]331954276_按文本_教师工作情况调查_4520_4468.csv"
    assert forms.survey_form(COUNTY, 2025, (4520, 4468)).file == name
    assert forms.survey_form(COUNTY, 2025).file == name.replace("_4520_4468", "")
    assert forms.need_form(COUNTY, 2024, (7, 6)).file == "331913068_按文本_教师培训需求调研_7_6.csv"


@pytest.mark.parametrize("form", [forms.survey_form(COUNTY, 2025), forms.survey_form(CITY, 2025)])
def test_platform_puts_its_own_columns_first_and_scores_last(form: Form) -> None:
    # mess.md 7: question 1 is not at a fixed position
    headers = [*form.headers.values()]
    assert headers[:6] == ["序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"]
    assert headers[-2:] == ["情绪衰竭维度得分", "离岗意向维度得分"]
    assert [*form.headers][-2:] == ["burnout_ee", "leave_intention"]
    assert not {"burnout_ee", "leave_intention"} & set(form.unmapped)
    numbers = [int(header.split("、")[0]) for header in headers[6:-2]]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, numbers[-1] + 1))


def test_lists_ask_for_what_their_reader_needs() -> None:
    assert "所在学校" in forms.volunteer_form(COUNTY, 2025).headers.values()
    assert "所在学校" in forms.dormitory_form(COUNTY, 2025).headers.values()
    assert "原单位" in forms.rotation_form(COUNTY, 2025).headers.values()
    exits = set(forms.exit_form(COUNTY, 2025).headers.values())
    assert {"变动类型", "去向（现单位）", "文号"} <= exits
    schools = forms.school_form(CITY, 2025).headers
    assert {"班级数", "教师数", "是否寄宿", "网络带宽"} <= set(schools.values())
    assert schools["distance_km"] == "距中心城区公里数"
    assert forms.school_form(COUNTY, 2025).headers["distance_km"] == "距县城公里数"
    assert {"导师姓名", "带教内容"} <= set(forms.mentor_form(COUNTY, 2025).headers.values())
    assert {"等级", "用时（分钟）"} <= set(forms.score_form(CITY, 2025).headers.values())
