"""The question bank: an export under its headers maps back whole, and no licensed wording is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.intake.desk.question_bank import (
    asked_questions,
    bank,
    export_headers,
    fed_indicators,
)
from analysis.intake.desk.question_bank_book import bank_book, bank_text
from analysis.intake.reading.header import read_tables
from analysis.intake.reading.known_headers import known_headers
from analysis.intake.reading.readers import read_sheets
from analysis.intake.source import FileEntry
from analysis.intake.tables import columns_of
from analysis.intake.typed_rows import type_rows
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import open_workspace

ENTRY = FileEntry(table="survey", file="export.csv")
SYSTEM = {"序号": "1", "提交答卷时间": "2025/10/08 09:30:00", "所用时间": "356秒", "来源": "链接"}


@pytest.fixture(scope="module")
def live() -> Study:
    """The project's own study."""
    return load_study(open_workspace())


def answer(study: Study, name: str) -> str:
    """What somebody ticks or types."""
    variable = study.variables[name]
    if variable.kind in ("category", "flag", "choices"):
        return variable.code_label(next(iter(variable.codes)))
    return {"staff_number": "99000001", "school_name": "示例县第一小学", "age": "35"}.get(name, "3")


def test_an_export_maps_back_whole(live: Study, tmp_path: Path) -> None:
    headers = export_headers(live)
    cells = {**SYSTEM, **{h: answer(live, name) for h, name in headers.items()}}
    path = tmp_path / "export.csv"
    path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n", encoding="utf-8")
    (text,) = read_tables(read_sheets(path), (), "", known_headers(live, ENTRY))
    assert set(text.implied.values()) == {*headers.values(), "survey_date", "answer_seconds"}
    assert set(text.unmapped) <= {"序号", "来源"}
    filled = ENTRY.model_copy(update={"columns": dict(text.implied)})
    typed = type_rows(live, filled, 2025, text).frame
    assert not [name for name in headers.values() if typed[name].isna().any()]
    assert typed.loc[0, "age"] == 35
    assert typed.loc[0, "need_care"] == 3
    assert typed.loc[0, "uses_tools"] == "yes"


def test_every_survey_question_of_the_study_is_in_the_bank(live: Study) -> None:
    asked = set(export_headers(live).values())
    worded = {n for n, v in columns_of(live, "survey").items() if v.question}
    assert asked == worded


def test_questions_are_numbered_and_headers_differ(live: Study) -> None:
    asked = asked_questions(live)
    assert [a.number for a in asked] == list(range(1, len(asked) + 1))
    headers = export_headers(live)
    assert len(headers) == len(set(headers.values()))
    assert all(h.split("、")[0].isdecimal() for h in headers)


def test_licensed_scales_are_item_codes_only(live: Study) -> None:
    items = [n for n in export_headers(live).values() if n.startswith(("burnout_", "leave_"))]
    assert items
    for name in items:
        row = live.variables[name].question.partition("—")[2].strip("()")
        assert row.isascii(), name
        assert len(row) <= 4, name
    licensed = [a.question for a in asked_questions(live) if a.variables[0].id in items]
    assert all("授权" in q.note for q in licensed)


def test_it_says_what_an_answer_feeds(live: Study) -> None:
    (needs,) = [a for a in asked_questions(live) if a.variables[0].id == "need_digital"]
    assert "前三类需求全部未获培训的城乡差距" in fed_indicators(
        live, needs.question, needs.variables[0]
    )
    (hours,) = [a for a in asked_questions(live) if a.variables[0].id == "volunteer_hours"]
    assert fed_indicators(live, hours.question, hours.variables[0]) == []


def test_the_notice_is_a_draft_that_informs(live: Study) -> None:
    notice = bank().notice
    assert "草稿" in notice.heading
    assert "法制机构" in notice.heading
    said = "".join(notice.paragraphs)
    assert all(word in said for word in ("自愿", "用于", "联系人", "退出", "销毁"))
    assert notice.heading in bank_text(live)


def test_workbook_and_text_hold_the_same_questions(live: Study, tmp_path: Path) -> None:
    assert bank_book(live) == bank_book(live)
    path = tmp_path / "bank.xlsx"
    path.write_bytes(bank_book(live))
    cells = set(read_sheets(path)[0].cells.to_numpy().ravel())
    assert set(export_headers(live)) <= cells
    text = bank_text(live).splitlines()
    for asked in asked_questions(live):
        stem = asked.variables[0].question.split("—")[0].split("【")[0]
        at = text.index(f"{asked.number}、{stem}[{bank().types[asked.question.type]}]")
        if asked.question.type == "matrix":
            rows = text[at + 2 : at + 2 + len(asked.variables)]
            assert rows == [v.question.split("—")[1].strip("()") for v in asked.variables]
