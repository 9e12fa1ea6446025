"""Drafts of source.toml: last year's description for this year's files, guesses marked, nothing of anybody's lost."""

import datetime as dt
import os
import tomllib

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.intake.desk.draft import draft_source, is_edited
from analysis.intake.desk.draft_files import dates_in, name_key, other_exports
from analysis.intake.desk.draft_match import later
from analysis.intake.desk.draft_toml import comment, toml_pair, toml_table
from analysis.intake.desk.words import desk_words
from analysis.intake.entries import read_delivery
from analysis.intake.source import load_source, read_source
from analysis.study.load import load_study
from analysis.study.workspace import PROJECT, Workspace
from tests.intake.drawn import draw_region, roster_entry, table_entry

ROSTER = "证件号,教师,代码,男女,在编情况\n110101199003078515,甲一,1001,男,在编人员\n"
LOTS = "人员,学校,起\n甲一,第一小学,2024-10-01\n"
ENTRY = """
[[files]]
table = "roster"
file = "教师花名册{year}年9月.csv"
snapshot = {year}-09-01
[files.columns]
"证件号" = "person_number"
"教师" = "name"
"代码" = "school_id"
"男女" = "sex"
"在编情况" = "staffed_post"
[files.answers.staffed_post]
"在编人员" = "yes"
"*聘*" = "no"

[[files]]
table = "programmes"
file = "[数字]培训“首批”\\\\名单{year}.csv"
[files.columns]
"人员" = "name"
"学校" = "school_name"
"起" = "start_date"
[files.constants]
programme = "digital"
"""
ODD = "[数字]培训“首批”\\名单{year}.csv"


def two_years(tmp_path, roster=ROSTER, **more):
    """Last year with its description, this year with files only."""
    files = {"教师花名册2024年9月.csv": ROSTER, ODD.format(year=2024): LOTS}
    space = draw_region(tmp_path, 2024, files, ENTRY.format(year=2024))
    return this_year(space, {"教师花名册2025年9月.csv": roster, ODD.format(year=2025): LOTS} | more)


def this_year(space, files):
    """Files of 2025 without a description."""
    folder = space.delivery("drawn", 2025)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if isinstance(content, str):
            (folder / name).write_text(content, encoding="utf-8")
        else:
            write_sheets(folder / name, content)
    return space


def write_sheets(path, sheets):
    """A workbook of these sheets, each a list of rows."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


def only_new(tmp_path, files):
    """A region whose first delivery has these files."""
    return this_year(Workspace(home=tmp_path, out=tmp_path), files)


def text_of(made):
    """The text of a draft."""
    return made.path.read_text(encoding="utf-8")


def parsed(made):
    """The draft as TOML."""
    return tomllib.loads(text_of(made))


def filled(made):
    """The draft with the three open keys filled in, as its reader would."""
    text = text_of(made)
    words = desk_words().draft
    for mark, value in (
        (words.fill_region, "示例县"),
        (words.fill_producer, "教师工作股"),
        (words.fill_received, ""),
    ):
        text = text.replace(f'"{mark}"', f'"{value}"' if value else "2025-12-01")
    made.path.write_text(text, encoding="utf-8")


def test_unchanged_headers_need_no_edit(tmp_path, study):
    space = two_years(tmp_path)
    made = draft_source(space, study, "drawn", 2025)
    assert made.path.name == "source.toml"
    source = load_source(space, study, "drawn", 2025)
    before = read_source(space, "drawn", 2024)
    moved = tomllib.loads(
        (space.delivery("drawn", 2024) / "source.toml")
        .read_text(encoding="utf-8")
        .replace("2024", "2025")
    )
    assert source == type(source).model_validate(moved | {"received": dt.date(2025, 12, 1)})
    assert [list(e.columns) for e in source.files] == [list(e.columns) for e in before.files]
    found = {p.table: p.frame for p in read_delivery(space, study, "drawn", source)}
    assert found["roster"]["staffed_post"].tolist() == ["yes"]
    assert found["programmes"]["programme"].tolist() == ["digital"]
    assert (made.total(2), made.total(3), made.total(4)) == (8, 0, 0)


def test_a_new_header_is_mapped_or_asked_about_or_listed(tmp_path, study):
    roster = "证件号,教师,代码,birth_month,男女,staffed_pos,爱好\n1,甲一,1001,1990-01,男,是,棋\n"
    made = draft_source(two_years(tmp_path, roster), study, "drawn", 2025)
    (entry,) = [e for e in parsed(made)["files"] if e["table"] == "roster"]
    assert entry["columns"] == {
        "证件号": "person_number",
        "教师": "name",
        "代码": "school_id",
        "birth_month": "birth_month",
        "男女": "sex",
    }
    assert '# ? staffed_pos = "staffed_post"' in text_of(made)
    assert '#   "爱好"' in text_of(made)
    assert made.files[1][2:] == (5, 1, 1)
    taken = text_of(made).replace("# ? staffed_pos", "staffed_pos")
    made.path.write_text(taken, encoding="utf-8")
    assert is_edited(made.path)
    files = load_source(two_years(tmp_path, roster), study, "drawn", 2025).files
    assert files[0].columns["staffed_pos"] == "staffed_post"


def test_what_was_there_last_year_and_is_not_now_is_told(tmp_path, study):
    space = two_years(tmp_path, ROSTER.replace("男女", "出生"))
    (space.delivery("drawn", 2025) / ODD.format(year=2025)).unlink()
    made = draft_source(space, study, "drawn", 2025)
    assert '#   "男女" = "sex"' in text_of(made)
    assert made.files[0][2:] == (4, 1, 1)
    (line,) = [line for line in text_of(made).splitlines() if "首批" in line]
    assert line.startswith("# 上一年有、今年没有的文件")
    assert len(load_source(space, study, "drawn", 2025).files) == 1


def test_a_first_delivery_has_to_be_filled_in_before_it_is_read(tmp_path, study):
    rows = "name,school_name,sex,birth_month\n甲,一小,男,1990-01\n"
    space = only_new(tmp_path, {"花名册.csv": rows})
    made = draft_source(space, study, "drawn", 2025)
    with pytest.raises(AnalysisError) as caught:
        load_source(space, study, "drawn", 2025)
    keys = [e.fields["key"] for e in caught.value.errors]
    assert keys == ["region_label", "producer", "received", "files.1.snapshot"]
    assert {e.name for e in caught.value.errors} == {"source_to_fill"}
    fill = text_of(made).replace(f'"{desk_words().draft.fill_snapshot}"', "2025-09-01")
    made.path.write_text(fill, encoding="utf-8")
    filled(made)
    source = load_source(space, study, "drawn", 2025)
    (part,) = read_delivery(space, study, "drawn", source)
    assert part.frame["birth_month"].tolist() == ["1990-01"]


@pytest.mark.parametrize(
    ("name", "title", "expected", "is_guess"),
    [
        ("教师花名册2025年9月1日.csv", "", "2025-09-01", False),
        ("教师花名册20250831.csv", "", "2025-08-31", False),
        ("教师花名册(2025.9).csv", "", "2025-09-01", False),  # the day as last year
        ("教师花名册2025-10.csv", "", "2025-10-01", True),
        ("教师花名册.csv", "截至2025年9月15日", "2025-09-15", False),
        ("教师花名册.csv", "2019年9月1日起施行", "2025-09-01", True),  # only last year's remains
    ],
)
def test_the_snapshot_of_a_roster(tmp_path, study, name, title, expected, is_guess):
    space = two_years(tmp_path)
    (space.delivery("drawn", 2025) / "教师花名册2025年9月.csv").unlink()
    this_year(space, {name: f"{title},,,,\n{ROSTER}"})
    made = draft_source(space, study, "drawn", 2025)
    (entry,) = [e for e in parsed(made)["files"] if e["table"] == "roster"]
    assert entry["snapshot"] == dt.date.fromisoformat(expected)
    lines = text_of(made).splitlines()
    before = lines[next(n for n, line in enumerate(lines) if line.startswith("snapshot")) - 1]
    assert before.startswith("# ?") is is_guess


def test_two_forms_of_one_survey_are_one_entry(tmp_path, study):
    rows = "age,need,sex,survey_date\n30,3,男,2025-05-01\n"
    names = [
        "副本331954276_按文本_教师调查_469_460.csv",
        "[示例]331954276_按文本_教师调查_746_740.csv",
        "331954276_按序号_教师调查_746_740.csv",
        "331954277_按序号_学生调查_9_9.csv",
    ]
    made = draft_source(only_new(tmp_path, dict.fromkeys(names, rows)), study, "drawn", 2025)
    assert sorted(e["file"] for e in parsed(made)["files"]) == sorted([names[1], names[3]])
    for left in (names[0], names[2]):
        assert f'#   "{left}"' in text_of(made)
    assert text_of(made).count("另一次导出") == 2


def test_mess_02_old_names_with_brackets_are_told_apart():
    old = ["[问卷星数据]800_800_0.xls", "[问卷星数据]800_800_2.xls", "[问卷星数据]90_90_2.xls"]
    assert dict(other_exports(old)) == {old[1]: old[0]}
    assert dict(other_exports(["名单2024_1.xls", "名单2024_2.xls"])) == {}


def test_sheets_of_one_form_are_one_entry_and_other_sheets_are_left(tmp_path, study):
    head = ["name", "school_name", "sex", "birth_month"]
    book = {
        "说明": [["请如实填写"]],
        "一小": [["示例县教师名册"], head, ["甲", "一小", "男", "1990-01"]],
        "二小": [["示例县教师名册"], head, ["乙", "二小", "女", "1991-01"]],
    }
    space = only_new(tmp_path, {"在岗名册2025年9月1日.xlsx": book})
    made = draft_source(space, study, "drawn", 2025)
    (entry,) = parsed(made)["files"]
    assert "sheet" not in entry
    filled(made)
    parts = read_delivery(space, study, "drawn", load_source(space, study, "drawn", 2025))
    assert [p.sheet for p in parts] == ["一小", "二小"]


def test_sheets_of_two_tables_are_two_entries(tmp_path, study):
    book = {
        "人员": [["name", "school_name", "sex", "birth_month"], ["甲", "一小", "男", "1990-01"]],
        "学校": [["school_id", "school_name", "n_pupils", "school_group"], ["1", "一小", 9, "甲"]],
    }
    made = draft_source(only_new(tmp_path, {"报表2025年9月1日.xlsx": book}), study, "drawn", 2025)
    assert {e["sheet"]: e["table"] for e in parsed(made)["files"]} == {
        "人员": "roster",
        "学校": "schools",
    }


def test_what_cannot_be_a_table_is_listed_and_a_doubtful_one_does_not_count(tmp_path, study):
    space = only_new(
        tmp_path,
        {"说明.txt": "请查收。\n谢谢。\n", "名单.csv": "name,start_date\n甲,2025-01-01\n"},
    )
    folder = space.delivery("drawn", 2025)
    (folder / "通知.pdf").write_bytes(b"%PDF-1.7")
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04broken")
    (folder / "~$名单.csv").write_bytes(b"x")
    (folder / "附件").mkdir()
    (folder / "待核实_一小.xlsx").write_bytes(b"x")
    made = draft_source(space, study, "drawn", 2025)
    text = text_of(made)
    for name in ("说明.txt", "通知.pdf", "坏.xlsx", "附件"):
        (line,) = [line for line in text.splitlines() if f'"{name}"' in line]
        assert line.startswith("# ")
    assert "~$" not in text
    assert parsed(made)["returned"] == ["待核实_一小.xlsx"]
    assert "files" not in parsed(made)
    assert '# ? file = "名单.csv"' in text


def test_a_description_that_somebody_edited_is_never_lost(tmp_path, study):
    space = two_years(tmp_path)
    first = draft_source(space, study, "drawn", 2025).path
    assert draft_source(space, study, "drawn", 2025).path == first  # as written: simply anew
    own = first.read_text(encoding="utf-8").replace("drawn in a test", "人事股")
    first.write_text(own, encoding="utf-8")
    draft = draft_source(space, study, "drawn", 2025).path
    assert draft.name == "source.draft.toml"
    draft.write_text(draft.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    with pytest.raises(AnalysisError) as caught:
        draft_source(space, study, "drawn", 2025)
    assert caught.value.name == "draft_exists"
    assert first.read_text(encoding="utf-8") == own
    assert draft_source(space, study, "drawn", 2025, overwrite=True).path == first
    assert (first.parent / "source.old1.toml").read_text(encoding="utf-8") == own


def test_an_empty_folder_is_told(tmp_path, study):
    space = only_new(tmp_path, {})
    with pytest.raises(AnalysisError) as caught:
        draft_source(space, study, "drawn", 2025)
    assert caught.value.name == "draft_no_files"


def test_a_region_of_ordinary_headers_is_recognised_by_the_live_study(tmp_path):
    files = {
        "教师花名册2025年9月1日.csv": "序号,姓名,身份证号,单位,性别,职称,联系电话\n1,甲,x,一小,男,一级,1\n",
        "离岗台账2025.csv": "姓名,身份证号,原单位,变动原因,变动日期\n甲,x,一小,退休,2025-03-01\n",
        "测评成绩2025.csv": "姓名,身份证号,单位,测评日期,总分\n甲,x,一小,2025-05-20,80\n",
    }
    space = only_new(tmp_path, files)
    live = load_study(Workspace(home=PROJECT, out=tmp_path))
    made = draft_source(space, live, "drawn", 2025)
    assert {e["file"]: e["table"] for e in parsed(made)["files"]} == dict(
        zip(files, ["roster", "exits", "assessments"], strict=True)
    )
    filled(made)
    source = load_source(space, live, "drawn", 2025)
    assert len(read_delivery(space, live, "drawn", source)) == 3


def test_constants_that_name_last_year_are_moved_on_and_marked(tmp_path, study):
    columns = {"人员": "name", "学校": "school_name"}
    entry = table_entry("trainings", columns, "线上培训2024.csv")
    entry += '[files.constants]\nprogramme = "digital"\nstart_date = 2024-02-29\n'
    rows = {"线上培训2024.csv": "人员,学校\n甲,一小\n"}
    space = draw_region(tmp_path, 2024, rows, entry)
    this_year(space, {"线上培训2025.csv": rows["线上培训2024.csv"]})
    made = draft_source(space, study, "drawn", 2025)
    (found,) = parsed(made)["files"]
    assert found["constants"] == {"programme": "digital", "start_date": dt.date(2025, 2, 28)}
    lines = text_of(made).splitlines()
    assert lines[lines.index("[files.constants]") - 1].startswith("# ?")


def test_a_list_of_another_name_does_not_inherit_the_programme(tmp_path, study):
    space = two_years(tmp_path, **{"乐器培训名单.csv": LOTS})
    made = draft_source(space, study, "drawn", 2025)
    assert "乐器培训名单.csv" not in [e["file"] for e in parsed(made)["files"]]
    assert '# ? file = "乐器培训名单.csv"' in text_of(made)


@given(st.text(), st.text() | st.integers() | st.booleans() | st.dates())
def test_any_header_and_any_name_is_valid_toml(key, value):
    lines = ["[[files]]", *toml_table("files.columns", {key: value}), comment(f"# {value}")]
    text = "\n".join(lines).encode("utf-8", errors="replace").decode("utf-8")
    if text != "\n".join(lines):  # a lone surrogate is no text
        return
    assert tomllib.loads(text) == {"files": [{"columns": {key: value}}]}
    assert tomllib.loads(toml_pair(key, value)) == {key: value}


def test_names_and_dates():
    assert name_key("教师花名册(2025年9月).xlsx") == name_key("教师花名册2024年9月.csv")
    assert name_key("离岗台账2025.xlsx") != name_key("学校台账2025.xlsx")
    assert [(w.year, w.month, w.day) for w in dates_in("2024年9月1日至2025-02")] == [
        (2024, 9, 1),
        (2025, 2, None),
    ]
    assert dates_in("331954276_按文本_2025_13") == []
    assert later(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)


def test_a_described_region_of_one_file_still_loads(tmp_path, study):
    columns = {"证件号": "person_number", "教师": "name", "代码": "school_id"}
    space = draw_region(tmp_path, 2024, {"roster.csv": ROSTER}, roster_entry(2024, columns))
    this_year(space, {"roster.csv": ROSTER})
    draft_source(space, study, "drawn", 2025)
    (entry,) = load_source(space, study, "drawn", 2025).files
    assert (entry.columns, entry.snapshot) == (columns, dt.date(2025, 9, 1))


def test_a_name_that_is_not_utf_8_is_set_aside_and_the_others_are_drafted(tmp_path):
    space = two_years(tmp_path)
    folder = space.delivery("drawn", 2025)
    try:
        (folder / os.fsdecode("名册.csv".encode("gbk"))).write_text(ROSTER, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    made = draft_source(space, load_study(space), "drawn", 2025)
    text = made.path.read_text(encoding="utf-8")
    (line,) = [x for x in text.splitlines() if r"\\xc3\\xfb\\xb2\\xe1.csv" in x]
    assert "UTF-8" in line
    assert line.startswith("# ")
    assert made.n_files == 3
    assert made.n_tables == 2
    tomllib.loads(text)
