"""A lot from the list of applicants to its papers, and back through intake as next year's data."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.errors import AnalysisError, DataError, ParameterError
from analysis.intake.clean import clean_region
from analysis.intake.desk.draw_files import verify_draw, write_draw
from analysis.intake.desk.draw_list import read_applicants
from analysis.intake.desk.draw_record import Request, read_record
from analysis.intake.reading.readers import read_sheets
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from tests.intake.desk.paper import read_part
from tests.intake.drawn import draw_region

YEAR = 2025
STAGES = ("小学", "初中", "学前")
N = 30
HEADER = "教师姓名,工号,学校,学段,联系电话"


def person(k: int) -> tuple[str, str, str, str]:
    """Name, staff number, school and stage of the k-th applicant."""
    return f"示例{k:02d}", f"9900{k:04d}", f"示例县第{k % 4 + 1}小学", STAGES[k % 3]


def applicant_rows(n: int = N) -> list[str]:
    """The lines of a list under ``HEADER``."""
    return [f"{','.join(person(k))},000-{k:04d}" for k in range(n)]


def write_list(folder: Path, rows: list[str], name: str = "报名表.csv") -> Path:
    """A list as a school clerk sends it: a total under it."""
    path = folder / name
    path.write_text("\n".join([HEADER, *rows, "合计,30", ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def live() -> Study:
    """The project's own study."""
    return load_study(open_workspace())


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """A workspace with a roster of all who apply and two others."""
    lines = ["姓名,教职工号,学校名称,学校标识码,任教学段"]
    for k in range(N + 2):
        name, number, school, stage = person(k)
        lines.append(f"{name},{number},{school},21990000{k % 4 + 1:02d},{stage}")
    entry = f'[[files]]\ntable = "roster"\nfile = "roster.csv"\nsnapshot = {YEAR}-09-01\n'
    return draw_region(tmp_path, YEAR, {"roster.csv": "\n".join(lines)}, entry)


def request(**other: object) -> Request:
    """A draw of ten places within stages."""
    asked: dict[str, object] = {
        "region": "drawn",
        "year": YEAR,
        "course": "digital_course",
        "date": "2025-03-01",
        "places": 10,
        "strata": ("stage",),
        "seed": 52146,
    }
    return Request(**asked | other)  # type: ignore[arg-type]


def test_the_result_is_read_as_programme_rows(
    live: Study, space: Workspace, tmp_path: Path
) -> None:
    made = write_draw(space, live, request(), write_list(tmp_path, applicant_rows()))
    source = space.delivery("drawn", YEAR) / "source.toml"
    source.write_text(source.read_text(encoding="utf-8") + "\n" + made.snippet, encoding="utf-8")
    found = clean_region(space, live, "drawn", YEAR)
    table = found.tables["programmes"].sort_values("source_row")
    assert len(table) == N
    assert table["teacher_id"].notna().all()
    assert table["teacher_id"].nunique() == N
    assert set(table["programme"]) == {"digital_course"}
    assert table["lot_result"].value_counts().to_dict() == {"waiting": 20, "drawn": 10}
    assert table["lot_number"].tolist() == [n for _, _, n, _ in made.drawn.record.lots]
    assert (table["lot_result"] == "drawn").tolist() == [d for *_, d in made.drawn.record.lots]
    assert set(table["lot_stratum"]) == set(STAGES)
    assert set(table["lot_date"]) == {"2025-03-01"}
    record = next(f for f in found.files if f.table == "programmes")
    assert record.unmapped == ()
    assert record.n_rows_kept == N


def test_strata_get_their_places_and_the_total_row_is_nobody(
    live: Study, space: Workspace, tmp_path: Path
) -> None:
    drawn = write_draw(space, live, request(), write_list(tmp_path, applicant_rows())).drawn
    # ten each: 3.33 places, the one left over to the first stratum of the study's order (学前)
    assert [(s.name, s.n_applicants, s.n_places) for s in drawn.lots.strata] == [
        ("学前", 10, 4),
        ("小学", 10, 3),
        ("初中", 10, 3),
    ]
    assert drawn.applicants.n_aside == 1


def test_same_list_and_seed_the_same_papers(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(), path)
    before = made.result.read_bytes(), made.protocol.read_bytes()
    again = write_draw(space, live, request(), path)  # the same lot may be written again
    assert (again.result.read_bytes(), again.protocol.read_bytes()) == before


def test_lots_are_not_drawn_twice(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(), path)
    before = made.result.read_bytes()
    with pytest.raises(ParameterError, match="not drawn twice"):
        write_draw(space, live, request(seed=1), path)
    assert made.result.read_bytes() == before


def test_names_stay_with_their_owner(live: Study, space: Workspace, tmp_path: Path) -> None:
    made = write_draw(
        space, live, request(), write_list(tmp_path, applicant_rows()), tmp_path / "public"
    )
    assert stat.S_IMODE(made.result.stat().st_mode) == 0o600
    assert made.protocol.parent == tmp_path / "public"
    page = made.protocol.read_text(encoding="utf-8")
    for k in range(N):
        name, number, school, _ = person(k)
        assert name not in page
        assert number not in page
        assert school not in page
    result = read_sheets(made.result)[0].cells
    assert "示例07" in set(result.to_numpy().ravel())
    assert not any("000-0007" in str(c) for c in result.to_numpy().ravel())  # phones are not kept


def test_the_protocol_says_what_is_needed(live: Study, space: Workspace, tmp_path: Path) -> None:
    made = write_draw(space, live, request(), write_list(tmp_path, applicant_rows()))
    page, record = made.protocol.read_text(encoding="utf-8"), made.drawn.record
    for text in (record.sha256, "52146", "2025-03-01", "policy-report", "人数最少的一层有10人"):
        assert text in page
    assert not re.search(r'(?:src|href)="', page)
    assert len(read_record(made.protocol).lots) == N


def test_without_a_seed_the_list_gives_it(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    record = write_draw(space, live, request(seed=None), path).drawn.record
    assert record.seed == int(record.sha256[:16], 16)
    assert not record.is_seed_given


@pytest.mark.parametrize("seed", [52146, None])
def test_a_protocol_is_verified(
    live: Study, space: Workspace, tmp_path: Path, seed: int | None
) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(seed=seed), path)
    renamed = path.rename(tmp_path / "再次保存.csv")
    assert len(verify_draw(live, made.protocol, renamed).lots) == N


def test_a_forged_lot_is_found(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(), path)
    page = made.protocol.read_text(encoding="utf-8")
    record = json.loads(re.search(r'id="record">(.*?)</script>', page).group(1))  # type: ignore[union-attr]
    loser = next(k for k, lot in enumerate(record["lots"]) if not lot[3])
    record["lots"][loser][3] = True
    forged = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    page = re.sub(r'(?<=id="record">).*?(?=</script>)', lambda _: forged, page)
    made.protocol.write_text(page, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        verify_draw(live, made.protocol, path)
    assert caught.value.name == "draw_differs"
    assert caught.value.fields["rows"] == str(record["lots"][loser][1])


def test_a_forged_word_is_found(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(), path)
    page = made.protocol.read_text(encoding="utf-8")
    made.protocol.write_text(page.replace("候补</td>", "中签</td>", 1), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        verify_draw(live, made.protocol, path)
    assert caught.value.fields["rows"] == "-"


def test_another_list_is_found(live: Study, space: Workspace, tmp_path: Path) -> None:
    path = write_list(tmp_path, applicant_rows())
    made = write_draw(space, live, request(), path)
    rows = applicant_rows()
    write_list(tmp_path, [rows[1], rows[0], *rows[2:]])  # two rows changed places
    with pytest.raises(DataError) as caught:
        verify_draw(live, made.protocol, path)
    assert caught.value.name == "draw_other_list"


@pytest.mark.parametrize(
    "text", ["<p>no record</p>", '<script type="application/json" id="record">{}</script>']
)
def test_what_is_no_protocol_is_told(live: Study, tmp_path: Path, text: str) -> None:
    (tmp_path / "p.html").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        verify_draw(live, tmp_path / "p.html", tmp_path / "list.csv")
    assert caught.value.name == "draw_no_protocol"


def test_the_same_person_twice_is_refused_by_row(live: Study, tmp_path: Path) -> None:
    rows = applicant_rows(6)
    rows += [rows[2].replace("99000002", "")]  # the same name in the same school, no number
    rows += [
        "示例 99,99000003,示例县第4小学,小学,"
    ]  # another name under a staff number of that school
    with pytest.raises(DataError) as caught:
        read_applicants(live, write_list(tmp_path, rows), ("stage",))
    assert caught.value.name == "draw_same_person"
    assert caught.value.fields["rows"] == "4 = 8; 5 = 9"
    assert "示例" not in str(caught.value)


@pytest.mark.parametrize("second", ["示例02,,第3小学,小学,", "示例02,,另一小学,小学,"])
def test_one_name_with_and_without_number_gets_no_two_lots(
    live: Study, tmp_path: Path, second: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_applicants(live, write_list(tmp_path, [*applicant_rows(6), second]), ("stage",))
    assert caught.value.fields["rows"] == "4 = 8"


def test_rows_of_another_programme_are_named(live: Study, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = ["姓名,学校,项目名称"]
    lines += ["示例一,甲校,数字技术与学科融合专题培训", "示例乙,乙校,送教下乡", "示例丙,乙校,别的"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_applicants(live, path, (), "digital_course")
    assert caught.value.name == "draw_other_course"
    assert caught.value.fields["rows"] == "3, 4"


def test_two_people_of_one_name_may_both_apply(live: Study, tmp_path: Path) -> None:
    rows = applicant_rows(6)
    rows += [rows[2].replace("99000002", "99000077")]  # same name and school, another staff number
    assert len(read_applicants(live, write_list(tmp_path, rows), ("stage",)).groups) == 7


def test_an_identity_number_is_one_person_however_it_is_typed(live: Study, tmp_path: Path) -> None:
    number = "99000019761108003X"
    path = tmp_path / "list.csv"
    lines = ["姓名,身份证号,学校", f"示例一,{number},甲校", f"示例乙,{number.lower()} ,乙校"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_applicants(live, path, ())
    assert caught.value.fields["rows"] == "2 = 3"
    assert number[:10] not in str(caught.value)


def test_unknown_strata_and_nobody_are_told_together(live: Study, tmp_path: Path) -> None:
    rows = [*applicant_rows(4), "示例40,99000040,甲校,博士后,", ",,甲校,小学,"]
    with pytest.raises(AnalysisError) as caught:
        read_applicants(live, write_list(tmp_path, rows), ("stage",))
    errors = {e.name: e.fields for e in caught.value.errors}  # type: ignore[attr-defined]
    assert errors["draw_unknown_stratum"]["rows"] == "6"
    assert errors["draw_nobody"]["rows"] == "7"


def test_a_list_without_the_stratum_names_the_nearest_header(live: Study, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("姓名,学校,城乡类型\n示例一,甲校,城区\n示例二,乙校,乡村\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_applicants(live, path, ("area",))
    assert caught.value.name == "draw_no_stratum"
    assert caught.value.fields["nearest"] == "城乡类型"


def test_a_list_without_people_is_refused(live: Study, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("学校,学段\n甲校,小学\n乙校,小学\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_applicants(live, path, ("stage",))
    assert caught.value.name == "draw_no_person"


def test_mess_51_names_that_look_like_formulas_stay_text(
    live: Study, space: Workspace, tmp_path: Path
) -> None:
    rows = applicant_rows()
    rows[0] = '"=HYPERLINK(""x"")",99000000,示例县第1小学,小学,'
    made = write_draw(space, live, request(), write_list(tmp_path, rows))
    assert '=HYPERLINK("x")' in set(read_sheets(made.result)[0].cells.to_numpy().ravel())
    assert "<f>" not in read_part(made.result, "xl/worksheets/sheet1.xml")
    assert 'quotePrefix="1"' in read_part(made.result, "xl/styles.xml")


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"course": "digital_curse"}, "draw_unknown_course"),
        ({"strata": ("stages",)}, "draw_unknown_variable"),
        ({"date": "2025-3-1"}, "draw_date"),
        ({"date": "2026-01-01"}, "draw_date"),
        ({"seed": -1}, "draw_seed"),
        ({"region": "drown"}, "unknown_region"),
        ({"year": 25}, "form_year"),
        ({"places": 30}, "draw_not_needed"),
    ],
)
def test_what_cannot_be_asked_writes_nothing(
    live: Study, space: Workspace, tmp_path: Path, changed: dict[str, object], name: str
) -> None:
    before = sorted(space.delivery("drawn", YEAR).iterdir())
    with pytest.raises(ParameterError) as caught:
        write_draw(space, live, request(**changed), write_list(tmp_path, applicant_rows()))
    assert caught.value.name == name
    assert sorted(space.delivery("drawn", YEAR).iterdir()) == before


def test_the_command_draws_and_verifies(
    space: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_list(tmp_path, applicant_rows())
    words = ["draw", "--home", str(space.home), "--list", str(path)]
    asked = "--region drawn --year 2025 --places 10 --course digital_course --date 2025-03-01"
    assert main([*words, *asked.split(), "--strata", "stage", "--seed", "52146"]) == 0
    assert 'table = "programmes"' in capsys.readouterr().out
    protocol = next(space.delivery("drawn", YEAR).glob("*.html"))
    assert main([*words, "--verify", str(protocol)]) == 0
    assert main([*words, "--region", "drawn"]) == 2  # the rest is missing
    assert "--places" in capsys.readouterr().err
    path.write_text("学校\n甲校\n", encoding="utf-8")
    assert main([*words, "--verify", str(protocol)]) == 3
