"""Tables: drawn ones beside the HTML that is expected."""

from __future__ import annotations

import re

from analysis.present.tables import symbol_key, table_html
from analysis.release.claims import Table
from tests.present import sample


def table(*rows: tuple[str, ...]) -> Table:
    return Table(
        "t",
        "离开者的去向，示例县，2025年",
        ("去向", "人数"),
        rows,
        (False, True),
        "单位：人",
        ("注一。",),
        "名册.xlsx",
    )


def test_heads_have_scope_and_first_cells_are_heads() -> None:
    shown = table_html(
        table(
            ("留任", "5421"),
        )
    )
    assert '<th scope="col">去向</th><th scope="col" class="num">人数</th>' in shown
    assert '<tr><th scope="row">留任</th><td class="num">5421</td></tr>' in shown


def test_frame_can_be_scrolled_by_keyboard_and_has_a_name() -> None:
    shown = table_html(
        table(
            ("留任", "5421"),
        )
    )
    frame = re.search(r'<div class="scroll"[^>]*>', shown)
    assert frame is not None
    for part in ('role="region"', 'tabindex="0"', 'aria-labelledby="cap-t"'):
        assert part in frame.group()
    assert 'id="cap-t"' in shown


def test_order_below_is_notes_key_source() -> None:
    shown = re.findall(
        r'<p class="note">(.*?)</p>',
        table_html(
            table(
                ("留任", "※"),
            )
        ),
    )
    assert shown == ["注一。", "符号：※ 人数少，不列", "来源：名册.xlsx"]


def test_key_names_only_the_signs_that_are_used() -> None:
    assert symbol_key(table(("留任", "5421"))) == ""
    assert symbol_key(table(("甲", "0"), ("乙", "…"))) == "符号：0 确为零；… 数据中没有"


def test_signs_are_said_to_screen_readers() -> None:
    shown = table_html(
        table(
            ("留任", "※"),
        )
    )
    assert '<span aria-hidden="true">※</span><span class="vh">人数少，不列</span>' in shown


def test_total_has_its_rule() -> None:
    shown = table_html(table(("留任", "5"), ("合计", "5")))
    assert '<tr class="total"><th scope="row">合计</th>' in shown


def test_only_wide_tables_say_that_they_slide() -> None:
    wide, narrow = sample.tables()["demand"], sample.tables()["reasons"]
    assert "可左右滑动" in table_html(wide)
    assert "可左右滑动" not in table_html(narrow)


def test_text_is_made_safe() -> None:
    assert "<b>" not in table_html(table(("<b>甲</b>", "1")))
