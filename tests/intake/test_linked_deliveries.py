"""From written files to linked tables and their ledger: people and schools as real deliveries have them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.intake.assemble import repeat_reason
from analysis.intake.clean import clean_region
from analysis.intake.record import Delivery
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, roster_entry, small_study, table_entry, variable

ROSTER = {
    "姓名": "name",
    "身份证号": "person_number",
    "学校": "school_name",
    "标识码": "school_id",
    "出生年月": "birth_month",
    "在编": "staffed_post",
}
LEVELS = {"county": ("县级",), "school": ("校级",)}


@pytest.fixture(scope="module")
def wide() -> Study:
    """The small study with the level and the session of a training."""
    study = small_study()
    more = [
        variable("level", "category", ("trainings",), codes=LEVELS),
        variable("session", "code", ("trainings",)),
    ]
    return study.model_copy(update={"variables": study.variables | {v.id: v for v in more}})


def clean(home: Path, study: Study, files: dict[str, str], entries: str) -> Delivery:
    """The drawn delivery of 2025, cleaned."""
    space = draw_region(home, 2025, files, entries)
    return clean_region(space, study, "drawn", 2025)


def told(delivery: Delivery, table: str) -> dict[str, int]:
    """Rule -> how many rows of a table it is told of."""
    lines = delivery.ledger[delivery.ledger["table"] == table]
    counts = lines.groupby("rule")["n"].sum()
    return {str(rule): int(n) for rule, n in counts.items()}


PEOPLE = """
姓名,身份证号,学校,标识码,出生年月,在编
张三,990001198001011230,第一小学,1,1980-01,在编
张三,990001198001011230,第二小学,2,1980-01,编外
李红,990001198505054322,第一小学,1,1985-05,在编
,,第一小学,1,,
王五,,第二小学,2,1990-02,在编
"""


def test_mess_41_and_42_two_posts_are_one_person_and_vacant_posts_nobody(
    tmp_path: Path, wide: Study
) -> None:
    delivery = clean(tmp_path, wide, {"roster.csv": PEOPLE}, roster_entry(2025, ROSTER))
    assert len(delivery.tables["roster"]) == 3
    rules = told(delivery, "roster")
    assert rules["vacant_post"] == 1
    assert rules["listed_twice"] == 1


def test_reality_15_home_and_host_school_are_one_person_at_the_staffed_post(
    tmp_path: Path, wide: Study
) -> None:
    lines = PEOPLE.strip().splitlines()
    host_first = "\n".join([lines[0], lines[2], lines[1], *lines[3:]])
    delivery = clean(tmp_path, wide, {"roster.csv": host_first}, roster_entry(2025, ROSTER))
    roster = delivery.tables["roster"]
    assert roster["teacher_id"].is_unique
    assert roster.loc[roster["source_row"] == 3, "school_id"].tolist() == ["1"]


def test_mess_48_numbers_unique_only_inside_a_school_are_told_apart(
    tmp_path: Path, wide: Study
) -> None:
    text = "姓名,工号,标识码\n张三,12,1\n李红,12,2\n"
    columns = {"姓名": "name", "工号": "staff_number", "标识码": "school_id"}
    entry = roster_entry(2025, columns).replace(
        "[files.columns]", 'ids_within = "school_id"\n[files.columns]'
    )
    delivery = clean(tmp_path, wide, {"roster.csv": text}, entry)
    assert delivery.tables["roster"]["teacher_id"].nunique() == 2
    assert "staff_number_shared" not in told(delivery, "roster")


def test_mess_49_a_roster_school_without_a_row_in_the_school_list_is_told_with_its_count(
    tmp_path: Path, wide: Study
) -> None:
    schools = "标识码,学校\n1,第一小学\n"
    entries = roster_entry(2025, ROSTER) + table_entry(
        "schools", {"标识码": "school_id", "学校": "school_name"}
    )
    delivery = clean(tmp_path, wide, {"roster.csv": PEOPLE, "schools.csv": schools}, entries)
    assert told(delivery, "roster")["school_not_listed"] == 1
    assert len(delivery.tables["roster"]) == 3


TRAININGS = {
    "姓名": "name",
    "学校": "school_name",
    "项目": "programme",
    "级别": "level",
    "开始": "start_date",
    "结束": "end_date",
    "学时": "hours",
    "场次": "session",
}


def test_mess_36_and_reality_08_units_and_doubles_of_the_training_ledger(
    tmp_path: Path, wide: Study
) -> None:
    ledger = """
姓名,学校,项目,级别,开始,结束,学时,场次
李红,一小,数字培训,县级,2025-03-01,2025-03-03,8,A
李红,第一小学-教务处,数字培训,校级,2025-03-02,2025-03-03,8,B
王五,第三小学,数字培训,县级,2025-03-01,2025-03-03,8,A
"""
    entries = roster_entry(2025, ROSTER) + table_entry("trainings", TRAININGS)
    delivery = clean(tmp_path, wide, {"roster.csv": PEOPLE, "trainings.csv": ledger}, entries)
    rows = delivery.tables["trainings"]
    assert rows["school_id"].tolist() == ["1", "unknown-1"]  # what was typed never becomes a code
    assert told(delivery, "trainings") == {
        "school_alias": 2,
        "school_unknown": 1,
        "repeated_attendance": 1,
    }
    unknown = delivery.ledger[delivery.ledger["rule"] == "school_unknown"]
    assert unknown["done"].str.contains("?", regex=False).all()  # with the nearest school


def test_reality_14_who_retired_and_is_still_on_the_roster_is_told(
    tmp_path: Path, wide: Study
) -> None:
    exits = "姓名,身份证号,原因,日期\n李红,990001198505054322,退休,2025-06-30\n"
    columns = {
        "姓名": "name",
        "身份证号": "person_number",
        "原因": "exit_reason",
        "日期": "exit_date",
    }
    entries = roster_entry(2025, ROSTER) + table_entry("exits", columns)
    delivery = clean(tmp_path, wide, {"roster.csv": PEOPLE, "exits.csv": exits}, entries)
    line = delivery.ledger[delivery.ledger["rule"] == "left_still_listed"]
    assert line[["table", "row", "n"]].to_numpy().tolist() == [["roster", 4, 1]]


def drawn_rows(table: list[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    """Linked rows of one person."""
    texts = [c for c in columns if c not in ("year", "hours")]
    frame = pd.DataFrame(table, columns=columns).astype(dict.fromkeys(texts, "str"))
    return frame.assign(person="a", name_form="")


def test_a_row_without_a_date_is_of_its_year_even_where_others_have_dates(wide: Study) -> None:
    rows = drawn_rows(
        [(2024, "digital", None), (2025, "digital", None), (2025, "digital", None)],
        ["year", "programme", "start_date"],
    )
    assert repeat_reason(wide, "trainings", rows).tolist() == ["", "", "repeated_row"]


def test_a_list_of_members_may_bring_last_years_members_again(wide: Study) -> None:
    rows = drawn_rows(
        [(2024, "digital", "2023-10-01"), (2025, "digital", "2023-10-01")],
        ["year", "programme", "start_date"],
    )
    assert repeat_reason(wide, "programmes", rows).tolist() == ["", ""]


def test_an_event_of_a_day_is_one_whichever_delivery_brings_it(wide: Study) -> None:
    rows = drawn_rows(
        [(2024, "digital", "2023-10-01"), (2025, "digital", "2023-10-01")],
        ["year", "programme", "start_date"],
    )
    assert repeat_reason(wide, "trainings", rows).tolist() == ["", "repeated_row"]
    with_hours = rows.assign(hours=4.0)
    assert repeat_reason(wide, "programmes", with_hours).tolist() == ["", "repeated_row"]
