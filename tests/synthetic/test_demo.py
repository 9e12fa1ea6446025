"""The command's work: a bureau appears whole or not at all, and never over something else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import ParameterError
from analysis.study.workspace import Workspace
from analysis.synthetic import demo
from analysis.synthetic.demo import add_year, make_demo
from analysis.synthetic.options import BureauOptions


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """An empty workspace."""
    return Workspace(tmp_path, tmp_path)


@pytest.fixture
def filled(space: Workspace, tiny_raw: Path) -> Workspace:
    """A workspace that has the tiny bureau."""
    shutil.copytree(tiny_raw, space.raw)
    return space


def everything(folder: Path) -> dict[str, bytes]:
    found = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def refused(name: str) -> pytest.RaisesExc[ParameterError]:
    return pytest.RaisesExc(ParameterError, check=lambda error: error.name == name)


def test_makes_a_region_that_the_workspace_sees(
    space: Workspace, tiny_options: BureauOptions, tiny_raw: Path
) -> None:
    home = make_demo(space, tiny_options)
    assert home == space.raw / "tiny"
    assert space.regions() == ["tiny"]
    assert space.years("tiny") == [2024, 2025]
    assert everything(home) == everything(tiny_raw / "tiny")
    assert [p.name for p in (space.home / "data").iterdir()] == ["raw"]  # no staging left


def test_overwrites_only_if_asked(filled: Workspace, tiny_options: BureauOptions) -> None:
    before = everything(filled.raw)
    other = replace(tiny_options, seed=4)
    with refused("demo_exists"):
        make_demo(filled, other)
    assert everything(filled.raw) == before
    make_demo(filled, other, overwrite=True)
    assert everything(filled.raw) != before


def test_never_replaces_what_it_did_not_make(space: Workspace, tiny_options: BureauOptions) -> None:
    own = space.raw / "tiny" / "2025" / "名册.csv"
    own.parent.mkdir(parents=True)
    own.write_text("x", encoding="utf-8")
    with refused("demo_not_ours"):
        make_demo(space, tiny_options, overwrite=True)
    assert own.read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("there", [True, False])
def test_a_failure_leaves_what_was_there(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tiny_options: BureauOptions,
    there: bool,
) -> None:
    space = request.getfixturevalue("filled" if there else "space")
    before = everything(space.home)

    def half(draw: object, raw: Path, years: object = ()) -> None:
        (raw / "tiny" / "2024").mkdir(parents=True)
        raise OSError("disk full")

    monkeypatch.setattr(demo, "write_bureau", half)
    with pytest.raises(OSError, match="disk full"):
        make_demo(space, tiny_options, overwrite=True)
    assert everything(space.home) == before
    assert [p for p in (space.home / "data").iterdir() if p.name != "raw"] == []


def test_a_failed_swap_brings_the_old_one_back(
    filled: Workspace, tiny_options: BureauOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(filled.home)
    real = demo.os.replace

    def fails(source: Path, target: Path) -> None:
        if Path(target) == filled.raw / "tiny" and "replaced" not in str(source):
            raise OSError("in use")
        real(source, target)

    monkeypatch.setattr(demo.os, "replace", fails)
    with pytest.raises(OSError, match="in use"):
        make_demo(filled, replace(tiny_options, seed=4), overwrite=True)
    assert everything(filled.home) == before


def test_add_year_adds_one_folder(filled: Workspace, tiny_options: BureauOptions) -> None:
    before = everything(filled.raw / "tiny")
    longer = replace(tiny_options, last_year=2026)
    folder = add_year(filled, longer)
    after = everything(filled.raw / "tiny")
    assert folder == filled.raw / "tiny" / "2026"
    assert filled.years("tiny") == [2024, 2025, 2026]
    assert {name for name in before if before[name] != after[name]} == {"truth.json"}
    # the same as making all years at once
    whole = Workspace(filled.home / "b", filled.home / "b")
    make_demo(whole, longer)
    assert everything(whole.raw / "tiny") == after


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"last_year": 2026, "seed": 4}, "demo_other_bureau"),
        ({"last_year": 2027}, "demo_other_bureau"),  # a year would be missing
        ({"last_year": 2026, "region": "other"}, "demo_not_ours"),
    ],
)
def test_add_year_refuses(
    filled: Workspace, tiny_options: BureauOptions, asked: dict[str, object], name: str
) -> None:
    before = everything(filled.raw)
    with refused(name):
        add_year(filled, replace(tiny_options, **asked))
    assert everything(filled.raw) == before


def test_add_year_refuses_a_year_that_is_there(
    filled: Workspace, tiny_options: BureauOptions
) -> None:
    (filled.raw / "tiny" / "2026").mkdir()
    with refused("demo_year_exists"):
        add_year(filled, replace(tiny_options, last_year=2026))


def test_a_file_that_is_not_ours_is_never_lost(
    filled: Workspace, tiny_options: BureauOptions
) -> None:
    note = filled.raw / "tiny" / "2025" / "备忘.txt"
    note.write_text("x", encoding="utf-8")
    with refused("demo_foreign_files"):
        make_demo(filled, replace(tiny_options, seed=4), overwrite=True)
    assert note.read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize("text", ["", "{}", "[1]", "{"])
def test_a_damaged_truth_is_nobodys(
    filled: Workspace, tiny_options: BureauOptions, text: str
) -> None:
    (filled.raw / "tiny" / "truth.json").write_text(text, encoding="utf-8")
    assert not demo.is_stale(filled.raw / "tiny", tiny_options)
    with refused("demo_not_ours"):
        make_demo(filled, tiny_options, overwrite=True)
    with refused("demo_not_ours"):
        add_year(filled, replace(tiny_options, last_year=2026))


def test_a_place_that_cannot_be_written_is_named(
    space: Workspace, tiny_options: BureauOptions
) -> None:
    space.raw.parent.mkdir(parents=True)
    space.raw.write_text("a file", encoding="utf-8")
    with refused("demo_unwritable"):
        make_demo(space, tiny_options, overwrite=True)
