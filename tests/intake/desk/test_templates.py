"""The forms: what an office fills comes back without a line of mapping, and nothing else on them is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.errors import AnalysisError, DataError, ParameterError
from analysis.intake.clean import clean_region
from analysis.intake.cleaning.cleaners import Hints, clean_text
from analysis.intake.cleaning.words import words
from analysis.intake.delivery import Delivery
from analysis.intake.desk.templates import form_file, write_templates
from analysis.intake.desk.templates_forms import (
    example_rows,
    form_columns,
    forms,
)
from analysis.intake.ledger import EMPTIED
from analysis.intake.reading.readers import read_sheets
from analysis.intake.tables import LEFT_BEHIND
from analysis.study.load import load_study
from analysis.study.objects import Study
from analysis.study.workspace import Workspace, open_workspace
from tests.intake.desk.paper import fill_sheet, read_part
from tests.intake.drawn import HEAD

YEAR = 2025


@pytest.fixture(scope="module")
def live() -> Study:
    """The project's own study: the forms are made of it."""
    return load_study(open_workspace())


@pytest.fixture(scope="module")
def folder(live: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All forms, written once."""
    out = tmp_path_factory.mktemp("forms")
    write_templates(live, out, str(YEAR))
    return out


def form_paths(folder: Path) -> dict[str, Path]:
    """The file of each form by its table."""
    return {
        form.id: folder / form_file(number, form, str(YEAR))
        for number, form in enumerate(forms(), 1)
    }


def delivery(home: Path, folder: Path, fill: dict[str, list[list[str]]]) -> Workspace:
    """A delivery of forms with these rows; ``source.toml`` maps no header."""
    target = home / "data" / "raw" / "drawn" / str(YEAR)
    target.mkdir(parents=True)
    entries = []
    for table, path in form_paths(folder).items():
        if table not in fill:
            continue
        fill_sheet(path, target / path.name, fill[table])
        snapshot = f"snapshot = {YEAR}-09-01\n" if table == "roster" else ""
        entries.append(f'[[files]]\ntable = "{table}"\nfile = "{path.name}"\n{snapshot}')
    head = HEAD.format(year=YEAR, persons="invented")
    (target / "source.toml").write_text(head + "\n".join(entries), encoding="utf-8")
    return Workspace(home=home, out=home / "out")


@pytest.fixture(scope="module")
def found(live: Study, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """All forms, each filled with its three invented rows, through the whole of intake."""
    fill = {form.id: example_rows(live, form) for form in forms()}
    space = delivery(tmp_path_factory.mktemp("filled"), folder, fill)
    return clean_region(space, live, "drawn", YEAR)


def test_filled_forms_need_no_mapping(found: Delivery) -> None:
    for record in found.files:
        assert record.unmapped == (), record.file
        assert (record.n_rows_in, record.n_rows_kept) == (3, 3), record.file
    for form in forms():
        table = found.tables[form.id]
        kept = [v for v in form.columns if v not in LEFT_BEHIND]
        assert set(kept) <= set(table.columns), form.title
        assert not [v for v in kept if table[v].isna().all()], form.title
    assert not set(found.ledger["rule"]) & set(EMPTIED)


def test_values_come_back_as_they_were_typed(found: Delivery) -> None:
    tables = found.tables
    roster = tables["roster"].sort_values("source_row")
    assert roster["birth_month"].tolist() == ["1988-03", "1995-09", "1976-11"]
    assert roster["school_id"].tolist() == ["2199000001", "3199000002", "1199000003"]
    assert roster["is_teacher"].tolist() == ["yes", "yes", "yes"]
    assert tables["exits"]["teacher_id"].notna().all()  # linked by the number typed in both forms
    assert tables["assessments"].sort_values("source_row")["digital_score"].tolist() == [
        82.5,
        76,
        90,
    ]


def test_the_guide_sheets_are_set_aside(live: Study, folder: Path, tmp_path: Path) -> None:
    roster = forms()[0]
    rows = example_rows(live, roster)[:1]
    found = clean_region(delivery(tmp_path, folder, {"roster": rows}), live, "drawn", YEAR)
    assert len(found.tables["roster"]) == 1  # three more stand on the example sheet
    told = found.ledger[found.ledger["rule"] == "sheet_set_aside"]
    assert sorted(told["sheet"]) == sorted(words().guide_sheets.names[:3])


def test_empty_forms_say_so(live: Study, folder: Path, tmp_path: Path) -> None:
    space = delivery(tmp_path, folder, {form.id: [] for form in forms()})
    with pytest.raises(AnalysisError) as caught:
        clean_region(space, live, "drawn", YEAR)
    errors = caught.value.errors  # type: ignore[attr-defined]
    assert {e.name for e in errors} == {"sheet_without_rows"}
    assert sorted(e.fields["sheet"] for e in errors) == sorted(f.title for f in forms())


def test_the_same_bytes_twice(live: Study, folder: Path, tmp_path: Path) -> None:
    made = write_templates(live, tmp_path / "again", str(YEAR))
    assert len(made) == len(forms()) + 2
    assert all(p.read_bytes() == (folder / p.name).read_bytes() for p in made)


def test_examples_are_impossible_and_read_without_a_loss(live: Study) -> None:
    for form in forms():
        for variable, *texts in zip(
            form_columns(live, form), *example_rows(live, form), strict=True
        ):
            for text in filter(None, texts):
                assert clean_text(text, variable, Hints()).rule not in EMPTIED, (variable.id, text)
            assert any(texts), (form.title, variable.id)
    numbers = live.variables["person_number"].example
    assert all(n.startswith("99") for n in numbers)  # no place has a region code of 99xxxx
    assert all(n[2:4] == "99" for n in live.variables["school_id"].example)


def test_mess_33_long_numbers_are_text_and_ranges_are_checked(live: Study, folder: Path) -> None:
    roster = forms()[0]
    path = form_paths(folder)["roster"]
    xml = read_part(path, "xl/worksheets/sheet1.xml")
    checks = re.findall(r"<dataValidation [^>]*?(?:/>|>.*?</dataValidation>)", xml)
    assert len(checks) == len(roster.columns)
    by_label = {re.search(r'promptTitle="([^"]*)"', c).group(1): c for c in checks}  # type: ignore[union-attr]
    label = {v.id: v.label for v in form_columns(live, roster)}
    stage = by_label[label["stage"]]
    assert 'type="list"' in stage
    assert "$I$2:$I$7" in stage  # six stages, in the ninth column
    lessons = by_label[label["weekly_lessons"]]
    assert "<formula1>0</formula1><formula2>40</formula2>" in lessons
    assert "DATEVALUE" in by_label[label["birth_month"]]
    assert 'type="textLength"' in by_label[label["person_number"]]
    styles = read_part(path, "xl/styles.xml")
    columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="[^"]*" style="(\d+)"', xml)
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.split("<cellXfs")[1])
    ranges = [range(int(a), int(b) + 1) for a, b, s in columns if formats[int(s)] == "49"]
    as_text = {at for columns in ranges for at in columns}  # 49 is the format "@"
    typed = {v.id: at for at, v in enumerate(form_columns(live, roster), 1)}
    assert {
        typed[n] for n in ("person_number", "staff_number", "school_id", "birth_month")
    } <= as_text
    assert typed["weekly_lessons"] not in as_text


def test_no_cell_of_a_form_is_a_formula(folder: Path) -> None:
    for path in folder.glob("*.xlsx"):
        assert "<f>" not in read_part(path, "xl/worksheets/sheet1.xml")


def test_mess_51_a_text_that_looks_like_a_formula_stays_text(live: Study, tmp_path: Path) -> None:
    bad = live.variables["school_kind"].model_copy(update={"example": ("=1+1", "@a", "+b", "-c")})
    study = live.model_copy(update={"variables": live.variables | {"school_kind": bad}})
    path = form_paths(tmp_path)["schools"]
    write_templates(study, tmp_path, str(YEAR))
    sheet = next(s for s in read_sheets(path) if s.sheet == words().guide_sheets.examples)
    assert "=1+1" in set(sheet.cells.to_numpy().ravel())
    assert 'quotePrefix="1"' in read_part(path, "xl/styles.xml")
    assert "<f>" not in read_part(path, "xl/worksheets/sheet3.xml")


def test_a_year_that_is_none_is_refused(live: Study, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="--year"):
        write_templates(live, tmp_path, "25")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(live: Study, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ParameterError, match="--out"):
        write_templates(live, tmp_path / "file")


def test_a_form_names_the_variable_that_a_study_dropped(live: Study, tmp_path: Path) -> None:
    rest = {n: v for n, v in live.variables.items() if n != "weekly_lessons"}
    with pytest.raises(DataError, match="weekly_lessons"):
        write_templates(live.model_copy(update={"variables": rest}), tmp_path)
