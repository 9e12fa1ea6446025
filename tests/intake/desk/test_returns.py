"""Workbooks for schools: who gets which cells, what they look like, and how they come back as corrections."""

import shutil
import stat
import zipfile

import pytest
import xlsxwriter

from analysis.errors import AnalysisError
from analysis.intake.clean import clean_region
from analysis.intake.desk.returns import file_names, write_returns
from analysis.intake.desk.returns_read import read_returned
from analysis.intake.desk.words import desk_words
from analysis.intake.ledger import KINDS
from analysis.intake.reading.readers import read_sheets
from tests.intake.drawn import draw_region, roster_entry, table_entry

ROSTER_COLUMNS = {
    "证件号": "person_number",
    "姓名": "name",
    "学校标识码": "school_id",
    "校名": "school_name",
    "性别": "sex",
    "出生年月": "birth_month",
    "专任": "is_teacher",
}
ROSTER = """
证件号,姓名,学校标识码,校名,性别,出生年月,专任
110101199003078515,甲一,1001,第一小学,男,1990-03,专任教师
110101198511023000,乙二,1001,第一小学,=1+1,1985-11,专任教师
110101197001010016,丙三,1002,第二/小学,男,970-01,专任教师
,丁四,1003,第三小学,女,1980-05,专任教师
"""
SCHOOLS = """
学校标识码,校名,学生数
1001,第一小学,300
1002,第二/小学,三百多
1003,第三小学,200
"""
TRAININGS = """
项目,姓名,学校,开始日期,学时
数字培训,甲一,第一小学,2025-03-01,8
数字培训,@无名,没有的学校,2025-03-02,8
"""
ENTRIES = (
    roster_entry(2025, ROSTER_COLUMNS)
    + table_entry(
        "schools", {"学校标识码": "school_id", "校名": "school_name", "学生数": "n_pupils"}
    )
    + table_entry(
        "trainings",
        {
            "项目": "programme",
            "姓名": "name",
            "学校": "school_name",
            "开始日期": "start_date",
            "学时": "hours",
        },
    )
)
SURVEY = "学校,年龄\n第一小学,999\n"  # what people say of themselves is no school's to correct
ENTRIES += table_entry("survey", {"学校": "school_name", "年龄": "age"})
FILES = {
    "survey.csv": SURVEY,
    "roster.csv": ROSTER,
    "schools.csv": SCHOOLS,
    "trainings.csv": TRAININGS,
}
FIRST, SECOND = "待核实_第一小学.xlsx", "待核实_第二_小学.xlsx"
NOBODY = "待核实_未确定学校.xlsx"


def drawn(tmp_path, returned=(), files=FILES):
    """The dirty delivery, with workbooks sent back lying beside it."""
    more = f"\nreturned = {[*returned]}\n".replace("'", '"')
    space = draw_region(tmp_path, 2025, files, "")
    path = space.delivery("drawn", 2025) / "source.toml"
    path.write_text(path.read_text(encoding="utf-8") + more + ENTRIES, encoding="utf-8")
    return space


def cells(folder, name):
    """The rows of one workbook's second sheet under its header."""
    raw = read_sheets(folder / name)[1]
    header, *rows = raw.cells.to_numpy().tolist()
    return [dict(zip(header, row, strict=True)) for row in rows]


def by_column(rows):
    """The rows by the column they ask about."""
    return {row["栏目"]: row for row in rows}


def fill(source, target, answers, change=lambda rows: rows, sheets=("填写说明", "待核实")):
    """Copy a workbook as a school would, with answers by column written into the yellow cells."""
    rows = read_sheets(source)[1].cells.to_numpy().tolist()
    for row in rows[1:]:
        row[8] = answers.get(row[4], "")
    with xlsxwriter.Workbook(str(target)) as book:
        book.add_worksheet(sheets[0]).write_string(0, 0, "x")
        sheet = book.add_worksheet(sheets[1])
        for r, row in enumerate(change(rows)):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)


@pytest.fixture(scope="module")
def sender(tmp_path_factory):
    """The workspace of the dirty delivery that the workbooks are written from once; read only."""
    return drawn(tmp_path_factory.mktemp("sent"))


@pytest.fixture(scope="module")
def written(sender, study):
    """What was written of the dirty delivery, once."""
    return write_returns(sender, study, "drawn", 2025)


@pytest.fixture(scope="module")
def sent(written):
    """The folder of the workbooks of the dirty delivery; read only."""
    return written.folder


@pytest.fixture
def own(sender, written, tmp_path):
    """A copy of that workspace with its workbooks, and their folder in it; write what you like."""
    shutil.copytree(sender.home, tmp_path, dirs_exist_ok=True)
    space = drawn(tmp_path)
    return space, space.out / written.folder.relative_to(sender.out)


def test_each_school_gets_its_own_cells_and_nobody_else_a_file(written):
    assert sorted(p.name for p in written.folder.glob("*.xlsx")) == sorted([FIRST, SECOND, NOBODY])
    first, second = (by_column(cells(written.folder, n)) for n in (FIRST, SECOND))
    assert set(first) == {"证件号", "性别"}
    assert (first["证件号"]["原值"], first["证件号"]["姓名"]) == ("110101198511023000", "乙二")
    assert first["证件号"]["行"] == "3"
    assert "截断" in first["证件号"]["问题"]
    assert "女 / 男" in first["性别"]["问题"]
    assert set(second) == {"出生年月", "学生数"}
    assert (second["出生年月"]["原值"], second["学生数"]["原值"]) == ("970-01", "三百多")
    nobody = by_column(cells(written.folder, NOBODY))
    assert nobody["姓名"]["原值"] == "@无名"
    assert nobody["学校"]["原值"] == "没有的学校"
    assert written.n_files == 3
    assert written.n_cells == sum(len(cells(written.folder, n)) for n in (FIRST, SECOND, NOBODY))


def test_only_the_owner_may_open_them_and_no_name_is_left_elsewhere(sender, sent):
    space, folder = sender, sent
    assert folder == space.processed("drawn") / "return" / "2025"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in folder.iterdir()} == {0o600}
    assert [p.name for p in folder.parent.iterdir()] == ["2025"]  # nothing half-written beside it
    assert not space.reports.exists()


def test_mess_51_a_text_like_a_formula_is_written_as_text(sent):
    folder = sent
    for name, text in ((FIRST, "=1+1"), (NOBODY, "@无名")):
        with zipfile.ZipFile(folder / name) as book:
            xml = {n: book.read(n).decode() for n in book.namelist() if n.endswith(".xml")}
        assert any(f">{text}</t>" in x for x in xml.values())
        assert not any("<f>" in x for n, x in xml.items() if n.startswith("xl/worksheets"))
        assert 'quotePrefix="1"' in xml["xl/styles.xml"]
    assert cells(folder, FIRST)[0]["原值"] == "=1+1" or cells(folder, FIRST)[1]["原值"] == "=1+1"


def test_the_workbook_can_be_printed_chosen_from_and_is_the_same_each_time(tmp_path, study, sent):
    folder = write_returns(drawn(tmp_path), study, "drawn", 2025).folder
    made = [{p.name: p.read_bytes() for p in f.iterdir()} for f in (folder, sent)]
    assert made[0] == made[1]
    with zipfile.ZipFile(folder / FIRST) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert 'orientation="landscape"' in sheet
    assert 'paperSize="9"' in sheet
    assert 'state="frozen"' in sheet
    assert 'dataValidation type="list"' in sheet
    assert "Print_Titles" in names
    guide = read_sheets(folder / FIRST)[0].cells[0].tolist()
    assert guide[0] == "示例县2025年数据待核实：第一小学"
    assert "共2处" in guide[1]


def test_round_trip_a_filled_workbook_puts_the_cells_right(tmp_path, study, own):
    space, folder = own
    beside = space.delivery("drawn", 2025)
    fill(folder / FIRST, beside / FIRST, {"性别": "女", "证件号": "110101198511023444"})
    fill(folder / SECOND, beside / "back.xlsx", {"学生数": "310", "出生年月": "空"})
    drawn(tmp_path, [FIRST, "back.xlsx"])
    after = clean_region(space, study, "drawn", 2025)
    assert after.tables["roster"]["sex"].tolist() == ["male", "female", "male", "female"]
    schools = after.tables["schools"].set_index("school_id")["n_pupils"]
    assert schools.to_dict() == {"1001": 300, "1002": 310, "1003": 200}
    told = after.ledger[after.ledger["rule"] == "corrected"]
    assert told["column"].tolist() == ["性别", "证件号", "出生年月", "学生数"]
    assert told["found"].tolist()[1] == "digits:18"
    assert (
        told["done"].tolist()[3] == "310"
    )  # whoever sent it, and why, is not written into the ledger
    gone = ["unknown_spelling", "number_truncated", "nothing_word"]  # emptied before it is read
    assert not after.ledger["rule"].isin(gone).any()
    again = write_returns(space, study, "drawn", 2025)
    assert [p.name for p in again.folder.glob("*.xlsx")] == [NOBODY]


def test_a_workbook_whose_cells_have_changed_since_is_an_error(tmp_path, study, sent):
    space = drawn(tmp_path)
    fill(sent / FIRST, space.delivery("drawn", 2025) / FIRST, {"证件号": "1"})
    newer = FILES | {"roster.csv": ROSTER.replace("110101198511023000", "110101198511023444")}
    drawn(tmp_path, [FIRST], newer)
    with pytest.raises(AnalysisError) as caught:
        clean_region(space, study, "drawn", 2025)
    assert caught.value.name == "correction_unmatched"
    assert "110101198511023" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "sheets", "name"),
    [
        (lambda rows: rows, ("a", "核实"), "returned_no_sheet"),
        (lambda rows: [[r[1], r[0], *r[2:]] for r in rows], ("a", "待核实"), "returned_bad_header"),
        (lambda rows: [r[:9] for r in rows], ("a", "待核实"), "returned_bad_header"),
        (lambda rows: [["标题"], *rows], ("a", "待核实"), "returned_bad_header"),
        (
            lambda rows: [rows[0], *([*r[:3], "三", *r[4:]] for r in rows[1:])],
            ("a", "待核实"),
            "returned_bad_row",
        ),
        (
            lambda rows: [rows[0], *([r[0], "", *r[2:]] for r in rows[1:])],
            ("a", "待核实"),
            "returned_bad_row",
        ),
    ],
)
def test_a_rearranged_workbook_is_refused(tmp_path, sent, change, sheets, name):
    fill(sent / FIRST, tmp_path / FIRST, {"性别": "女"}, change, sheets)
    with pytest.raises(AnalysisError) as caught:
        read_returned(tmp_path / FIRST)
    assert caught.value.name == name
    assert FIRST in str(caught.value)


def test_an_answer_to_a_row_that_is_no_record_is_refused(tmp_path, study, sent):
    space = drawn(tmp_path, [FIRST])
    change = lambda rows: [rows[0], *([*r[:3], "99", *r[4:]] for r in rows[1:])]  # noqa: E731
    fill(sent / FIRST, space.delivery("drawn", 2025) / FIRST, {"性别": "女"}, change)
    with pytest.raises(AnalysisError) as caught:
        clean_region(space, study, "drawn", 2025)
    assert caught.value.name == "correction_unread"


def test_a_missing_or_damaged_workbook_is_refused(tmp_path, study):
    space = drawn(tmp_path, ["待核实_第一小学.xlsx"])
    with pytest.raises(AnalysisError) as caught:
        clean_region(space, study, "drawn", 2025)
    assert caught.value.name == "returned_missing"
    (space.delivery("drawn", 2025) / FIRST).write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(AnalysisError) as caught:
        clean_region(space, study, "drawn", 2025)
    assert caught.value.name == "file_damaged"


def test_a_workbook_filled_in_the_folder_itself_is_never_lost(study, own):
    space, folder = own
    fill(folder / FIRST, folder / "copy.xlsx", {"性别": "女"})
    (folder / "copy.xlsx").replace(folder / FIRST)
    again = write_returns(space, study, "drawn", 2025)
    assert again.n_kept == 1
    assert [p.name for p in again.kept.iterdir()] == [FIRST]
    assert by_column(cells(again.kept, FIRST))["性别"]["改为"] == "女"
    assert by_column(cells(again.folder, FIRST))["性别"]["改为"] == ""


def test_whatever_people_put_into_the_folder_is_kept(tmp_path, study, own):
    space, folder = own
    (folder / "已收" / "a").mkdir(parents=True)
    (folder / "已收" / "a" / FIRST).write_bytes(b"x")
    (folder / "nowhere").symlink_to(tmp_path / "gone")
    again = write_returns(space, study, "drawn", 2025)
    assert again.n_kept == 2
    assert (again.kept / "已收" / "a" / FIRST).read_bytes() == b"x"
    assert (again.kept / "nowhere").is_symlink()


def remark(rows):
    """The school writes beside the number that it is right, and into the answer of the other cell the same."""
    said = {"证件号": ("", "无误"), "性别": (" 无误 ", "")}
    return [rows[0], *([*r[:8], *said[r[4]]] for r in rows[1:])]


def test_what_a_school_confirms_is_not_asked_again_until_it_changes(tmp_path, study, sent):
    space = drawn(tmp_path, [FIRST])
    fill(sent / FIRST, space.delivery("drawn", 2025) / FIRST, {}, remark)
    after = clean_region(space, study, "drawn", 2025)
    told = after.ledger[after.ledger["rule"] == "confirmed"]
    assert told["column"].tolist() == ["性别", "证件号"]
    assert set(told["kind"]) == {"noted"}
    assert told["found"].tolist() == ["=1+1", "digits:18"]
    again = write_returns(space, study, "drawn", 2025)
    assert sorted(p.name for p in again.folder.glob("*.xlsx")) == [NOBODY, SECOND]
    drawn(tmp_path, [FIRST], FILES | {"roster.csv": ROSTER.replace("=1+1", "?")})
    asked = by_column(cells(write_returns(space, study, "drawn", 2025).folder, FIRST))
    assert set(asked) == {"性别"}


@pytest.mark.parametrize("answer", ["=1+1", "+1", "@x"])
def test_an_answer_that_is_a_formula_is_refused_with_its_place(tmp_path, sent, answer):
    fill(sent / FIRST, tmp_path / FIRST, {"性别": answer})
    with pytest.raises(AnalysisError) as caught:
        read_returned(tmp_path / FIRST)
    assert caught.value.name == "returned_bad_row"
    assert answer in str(caught.value)


def test_nothing_open_means_no_folder(tmp_path, study):
    clean = {"roster.csv": "\n".join(ROSTER.strip().splitlines()[:2]), "schools.csv": SCHOOLS}
    clean["schools.csv"] = SCHOOLS.replace("三百多", "30")
    clean["survey.csv"] = SURVEY.replace("999", "30")
    clean["trainings.csv"] = "\n".join(TRAININGS.strip().splitlines()[:2])
    space = drawn(tmp_path, files=clean)
    written = write_returns(space, study, "drawn", 2025)
    assert (written.n_files, written.n_cells) == (0, 0)
    assert not written.folder.exists()


def test_names_that_every_system_can_hold():
    names = {
        "1": "一/小:*?",
        "2": "一_小_",
        "3": "长" * 200,
        "4": "",
        "5": " .甲. ",
        "6": "一/小:*?",
    }
    out = file_names(names)
    assert out["1"] == "待核实_一_小_.xlsx"
    assert out["2"] == "待核实_一_小_ (2).xlsx"
    assert out["6"] == "待核实_一_小_ (3).xlsx"
    assert len(out["3"]) < 80
    assert (out["4"], out["5"]) == (NOBODY, "待核实_甲.xlsx")


def test_every_question_is_about_a_rule_of_the_ledger():
    assert set(desk_words().ask) <= set(KINDS)
