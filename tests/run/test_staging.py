"""Readers see the last good report or the new one, never half of one."""

import os
import subprocess
import sys
import textwrap

import pytest

from analysis.errors import RunError
from analysis.run import staging
from analysis.run.staging import MARK, held_report, partial_folder, staged_report
from analysis.study.workspace import PROJECT, Workspace

REGION, YEAR = "demo-county", 2025


@pytest.fixture
def space(tmp_path):
    return Workspace(home=tmp_path, out=tmp_path)


@pytest.fixture
def good(space):
    """The last good report: one page that says so."""
    final = space.report(REGION, YEAR)
    final.mkdir(parents=True)
    (final / "index.html").write_text("good", encoding="utf-8")
    return final


def names(folder):
    return sorted(os.listdir(folder))


def test_a_finished_report_replaces_the_old_one_whole(space, good):
    (good / "left-over.html").write_text("old page", encoding="utf-8")
    with staged_report(space, REGION, YEAR) as stage:
        (stage / "index.html").write_text("new", encoding="utf-8")
        assert (good / "index.html").read_text(encoding="utf-8") == "good"
    assert names(good) == ["index.html"]
    assert (good / "index.html").read_text(encoding="utf-8") == "new"
    assert names(good.parent) == ["2025"]
    assert not partial_folder(space, REGION, YEAR).exists()


def test_a_failed_run_leaves_the_old_report_and_a_marked_partial(space, good):
    with pytest.raises(KeyError), staged_report(space, REGION, YEAR) as stage:  # noqa: PT012
        (stage / "index.html").write_text("half", encoding="utf-8")
        raise KeyError
    assert (good / "index.html").read_text(encoding="utf-8") == "good"
    assert names(good.parent) == ["2025"]
    partial = partial_folder(space, REGION, YEAR)
    assert names(partial) == [MARK, "index.html"]
    assert "不是报告" in (partial / MARK).read_text(encoding="utf-8")


KILLED = """
import os, signal
from pathlib import Path
from analysis.run.staging import held_report, staged_report
from analysis.study.workspace import Workspace
space = Workspace(home=Path({home!r}), out=Path({home!r}))
with held_report(space, "demo-county", 2025), staged_report(space, "demo-county", 2025) as stage:
    (stage / "index.html").write_text("half")
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
"""


def test_a_killed_run_leaves_the_same_and_no_lock(space, good, tmp_path):
    code = textwrap.dedent(KILLED).format(home=str(tmp_path))
    env = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=env, check=False)
    assert done.returncode != 0
    assert (good / "index.html").read_text(encoding="utf-8") == "good"
    assert names(partial_folder(space, REGION, YEAR)) == [MARK, "index.html"]
    with held_report(space, REGION, YEAR), staged_report(space, REGION, YEAR) as stage:
        assert names(stage) == [MARK]  # the next run starts clean
    assert names(good) == []


def test_a_run_killed_in_the_middle_of_the_swap_is_undone(space, good):
    # the old report is already out of the way, the new one not yet in its place
    swap = good.with_name(".swap-2025")
    (swap / "new").mkdir(parents=True)
    good.rename(swap / "old")
    with pytest.raises(KeyError), staged_report(space, REGION, YEAR):  # noqa: PT012
        assert names(good.parent) == ["2025"]
        raise KeyError
    assert (good / "index.html").read_text(encoding="utf-8") == "good"


def test_a_report_held_open_stays_and_the_new_one_waits(space, good, monkeypatch):
    # what Windows does when a page of the report is open in Word
    rename = staging.Path.rename

    def refuse(path, target):
        if str(target).endswith("old"):
            raise PermissionError(13, "held open")
        return rename(path, target)

    monkeypatch.setattr(staging.Path, "rename", refuse)
    with (
        pytest.raises(RunError, match="reports/demo-county/2025"),
        staged_report(space, REGION, YEAR) as stage,
    ):
        (stage / "index.html").write_text("new", encoding="utf-8")
    assert (good / "index.html").read_text(encoding="utf-8") == "good"
    partial = partial_folder(space, REGION, YEAR)
    assert (partial / "index.html").read_text(encoding="utf-8") == "new"
    assert names(good.parent) == ["2025"]


def test_a_report_on_another_disk_is_copied_over(space, good, monkeypatch):
    rename = staging.Path.rename

    def other_disk(path, target):
        if str(target).endswith("new"):
            raise OSError(18, "Invalid cross-device link")  # errno.EXDEV
        return rename(path, target)

    monkeypatch.setattr(staging.Path, "rename", other_disk)
    with staged_report(space, REGION, YEAR) as stage:
        (stage / "index.html").write_text("new", encoding="utf-8")
    assert (good / "index.html").read_text(encoding="utf-8") == "new"


def test_two_runs_of_one_report_do_not_meet(space):
    with (
        held_report(space, REGION, YEAR),
        pytest.raises(RunError, match=str(os.getpid())),
        held_report(space, REGION, YEAR),
    ):
        pass


def test_runs_of_two_years_may(space):
    with held_report(space, REGION, 2024), held_report(space, REGION, 2025):
        pass
    with held_report(space, REGION, 2025):  # and a lock is free again afterwards
        pass
