"""The files of the hand-kept lists, opened as a reader would open them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis.synthetic.paper.files import write_file
from analysis.synthetic.paper.filled import as_filled
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.office import office_parts
from tests.synthetic.paper.office_drawn import drawn_register, office_draw

BUREAUS = ("county", "city")


@pytest.fixture(scope="module", params=BUREAUS)
def written(request, tmp_path_factory) -> dict[str, tuple[Form, pd.DataFrame, Path]]:
    """File -> its form, its rows and the file."""
    draw = office_draw(request.param)
    folder, register = tmp_path_factory.mktemp(request.param), drawn_register(draw)
    out = {}
    for form, fill in office_parts(draw, 2025):
        rows = as_filled(fill(draw, register, 2025)).rows
        out[form.file[:6]] = (form, rows, write_file(folder, form, rows, 2025))
    return out


def read_cells(path: Path, form: Form) -> pd.DataFrame:
    """All cells of a file as text, the rows over and under the table included."""
    if path.suffix == ".csv":
        return pd.read_csv(path, encoding=form.encoding, header=None, dtype=str)
    sheets = pd.read_excel(path, engine="calamine", header=None, dtype=str, sheet_name=None)
    return pd.concat(sheets.values(), ignore_index=True)


def test_headers_and_rows_stand_in_the_files(written) -> None:
    for form, rows, path in written.values():
        cells = read_cells(path, form)
        headers = [*form.headers.values(), *form.extra]
        at = (cells == headers[-2]).any(axis=1).idxmax()
        assert set(headers) <= set(cells.iloc[: at + 1].to_numpy().ravel()), path.name
        if "name" in form.headers:
            column = [*form.headers].index("name")
            names = set(cells[column]) & set(rows["name"])
            assert names == set(rows["name"]), path.name


def test_totals_add_up(written) -> None:
    form, rows, path = written["培训经费台账"]
    cells = read_cells(path, form)
    (total,) = cells.index[cells[0] == "合计"]
    budget = [*form.headers].index("budget_yuan")
    assert int(float(cells.loc[total, budget])) == rows["budget_yuan"].sum()
    assert cells.iloc[0, 0].endswith("专项经费台账")


def test_one_sheet_for_each_school_with_new_teachers(written) -> None:
    if "新入职教师考" not in written:
        return
    _, rows, path = written["新入职教师考"]
    sheets = pd.read_excel(path, engine="calamine", sheet_name=None)
    assert set(sheets) == set(rows["school_name"])
    assert sum(len(sheet) - 1 for sheet in sheets.values()) == len(rows)


def test_the_catalogue_states_more_practice_than_it_holds(written) -> None:
    form, rows, path = written["培训课程目录"]
    title = str(read_cells(path, form).iloc[0, 0])
    hours = rows.groupby("course_kind")["hours"].sum()
    share = hours["实践课"] / hours.sum()
    if "50%" in title:
        assert share < 0.44
    else:
        assert "县" not in title
