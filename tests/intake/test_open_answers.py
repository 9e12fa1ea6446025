"""Questions that a list leaves open: exits without a reason, pilot schools without a date."""

import pytest

from analysis.intake.clean import clean_region
from analysis.intake.desk.returns import write_returns
from analysis.intake.reading.readers import read_sheets
from analysis.study.load import load_study
from analysis.study.workspace import PROJECT, Workspace
from tests.intake.drawn import draw_region, table_entry

EXITS = """
姓名,学校,变动原因,变动日期
甲一,第一小学,退休,2025-03-01
乙二,第一小学,,2025-04-01
丙三,第二小学,其他,2025-05-01
丁四,第二小学,辞职,2025-06-01
"""
PILOTS = """
学校标识码,学校名称,是否试点,试点起始时间
1001,第一小学,是,2024.09
1002,第二小学,是,
1003,第三小学,否,
1004,第四小学,,第一批
1005,第五小学,,
"""
EXIT_COLUMNS = {
    "姓名": "name",
    "学校": "school_name",
    "变动原因": "exit_reason",
    "变动日期": "exit_date",
}
PILOT_COLUMNS = {
    "学校标识码": "school_id",
    "学校名称": "school_name",
    "是否试点": "is_pilot",
    "试点起始时间": "pilot_start",
}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    """The study of the project itself, which knows pilots."""
    return load_study(Workspace(home=PROJECT, out=tmp_path_factory.mktemp("out")))


def asked(folder):
    """School -> column and text of every cell asked about."""
    found = {}
    for path in sorted(folder.glob("*.xlsx")):
        _, *rows = read_sheets(path)[1].cells.to_numpy().tolist()
        found[path.stem.partition("_")[2]] = [(row[4], row[6]) for row in rows]
    return found


def test_reality_16_leaver_reason_empty_or_other(tmp_path, study):
    schools = "学校标识码,学校名称\n1001,第一小学\n1002,第二小学\n"
    entries = table_entry("exits", EXIT_COLUMNS) + table_entry(
        "schools", {"学校标识码": "school_id", "学校名称": "school_name"}
    )
    space = draw_region(tmp_path, 2025, {"exits.csv": EXITS, "schools.csv": schools}, entries)
    found = clean_region(space, study, "drawn", 2025)
    told = found.ledger[found.ledger["rule"] == "reason_open"]
    assert told["row"].tolist() == [3, 4]
    assert set(told["kind"]) == {"noted"}
    (note,) = [n for n in found.notes if "变动原因" in n]
    assert "4 条离岗记录中有 2 条（50.0%）" in note
    folder = write_returns(space, study, "drawn", 2025).folder
    assert asked(folder) == {"第一小学": [("变动原因", "")], "第二小学": [("变动原因", "其他")]}


def test_reality_17_pilot_list_without_start_date(tmp_path, live):
    entry = table_entry("schools", PILOT_COLUMNS)
    space = draw_region(tmp_path, 2025, {"schools.csv": PILOTS}, entry)
    found = clean_region(space, live, "drawn", 2025)
    schools = found.tables["schools"].set_index("school_id")
    listed = schools["is_pilot"].fillna("").to_dict()
    assert listed == {"1001": "yes", "1002": "yes", "1003": "no", "1004": "yes", "1005": ""}
    told = found.ledger[found.ledger["rule"] == "no_start_date"]
    assert told["row"].tolist() == [3, 5]
    assert any("2 所学校被列为试点但没有起始时间" in note for note in found.notes)
    folder = write_returns(space, live, "drawn", 2025).folder
    assert asked(folder) == {
        "第二小学": [("试点起始时间", "")],
        "第四小学": [("试点起始时间", "第一批")],
    }


def test_a_list_that_says_nothing_of_pilots_gets_no_column(tmp_path, live):
    columns = {h: v for h, v in PILOT_COLUMNS.items() if v != "is_pilot"}
    rows = "学校标识码,学校名称,试点起始时间\n1001,第一小学,2024.09\n1002,第二小学,\n"
    entry = table_entry("schools", columns)
    found = clean_region(
        draw_region(tmp_path, 2025, {"schools.csv": rows}, entry), live, "drawn", 2025
    )
    assert "is_pilot" not in found.tables["schools"]
    assert found.ledger[found.ledger["rule"] == "no_start_date"].empty
