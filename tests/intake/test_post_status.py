"""A roster that still lists people who have left, from drawn files to the typed table and its ledger."""

from __future__ import annotations

from pathlib import Path

from analysis.intake.clean import clean_region
from analysis.study.objects import Study
from tests.intake.drawn import draw_region, roster_entry, small_study, variable
from tests.intake.test_clean import assert_rows_add_up

COLUMNS = {"姓名": "name", "学校": "school_name", "在岗状态": "post_status"}
ROWS = "姓名,学校,在岗状态\n张三,一小,在岗\n李四,一小,退休\n王五,一小,病休\n赵六,二小,借出\n钱七,二小,\n孙八,二小,已调离\n"


def with_status() -> Study:
    """The small study with the status of a post."""
    codes = {
        "in_post": ("在岗",),
        "away": ("借出",),
        "leave": ("病休",),
        "retired": ("退休",),
        "gone": ("已调离",),
    }
    status = variable("post_status", "category", ("roster",), codes=codes)
    study = small_study()
    return study.model_copy(update={"variables": study.variables | {"post_status": status}})


def test_reality_14_who_has_left_by_the_rosters_own_word_is_not_in_post(tmp_path: Path) -> None:
    space = draw_region(tmp_path, 2025, {"roster.csv": ROWS}, roster_entry(2025, COLUMNS))
    delivery = clean_region(space, with_status(), "drawn", 2025)
    roster = delivery.tables["roster"]
    assert roster["post_status"].dropna().tolist() == ["in_post", "leave", "away"]
    assert len(roster) == 4  # whose status is not given is taken to be in post
    told = delivery.ledger[delivery.ledger["rule"] == "not_in_post"]
    assert told[["row", "kind"]].to_numpy().tolist() == [[3, "dropped"], [7, "dropped"]]
    assert_rows_add_up(delivery)


def test_a_roster_that_says_nothing_of_it_is_taken_as_it_is(tmp_path: Path, study: Study) -> None:
    columns = {"姓名": "name", "学校": "school_name"}
    files = {"roster.csv": "姓名,学校\n张三,一小\n李四,一小\n"}
    space = draw_region(tmp_path, 2025, files, roster_entry(2025, columns))
    delivery = clean_region(space, study, "drawn", 2025)
    assert len(delivery.tables["roster"]) == 2
    assert "not_in_post" not in set(delivery.ledger["rule"])
