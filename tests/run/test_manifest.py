"""A manifest names everything that could change a report, and nothing that could not."""

import hashlib
import json
from types import SimpleNamespace

import pytest

from analysis.run import manifest
from analysis.run.manifest import (
    delivery_inputs,
    file_hashes,
    hash_tree,
    package_versions,
    recipe,
    short_hash,
    write_manifest,
)
from analysis.study.workspace import PROJECT, Workspace

SHA = "0" * 64


@pytest.fixture
def space(tmp_path):
    """Deliveries of three years; the report is of the second."""
    for year in (2024, 2025, 2026):
        folder = tmp_path / "data" / "raw" / "r" / str(year)
        folder.mkdir(parents=True)
        (folder / "source.toml").write_text(f"year = {year}\n", encoding="utf-8")
    return Workspace(home=tmp_path, out=tmp_path)


@pytest.fixture
def delivery():
    """What the manifest reads of a delivery; the file's folder must not be told."""
    file = SimpleNamespace(file="/somewhere/else/花名册.xlsx", year=2025, sha256=SHA)
    return SimpleNamespace(
        region="r",
        label="示例县",
        year=2025,
        as_of="2025-09-01",
        is_invented=True,
        files=(file, file),  # two sheets of one file
    )


def test_inputs_are_names_years_and_hashes_up_to_the_year(space, delivery):
    source = {y: hashlib.sha256(f"year = {y}\n".encode()).hexdigest() for y in (2024, 2025)}
    assert delivery_inputs(space, delivery) == [
        {"year": 2024, "file": "source.toml", "sha256": source[2024]},
        {"year": 2025, "file": "source.toml", "sha256": source[2025]},
        {"year": 2025, "file": "花名册.xlsx", "sha256": SHA},
    ]


def test_two_recipes_of_the_same_are_the_same(space, delivery):
    first, second = (recipe(space, delivery, {"attrition": "A2"}) for _ in range(2))
    assert first == second
    assert short_hash(first) == short_hash(second)


@pytest.mark.parametrize("change", ["study", "input", "definition", "package"])
def test_whatever_changes_the_report_changes_its_mark(space, delivery, change, monkeypatch):
    before = short_hash(recipe(space, delivery, {"attrition": "A2"}))
    definitions = {"attrition": "A1" if change == "definition" else "A2"}
    if change == "study":
        space.study.mkdir()
        (space.study / "outcomes.toml").write_text('drop = ["attrition"]\n', encoding="utf-8")
    if change == "input":
        source = space.delivery("r", 2024) / "source.toml"
        source.write_text("year = 2024 # a remark\n", encoding="utf-8")
    if change == "package":
        monkeypatch.setattr(manifest, "PACKAGE", PROJECT / "notebooks")
    assert short_hash(recipe(space, delivery, definitions)) != before


def test_a_later_year_does_not(space, delivery):
    before = short_hash(recipe(space, delivery, {}))
    (space.delivery("r", 2026) / "source.toml").write_text("year = 2026 # x\n", encoding="utf-8")
    assert short_hash(recipe(space, delivery, {})) == before


def test_line_ends_do_not_count(tmp_path):
    for name, end in (("unix", b"\n"), ("windows", b"\r\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_bytes(b"a = 1" + end)
    assert hash_tree(tmp_path / "unix") == hash_tree(tmp_path / "windows")


def test_a_file_renamed_is_a_change(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n", encoding="utf-8")
    before = hash_tree(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert hash_tree(tmp_path) != before


def test_byte_code_is_no_source(tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n", encoding="utf-8")
    before = hash_tree(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    assert hash_tree(tmp_path) == before


def test_versions_are_of_what_we_depend_on():
    versions = package_versions()
    assert {"pandas", "statsmodels", "papermill"} <= set(versions)
    assert "pytest" not in versions  # an extra of ours, no part of a report


def test_the_manifest_holds_no_path_clock_host_or_user(space, delivery, tmp_path):
    folder = tmp_path / "report"
    folder.mkdir()
    (folder / "index.html").write_text("page", encoding="utf-8")
    made_from = recipe(space, delivery, {"attrition": "A2"})
    write_manifest(folder, "示例县2025年问题与不足", delivery, made_from)
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert str(tmp_path) not in text
    assert str(PROJECT) not in text
    assert "/somewhere" not in text
    assert content["id"] == short_hash(made_from)
    # sha256 of the four letters "page", by sha256sum
    assert content["files"] == {
        "index.html": "3660315a9af3df255d8f19ab077e4797822b41488a0e2a04bc6af71213c23274"
    }
    keys = {"title", "region", "region_label", "year", "as_of", "is_invented", "parameters"}
    assert keys <= set(content)


def test_the_manifest_does_not_name_itself_or_the_mark(tmp_path):
    for name in ("manifest.json", "NOT-A-REPORT.txt", "claims.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert list(file_hashes(tmp_path)) == ["claims.csv"]
