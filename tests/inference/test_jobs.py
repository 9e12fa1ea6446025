"""Many questions at once: the same answers side by side, and none asked twice as long as nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.inference import jobs
from analysis.inference.estimate import measure
from analysis.inference.jobs import Job, make_job, measure_all
from analysis.inference.record import Estimate
from tests.inference.foreign import AIPW, LINEAR, volunteers

FRAME = volunteers(sites=32, size=6)


def questions() -> list[Job]:
    """Two cheap questions to the same frame."""
    return [make_job(FRAME, d, cheap=True) for d in (LINEAR, AIPW)]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The outcomes of the questions that were really asked."""
    asked: list[str] = []

    def count(frame: pd.DataFrame, design: object, *, cheap: bool = False) -> Estimate:
        asked.append(design.kind)  # type: ignore[attr-defined]
        return measure(frame, design, cheap=cheap)  # type: ignore[arg-type]

    monkeypatch.setattr(jobs, "measure", count)
    return asked


def test_two_workers_give_the_answers_of_one_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = measure_all(questions(), workers=1)
    monkeypatch.setattr(jobs, "BIG", 1)
    beside = measure_all(questions(), workers=2)
    assert beside == alone
    assert [e.design for e in beside] == ["linear", "aipw"]


def test_few_rows_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise AssertionError("a process for a few rows")

    monkeypatch.setattr(jobs, "Parallel", none)
    assert len(measure_all(questions(), workers=2)) == 2


def test_a_second_run_is_served_from_the_folder(tmp_path: Path, counted: list[str]) -> None:
    first = measure_all(questions(), folder=tmp_path)
    assert sorted(counted) == ["aipw", "linear"]
    again = measure_all(questions(), folder=tmp_path)
    assert sorted(counted) == ["aipw", "linear"]
    assert again == first == measure_all(questions())  # as if nothing had been kept
    assert not list(tmp_path.glob("*.partial"))


def changed_row(job: Job) -> Job:
    rows = job.rows.copy()
    rows.loc[rows.index[3], job.design.outcome] += 0.5
    return replace(job, rows=rows)


CHANGES: dict[str, Callable[[Job], Job]] = {
    "row": changed_row,
    "order": lambda job: replace(job, rows=job.rows.iloc[::-1]),
    "fewer": lambda job: replace(job, rows=job.rows.iloc[:-1]),
    "name": lambda job: replace(
        job,
        rows=job.rows.rename(columns={"mark": "score"}),
        design=replace(job.design, outcome="score"),
    ),
    "design": lambda job: replace(job, design=replace(job.design, controls=("sex",))),
    "relevant": lambda job: replace(job, design=replace(job.design, relevant_effect=9.0)),
    "cheap": lambda job: replace(job, cheap=False),
}


def test_the_same_question_has_the_same_hash() -> None:
    assert jobs.hash_of(questions()[0]) == jobs.hash_of(questions()[0])


@pytest.mark.parametrize("what", CHANGES)
def test_another_question_has_another_hash(what: str) -> None:
    job = questions()[0]
    assert jobs.hash_of(CHANGES[what](job)) != jobs.hash_of(job)


def test_a_column_that_is_not_read_changes_nothing() -> None:
    other = make_job(FRAME.assign(unread=1.0), LINEAR, cheap=True)
    assert jobs.hash_of(other) == jobs.hash_of(questions()[0])


def test_changed_rows_designs_and_code_are_asked_again(
    tmp_path: Path, counted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = questions()[0]
    before = measure_all([job], folder=tmp_path)[0]
    after = measure_all([changed_row(job)], folder=tmp_path)[0]
    assert after.estimate != before.estimate
    measure_all([CHANGES["design"](job)], folder=tmp_path)
    assert len(counted) == 3
    monkeypatch.setattr(jobs, "code_hash", lambda: "another room")
    measure_all([job], folder=tmp_path)
    assert len(counted) == 4
    measure_all([job], folder=tmp_path)
    assert len(counted) == 4


def test_a_job_names_a_column_that_is_not_there() -> None:
    with pytest.raises(DataError, match="marks"):
        make_job(FRAME, replace(LINEAR, outcome="marks"))
