"""What a draft is filled with from drawn tables: no part of 1 to 9 can be subtracted, no verb answered by another."""

from __future__ import annotations

import io
import random
import re

import numpy as np
import pandas as pd
import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from analysis.errors import ParameterError
from analysis.intake.record import Delivery
from analysis.release.disclosure import MAX_SUMS, tells_of_rest
from analysis.release.draft import Draft
from analysis.release.fill.draft import Filled, fill_draft
from analysis.release.fill.paragraphs import paragraphs_of
from analysis.study.blanks import load_blanks
from analysis.study.load import load_study
from analysis.study.workspace import open_workspace

SPACE = open_workspace()
STUDY = load_study(SPACE)
BLANKS = load_blanks(SPACE, STUDY)
MARK = re.compile(r"〔\d+〕")
SUBTRACT, FEW, VERB, PART = (
    "减去已填的各项",
    "有关人数过少",
    "这份材料记的不是这件事",
    "“其中”的数应包含在前一个数里",
)
LEVELS = ("province", "city", "county", "nation")
AREAS = ("rural", "town", "urban")


def projects(*sizes: int, approved: int = 10_000) -> pd.DataFrame:
    """So many research projects by level, the first ``approved`` of each granted."""
    lines = [(level, n) for level, size in zip(LEVELS, sizes, strict=False) for n in range(size)]
    rows = [
        {"honour": "research_project", "honour_level": level, "is_approved": "yes" if n < approved else "no"}
        for level, n in lines
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(teacher_id=[f"h{n}" for n in range(len(rows))])


def excellent(county: int, city: int) -> pd.DataFrame:
    """So many excellent teachers by level."""
    levels = ["county"] * county + ["city"] * city
    return pd.DataFrame(
        {"honour": "excellent_teacher", "honour_level": levels, "is_approved": None}
    ).assign(teacher_id=[f"e{n}" for n in range(len(levels))])


def roster(*sizes: int) -> pd.DataFrame:
    """So many teachers in a rural, a town and an urban school."""
    areas = [area for area, size in zip(AREAS, sizes, strict=True) for _ in range(size)]
    return pd.DataFrame(
        {"teacher_id": [f"t{n}" for n in range(len(areas))], "school_id": areas,
         "is_teacher": "yes", "post_status": "in_post"}
    )  # fmt: skip


def delivery(*honours: pd.DataFrame, teachers: pd.DataFrame | None = None) -> Delivery:
    """An invented delivery of 2025 with these lists."""
    listed = pd.concat(honours or (excellent(30, 20),), ignore_index=True)
    tables = {
        "honours": listed,
        "roster": roster(300, 200, 100) if teachers is None else teachers,
        "schools": pd.DataFrame({"school_id": AREAS, "area": AREAS}),
    }
    named = {
        n: t.assign(year=2025, source_file="表.xlsx", source_sheet="一") for n, t in tables.items()
    }
    empty = pd.DataFrame()
    return Delivery("r", "示例县", 2025, named, empty, (), empty, True, "f", "2025-09-01", ())


def filled(draft: Draft, given: Delivery) -> Filled:
    return fill_draft(STUDY, BLANKS, given, draft)


def answer(text: str, given: Delivery) -> tuple[str, str]:
    """The first line of a draft as it is filled, without the marks of sources; and why the rest is open."""
    made = filled(Draft("稿.txt", ".txt", text.encode()), given)
    line = made.data.decode().split("\n")[0]
    return MARK.sub("", line), "\n".join(made.left)


# --- what could be subtracted ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sizes", "right", "why"),
    [
        # 6 provincial ones: the last part that would give them away stays open
        ("申报课题X项，其中省级X项、市级X项、县级X项。", (6, 40, 54), "申报课题100项，其中省级X项、市级40项、县级X项。", SUBTRACT),
        # the whole comes last: it stays open instead
        ("申报市级课题X项、县级课题X项。全县共申报课题X项。", (6, 40, 54), "申报市级课题40项、县级课题54项。全县共申报课题X项。", SUBTRACT),
        # the whole stands in the draft as a number
        ("申报课题100项。申报市级课题X项、县级课题X项。", (6, 40, 54), "申报课题100项。申报市级课题40项、县级课题X项。", SUBTRACT),
        # two small parts are eleven together: nobody can tell them apart
        ("申报课题X项，其中国家级X项、省级X项、市级X项、县级X项。", (6, 40, 54, 5),
         "申报课题105项，其中国家级X项、省级X项、市级40项、县级54项。", FEW),
        # two small parts are nine together
        ("申报课题X项，其中国家级X项、省级X项、市级X项、县级X项。", (5, 40, 54, 4),
         "申报课题103项，其中国家级X项、省级X项、市级40项、县级X项。", SUBTRACT),
        # without the whole nothing is given away
        ("申报市级课题X项、县级课题X项。", (6, 40, 54), "申报市级课题40项、县级课题54项。", ""),
        # no part is small
        ("申报课题X项，其中省级X项、市级X项、县级X项。", (20, 40, 60), "申报课题120项，其中省级20项、市级40项、县级60项。", ""),
    ],
)  # fmt: skip
def test_no_small_part_can_be_subtracted(
    text: str, sizes: tuple[int, ...], right: str, why: str
) -> None:
    got, said = answer(text, delivery(projects(*sizes)))
    assert got == right
    assert (why in said) if why else not said


def test_what_is_listed_as_possible_gives_nothing_away_either() -> None:
    """Of 99 by level 5 are hidden: the list of what may be meant names the whole, then no level more that tells."""
    text = "申报课题X项，其中市级X项。县级课题X项。"
    got, said = answer(text, delivery(projects(5, 40, 54)))
    assert got == "申报课题99项，其中市级40项。县级课题X项。"
    assert "54项" not in said


def test_persons_by_area() -> None:
    text = "共有专任教师X名，其中乡村X名、镇区X名、城区X名。"
    got, said = answer(text, delivery(teachers=roster(120, 7, 80)))
    assert got == "共有专任教师207名，其中乡村120名、镇区X名、城区X名。"
    assert FEW in said
    assert SUBTRACT in said


def bits(*numbers: int) -> int:
    return sum(1 << n for n in numbers)


def test_sums_of_counts_that_tell_of_few() -> None:
    whole, first, second = bits(*range(40)), bits(*range(20)), bits(*range(20, 34))
    assert not tells_of_rest([whole, first], bits(*range(20, 40)))  # nothing left
    assert tells_of_rest([whole, first], second)  # six left
    assert tells_of_rest([first, second], whole)  # in any order
    # a second way to cut the same: the whole is not shown, its sum is
    odd, even = bits(*range(1, 40, 2)), bits(*range(0, 40, 2))
    assert tells_of_rest([odd, even, first], second)
    assert not tells_of_rest([bits(*range(50, 60))], first)  # others, whom it says nothing of
    many = [bits(n, 100 + n) | 1 << 500 for n in range(14)]
    pairs = [bits(2 * n, 2 * n + 1) for n in range(20)]
    assert 2 ** len(pairs) > MAX_SUMS
    assert tells_of_rest([*pairs, *many], bits(*range(60)))  # too many to look through


ZH = {"province": "省级", "city": "市级", "county": "县级", "nation": "国家级"}
KEYS = [(level, granted) for level in (None, *LEVELS) for granted in (None, "yes", "no")]
CELLS = [(level, granted) for level in LEVELS for granted in ("yes", "no")]


def over(level: str | None, granted: str | None) -> np.ndarray:
    """Which cells a count by level and grant adds up."""
    return np.array([float(level in (None, a) and granted in (None, b)) for a, b in CELLS])


def test_nothing_small_follows_from_all_that_a_draft_shows() -> None:
    """Thirty drawn lists and drafts: no count of one to nine is a linear combination of those filled or listed."""
    rng, n_filled = random.Random(11), 0
    for _ in range(30):
        sizes = np.array([rng.choice((0, 2, 5, 8, 9, 10, 12, 20, 33)) for _ in CELLS])
        rows = [
            {"honour": "research_project", "honour_level": level, "is_approved": granted}
            for (level, granted), size in zip(CELLS, sizes, strict=True)
            for _ in range(size)
        ]
        table = pd.DataFrame(rows).assign(teacher_id=[f"h{n}" for n in range(len(rows))])
        asked = [k for k in KEYS if k[1] != "no"]
        rng.shuffle(asked)
        text = "。".join(
            f"{'立项' if granted else '申报'}{ZH.get(level, '')}课题X项" for level, granted in asked
        )
        line, said = answer(text, delivery(table))
        known = [
            over(*k) for k, part in zip(asked, line.split("。"), strict=True) if "X" not in part
        ]
        n_filled += len(known)
        for rows_of in re.findall(r"\d+项（荣誉名单中(.*?)的记录", said):
            level = next((name for name, zh in ZH.items() if zh in rows_of), None)
            known.append(over(level, "yes" if "是否立项" in rows_of else None))
        rank = np.linalg.matrix_rank(np.array(known)) if known else 0
        small = [over(*k) for k in KEYS if 0 < over(*k) @ sizes < 10]
        assert all(np.linalg.matrix_rank(np.array([*known, v])) > rank for v in small), line
    assert n_filled > 90


# --- parts, and the noun they are of --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("申报课题X项，其中国家级X项、省级X项。", "申报课题120项，其中国家级X项、省级20项。"),
        ("申报课题X项，立项X项，其中省级X项、市级X项。", "申报课题120项，立项45项，其中省级15项、市级15项。"),
        ("申报课题X项，论文获奖50项，其中国家级X项、省级X项。", "申报课题120项，论文获奖50项，其中国家级X项、省级X项。"),
        ("申报课题X项，获奖论文X项，其中省级X项、市级X项。", "申报课题120项，获奖论文X项，其中省级X项、市级X项。"),
        ("申报课题X项，其中教学成果市级X项、县级X项。", "申报课题120项，其中教学成果市级X项、县级X项。"),
        ("申报省级课题X项、市级课题X项，其中立项X项。", "申报省级课题20项、市级课题40项，其中立项X项。"),
        ("评选县级优秀教师X名，课题立项X项，其中市级X名。", "评选县级优秀教师30名，课题立项X项，其中市级X名。"),
    ],
)  # fmt: skip
def test_a_part_is_of_the_noun_before_it(text: str, right: str) -> None:
    """120 projects, 15 of each level granted; where a level named before may reach on, the rest stays open."""
    given = delivery(projects(20, 40, 60, approved=15), excellent(30, 20))
    assert answer(text, given)[0] == right


def test_no_number_of_another_noun_is_offered_for_a_part() -> None:
    _, said = answer("申报课题X项，论文获奖50项，其中省级X项。", delivery(projects(20, 40, 60)))
    assert PART in said
    assert "可能是" not in said


# --- verbs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("表彰专任教师X名。", "表彰"),
        ("培训专任教师X名。", "培训"),
        ("评选专任教师X名。", "评选"),
        ("引进专任教师X名。", "引进"),
        ("招聘专任教师X名。", "招聘"),
        ("选派专任教师X名。", "选派"),
        ("专任教师退休X名。", "退休"),
        ("参加活动的专任教师X名。", "参加"),
        ("共有X名专任教师参加培训。", "参加"),
        ("专任教师X名，均已退休。", "退休"),
        ("通过公开招聘引进高校毕业生，专任教师X名。", "引进"),
        ("组织开展全县送教下乡活动，专任教师X名。", "送教下乡"),
        ("引进县级优秀教师X名、专任教师X名。", "引进"),
        ("培训县级优秀教师X名。", "培训"),
        ("选派县级优秀教师X名。", "选派"),
    ],
)
def test_another_verb_asks_for_another_number(text: str, verb: str) -> None:
    got, said = answer(text, delivery())
    assert got == text
    assert f"“{verb}”" in said
    assert VERB in said
    assert "可能是" not in said


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("表彰县级优秀教师X名。", "表彰县级优秀教师30名。"),
        ("X名教师被评为县级优秀教师。", "30名教师被评为县级优秀教师。"),
        ("大力引进人才，全县现有专任教师X名。", "大力引进人才，全县现有专任教师X名。"),  # a group? not understood
        ("通过公开招聘引进高校毕业生，现有专任教师X名。", "通过公开招聘引进高校毕业生，现有专任教师600名。"),
        ("鼓励教师参与课题研究，申报课题X项。", "鼓励教师参与课题研究，申报课题120项。"),
    ],
)  # fmt: skip
def test_the_verb_of_the_list_is_no_obstacle(text: str, right: str) -> None:
    assert answer(text, delivery(projects(20, 40, 60), excellent(30, 20)))[0] == right


# --- Word files -----------------------------------------------------------------------------------

BOX = (
    '<w:r {} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{}'
    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{}</v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
INSIDE = "<w:txbxContent><w:p><w:r><w:t>共有专任教师X名。</w:t></w:r></w:p></w:txbxContent>"


def word(document: WordDocument) -> Draft:
    stream = io.BytesIO()
    document.save(stream)
    return Draft("稿.docx", ".docx", stream.getvalue())


def in_word(document: WordDocument) -> tuple[list[str], Filled]:
    """The paragraphs of a Word file as they are filled, without marks; and what is said of it."""
    made = filled(word(document), delivery())
    return [MARK.sub("", t) for t in paragraphs_of(Draft("稿.docx", ".docx", made.data))], made


def table(*rows: tuple[str, ...]) -> WordDocument:
    document = Document()
    grid = document.add_table(rows=len(rows), cols=len(rows[0]))
    for cells, texts in zip(grid.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    return document


def test_the_head_of_a_table_says_of_which_year_its_column_is() -> None:
    rows = (("项目", "2024年", "2025年"), ("教师", "专任教师X名", "专任教师X名"))
    got, made = in_word(table(*rows))
    assert got[4:6] == ["专任教师X名", "专任教师600名"]
    assert "“2024年”" in "".join(made.left)
    assert in_word(table(("表彰情况",), ("专任教师X名",)))[0][1] == "专任教师X名"
    assert in_word(table(("序号", "工作内容"), ("1", "专任教师X名")))[0][3] == "专任教师600名"


def test_merged_cells_label_every_cell_they_span() -> None:
    document = Document()
    grid = document.add_table(rows=3, cols=3)
    grid.cell(0, 0).merge(grid.cell(0, 2)).text = "教师情况"
    grid.cell(1, 0).merge(grid.cell(2, 0)).text = "退休"
    grid.cell(2, 2).text = "专任教师X名"
    assert "专任教师X名" in in_word(document)[0]


CELL = "<w:tc><w:tcPr>{1}</w:tcPr><w:p><w:r><w:t>{0}</w:t></w:r></w:p></w:tc>"
HEAD, BELOW = CELL.format("2024年", ""), "<w:tr>" + CELL.format("专任教师X名", "") + "</w:tr>"
NO_SPAN = CELL.format("2024年", '<w:gridSpan w:val="x"/>')
GOES_ON = CELL.format("专任教师X名", "<w:vMerge/>")


@pytest.mark.parametrize(
    ("inside", "right"),
    [
        # a row and a cell in a content control, a table in a table, a span that is no number: 2024 reaches below
        (f"<w:sdt><w:sdtContent><w:tr>{HEAD}</w:tr></w:sdtContent></w:sdt>{BELOW}", "专任教师X名"),
        (f"<w:tr><w:sdt><w:sdtContent>{HEAD}</w:sdtContent></w:sdt></w:tr>{BELOW}", "专任教师X名"),
        (f"<w:tr>{HEAD}</w:tr><w:tr><w:tc><w:tbl>{BELOW}</w:tbl><w:p/></w:tc></w:tr>", "专任教师X名"),
        (f"<w:tr>{NO_SPAN}</w:tr>{BELOW}", "专任教师X名"),
        # a merged cell that goes on from nothing
        (f"<w:tr>{GOES_ON}</w:tr>", "专任教师600名"),
    ],
)  # fmt: skip
def test_tables_that_word_opens_are_read(inside: str, right: str) -> None:
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}>{inside}</w:tbl>"))
    assert right in in_word(document)[0]


def test_a_text_box_is_one_place_and_both_its_texts_are_filled() -> None:
    document = Document()
    box = BOX.format(nsdecls("w"), INSIDE, INSIDE)
    document.add_paragraph("见图")._p.append(parse_xml(box))
    got, made = in_word(document)
    assert (got[1], made.n_places) == ("共有专任教师600名。", 1)
    xml = Document(io.BytesIO(made.data)).element.xml
    assert xml.count("教师600名") == 2


def test_what_a_tracked_change_took_away_is_not_read() -> None:
    document = Document()
    paragraph = document.add_paragraph("共有专任教师")._p
    run = "<w:r><w:{0}>{1}</w:{0}></w:r>"
    for tag, inside in (
        ("del", run.format("delText", "表彰X名")),
        ("moveFrom", run.format("t", "表彰X名")),
        ("ins", run.format("t", "X名。")),
    ):
        xml = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a">{inside}</w:{tag}>'
        paragraph.append(parse_xml(xml))
    got, made = in_word(document)
    assert (got[0], made.n_places) == ("共有专任教师600名。", 1)


def test_a_placeholder_cut_over_runs_is_one() -> None:
    document = Document()
    paragraph = document.add_paragraph("共有专任教师")
    for part in ("X", "X", "名，其中乡村_", "__名。"):
        paragraph.add_run(part)
    assert in_word(document)[0][0] == "共有专任教师600名，其中乡村300名。"


def test_heads_and_feet_of_pages_are_named_as_not_filled() -> None:
    document = Document()
    document.add_paragraph("共有专任教师X名。")
    document.sections[0].header.paragraphs[0].text = "XX县教育局"
    assert "页眉、页脚和注释里另有1处空" in in_word(document)[1].left[-1]


# --- placeholders that are none, or not of ours ---------------------------------------------------


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("共有专任教师ＸＸ名。", "共有专任教师600名。"),
        ("共有专任教师 XX 名。", "共有专任教师 600 名。"),
        ("共有专任教师　X　余名，其中乡村 X 名。", "共有专任教师　590　余名，其中乡村 300 名。"),
        ("共有专任教师X余名。", "共有专任教师590余名。"),
        ("XX年共有专任教师X名。", "XX年共有专任教师X名。"),
        ("二〇二四年共有专任教师X名。", "二〇二四年共有专任教师X名。"),
        ("X光检查X次，共有专任教师X名。", "X光检查X次，共有专任教师600名。"),
        ("用iPhone X拍摄，共有专任教师X名。", "用iPhone X拍摄，共有专任教师600名。"),
        ("共有专任教师X至X名。", "共有专任教师X至X名。"),
        ("共有专任教师X.X万名。", "共有专任教师X.X万名。"),
        ("共有专任教师第X名。", "共有专任教师第X名。"),
        ("邻县共有专任教师X名。", "邻县共有专任教师X名。"),
        ("共有专任教师１Ｘ名。", "共有专任教师１Ｘ名。"),
    ],
)
def test_signs_that_look_like_placeholders(text: str, right: str) -> None:
    assert answer(text, delivery())[0] == right


def test_a_draft_without_a_placeholder_is_told() -> None:
    with pytest.raises(ParameterError, match="没有找到要填的空"):
        answer("共有专任教师600名。", delivery())
