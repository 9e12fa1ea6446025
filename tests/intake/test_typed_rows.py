"""From a written file to typed rows and ledger: what is declared missing, never asked, impossible, or nobody's business."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.intake.delivery import ready_delivery
from analysis.intake.record import Delivery
from analysis.study.objects import Study
from analysis.study.workspace import Workspace
from tests.intake.drawn import draw_region, small_study, table_entry, variable

ANSWERS = """
[files.answers]
age = { "997" = "", "998" = "", "999" = "" }
sex = { "-3" = "(跳过)", "-2" = "" }
"""


def study_with(*more: object) -> Study:
    """The small study with further variables."""
    small = small_study()
    return small.model_copy(update={"variables": small.variables | {v.id: v for v in more}})  # type: ignore[attr-defined]


def survey_of(
    tmp_path: Path, study: Study, text: str, columns: dict[str, str], more: str = ""
) -> Delivery:
    """A drawn survey file, cleaned and read back from disk."""
    entry = table_entry("survey", columns) + more
    space = draw_region(tmp_path, 2025, {"survey.csv": text}, entry)
    return ready_delivery(space, study, "drawn", 2025)


def rules(delivery: Delivery, *columns: str) -> list[list[object]]:
    """The ledger's lines about cells."""
    lines = delivery.ledger[delivery.ledger["column"] != ""]
    return lines[list(columns)].to_numpy().tolist()


def listed(values: pd.Series) -> list[object]:
    """The values with None for a missing one."""
    return [None if pd.isna(v) else v for v in values]


def test_mess_46_mess_20_codes_declared_in_source_toml_are_missing_of_their_kind(
    tmp_path: Path, study: Study
) -> None:
    text = "年龄,性别\n40,女\n997,-3\n999,-2\n998,男\n"
    delivery = survey_of(tmp_path, study, text, {"年龄": "age", "性别": "sex"}, ANSWERS)
    survey = delivery.tables["survey"]
    assert listed(survey["age"]) == [40, None, None, None]
    assert listed(survey["sex"]) == ["female", None, None, "male"]
    assert sorted(rules(delivery, "column", "found", "rule")) == [
        ["年龄", "997", "declared_missing"],
        ["年龄", "998", "declared_missing"],
        ["年龄", "999", "declared_missing"],
        ["性别", "-2", "declared_missing"],
        ["性别", "-3", "skipped"],
    ]


def test_an_answer_that_leads_to_no_code_is_refused(tmp_path: Path, study: Study) -> None:
    more = '[files.answers]\nsex = { "1" = "femal" }\n'
    with pytest.raises(DataError) as error:
        survey_of(tmp_path, study, "性别\n1\n", {"性别": "sex"}, more)
    assert error.value.name == "source_unknown_code"


def test_mess_45_an_impossible_pair_is_emptied_and_told_by_row(tmp_path: Path) -> None:
    years = variable("years_teaching", "number", ("survey",), unit="年", low=0.0, high=60.0)
    text = "年龄,教龄\n30,29\n40,12\n443,3\n"
    delivery = survey_of(
        tmp_path, study_with(years), text, {"年龄": "age", "教龄": "years_teaching"}
    )
    survey = delivery.tables["survey"]
    assert listed(survey["age"]) == [None, 40, None]
    assert listed(survey["years_teaching"]) == [None, 12, 3]
    assert rules(delivery, "row", "column", "rule") == [
        [2, "年龄", "impossible_pair"],
        [2, "教龄", "impossible_pair"],
        [4, "年龄", "out_of_range"],
    ]


def test_mess_38_address_nickname_and_typed_names_never_pass(tmp_path: Path) -> None:
    """Not in a table, not in the ledger, not in the record of unmapped headers, not in any file that is left on disk."""
    gift = variable("gift", "category", ("survey",), codes={"other": ("其他",)})
    text = (
        "序号,来源,来源详情,来自IP,性别,礼物\n"
        "1,微信,静待花开,198.51.100.7(广东-广州),女,其他【请注明】〖赵六送的〗\n"
        "2,链接,http://t.cn/x?user=zhaoliu,127.0.0.1(本地),人妖,其他：钱七送的\n"
    )
    delivery = survey_of(tmp_path, study_with(gift), text, {"性别": "sex", "礼物": "gift"})
    assert listed(delivery.tables["survey"]["gift"]) == ["other", "other"]
    secrets = ["静待花开", "198.51.100.7", "127.0.0.1", "zhaoliu", "赵六", "钱七"]
    told = delivery.ledger.to_csv() + delivery.tables["survey"].to_csv() + repr(delivery.files)
    left = [p for p in tmp_path.rglob("*") if p.is_file() and "raw" not in p.parts]
    assert left
    for secret in secrets:
        assert secret not in told
        assert not [p.name for p in left if secret.encode() in p.read_bytes()]
    texts = [pd.read_parquet(p).to_csv() for p in left if p.suffix == ".parquet"]
    records = [
        json.dumps(json.loads(p.read_text()), ensure_ascii=False)
        for p in left
        if p.suffix == ".json"
    ]
    for secret in secrets:
        assert not [t for t in [*texts, *records] if secret in t]


def test_mess_47_a_group_that_was_never_asked_has_no_answer_and_a_note(
    tmp_path: Path, study: Study
) -> None:
    """Stratum A was never asked: its one declared code fills it; in stratum B the same code is one person's."""
    text = "层,需求\n甲,998\n甲,998\n乙,998\n乙,4\n"
    space_text = survey_sav(tmp_path, text)
    delivery = ready_delivery(space_text, study, "drawn", 2025)
    assert listed(delivery.tables["survey"]["need"]) == [None, None, None, 4]
    assert [r for r in rules(delivery, "rule", "n") if r[0] in ("not_asked", "user_missing")] == [
        ["not_asked", 2],
        ["user_missing", 1],
    ]
    assert [note for note in delivery.notes if "A组" in note and "2人" in note]


def survey_sav(tmp_path: Path, text: str) -> Workspace:
    """The drawn text as an SPSS file that declares 998 as missing."""
    import pyreadstat

    rows = [line.split(",") for line in text.split()]
    frame = pd.DataFrame(rows[1:], columns=["stratum", "need"]).astype({"need": float})
    entry = table_entry("survey", {"stratum": "survey_stratum", "need": "need"}, "survey.sav")
    space = draw_region(tmp_path, 2025, {}, entry)
    path = space.delivery("drawn", 2025) / "survey.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"need": [998]})
    return space


def test_mess_51_an_open_answer_like_a_formula_is_text_in_the_table(tmp_path: Path) -> None:
    opinion = variable("opinion", "text", ("survey",))
    text = '意见\n"=1+1:集中培训"\n+1\n@所有人\n-少一些\n'
    delivery = survey_of(tmp_path, study_with(opinion), text, {"意见": "opinion"})
    assert delivery.tables["survey"]["opinion"].tolist() == [
        "=1+1:集中培训",
        "+1",
        "@所有人",
        "-少一些",
    ]


def test_what_is_left_of_a_cut_number_helps_to_link_and_is_in_no_table(tmp_path: Path) -> None:
    text = "身份证号,分\n990101198001010000,80\n"
    entry = table_entry("assessments", {"身份证号": "person_number", "分": "digital_score"})
    space = draw_region(tmp_path, 2025, {"assessments.csv": text}, entry)
    delivery = ready_delivery(space, small_study(), "drawn", 2025)
    assert "number_head" not in delivery.tables["assessments"]
    assert rules(delivery, "found", "rule") == [["digits:18", "number_truncated"]]
