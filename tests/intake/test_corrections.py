"""Corrections of cells: applied to the text, told in the ledger, and stopped where they fit nothing."""

import pytest

from analysis.errors import AnalysisError, SeveralErrors
from analysis.intake.clean import clean_region
from analysis.intake.corrections import LONGEST_WRITTEN, written
from tests.intake.drawn import draw_region, roster_entry

COLUMNS = {
    "证件号": "person_number",
    "姓名": "name",
    "学校标识码": "school_id",
    "性别": "sex",
    "出生年月": "birth_month",
}
ROSTER = """
某县教师花名册,,,,
证件号,姓名,学校标识码,性别,出生年月
110101199003078515,甲一,1001,男,1990-03
110101198511023446,乙二,1001,nv,1985-11
110101197001010011,丙三,1002,男,970-01
合计,3,,,
"""


def correction(row, column, found, to, reason="核对档案", file="roster.csv", more=""):
    """The TOML of one correction."""
    return (
        f'\n[[corrections]]\nfile = "{file}"\nrow = {row}\ncolumn = "{column}"\n'
        f'found = "{found}"\nto = "{to}"\nreason = "{reason}"\n{more}'
    )


def cleaned(tmp_path, study, *corrections, entry=""):
    """The cleaned delivery of the roster with these corrections."""
    entries = (entry or roster_entry(2025, COLUMNS)) + "".join(corrections)
    space = draw_region(tmp_path, 2025, {"roster.csv": ROSTER}, entries)
    return clean_region(space, study, "drawn", 2025)


def lines(delivery, rule):
    """The ledger lines of one rule."""
    return delivery.ledger[delivery.ledger["rule"] == rule]


def test_a_corrected_cell_is_read_as_corrected_and_told_without_its_reason(tmp_path, study):
    before = cleaned(tmp_path / "a", study)
    assert len(lines(before, "unknown_spelling")) == 1
    after = cleaned(tmp_path / "b", study, correction(4, "性别", "nv", "女"))
    assert after.tables["roster"]["sex"].tolist() == ["male", "female", "male"]
    (line,) = lines(after, "corrected").to_dict("records")
    assert (line["row"], line["column"], line["variable"]) == (4, "性别", "sex")
    assert (line["found"], line["done"]) == ("letters:2", "女")
    assert line["kind"] == "repaired"
    assert lines(after, "unknown_spelling").empty


def test_an_empty_correction_empties_the_cell(tmp_path, study):
    found = cleaned(tmp_path, study, correction(5, "出生年月", "970-01", ""))
    assert found.tables["roster"]["birth_month"].isna().sum() == 1
    assert lines(found, "not_a_date").empty
    assert len(lines(found, "corrected")) == 1


def test_a_header_is_compared_as_headers_are(tmp_path, study):
    found = cleaned(tmp_path, study, correction(4, " 性 别", "nv", "女"))
    assert len(lines(found, "corrected")) == 1


def test_of_an_identifying_column_only_shapes_are_told(tmp_path, study):
    fixed = correction(5, "证件号", "110101197001010011", "11010119700101001X", "丙三本人来电")
    found = cleaned(tmp_path, study, fixed)
    (line,) = lines(found, "corrected").to_dict("records")
    assert (line["found"], line["done"]) == ("digits:18", "digits:17 letters:1")
    assert not found.ledger.astype(str).apply(lambda c: c.str.contains("丙三")).any().any()


def test_corrections_that_no_longer_match_are_told_all_at_once(tmp_path, study):
    wrong = [
        correction(4, "性别", "妇", "女"),
        correction(3, "证件号", "110101199003078516", "1"),
    ]
    with pytest.raises(SeveralErrors) as caught:
        cleaned(tmp_path, study, *wrong)
    assert [e.name for e in caught.value.errors] == ["correction_unmatched"] * 2
    assert (caught.value.errors[0].fields["found"], caught.value.errors[0].fields["expected"]) == (
        "nv",
        "妇",
    )
    assert caught.value.errors[1].fields["found"] == "digits:18"
    assert "110101199003078515" not in str(caught.value)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (correction(40, "性别", "nv", "女"), "correction_unread"),
        (correction(6, "姓名", "3", "4"), "correction_unread"),  # the total is no record
        (correction(4, "手机", "nv", "女"), "correction_unread"),
        (correction(4, "性别", "nv", "女", file="rostr.csv"), "correction_unknown_file"),
        (correction(4, "性别", "nv", "女", reason="  "), "source_bad_key"),
        (correction(0, "性别", "nv", "女"), "source_bad_key"),
        (correction(4, "性别", "nv", "女", more='filee = "x"\n'), "source_bad_key"),
        (
            correction(4, "性别", "nv", "女") + correction(4, "性别", "nv", "男"),
            "correction_unmatched",
        ),
    ],
)
def test_a_correction_of_nothing_is_an_error(tmp_path, study, wrong, name):
    with pytest.raises(AnalysisError) as caught:
        cleaned(tmp_path, study, wrong)
    assert caught.value.name == name


def test_the_same_correction_twice_is_one(tmp_path, study):
    found = cleaned(tmp_path, study, *[correction(4, "性别", "nv", "女")] * 2)
    assert len(lines(found, "corrected")) == 1


def test_what_is_left_to_fill_in_stops_the_reading(tmp_path, study):
    entry = roster_entry(2025, COLUMNS).replace("2025-09-01", '"??? 请填名册时点"')
    with pytest.raises(AnalysisError) as caught:
        cleaned(tmp_path, study, entry=entry)
    assert (caught.value.name, caught.value.fields["key"]) == ("source_to_fill", "files.1.snapshot")


def test_what_a_workbook_can_hold_of_a_text():
    assert written("甲\x01乙\r\n丙") == "甲乙\n丙"
    assert len(written("长" * 9999)) == LONGEST_WRITTEN + 3
