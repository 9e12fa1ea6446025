"""Typed rows kept between runs: they come back as they were, and only what changed is read again."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError
from analysis.intake import stored_rows
from analysis.intake.clean import load_sources
from analysis.intake.stored_rows import (
    load_rows,
    read_apart,
    rows_folder,
    save_rows,
    shares,
    stored_hash,
    typed_rows,
)
from analysis.intake.typed_rows import TypedRows
from analysis.study.objects import Study
from analysis.study.workspace import Workspace
from tests.intake.test_clean import both_years


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return both_years(tmp_path)


def read(space: Workspace, study: Study) -> list[TypedRows]:
    """The typed rows of both drawn years."""
    return typed_rows(space, study, "drawn", load_sources(space, study, "drawn", 2025))


def assert_alike(one: list[TypedRows], other: list[TypedRows]) -> None:
    """Parts alike in everything; ledger lines in their texts and numbers."""
    assert len(one) == len(other)
    for ours, theirs in zip(one, other, strict=True):
        pd.testing.assert_frame_equal(ours.frame, theirs.frame)
        for kind in ("lines", "totals"):
            pd.testing.assert_frame_equal(
                getattr(ours, kind), getattr(theirs, kind), check_dtype=False
            )
        for name in ("table", "file", "sheet", "year", "n_rows_in", "unmapped", "notes"):
            assert getattr(ours, name) == getattr(theirs, name)


def test_what_is_stored_comes_back_as_it_was(
    space: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(space, study)
    monkeypatch.setattr(stored_rows, "read_delivery", lambda *_: pytest.fail("read again"))
    assert_alike(read(space, study), first)


@pytest.mark.parametrize("changed", ["schools.csv", "source.toml"])
def test_only_the_year_that_changed_is_read_again(
    space: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    read(space, study)
    with (space.delivery("drawn", 2025) / changed).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    years: list[int] = []
    honest = stored_rows.read_delivery
    monkeypatch.setattr(
        stored_rows, "read_delivery", lambda *a: years.append(a[-1].year) or honest(*a)
    )
    read(space, study)
    assert years == [2025]


def changed_record(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], object]:
    """What rewrites ``parts.json`` of a folder."""

    def rewrite(folder: Path) -> None:
        record = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
        (folder / "parts.json").write_text(json.dumps(change(record)), encoding="utf-8")

    return rewrite


def flip(folder: Path) -> None:
    """One bit of a stored table turned over, which may well be read as another value."""
    path = folder / "frame-roster.parquet"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(bytes(raw))


def as_file(folder: Path) -> None:
    """A file where the folder was."""
    shutil.rmtree(folder)
    folder.write_text("x", encoding="utf-8")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut": lambda f: (f / "parts.json").write_text("{", encoding="utf-8"),
    "list": changed_record(lambda _: []),
    "null": changed_record(lambda _: None),
    "no parts": changed_record(lambda r: r | {"parts": []}),
    "one part less": changed_record(lambda r: r | {"parts": r["parts"][1:]}),
    "another type": changed_record(lambda r: r | {"parts": 3}),
    "no check": changed_record(lambda r: {k: v for k, v in r.items() if k != "check"}),
    "unknown key": changed_record(lambda r: r | {"parts": [p | {"zz": 1} for p in r["parts"]]}),
    "cut table": lambda f: (f / "frame-roster.parquet").write_bytes(b"PAR1"),
    "no table": lambda f: (f / "lines.parquet").unlink(),
    "flipped": flip,
    "file": as_file,
}


def test_whatever_is_damaged_is_read_anew(space: Workspace, study: Study) -> None:
    first = read(space, study)
    folder = rows_folder(space, "drawn", 2025)
    for damage in DAMAGES.values():
        damage(folder)
        assert_alike(read(space, study), first)
        assert load_rows(folder) is not None  # and stored once more


def test_a_killed_write_leaves_nothing_for_ever(space: Workspace, study: Study) -> None:
    read(space, study)
    folder = rows_folder(space, "drawn", 2025)
    old, new = (folder.with_name(f".staging-{name}") for name in ("old", "new"))
    for path in (old, new):
        (path / "rows").mkdir(parents=True)
    os.utime(old, (1, 1))
    save_rows(folder, load_rows(folder) or [], "h")
    assert (old.exists(), new.exists()) == (False, True)  # the new one may be another run's


def test_a_run_that_was_slower_keeps_what_the_faster_one_stored(
    space: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run puts its folder in place after this one has moved the old one aside."""
    parts = read(space, study)
    folder = rows_folder(space, "drawn", 2025)
    honest = Path.replace

    def interrupted(path: Path, target: Path) -> Path:
        moved = honest(path, target)
        if path == folder:
            shutil.copytree(target, folder)
        return moved

    monkeypatch.setattr(Path, "replace", interrupted)
    save_rows(folder, [p for p in parts if p.year == 2025], "h")
    assert load_rows(folder) is not None
    assert stored_hash(space, "drawn", 2025) != "h"
    assert not list(folder.parent.glob(".staging-*"))


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such permissions")
def test_names_are_kept_where_only_their_owner_may_look(space: Workspace, study: Study) -> None:
    read(space, study)
    folder = space.processed("drawn") / "identity"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_faults_of_all_years_are_told_at_once_and_nothing_of_them_is_kept(
    space: Workspace, study: Study
) -> None:
    for year in (2024, 2025):
        (space.delivery("drawn", year) / "schools.csv").write_text("x\n1\n", encoding="utf-8")
    with pytest.raises(AnalysisError) as error:
        read(space, study)
    assert len(getattr(error.value, "errors", ())) == 2
    assert stored_hash(space, "drawn", 2025) == ""


def test_another_process_reads_its_share(
    space: Workspace, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drawn study lies nowhere, so the other process cannot read what its own study does not know."""
    started: list[list[int]] = []

    class Child:
        def wait(self) -> int:
            return 0

    monkeypatch.setattr(stored_rows, "WORTH_A_PROCESS", 0)
    monkeypatch.setattr(stored_rows.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(stored_rows, "_start", lambda *a: started.append(list(a[-1])) or Child())
    monkeypatch.setattr(stored_rows, "fill_store", lambda *a: started.append(list(a[-1])))
    read_apart(space, "drawn", {2024: 5, 2025: 9})
    assert started == [[2024], [2025]]  # the larger share stays here


@given(st.dictionaries(st.integers(2000, 2030), st.integers(0, 99), min_size=1), st.integers(1, 4))
def test_every_year_is_in_exactly_one_share(sizes: dict[int, int], n_processes: int) -> None:
    groups = shares(sizes, n_processes)
    assert sorted(year for group in groups for year in group) == sorted(sizes)
    assert len(groups) == min(n_processes, len(sizes))
