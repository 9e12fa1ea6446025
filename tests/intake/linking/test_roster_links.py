"""Whatever stands on the rosters: who is who does not depend on order, and two numbers of a snapshot stay two people."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intake.linking.followed import FOLLOWED_COLUMNS, followed_table
from analysis.intake.linking.persons import PersonKey, teacher_ids
from analysis.intake.linking.rates import CONFIDENCE_COLUMNS, confidence_table
from analysis.intake.linking.roster_links import LinkedRoster, link_roster
from tests.intake.linking.test_people import link, people

ROW = st.tuples(
    st.sampled_from([2023, 2024, 2025]),
    st.sampled_from(["s1", "s2"]),
    st.sampled_from(["张三", "张珊", "李红", "李□", "王 五", None]),
    st.sampled_from([None, "990001198001011234", "990001198001011250", "990001198001011000"]),
    st.sampled_from([None, "g1", "g2"]),
    st.sampled_from(["1980-01", "1990-02", None]),
)
COLUMNS = ["year", "school_id", "name", "person_number", "staff_number", "birth_month"]


def drawn_roster(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    """A roster of drawn rows, each knowing where it stood."""
    frame = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS[1:], "str"))
    return frame.astype({"year": "int64"}).assign(
        source_year=frame["year"].astype("int64"),
        source_file="r",
        source_sheet="",
        source_row=range(2, len(frame) + 2),
        is_teacher="yes",
    )


def partition(linked: LinkedRoster, persons: pd.Series | None = None) -> set[frozenset[int]]:
    """The delivered rows that are one person, as sets of row numbers."""
    who = linked.posts["person"] if persons is None else persons
    groups = linked.posts["source_row"].groupby(who.to_numpy())
    return {frozenset(rows) for _, rows in groups}


@settings(max_examples=8)
@given(st.lists(ROW, min_size=1, max_size=12))
def test_two_numbers_of_one_snapshot_are_never_one_person(rows: list[tuple[object, ...]]) -> None:
    roster = drawn_roster(rows)
    posts = link_roster(roster).posts.drop(columns="person_number")
    delivered = roster[["source_row", "person_number"]]
    known = posts.merge(delivered, on="source_row").dropna(subset=["person_number"])
    shared = known.groupby(["year", "person_number"])["name_form"].transform("nunique") > 1
    numbers = known[~shared].groupby(["year", "person"])["person_number"].nunique()
    assert (numbers <= 1).all()


@settings(max_examples=5)
@given(st.lists(ROW, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_person(rows: list[tuple[object, ...]], dice: object) -> None:
    roster = drawn_roster(rows)
    order = list(range(len(roster)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    assert partition(link_roster(roster)) == partition(link_roster(roster.iloc[order]))


def test_another_key_gives_the_same_people() -> None:
    rows = [(2024, "s1", "张三", None, None, "1980-01"), (2025, "s1", "张珊", None, None, None)]
    linked = link_roster(drawn_roster(rows))
    by_key = [teacher_ids(linked.posts["person"], PersonKey(key), "r") for key in (b"1", b"2")]
    assert by_key[0].tolist() != by_key[1].tolist()
    assert partition(linked, by_key[0]) == partition(linked, by_key[1]) == partition(linked)


def many(extra: str) -> LinkedRoster:
    """Forty people of numbers and different names over two years, and the lines of the test."""
    signs = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
    lines = [
        f"{year} | s{at % 4} | {sign}{sign}{sign} | {at:018d} | 19{50 + at}-0{1 + at % 9} | 女"
        for year in (2024, 2025)
        for at, sign in enumerate(signs)
    ]
    head = "year | school_id | name | person_number | birth_month | sex"
    return link("\n".join([head, *lines, extra]))


def found(linked: LinkedRoster, name: str) -> pd.Series:
    """The row of one name as delivered."""
    return linked.posts[linked.posts["name"] == name].iloc[0]


def test_mess_35_a_mistyped_name_without_number_is_its_bearer() -> None:
    linked = many("2024 | s1 | 张建军 | 99 | 1999-11 | 男\n2025 | s1 | 张建坪 | - | 1999-11 | 男")
    row = found(linked, "张建坪")
    assert row["person"] == found(linked, "张建军")["person"]
    assert row["link_pass"] == "probable"
    assert 0.98 <= row["link_confidence"] <= 1


def test_reality_03_a_box_for_a_rare_sign_is_its_bearer() -> None:
    linked = many("2024 | s1 | 张䶮明 | 99 | 1999-11 | 男\n2025 | s1 | 张□明 | - | 1999-11 | 男")
    assert found(linked, "张□明")["person"] == found(linked, "张䶮明")["person"]


def test_mess_35_spaces_and_dots_in_names_make_nobody_new() -> None:
    linked = link("""
        year | school_id | name            | birth_month
        2024 | s1        | 张三            | 1980-01
        2025 | s1        | 张 三           | 1980-01
        2024 | s1        | 阿依古丽·买买提 | 1985-02
        2025 | s1        | 阿依古丽•买买提 | 1985-02
    """)
    assert people(linked) == ["a", "a", "b", "b"]


def test_reality_03_a_near_name_born_elsewhere_and_otherwise_stays_another_person() -> None:
    linked = many("2024 | s1 | 张建军 | 99 | 1999-11 | 男\n2025 | s2 | 张建坪 | - | 1971-03 | 女")
    assert found(linked, "张建坪")["person"] != found(linked, "张建军")["person"]


def test_reality_03_of_two_who_fit_alike_neither_is_taken() -> None:
    linked = many(
        "2024 | s1 | 张建军 | 98 | 1999-11 | 男\n2024 | s1 | 张建伟 | 99 | 1999-11 | 男\n"
        "2025 | s1 | 张建坪 | - | 1999-11 | 男"
    )
    assert (linked.posts["person"] == found(linked, "张建坪")["person"]).sum() == 1


def test_strict_main_and_loose_count_the_same_base() -> None:
    linked = many("2024 | s1 | 张建军 | 99 | 1999-11 | 男\n2025 | s1 | 张建坪 | - | 1999-11 | 男")
    table = linked.followed.set_index("link")
    assert list(linked.followed.columns) == list(FOLLOWED_COLUMNS)
    assert table["n_base"].tolist() == [41, 41, 41]
    assert table["n_gone"].to_dict() == {"strict": 1, "main": 0, "loose": 0}
    assert table.loc["strict", "rate"] == pytest.approx(1 / 41)


def test_who_is_followed_counts_teachers_of_the_snapshot_before() -> None:
    rows = pd.DataFrame(
        [
            (2024, "a", "yes", False),
            (2024, "b", "yes", False),
            (2024, "c", "yes", True),  # cannot be followed
            (2024, "d", "no", False),
            (2025, "a", "no", False),  # in another post: still there
        ],
        columns=["year", "person", "is_teacher", "has_ambiguous_name"],
    )
    table = followed_table(rows, {"main": rows["person"]})
    assert table.to_numpy().tolist() == [[2025, "main", 2, 1, 1, 0.5]]


def test_confidence_is_the_mean_of_a_pass_and_nobody_is_no_link() -> None:
    rows = pd.DataFrame(
        {
            "year": 2025,
            "link_pass": ["name", "probable", "probable", "ambiguous", None],
            "link_confidence": [0.99, 0.98, 1.0, 0.0, None],
        }
    )
    table = confidence_table({"roster": rows, "schools": pd.DataFrame({"year": [2025]})})
    assert list(table.columns) == list(CONFIDENCE_COLUMNS)
    assert table.to_numpy().tolist() == [
        ["roster", 2025, "name", 0.99, 1],
        ["roster", 2025, "probable", 0.99, 2],
    ]
    assert confidence_table({}).empty
