"""How tables stand on sheets: headers over two rows, totals, notes, one sheet per school."""

from __future__ import annotations

import pandas as pd

from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.layout import Page, named_headers, plan_pages, sheet_names

HEADERS = {"school_name": "学校", "online": "学时", "onsite": "学时", "n_pupils": "学生数"}
GROUPS = {"online": "线上", "onsite": "线下"}
ROWS = pd.DataFrame(
    {
        "school_name": ["一小", "二小", "一小"],
        "online": [1.5, 2.0, "3天"],
        "onsite": [1, 2, 3],
        "n_pupils": [10, 20, 30],
    }
)


def form(**more: object) -> Form:
    """A form of the drawn rows."""
    return Form("schools", "a.xlsx", HEADERS, **more)  # type: ignore[arg-type]


def only_page(**more: object) -> Page:
    """The one sheet of a form."""
    (page,) = plan_pages(form(**more), ROWS)[1]
    return page


def test_a_header_without_a_group_is_merged_down_and_a_group_across() -> None:
    page = only_page(groups=GROUPS | {"n_pupils": "线下"}, title="台账", extra={"备注": ""})
    assert page.head == [
        ["台账", "", "", "", ""],
        ["学校", "线上", "线下", "", "备注"],
        ["", "学时", "学时", "学生数", ""],
    ]
    assert page.merges == [(0, 0, 0, 4), (1, 0, 2, 0), (1, 2, 1, 3), (1, 4, 2, 4)]


def test_equal_headers_are_named_with_their_group() -> None:
    assert named_headers(form(groups=GROUPS)) == {
        "school_name": "学校",
        "online": "线上/学时",
        "onsite": "线下/学时",
        "n_pupils": "学生数",
    }
    assert named_headers(form())["online"] == "学时"


def test_totals_and_notes_stand_under_the_table() -> None:
    page = only_page(totals=("online", "n_pupils"), notes=("填表人：", "注：截至9月1日"))
    assert page.head == [["学校", "学时", "学时", "学生数"]]
    # "3天" is text: a spreadsheet's sum passes over it
    assert page.tail == [["合计", 3.5, None, 60], ["填表人："], ["注：截至9月1日"]]


def test_one_sheet_per_school_with_its_own_total() -> None:
    table, pages = plan_pages(form(per_school=True, totals=("n_pupils",)), ROWS)
    assert table["n_pupils"].tolist() == [10, 30, 20]
    assert [(p.name, p.start, p.stop) for p in pages] == [("一小", 0, 2), ("二小", 2, 3)]
    assert [p.tail for p in pages] == [[["合计", None, None, 40]], [["合计", None, None, 20]]]


def test_sheet_names_are_such_as_excel_takes() -> None:
    names = sheet_names(["a" * 40, "A" * 31 + "b", "一小[东]:*?/\\校", "''", "一小"])
    assert names == ["a" * 31, "A" * 28 + "(2)", "一小_东______校", "_", "一小"]
    assert all(len(name) <= 31 for name in names)
