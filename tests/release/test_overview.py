"""The overview of all measures: its words and signs, in order, and no small count in it."""

from __future__ import annotations

import pytest

from analysis.inference.measures import MeasureRecord, Tally
from analysis.release.claims import Table
from analysis.release.disclosure import Hidden, disclose_measures
from analysis.release.overview import overview_table
from analysis.release.wording import phrase
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace
from tests.release.drawn import effect

PEOPLE = "listed"


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(open_workspace())


def record(id_: str, *tallies: Tally, **changes: object) -> MeasureRecord:
    fields = {"id": id_, "role": "describe", "tallies": tallies}
    return MeasureRecord(**(fields | changes))  # type: ignore[arg-type]


def overview(study: Study, *records: MeasureRecord, **changes: object) -> Table:
    estimates = [effect(**changes)]
    return overview_table(study, estimates, records, "示例县", 2025)


def row(table: Table, label: str) -> tuple[str, ...]:
    (found,) = [r for r in table.rows if r[0].startswith(label)]
    return found


COURSE = "数字技术与学科融合专题培训"


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({}, "已比较", "数字素养得分：看得出差异（把握中等）。"),
        ({"verdict": "undetermined"}, "已比较", "数字素养得分：尚不能判断。"),
        ({"verdict": "bounded"}, "已比较", "数字素养得分：即使有作用也很小（把握中等）。"),
        (
            {"estimate": None, "grade": "E", "reason": "no_exposure"},
            "数据中没有",
            "现有数据无法回答",
        ),
        ({"estimate": None, "grade": "E", "reason": "too_few"}, "未能比较", "现有数据无法回答"),
        ({"estimate": None, "grade": "E", "reason": "described"}, "只描述", "报名者本来更积极"),
    ],
)
def test_a_programme_says_what_came_of_it(
    study: Study, changes: dict[str, object], status: str, told: str
) -> None:
    found = row(overview(study, **changes), COURSE)
    assert found[2] == status
    assert told in found[4]
    assert found[3] == "1800人"


def test_counts_carry_their_units_and_are_never_added_up(study: Study) -> None:
    tallies = (Tally("sessions", "", 6, 1200), Tally("attendances", "", 1200, 1200))
    found = row(overview(study, record("study_tours", *tallies)), "教育家精神研学班")
    assert found == (
        "教育家精神研学班（市9）", "受邀的校长和骨干教师", "只描述", "6场次、1200人次",
        "参加者由主管部门选派，且没有参加前后的测评。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tally", "cell"),
    [
        (Tally("hours_share", "实践课学时", 43.4, 59), "实践课学时43%"),
        (Tally("yuan", "决算", 1_123_613.0, 10), "决算112.4万元"),
        (Tally("schools", "", 47, 68), "47所"),
        (Tally("events", "专题会议", 4, 4), "专题会议4次"),
    ],
)
def test_other_units(study: Study, tally: Tally, cell: str) -> None:
    found = row(overview(study, record("training_meetings", tally)), "教师培训工作领导小组")
    assert found[3] == cell


def test_missing_left_out_and_framing_measures_say_so(study: Study) -> None:
    table = overview(
        study,
        record("ethics_cases", role="not_ingested", reason="not_ingested"),
        record("four_themes", reason="framing"),
        record("study_tours", reason="no_data"),
    )
    assert row(table, "师德失范")[2:4] == ("不收集", "—")
    assert row(table, "师德为先")[2:4] == ("只作背景", "—")
    absent = row(table, "教育家精神研学班")
    assert absent[2:4] == ("数据中没有", "…")
    assert "培训台账" in absent[4]  # which file would bring it
    assert [r[2] for r in table.rows][-3:] == ["数据中没有", "只作背景", "不收集"]


def test_an_audit_names_its_check_and_what_it_found(study: Study) -> None:
    one = Tally("attendances", "", 5806, 5806)
    for n_differs, told in ((0, "都一致"), (1, "1项不一致")):
        audit = record("online_study", one, role="audit", n_checked=2, n_differs=n_differs)
        found = row(overview(study, audit), "网络学院")
        assert found[2] == "已核对"
        assert told in found[4]


def test_every_entry_of_the_study_has_its_row(study: Study) -> None:
    records = tuple(record(name, reason="no_data") for name in study.measures)
    table = overview(study, *records)
    assert len(table.rows) == len(study.interventions) + len(study.measures)
    assert all(all(cells) for cells in table.rows)
    assert len(table.heads) <= 6  # style/report.md 5: of a table that a phone can show


@pytest.mark.parametrize("n", [1, 9])
def test_fewer_than_ten_people_are_not_counted(n: int) -> None:
    few = record("contests", Tally("entries", "奖项", 120, 120), Tally(PEOPLE, "能手", n, n))
    (shown,), hidden = disclose_measures((few,))
    assert [t.n for t in shown.tallies] == [120, None]
    assert hidden == (Hidden("measure:contests", "能手", "fewer than 10"),)


@pytest.mark.parametrize(
    ("part", "is_shown"), [(191, False), (199, False), (190, True), (200, True)]
)
def test_a_part_that_leaves_fewer_than_ten_is_not_counted(part: int, is_shown: bool) -> None:
    """Of 200 applied and 191 approved the nine that failed are one subtraction away."""
    projects = record(
        "research_projects",
        Tally("entries", "申报", 200, 200),
        Tally("entries", "立项", part, part),
    )
    (shown,), _ = disclose_measures((projects,))
    assert shown.tallies[0].n == 200
    assert (shown.tallies[1].n is not None) == is_shown


def test_different_units_are_not_subtracted_and_meetings_are_nobody(study: Study) -> None:
    mixed = record("studio", Tally("teams", "", 6, 68), Tally(PEOPLE, "", 68, 68))
    met = record("training_meetings", Tally("events", "", 4, 4), Tally("hours_share", "", 43, 5))
    shown, hidden = disclose_measures((mixed, met))
    assert shown == (mixed, met)
    assert hidden == ()


def test_a_hidden_count_is_said_in_words(study: Study) -> None:
    few = record("contests", Tally("entries", "奖项", 120, 120), Tally(PEOPLE, "能手", 3, 3))
    (shown,), _ = disclose_measures((few,))
    cell = row(overview(study, shown), "教学技能竞赛")[3]
    assert cell == "奖项120项、能手（人数少，不列）"
    alone, _ = disclose_measures((record("contests", Tally(PEOPLE, "能手", 3, 3)),))
    assert row(overview(study, *alone), "教学技能竞赛")[3] == phrase("tables", "hidden")
