"""Typed rows kept between runs: they come back as they were, and only what changed is read again."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError, DataError
from analysis.intake import stored_rows
from analysis.intake.clean import load_sources
from analysis.intake.stored_rows import read_apart, rows_folder, shares, stored_hash, typed_rows
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


def test_broken_stores_are_made_anew_or_told(space: Workspace, study: Study) -> None:
    first = read(space, study)
    folder = rows_folder(space, "drawn", 2025)
    (folder / "parts.json").write_text("{", encoding="utf-8")
    assert_alike(read(space, study), first)
    (folder / "frame-roster.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError) as error:
        read(space, study)
    assert error.value.name == "stored_rows_damaged"


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
