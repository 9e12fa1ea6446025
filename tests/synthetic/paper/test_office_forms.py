"""The forms of the hand-kept lists: columns that the study knows, file types mixed, headers that change."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from analysis.synthetic.options import bureau_options
from analysis.synthetic.paper.form import Form
from analysis.synthetic.paper.office import BOTH, ONLY

BUREAUS = ("county", "city")


@pytest.fixture(scope="module")
def variables(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "study" / "variables.toml").read_text(encoding="utf-8"))


def forms(bureau: str, year: int) -> list[Form]:
    options = bureau_options(bureau)
    return [form(options, year) for form, _ in (*BOTH, *ONLY[bureau])]


@pytest.mark.parametrize("bureau", BUREAUS)
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_columns_belong_to_their_table(bureau: str, year: int, variables: dict[str, Any]) -> None:
    for form in forms(bureau, year):
        assert len(set(form.headers.values())) == len(form.headers), form.file
        mapped = set(form.headers) - set(form.unmapped) if form.table else set()
        for variable in mapped:
            assert form.table in variables[variable]["tables"], (form.file, variable)


@pytest.mark.parametrize("bureau", BUREAUS)
def test_headers_are_labels_or_synonyms_unless_the_office_has_its_own(
    bureau: str, variables: dict[str, Any]
) -> None:
    own = set()
    for form in forms(bureau, 2025):
        for variable, header in form.headers.items():
            entry = variables.get(variable, {"label": "", "synonyms": []})
            if form.table and variable not in form.unmapped:
                known = {entry["label"], *entry.get("synonyms", [])}
                own |= {header} - known
    assert own <= OWN_HEADERS, own - OWN_HEADERS


# headers that only source.toml explains
OWN_HEADERS = {
    "工作室职务",
    "骨干级别",
    "考核认定日期",
    "研究主题",
    "主持人",
    "所在单位",
    "申报日期",
    "指导日期",
    "擅长主题",
    "报送教师",
    "报送单位",
    "档次",
}


@pytest.mark.parametrize("bureau", BUREAUS)
def test_an_unmapped_column_is_not_taken_for_a_variable(
    bureau: str, variables: dict[str, Any]
) -> None:
    for form in forms(bureau, 2025):
        names = {n for n, v in variables.items() if form.table and form.table in v["tables"]}
        known = {
            h for n in names for h in (variables[n]["label"], *variables[n].get("synonyms", []))
        }
        unmapped = {form.headers[v] for v in form.unmapped} | set(form.extra)
        assert not unmapped & known, form.file


@pytest.mark.parametrize("bureau", BUREAUS)
def test_file_types_are_mixed(bureau: str) -> None:
    made = forms(bureau, 2025)
    assert {Path(f.file).suffix for f in made} == {".xlsx", ".xls", ".csv"}
    assert {f.encoding for f in made if f.file.endswith(".csv")} == {"gb18030", "utf-8-sig"}
    assert len({f.file for f in made}) == len(made)
    assert any(f.totals for f in made)
    assert any(f.groups for f in made)
    assert any(f.notes for f in made)


def test_one_sheet_for_each_school_of_the_county() -> None:
    per_school = [f.file for f in forms("county", 2025) if f.per_school]
    assert per_school == ["新入职教师考核表2025.xlsx"]
    assert not any(f.per_school for f in forms("city", 2025))


def test_headers_change_in_2025() -> None:
    before, after = ({f.table + f.file[:4]: f for f in forms("city", y)} for y in (2024, 2025))
    changed = [k for k in before if [*before[k].headers.values()] != [*after[k].headers.values()]]
    assert len(changed) >= 8


def test_only_the_county_states_its_share_of_practice() -> None:
    titles = {b: [f.title for f in forms(b, 2025) if f.table == "courses"] for b in BUREAUS}
    assert any("50%" in title for title in titles["county"])
    assert not any("50%" in title for title in titles["city"])


def test_every_mapped_column_under_two_rows_of_headers_stands_in_the_lower() -> None:
    (funds,) = [f for f in forms("city", 2025) if f.groups]
    assert set(funds.groups) == set(funds.headers) - set(funds.unmapped)
